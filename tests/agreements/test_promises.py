"""What both sides promised in the agreement is followed to its delivery (S04.6)."""

from __future__ import annotations

import pytest

from casework import records
from core import clock
from core.ledger import run_due
from core.models import InboxMessage
from tests.evaluations import walking
from tests.scenarios.house import done, fresh, main_of, refused, unchanged
from tests.trainees import world

pytestmark = pytest.mark.django_db

ROOM = {
    "on": "2026-06-01",
    "party": "partner",
    "condition": "study",
    "promise": "提供自习室20座。",
    "due_on": "2026-11-30",
}


@pytest.mark.clause("CZMC-6.2")
def test_what_is_promised_and_not_delivered_is_shown_in_the_review(db):
    with clock.travel("2026-06-01T09:00"):
        school = world.school("czmc", term=("2026-03-01", "2029-02-28"))
        base = school.recognition
        for missing in ("party", "condition", "promise", "due_on"):
            with unchanged(base):
                given = {**ROOM, missing: ""}
                refused(
                    school.secretary.do(base, "enter_record", given, type="obligation"),
                    clause="CZMC-6.2" if missing != "due_on" else None,
                )
        with unchanged(base):  # the base does not write down what it owes itself
            assert school.contact.do(base, "enter_record", ROOM, type="obligation").status_code in (403, 422)
        done(school.secretary.do(base, "enter_record", ROOM, type="obligation"))
        done(
            school.office.do(
                base,
                "enter_record",
                {**ROOM, "party": "university", "condition": "living", "promise": "发放补贴。"},
                type="obligation",
            )
        )
    with clock.travel("2026-12-01T09:00"):
        run_due(clock.today())
        assert InboxMessage.objects.filter(
            membership_id=school.office.membership.pk, title__contains="协议约定的条件落实"
        ).exists()
        evaluation = walking.opened(base, "annual")
        page = main_of(school.office.page(evaluation))
        assert "提供自习室20座。（应于2026-11-30前落实，尚未落实）" in page and "发放补贴。" in page
        matters = {row.answers["promise"]: row for row in base_matters(base)}
        given = {"on": "2026-12-01", "delivery": "已启用。"}
        done(school.office.do(base, "settle_record", given, step=matters["提供自习室20座。"].pk))
        page = main_of(school.office.page(evaluation))
        assert "提供自习室20座。（应于" not in page and "发放补贴。" in page


PROMISES = {
    "nm": {"condition": "conditions", "promise": "提供科研平台使用机时200小时。"},
    "lcu": {"condition": "study", "promise": "提供自习室20座。"},
    "xcu": {"condition": "living", "promise": "提供四人间住宿。"},
}


@pytest.mark.parametrize("code", PROMISES)
def test_it_is_followed_under_every_regulation_of_bases(code):
    """S04.6 beyond CZMC: entered by either office of the school, told when its day has come, shown on the base and where it
    is evaluated, until it is delivered. The base does not write down what it owes itself."""
    with clock.travel("2026-06-01T09:00"):
        school = world.school(code, level="provincial" if code == "nm" else "school")
        base, given = school.recognition, {**ROOM, **PROMISES[code]}
        for missing in ("party", "condition", "promise", "due_on"):
            with unchanged(base):
                refused(school.secretary.do(base, "enter_record", {**given, missing: ""}, type="obligation"))
        with unchanged(base):
            assert school.contact.do(base, "enter_record", given, type="obligation").status_code in (403, 422)
        done(school.secretary.do(base, "enter_record", given, type="obligation"))
    with clock.travel("2026-12-01T09:00"):
        run_due(clock.today())
        assert InboxMessage.objects.filter(
            membership_id=school.office.membership.pk, title__contains="协议约定的条件落实"
        ).exists()
        assert "协议约定的条件落实" in main_of(school.office.get("/todos/"))
        for person in (school.office, school.secretary, school.contact):
            page = main_of(person.page(base))
            assert PROMISES[code]["promise"] in page and "逾期1天" in page
        (matter,) = base_matters(base)
        done(school.office.do(base, "settle_record", {"on": "2026-12-01", "delivery": "已启用。"}, step=matter.pk))
        assert not base_matters(base) and "逾期1天" not in main_of(school.office.page(base))
        assert "协议约定的条件落实" not in main_of(school.office.get("/todos/"))


def base_matters(base):
    """What was promised for the base and is open."""
    return records.open_matters(fresh(base))
