"""The national list: those recommended first stand at the top."""

import pytest

from bases.models import Base, Recognition
from core import clock
from tests.effects.acting import declared, proposed
from tests.placing import placed
from tests.scenarios import house
from tests.scenarios.house import done, main_of, refused

pytestmark = pytest.mark.django_db


@pytest.mark.clause("NM-17b")
def test_a_base_with_priority_stands_first_on_the_national_list(region, base):
    """Of two candidates the one with the flag comes first, though the other was marked before it; without it, not."""
    columns = {"authority": region.department, "university": region.university, "partner": region.partner}
    other = placed(
        Recognition,
        "active",
        number="RD-2027-0900",
        title="较晚的候选基地",
        base=Base.objects.create(
            number="JD-2027-0900",
            name="较晚的候选基地",
            university=region.university,
            partner=region.partner,
            category_code="9999",
        ),
        regulation_version=base.regulation_version,
        level="provincial",
        decided_on=base.decided_on,
        active_on=base.active_on,
        **columns,
    )
    for marked, day in ((base, "2030-10-16T09:00"), (other, "2030-11-01T09:00")):
        with clock.travel(day):
            done(region.officer.do(marked, "mark_candidate", {"candidate": "yes", "reason": "条件突出"}))
    with clock.travel("2030-11-02T09:00"):
        assert order(region, base, other) == [base, other]
        priority = declared("priority", "优先推荐", code="national", clause="NM-17b")
        (flag,) = proposed(other, priority)
        assert order(region, base, other) == [base, other]
        done(region.officer.do(other, "confirm_effect", {}, step=flag.pk))
        assert order(region, base, other) == [other, base]


def order(region, *bases) -> list:
    page = main_of(region.officer.get("/bases/candidates/"))
    return sorted(bases, key=lambda case: page.index(case.base.name))


def test_a_regulation_without_another_programme_has_no_candidates(region, base):
    """What a base may be a candidate for is the regulation's word; its level alone says nothing."""
    assert "列入或移出候选" in main_of(region.officer.page(base))
    columns = {"authority": region.department, "university": region.university, "partner": region.partner}
    plain = placed(
        Recognition,
        "active",
        number="RD-2027-0901",
        title="另一办法的基地",
        base=Base.objects.create(
            number="JD-2027-0901",
            name="另一办法的基地",
            university=region.university,
            partner=region.partner,
            category_code="9998",
        ),
        regulation_version=house.published("xcu"),
        level="provincial",
        decided_on=base.decided_on,
        active_on=base.active_on,
        **columns,
    )
    assert "列入或移出候选" not in main_of(region.officer.page(plain))
    answer = region.officer.do(plain, "mark_candidate", {"candidate": "yes", "reason": "条件突出"})
    refused(answer, "本办法没有候选基地的规定")
