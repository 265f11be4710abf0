"""Where a step is done: to a partner unit's people it is shown in three steps, to everybody else on the case's page."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from tenants import roles


def page_of(case, step) -> str:
    """The address that a message gives to whoever is asked to do the step. What a partner that keeps to paper has to do is
    entered by the school's clerks, on the case's page."""
    if step.unit is None or step.unit.kind != roles.PARTNER or step.unit.paper_only:
        return case.get_absolute_url()
    return f"{reverse('three_steps', args=[case.case_kind, case.pk])}?{urlencode({'step': step.key})}"
