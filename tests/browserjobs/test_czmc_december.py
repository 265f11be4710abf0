"""A December under CZMC in the browser: a base reports, fails, repairs in vain, is barred for a year and returns."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from config.stories import evaluation, placements
from config.stories.rectification import PROBLEMS
from core import clock
from tests.browser import assert_clean
from tests.browserjobs.annex1 import at
from tests.browserjobs.evaluating import night, promised, put_on_the_panel
from tests.browserjobs.seat import TABLET, Seat, paper
from tests.ground.browser import NARROW
from tests.scenarios import house, house_czmc
from tests.tenants import factories

pytestmark = pytest.mark.django_db(transaction=True)

BASE = house_czmc.NAME
EXPERTS = ("封亦寒", "端木澄", "司徒映")
BARRED = "下年度不得作为研究生的培养基地"
SAID = "实践岗位充足，指导记录有缺漏。"


def test_from_december_to_the_renewed_approval(seat):
    school = house_czmc.school()
    job = world(school)
    stay(job, ("2026-11-25", "2028-05-31"), "沈青", "20260001", on="2026-11-20", enters="2026-11-25")
    night("2026-12-01")
    reported(seat(school.contact.membership, phone=True))
    job.secretary, job.office = seat(school.secretary.membership), seat(school.office.membership)
    checked(job.secretary)
    put_on_the_panel(job.office, BASE, EXPERTS, "2026-12-15")
    for expert in job.experts:
        heard(seat(expert.membership, tablet=True), looked_at=expert is job.experts[0])
    failed(job.office)
    ordered(job.office)
    stay(job, ("2028-03-01", "2028-06-30"), "陆离", "20280001", on="2027-03-10")
    repaired(job.secretary)
    failed_again(job.office)
    refused_in_the_year(job.secretary)
    returned(job)


# --- the beginning, at the door ------------------------------------------------------------------------------------


def world(school) -> SimpleNamespace:
    """An active base as the stories tell it, with what a first student asks for."""
    base = house_czmc.active(school)
    with clock.travel("2026-04-10T09:00"):
        hands = (school.contact.hand, school.secretary.hand, school.office.hand)
        placements.prepared(base, "2026-04-10", *hands, without=("working_group",))
        base_mentor = factories.member(school.partner, "base_mentor", factories.user("闻人越"))
        placements.selected(school.office.hand, base, base_mentor.name, "2026-04-10")
        experts = [house.expert(school.university, name) for name in EXPERTS]
    mentor = factories.member(school.college, "mentor", factories.user("郁可"))
    return SimpleNamespace(school=school, base=base, mentors=(mentor, base_mentor), experts=experts)


def stay(job, period: tuple[str, str], name: str, number: str, *, on: str, enters: str = "") -> None:
    """A student's stay planned on a day, with mentors and insurance; and begun on a day, where one is given."""
    clerk = job.school.secretary.hand
    with clock.travel(f"{on}T09:00"):
        planned = placements.planned(clerk, job.base, placements.student(clerk, number, name), period)
        placements.guided(clerk, planned, *job.mentors)
        placements.insured(clerk, planned, *period)
    if enters:
        with clock.travel(f"{enters}T09:00"):
            placements.entered(clerk, planned, enters)


# --- the evaluation ------------------------------------------------------------------------------------------------


def reported(contact: Seat) -> None:
    """The contact finds the self-report on the phone, what the portal knows already filled in, and hands it in."""
    contact.home()
    contact.picture("czmc-01-partner-home")
    contact.open_todo(BASE, "提交自评", "剩10天")
    assert "“组织建设”尚未填写" in contact.text and "平台记录" not in contact.text
    contact.picture("czmc-02-report-waits")
    contact.press("填写：研究生培养基地年度自评报告")
    known = [contact.page.locator(f"[name=f-{key}]") for key in ("agreement_signed_on", "students")]
    assert [field.input_value() for field in known] == ["2026-04-01", "1"]
    said = {key: value for key, value in evaluation.czmc_report(practice=SAID).items() if key != "students"}
    contact.fill(said)
    assert_clean(contact.page)
    contact.page.set_viewport_size(NARROW)
    contact.picture("czmc-03-report")
    contact.submit("暂存并返回")
    assert contact.primary == ["提交自评"]
    contact.press("提交自评")
    assert (contact.said, contact.state) == ("已办理：提交自评。", "审核中")
    assert contact.moves == []
    contact.home()
    # nobody entered the exchange of the months before
    assert [each for each in contact.todos if "定期交流（2026-04-01至2026-09-30）" not in each] == []


def checked(secretary: Seat) -> None:
    """The college checks what its base reported."""
    at("2026-12-03T09:00")
    secretary.home()
    secretary.open_todo(BASE, "院（系、部）核对自评材料")
    secretary.press("办理")
    secretary.fill({"outcome": "positive", "opinion": "属实。"})
    assert secretary.submit() == "已办理：院（系、部）核对自评材料。"


def heard(expert: Seat, *, looked_at: bool) -> None:
    """An expert at a tablet: the promise, the opinion beside the dossier; no word of the others'."""
    at("2026-12-08T09:00")
    promised(expert, BASE, SAID)
    if looked_at:
        assert_clean(expert.page)
        expert.page.set_viewport_size(TABLET["viewport"])
        expert.picture("czmc-04-expert")
    name = expert.membership.user.name
    expert.fill({"verdict": "fail", "text": f"{name}：导师指导记录不完整。"})
    assert expert.submit() == "已办理：提交评审意见。"
    assert "专家评估与考核（本人已提交）" in expert.text
    assert not [other for other in EXPERTS if other != name and other in expert.text]


def failed(office: Seat) -> None:
    """The office closes the panel, records methods and dimensions, and gives the grade."""
    at("2026-12-15T09:00")
    office.home()
    office.open_todo(BASE, "专家评估与考核")
    assert all(f"{name}：导师指导记录不完整。" in office.text for name in EXPERTS)
    office.press("办理")
    office.fill({"outcome": "positive", "opinion": "专家组意见一致。"})
    office.submit()
    office.press("办理")
    given = evaluation.czmc_assessment()
    records = paper("现场检查记录和座谈会记录.pdf")
    office.fill({"outcome": "positive", **{key: given[key] for key in evaluation.DIMENSIONS}})
    office.fill({"methods": given["methods"], "method_evidence": records})
    office.submit()
    office.press("办理")
    office.fill({"outcome": "positive", "grade": "fail", "opinion": "考核不合格。"})
    assert office.submit() == "已办理：评定考核结果。"
    assert office.state == "已确认"
    assert "考核不合格，限期整改" in office.tab("考核结果")
    assert_clean(office.page)
    office.picture("czmc-05-failed")


# --- the rectification ---------------------------------------------------------------------------------------------


def ordered(office: Seat) -> None:
    """The text names no period: the office sets the day, before the next December."""
    night("2026-12-16")
    office.home()
    assert office.counts["逾期"] == 1  # the exchange of the summer
    office.open_todo(BASE, "下达整改通知书")
    office.press("下达整改通知书")
    office.fill({"problems": PROBLEMS, "due_on": "2027-12-01"})
    assert "2027-12-01" in office.refused()
    office.fill({"due_on": "2027-04-30"})
    assert office.submit() == "已办理：下达整改通知书。"
    assert "2027-04-30（剩135天）" in office.text
    office.picture("czmc-06-ordered")


def repaired(secretary: Seat) -> None:
    """Cause, measure and evidence of each problem; then the stamped report."""
    night("2027-04-10")
    secretary.home()
    secretary.open_todo(BASE, "整改", "剩20天")
    assert "第1、2条问题没有原因分析和整改措施" in secretary.text
    for problem in PROBLEMS:
        secretary.press("填写", beside=problem["text"])
        secretary.fill({"cause": "人员变动。", "plan": "修订制度。", "person": "康如月", "planned_on": "2027-04-20"})
        secretary.fill({"result": "已完成修订。", "evidence": paper("整改佐证.pdf")})
        assert secretary.submit() == "已办理：填写整改情况。"
    assert_clean(secretary.page)
    secretary.picture("czmc-07-repaired")
    secretary.press("提交整改报告")
    secretary.fill({"summary": "所列问题均已整改。", "report": paper("整改报告（盖章）.pdf")})
    assert secretary.submit() == "已办理：提交整改报告。"
    assert secretary.state == "复核中"


def failed_again(office: Seat) -> None:
    """One problem is made good, the other is not: no base in the next year."""
    night("2027-05-20")
    office.home()
    office.open_todo(BASE, "研究生处复核")
    office.press("逐条复核")
    results = office.page.locator("[data-field^=result_]").evaluate_all("all => all.map(one => one.dataset.field)")
    first, second = results
    note = second.replace("result", "note")
    office.fill({first: "closed", second: "open", note: "第二季度记录仍缺。"})
    assert office.submit() == "已办理：逐条复核。"
    assert "未销号1条" in office.text
    office.press("办理")
    office.fill({"outcome": "negative", "opinion": "指导记录仍不完整，复核不合格。"})
    assert office.submit() == "已办理：研究生处复核。"
    assert office.state == "整改不合格"
    office.picture("czmc-08-failed-again")
    office.press(f"{BASE}（校级）")
    assert f"自2028-01-01起：{BARRED}" in office.text and office.state == "在建"
    assert f"暂停使用 {BARRED}，至2028-12-31，须经重新批准方可恢复" in office.text
    assert_clean(office.page)
    office.picture("czmc-09-base")


# --- barred, and back ----------------------------------------------------------------------------------------------


def entered(secretary: Seat, name: str, on: str) -> None:
    """The page of a student's stay, and its entry filled in."""
    secretary.menu("专业实践")
    secretary.press(name)
    secretary.press("登记进入基地")
    secretary.fill({"entered_on": on})


def refused_in_the_year(secretary: Seat) -> None:
    """Whoever comes in the next year is refused; whoever is there stays."""
    night("2028-03-01")
    entered(secretary, "陆离", "2028-03-01")
    reasons = secretary.refused()
    assert BARRED in reasons and "第六条（三）4" in reasons
    secretary.picture("czmc-10-refused")
    secretary.menu("专业实践")
    secretary.press("沈青")
    assert secretary.state == "实践中" and BARRED in secretary.text
    secretary.picture("czmc-11-goes-on")


def returned(job) -> None:
    """The year ends and nothing opens by itself: renewed approval does, and the next student comes."""
    night("2029-01-03")
    office = job.office
    office.menu("基地台账")
    office.press(BASE)
    office.press("重新批准")
    office.fill({"reason": "整改到位，同意恢复。"})
    office.submit()
    assert "可以安排研究生" in office.text and "重新批准" not in office.moves
    office.picture("czmc-12-returned")
    stay(job, ("2029-01-10", "2029-02-28"), "苏禾", "20290001", on="2029-01-05")
    at("2029-01-10T09:00")
    entered(job.secretary, "苏禾", "2029-01-10")
    assert job.secretary.submit() == "已办理：登记进入基地。"
    assert job.secretary.state == "实践中"
