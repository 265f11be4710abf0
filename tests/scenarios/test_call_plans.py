"""A saved call can be corrected and made void; the quotas of all universities stand in one table."""

from __future__ import annotations

import pytest

from applications.models import Call
from applications.services.starting import plan_call
from core import clock
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, text_of, unchanged
from tests.tenants import factories

pytestmark = pytest.mark.django_db
PLAN = {
    "year": "2027",
    "title": "2027年度基地申报（更正）",
    "opens_on": "2027-03-05",
    "opens_time": "08:30",
    "closes_on": "2027-05-20",
    "closes_time": "16:00",
    "paper_by": "2027-05-25",
    "contact": "温老师",
    "phone": "0471-1",
    "note": "更正了时间。",
}


@pytest.fixture
def region():
    return house.nm_region()


@pytest.fixture
def planned(region):
    with clock.travel("2027-02-20T09:00"):
        call = plan_call(
            region.officer.membership,
            version=region.version,
            title="2027年度基地申报",
            year=2027,
            opens_at=clock.aware("2027-03-01T08:00"),
            closes_at=clock.aware("2027-05-31T17:00:59"),
        )
        yield call


def test_a_planned_call_is_corrected_from_what_it_says(region, planned):
    page = region.officer.get(f"{planned.get_absolute_url()}do/revise/")
    shown = [field for section in page.context["page"].form.sections for field in section.fields]
    first = {field.spec.key: field.value for field in shown}
    assert (first["title"], first["closes_on"], first["closes_time"]) == ("2027年度基地申报", "2027-05-31", "17:00")
    done(region.officer.do(planned, "revise", PLAN))
    call = fresh(planned)
    assert (call.title, call.contact, call.note) == (PLAN["title"], "温老师", "更正了时间。")
    assert clock.local(call.opens_at).isoformat() == "2027-03-05T08:30:00+08:00"
    assert clock.local(call.closes_at).isoformat() == "2027-05-20T16:00:59+08:00"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"closes_time": "25:00"}, "应写成24小时制"),
        ({"closes_on": "2027-03-04"}, "不早于截止时间"),
        ({"paper_by": "2027-03-04"}, "纸质材料截止日早于开始日期"),
        ({"closes_on": "", "closes_time": ""}, "没有截止时间的批次不能发布"),
    ],
)
def test_days_out_of_order_are_refused(region, planned, change, said):
    with unchanged(planned):
        refused(region.officer.do(planned, "revise", PLAN | change), said)


def test_a_call_that_was_announced_stands(region, planned):
    done(region.officer.do(planned, "open"))
    for code, given in (("revise", PLAN), ("void", {"reason": "建错了"})):
        assert region.officer.do(planned, code, given).status_code == 409, code
    assert fresh(planned).state == "open"


def test_a_void_call_stays_with_whoever_planned_it(region, planned):
    with unchanged(planned):
        refused(region.officer.do(planned, "void", {"reason": ""}))
    done(region.officer.do(planned, "void", {"reason": "重复建立"}))
    assert fresh(planned).state == "void"
    said = text_of(region.officer.page(planned))
    assert "已作废" in said and "重复建立" in said
    assert region.office.page(planned).status_code == 404  # it was never announced
    assert not Call.objects.visible_to(region.office.membership).exists()
    assert region.officer.do(planned, "open").status_code == 409


def test_all_quotas_in_one_table(region, planned):
    other = factories.university(name="第二大学", parent=region.department)
    page = region.officer.get(f"{planned.get_absolute_url()}do/set_quotas/")
    (field,) = [field for section in page.context["page"].form.sections for field in section.fields]
    units = [row[0].value for row in field.rows if row[0].value]
    assert {str(region.university.pk), str(other.pk)} <= set(units)  # each has its line already
    lines = [
        {"organisation": str(region.university.pk), "number": "3", "factor_categories": "12"},
        {"organisation": str(other.pk), "number": ""},
    ]
    done(region.officer.do(planned, "set_quotas", {"quotas": lines}))
    given = {row.organisation_id: (row.quota, row.factors) for row in planned.units.all()}
    assert given[region.university.pk][0] == 3 and given[other.pk] == (None, {})
    page = region.officer.get(f"{planned.get_absolute_url()}do/set_quotas/")
    (field,) = [field for section in page.context["page"].form.sections for field in section.fields]
    assert "3" in [str(cell.value) for row in field.rows for cell in row]
    with unchanged(planned):
        refused(region.officer.do(planned, "set_quotas", {"quotas": [lines[0], lines[0]]}), "出现了两次")
    assert "do/set_quotas/" in region.officer.get(f"/calls/quotas/?call={planned.pk}").content.decode()
