"""A provincial base under NM that is in force; the way there is other tests' business."""

import datetime as dt
from types import SimpleNamespace

import pytest

from bases.models import Recognition
from core import clock
from tests.scenarios.house import Person, fresh
from tests.tenants import factories
from tests.trainees.world import school


@pytest.fixture
def made():
    with clock.travel("2027-09-10T08:00"):
        made = school("nm", level="provincial", term=("2027-09-10", "2032-09-09"), base="寒地作物育种基地")
        Recognition.objects.filter(pk=made.recognition.pk).update(
            ends_on=dt.date(2030, 9, 9), published_on=dt.date(2027, 9, 10)
        )
        return made


@pytest.fixture
def region(made):
    """The department with its officer, the university with its office, the partner with its contact."""
    with clock.travel("2027-09-10T08:00"):
        officer = Person(factories.member(made.department, "officer", factories.user("卫之桓")))
    return SimpleNamespace(
        department=made.department,
        university=made.university,
        college=made.college,
        partner=made.partner,
        officer=officer,
        office=made.office,
        contact=made.contact,
    )


@pytest.fixture
def base(made):
    """Active since 2027-09-10; its construction period ends 2030-09-09."""
    return fresh(made.recognition)
