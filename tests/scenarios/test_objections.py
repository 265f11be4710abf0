"""An objection that was upheld: the list stands still until its project is off it or a reasoned decision keeps it on;
and the dates of the document that publishes a list follow one another."""

from __future__ import annotations

import pytest

from core import clock
from core.findings import out_of_order
from tests.papers_glue.reading import printed, whole
from tests.scenarios import house, test_s07
from tests.scenarios.house import done, fresh, main_of, refused, sent, unchanged
from tests.scenarios.test_s05 import code, reviewed

pytestmark = pytest.mark.django_db
FOUND = "经核查，合作年限证明不实。"


@pytest.fixture
def region():
    return house.nm_region()


@pytest.fixture
def posted(region):
    """A recommended list of two applications in publicity, with one objection; the clock stands inside its days."""
    with clock.travel("2027-05-06T09:00"):
        call = house.open_nm_call(region)
        cases = [reviewed(region, call, title) for title in ("甲基地", "乙基地")]
        listed = house.recommended_list(region, call)
        for application in cases:
            done(region.office.do(listed, "add_member", {"case": code(application)}))
    with clock.travel("2027-05-10T09:00"):
        done(region.office.do(listed, "publicise", house.notice_answers("2027-05-10")))
        notice = fresh(listed).notice()
        raised = {"channel": "letter", "name": "某教师", "contact": "0471", "text": "甲基地材料不实。"}
        done(region.office.do(notice, "register_objection", raised))
    with clock.travel("2027-05-20T09:00"):
        yield listed


def settle(region, listed, **answers):
    notice = fresh(listed).notice()
    given = {"objection": str(notice.objections.get().pk), "outcome": "upheld", "resolution": FOUND} | answers
    return region.office.do(notice, "resolve_objection", given)


def entry_of(listed, title: str):
    return listed.members().get(case_title__contains=title)


def test_an_upheld_objection_says_what_becomes_of_the_project(region, posted):
    with unchanged(posted):
        refused(settle(region, posted), "所涉项目", "对名单的处理")
        chosen = {"entry": str(entry_of(posted, "甲").pk), "consequence": "stays"}
        refused(settle(region, posted, **chosen), "维持列入的决定和理由")
        refused(region.office.do(posted, "send"), fresh(posted).notice().objections.get().number, clause="NM-8.2b")


def test_its_project_leaves_the_list_and_the_rest_goes_on(region, posted):
    entry = entry_of(posted, "甲")
    done(settle(region, posted, entry=str(entry.pk), consequence="removed"))
    entry.refresh_from_db()
    assert FOUND in entry.removal_reason and entry.removed_at
    assert "移出名单" in main_of(region.office.page(fresh(posted).notice()))
    done(region.office.do(posted, "send"))
    assert [one.case_title for one in fresh(posted).members()] == [entry_of(posted, "乙").case_title]
    assert "异议成立，所涉项目已移出名单" in whole(printed(region.office, fresh(posted).notice(), "公示情况说明"))


def test_a_reasoned_decision_keeps_it_on(region, posted):
    stays = {"entry": str(entry_of(posted, "甲").pk), "consequence": "stays"}
    done(settle(region, posted, **stays, decision="经学位评定分委员会复议，合作满二年属实。"))
    done(region.office.do(posted, "send"))
    assert fresh(posted).state == "sent" and fresh(posted).members().count() == 2


def test_an_objection_upheld_before_without_a_consequence_holds_the_list_up(region, posted):
    """As older records have it: upheld, and nothing said of the project."""
    notice = fresh(posted).notice()
    notice.objections.update(outcome="upheld", resolution=FOUND)
    with unchanged(posted):
        answer = region.office.do(posted, "send")
        refused(answer, notice.objections.get().number, "所涉项目仍在名单上", clause="NM-8.2b")
    done(settle(region, posted, entry=str(entry_of(posted, "甲").pk), consequence="removed"))
    done(region.office.do(posted, "send"))


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ({"published_on": "2027-08-13"}, "不晚于公示截止日"),
        ({"written_on": "2027-09-08", "published_on": "2027-09-07"}, "公布日期2027-09-07早于成文日期2027-09-08"),
        (
            {"written_on": "2027-09-05", "issued_on": "2027-09-04", "published_on": "2027-09-07"},
            "印发日期2027-09-04早于",
        ),
        ({"issued_on": "2027-09-08", "published_on": "2027-09-07"}, "公布日期2027-09-07早于印发日期2027-09-08"),
    ],
)
def test_a_document_is_made_then_issued_then_published_after_the_publicity(region, dates, said):
    with clock.travel("2027-05-06T09:00"):
        call = house.open_nm_call(region)
    application = test_s07.sent_to_department(region, call)
    test_s07.to_deliberation(region, call, application)
    with clock.travel("2027-07-20T09:00"):
        meeting = {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION}
        done(region.officer.step(application, "deliberation", meeting))
        final = house.department_list(region, call, "recognition")
        done(region.officer.do(final, "add_member", {"case": code(application)}))
        done(region.officer.do(final, "publicise", house.notice_answers("2027-08-09")))
    with clock.travel("2027-09-10T09:00"):
        document = {"number": "岚教研函〔2027〕18号", "file": [sent("文件.pdf")], **dates}
        with unchanged(final):
            refused(region.officer.do(final, "publish", document), said)
        good = {"written_on": "2027-09-06", "issued_on": "2027-09-07", "published_on": "2027-09-07"}
        done(region.officer.do(final, "publish", {**document, **good, "file": [sent("文件.pdf")]}))


def test_equal_days_and_missing_ones_are_in_order():
    days = [("written_on", "成文日期", "2027-09-06"), ("issued_on", "印发日期", None), ("on", "公布日期", "2027-09-06")]
    assert out_of_order(days) == []
    (finding,) = out_of_order([*days[:2], ("on", "公布日期", "2027-09-05")], "X-1")
    assert (finding.clause, finding.field) == ("X-1", "on")
    assert finding.facts == {"written_on": "2027-09-06", "on": "2027-09-05"}
