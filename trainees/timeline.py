"""What this room tells of the life of a base: how many students came in a year, as far as the reader sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from bases.timeline import Entry, source
from casework.pages import Page
from core.state_styles import BLUE
from trainees.models import Placement


@source
def placements(page: Page) -> Iterator[Entry]:
    """The students who went to the base, by year."""
    rows = Placement.objects.visible_to(page.membership).filter(recognition=page.case, entered_on__isnull=False)
    years = rows.annotate(year=ExtractYear("entered_on")).values("year").annotate(n=Count("pk")).order_by("year")
    for year, number in years.values_list("year", "n"):
        text = _("%(n)s人") % {"n": number}
        yield Entry(dt.date(year, 1, 1), _("进入基地的研究生"), text, BLUE, "users", year=True)
