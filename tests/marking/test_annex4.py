"""XCU's Annex 4 as a panel marks it, over HTTP: bounds, total, hash in the log, papers. The panel is that of an application
under a variant of XCU whose expert review marks the sheet; the sheet is the regulation's own."""

from __future__ import annotations

import datetime as dt
import io
import re
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse

from casework.marking import fingerprint
from casework.models import Mark
from core import clock
from core.models import FormAnswer, TransitionLog
from regulations import services
from regulations.loader import PROFILES, load, load_data
from tests.papers.pdf import texts
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, main_of, refused, text_of, unchanged
from tests.tenants import factories

LEAVES = {
    **{f"a{n}": 5 for n in (1, 2, 3)},
    **{f"b{n}": 10 for n in (1, 2, 3)},
    **{f"c{n}": 5 for n in (1, 2, 3)},
    **{f"d{n}": 10 if n == 4 else 5 for n in range(1, 7)},
    "e": 5,
}
GROUPS = {"a": 15, "b": 30, "c": 15, "d": 35}
LEAF_ROWS = [f"XCU-A4.{key.upper()}" for key in LEAVES]
TITLE = "西昌学院研究生联合培养基地建设评价标准"


pytestmark = pytest.mark.django_db


def with_sheet(content: dict) -> None:
    """The expert review of an application marks Annex 4; a file of evidence may be missing with a warning."""
    review = next(step for step in content["routes"]["application"] if step["key"] == "expert_review")
    review["panel"] = {"min_experts": {"setting": "panel.min_experts"}, "sheet": "standard"}
    content["rules"].append(
        {
            "key": "materials_for_scoring",
            "clause": "XCU-A4.N",
            "gate": "step.complete:expert_review",
            "strength": "info",
            "predicate": "present",
            "params": {"fact": "form.annex1.basis_evidence"},
            "message": {"zh": "没有建设情况及相关材料的清单，专家据以赋分的材料不全"},
        }
    )


def marks(**changed) -> dict:
    """Every leaf at its highest, but for those given."""
    return {f"mark_{key}": str(changed.get(key, points)) for key, points in LEAVES.items()}


@pytest.fixture
def school(db):
    return house.xcu_school(with_sheet)


@pytest.fixture
def reviewing(school):
    with clock.travel("2026-03-01T10:00"):
        application = house.xcu_submitted(school, house.open_xcu_call(school))
    return house.xcu_opinions(school, application)


def put_on(school, application, *names, promised=True):
    """Experts on the panel; each with the assignment that is theirs."""
    people = []
    for name in names:
        person = house.expert(school.university, name)
        asked = {"expert": str(person.membership.pk), "closes_on": "2026-04-30"}
        done(school.office.do(application, "assign_expert", asked, step="expert_review"))
        person.assignment = application.steps().get(key="expert_review").assignments.get(expert=person.membership.user)
        if promised:
            done(person.do(application, "promise", house.PROMISE, step=person.assignment.pk))
        people.append(person)
    return people


@pytest.fixture(autouse=True)
def _april():
    with clock.travel("2026-04-01T09:00"):
        yield


# --- what the check refuses -----------------------------------------------------------------------------------------


def faults(change) -> list[str]:
    content = load(PROFILES / "xcu").source.data
    change(content["sheets"]["standard"])
    return [fault.message for fault in load_data(content).faults if "sheet" not in fault.message.split("«")[0]]


def at(sheet: dict, key: str) -> dict:
    def below(rows):
        for row in rows:
            yield row
            yield from below(row.get("children", ()))

    return next(row for row in below(sheet["indicators"]) if row["key"] == key)


@pytest.mark.clause("XCU-A4.A", "XCU-A4.B", "XCU-A4.C", "XCU-A4.D", "XCU-A4.T", "XCU-A4.D3")
@pytest.mark.parametrize("off", [-1, 1])
@pytest.mark.parametrize("group", sorted(GROUPS))
def test_a_group_that_does_not_add_up_is_refused(group, off):
    """A 15, B 30, C 15, D 35, in all 100; one point more or less anywhere is said at the group and at the total."""
    assert faults(lambda sheet: None) == []
    key, points = f"{group}2", LEAVES[f"{group}2"]
    said = faults(lambda sheet: at(sheet, key).update(points=points + off))
    whole = GROUPS[group]
    assert f"{group.upper()}: its indicators add up to {whole + off} points, the group says {whole}" in said
    assert f"all indicators add up to {100 + off} points, the total says 100" in said


@pytest.mark.clause("XCU-A4.D3", "XCU-A4.D", "XCU-A4.T")
def test_d3_is_five_and_not_one():
    """S22.1: with D3 = 1, as the source prints it, the group makes 31 and the whole 96; with 5 the sheet is read."""
    said = faults(lambda sheet: at(sheet, "d3").update(points=1))
    assert "D: its indicators add up to 31 points, the group says 35" in said
    assert "all indicators add up to 96 points, the total says 100" in said
    assert faults(lambda sheet: at(sheet, "d3").update(points=5)) == []


def test_a_sheet_that_does_not_add_up_is_refused_with_its_line(tmp_path):
    for file in (PROFILES / "xcu").rglob("*.yaml"):
        place = tmp_path / "xcu" / file.relative_to(PROFILES / "xcu")
        place.parent.mkdir(parents=True, exist_ok=True)
        text = file.read_text(encoding="utf-8")
        place.write_text(text.replace("{key: d3, code: D3, points: 5", "{key: d3, code: D3, points: 1"), "utf-8")
    said = [str(fault) for fault in load(tmp_path / "xcu").faults]
    assert any("sheets.yaml:" in line and "31 points, the group says 35" in line for line in said)
    assert any("sheets.yaml:" in line and "96 points, the total says 100" in line for line in said)
    assert load(PROFILES / "xcu").faults == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sheet: at(sheet, "a1").update(key="a2"), "indicator «a2» is given 2 times"),
        (lambda sheet: at(sheet, "a1").pop("code"), "a code or a title"),
        (lambda sheet: at(sheet, "a1").update(points=0), "greater than 0"),
        (lambda sheet: at(sheet, "a1").update(fact="form.annex1.nothing"), "no form field"),
        (lambda sheet: at(sheet, "a1").update(fact="form.annex1.base_name"), "from a number or a boolean"),
        (lambda sheet: at(sheet, "a").update(fact="form.annex1.base_name"), "without children"),
        (lambda sheet: at(sheet, "a1").update(scale={"per": 1}), "`fact` is missing"),
        (lambda sheet: sheet.update(titles={"setting": "panel.min_experts"}), "of type map"),
    ],
)
def test_what_a_sheet_cannot_be(change, words):
    content = load(PROFILES / "xcu").source.data
    change(content["sheets"]["standard"])
    assert any(words in fault.message for fault in load_data(content).faults)


# --- marking ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause(*LEAF_ROWS)
def test_every_mark_stays_between_nothing_and_its_points(school, reviewing):
    """A mark above the points of its line, or below nothing, is refused under the line's clause; both ends are taken."""
    (expert,) = put_on(school, reviewing, "钟离靖")
    for key, points in LEAVES.items():
        for wrong in (points + 1, points + Decimal("0.01"), -1, Decimal("-0.01")):
            with unchanged(reviewing):
                answer = expert.do(reviewing, "give_opinion", marks(**{key: wrong}), step=expert.assignment.pk)
                refused(answer, clause=f"XCU-A4.{key.upper()}")
    none = {f"mark_{key}": "0" for key in LEAVES}
    done(expert.do(reviewing, "give_opinion", none, step=expert.assignment.pk))
    assert Mark.objects.filter(assignment=expert.assignment, value=0).count() == len(LEAVES)
    done(expert.do(reviewing, "give_opinion", marks(), step=expert.assignment.pk))
    expert.assignment.refresh_from_db()
    assert expert.assignment.score == 100
    given = {mark.indicator: mark.value for mark in expert.assignment.marks.all()}
    assert given == {key: Decimal(points) for key, points in LEAVES.items()}


@pytest.mark.clause("XCU-A4.T")
def test_the_score_is_the_sum_and_the_log_keeps_its_hash(school, reviewing):
    (expert,) = put_on(school, reviewing, "钟离靖")
    with unchanged(reviewing):
        gap = marks()
        del gap["mark_d3"]
        refused(expert.do(reviewing, "give_opinion", gap, step=expert.assignment.pk), "D3", clause="XCU-A4.D3")
    done(expert.do(reviewing, "give_opinion", marks(a1="3.25", d3="4.5"), step=expert.assignment.pk))
    expert.assignment.refresh_from_db()
    assert expert.assignment.score == Decimal("97.75")
    line = TransitionLog.objects.filter(transition="give_opinion", case_id=reviewing.pk).latest("pk")
    given = {mark.indicator: mark.value for mark in expert.assignment.marks.all()}
    assert line.facts["marks_sha256"] == fingerprint(given)
    assert "3.25" not in str(line.data)


def test_marks_given_again_replace_those_before_and_stand_in_the_form(school, reviewing):
    (expert,) = put_on(school, reviewing, "钟离靖")
    done(expert.do(reviewing, "give_opinion", marks(a1="3.25"), step=expert.assignment.pk))
    address = f"{reviewing.get_absolute_url()}do/give_opinion/"
    page = expert.get(address, step=expert.assignment.pk).content.decode()
    assert 'value="3.25"' in page and "data-sheet-total" in page
    done(expert.do(reviewing, "give_opinion", marks(a1="4"), step=expert.assignment.pk))
    assert expert.assignment.marks.count() == len(LEAVES)
    assert expert.assignment.marks.get(indicator="a1").value == 4


def test_what_was_handed_in_before_stays_readable_for_office_and_auditor(school, reviewing):
    """The hash beside it is the one that the log has of that act; another expert reads neither."""
    expert, other = put_on(school, reviewing, "钟离靖", "端木澄")
    auditor = Person(factories.member(school.university, "auditor"))
    for mark in ("3.25", "4", "4.75"):
        given = {**marks(a1=mark), "text": f"第一项评{mark}分。"}
        done(expert.do(reviewing, "give_opinion", given, step=expert.assignment.pk))
    expert.assignment.refresh_from_db()
    lines = TransitionLog.objects.filter(transition="give_opinion", case_id=reviewing.pk).order_by("pk")
    kept = [row["sha256"] for row in expert.assignment.earlier]
    assert kept == [line.facts["marks_sha256"] for line in lines][:2]
    for reader in (school.office, auditor):
        page = main_of(reader.page(reviewing))
        for words in ("第一项评3.25分。", "第一项评4分。", "第一项评4.75分。", kept[0][:16]):
            assert words in page, (reader, words)
    assert "第一项评" not in other.page(reviewing).content.decode()


def test_titles_that_the_school_gives_stand_on_the_sheet(school, reviewing):
    """X-14: the source lost the titles; a local setting gives them, and the sheet shows code and title."""
    (expert,) = put_on(school, reviewing, "钟离靖")
    address = f"{reviewing.get_absolute_url()}do/give_opinion/"
    assert "组织机构" not in expert.get(address, step=expert.assignment.pk).content.decode()
    titles = {"a1": "组织机构", "A2": "管理制度"}
    day = dt.date(2026, 4, 1)
    services.enter_setting(school.version, "sheet.standard.titles", school.university, titles, day, "评价标准补录名称")
    assert "A2 管理制度" in text_of(expert.get(address, step=expert.assignment.pk))
    assert "A1 组织机构" in text_of(expert.get(address, step=expert.assignment.pk))


@pytest.mark.clause("XCU-A4.N")
def test_experts_score_from_materials_and_there_is_at_least_one(school, reviewing):
    """No score, no panel; a score without a list of materials is given with a warning that is kept, not refused."""
    with unchanged(reviewing):
        refused(school.office.step(reviewing, "expert_review", {"opinion": "同意。"}), "至少1人", clause="XCU-7.3a")
    (expert,) = put_on(school, reviewing, "钟离靖")
    address = f"{reviewing.get_absolute_url()}do/give_opinion/"
    warning = "专家据以赋分的材料不全"
    assert warning not in text_of(expert.get(address, step=expert.assignment.pk))
    row = FormAnswer.objects.get(case_id=reviewing.pk, form="annex1", round=reviewing.round)
    row.answers.pop("basis_evidence")
    row.save()
    assert warning in text_of(expert.get(address, step=expert.assignment.pk))
    done(expert.do(reviewing, "give_opinion", marks(), step=expert.assignment.pk))
    line = TransitionLog.objects.filter(transition="give_opinion", case_id=reviewing.pk).latest("pk")
    assert [finding["clause"] for finding in line.facts["findings"]] == ["XCU-A4.N"]
    done(school.office.step(reviewing, "expert_review", {"opinion": "同意。"}))


def test_promise_first(school, reviewing):
    """Before the promise an expert sees whose application it is and nothing of it, and may not mark it."""
    (expert,) = put_on(school, reviewing, "钟离靖", promised=False)
    page = text_of(expert.page(reviewing))
    assert "承诺之后开放申报材料" in page and "不少于" not in page
    assert expert.get(reverse("case_draft", args=["application", reviewing.pk])).status_code == 404
    with unchanged(reviewing):
        refused(expert.do(reviewing, "give_opinion", marks(), step=expert.assignment.pk), "尚未作出评审承诺")
        half = {"promise": {"conflict": {"checked": True}, "secret": {"checked": False}}}
        refused(expert.do(reviewing, "promise", half, step=expert.assignment.pk), "未勾选")
    done(expert.do(reviewing, "promise", house.PROMISE, step=expert.assignment.pk))
    assert fresh(expert.assignment).state == "assigned"
    assert expert.get(reverse("case_draft", args=["application", reviewing.pk])).status_code == 200


def test_experts_see_no_marks_of_others(school, reviewing):
    """Changing one expert's mark changes nothing on any page of the other while the panel is open."""
    one, other = put_on(school, reviewing, "钟离靖", "阿依努尔")
    done(one.do(reviewing, "give_opinion", marks(a1="1.11"), step=one.assignment.pk))
    pages = [
        reviewing.get_absolute_url(),
        reverse("casework:reviews"),
        f"{reviewing.get_absolute_url()}do/give_opinion/?step={other.assignment.pk}",
    ]

    def seen_by_other() -> list[str]:
        said = [house.main_of(other.client.get(page)) for page in pages]
        return [re.sub(r'name="seen" value="\d+"|data-version="\d+"|value="\w{64}"', "", text) for text in said]

    seen_by_other()  # a first look takes the word of her own act away
    before = seen_by_other()
    done(one.do(reviewing, "give_opinion", marks(a1="2.22"), step=one.assignment.pk))
    assert seen_by_other() == before
    assert "钟离靖" not in "".join(before)
    answer = other.get(f"{reviewing.get_absolute_url()}prints/summary_expert_review.pdf")
    assert answer.status_code == 404


# --- papers ------------------------------------------------------------------------------------------------------------


def flat(content: bytes) -> str:
    return "".join("".join(texts(content)).split())


def printed(person, case, key: str, ext: str) -> bytes:
    answer = person.get(f"{case.get_absolute_url()}prints/{key}.{ext}")
    assert answer.status_code == 200, answer.status_code
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.clause("XCU-A4.0")
def test_the_sheet_on_paper_and_as_a_spreadsheet(school, reviewing):
    """附件4, the title and the four heads stand on the printed sheet and in the spreadsheet, personal and summary."""
    one, other = put_on(school, reviewing, "钟离靖", "阿依努尔")
    done(one.do(reviewing, "give_opinion", marks(a1="3.25"), step=one.assignment.pk))
    done(other.do(reviewing, "give_opinion", marks(b1="7.5"), step=other.assignment.pk))
    heads = ("一级指标", "二级指标", "分值", "实际得分")
    personal = flat(printed(one, reviewing, "own_expert_review", "pdf"))
    for words in ("附件4", TITLE, *heads, "A1.", "D6.", "3.25", "98.25", "专家签字"):
        assert words in personal, words
    book = openpyxl.load_workbook(io.BytesIO(printed(one, reviewing, "own_expert_review", "xlsx")))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert cells[0][0] == f"附件4 {TITLE}"
    assert list(heads) in [row[:4] for row in cells]
    assert ["A.", "A1.", 5, Decimal("3.25")] in [[*row[:3], Decimal(str(row[3]))] for row in cells if row[1] == "A1."]
    assert ["合计", None, 100, 98.25] in [row[:4] for row in cells]
    office = school.office
    both = flat(printed(office, reviewing, "opinions_expert_review", "pdf"))
    assert "98.25" in both and "97.5" in both
    summary = flat(printed(office, reviewing, "summary_expert_review", "pdf"))
    for words in (f"{TITLE}评分汇总表", "钟离靖", "阿依努尔", "98.25", "97.5"):
        assert words in summary, words
    book = openpyxl.load_workbook(io.BytesIO(printed(office, reviewing, "summary_expert_review", "xlsx")))
    assert [98.25, 97.5] in [[row[3].value, row[4].value] for row in book.active.iter_rows()]
    empty = flat(printed(office, reviewing, "blank_expert_review", "pdf"))
    assert "实际得分" in empty and "98.25" not in empty
