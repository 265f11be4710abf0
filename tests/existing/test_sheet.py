"""Many bases by a spreadsheet: checked as a whole, entered as a whole; everything over HTTP."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from bases.intake import intake
from bases.models import Agreement, Backfill, Base, Recognition
from casework.models import Record
from core import clock, outbox
from core.door import chain
from core.models import LedgerEntry, TransitionLog
from evaluations.queries import results
from tenants.models import Organisation
from tests.existing import filled
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, sent, text_of

pytestmark = pytest.mark.django_db
NOW = "2026-03-02T09:00"


@pytest.fixture
def school():
    school = house.xcu_school()
    filled.place("513401")
    return school


def begun(person, way: str = "sheet") -> Backfill:
    """A backfill begun on the page where that is chosen."""
    version = person.get("/bases/existing/new/").context["versions"][0][0]
    done(person.client.post("/bases/existing/new/", {"version": version, "way": way}))
    return Backfill.objects.latest("pk")


def checked(person, backfill: Backfill, content: bytes) -> Backfill:
    """The sheet sent in and checked by the worker."""
    done(person.do(backfill, "check_sheet", {"file": [sent("存量.xlsx", content)]}))
    assert person.page(backfill).headers["Refresh"]
    outbox.drain()
    assert "Refresh" not in person.page(backfill).headers
    return fresh(backfill)


def entered(person, backfill: Backfill) -> Backfill:
    done(person.do(backfill, "enter"))
    outbox.drain()
    return fresh(backfill)


@pytest.mark.both_databases
def test_a_sheet_is_checked_then_entered_and_its_bases_live_on(school):
    """Nothing is entered by the check; then everything at once: base, recognition, agreement, what is due, what it had."""
    with clock.travel(NOW):
        backfill = begun(school.office)
        rows = [
            filled.row_of(1, year_1=2024, grade_1=None),
            filled.row_of(2, uscc=filled.code_of(1), partner_name="第1农场", category="0451 教育"),
            filled.row_of(3, agreement_to="2025-03-10", plaque_on=None, plaque_to=None),
        ]
        del rows[0]["year_1"]
        backfill = checked(school.office, backfill, filled.book(backfill, rows))
        assert (backfill.state, backfill.number_of_rows, backfill.number_of_faults) == ("checked", 3, 0)
        assert not Base.objects.exists() and not Organisation.objects.filter(name="第1农场").exists()
        # The third agreement is shorter than the regulation's term, and over: remarked with the clause, not refused.
        page = text_of(school.office.page(backfill))
        assert "协议期限已届满" in page and "第七条" in page and backfill.number_of_remarks >= 2
        backfill = entered(school.office, backfill)
        assert (backfill.state, backfill.entered_on) == ("entered", dt.date(2026, 3, 2))

    first = Recognition.objects.select_related("base", "partner").get(base__former_number="XJ-0001")
    assert (first.state, first.document_number, first.decided_on, first.active_on) == (
        "active",
        "青岐院研〔2022〕1号",
        dt.date(2022, 3, 1),
        dt.date(2022, 3, 10),
    )
    assert (first.plaque_on, first.plaque_to, str(first.regulation_version)) == (dt.date(2022, 4, 1), "站长", "XCU/1")
    assert first.partner.uscc == filled.code_of(1) and first.partner.created_by == school.university
    assert Base.objects.count() == 3 and Organisation.objects.filter(uscc=filled.code_of(1)).count() == 1
    agreement = first.agreements.get()
    assert (agreement.state, agreement.type, agreement.ends_on) == ("signed", "recorded", dt.date(2027, 3, 10))
    assert [str(party) for party in agreement.parties.all()] == ["甲方 青岐学院", "乙方 第1农场"]

    # The log says when it happened and when it was entered; the chains hold.
    lines = list(TransitionLog.objects.filter(case_kind="recognition", case_id=first.pk).order_by("position"))
    assert [(line.transition, line.to_state, line.on) for line in lines] == [
        ("create", "pending", dt.date(2022, 3, 1)),
        ("enter_existing", "active", dt.date(2022, 3, 10)),
    ]
    assert {clock.local(line.at).date() for line in lines} == {dt.date(2026, 3, 2)}
    assert {line.actor_name for line in lines} == {school.office.membership.user.name}
    assert list(chain.breaks()) == []

    # Due as of a base that came by an application; who takes students is asked of it in the same way.
    owed = LedgerEntry.objects.get(key=f"agreement:{agreement.pk}")
    assert (owed.due_on, owed.role, owed.done_at) == (dt.date(2027, 3, 10), "graduate_office", None)
    with clock.travel("2026-03-03T09:00"):
        assert intake(first, clock.today()).open
        page = school.office.page(first)
        assert "补录" in text_of(page) and "录入 2026-03-02" in text_of(page) and "XJ-0001" in text_of(page)
        assert "校内导师：冉启明、木呷" in text_of(page) and "基地导师：阿依古丽" in text_of(page)
        register = text_of(school.office.get("/bases/?entered=backfill"))
        assert "第1基地" in register and "第3基地" in register
        assert "第1基地" not in text_of(school.office.get("/bases/?entered=applied"))
        page = text_of(school.office.page(agreement))
        assert "缺少协议扫描件" in page and "HT-1" in page
        done(school.office.do(agreement, "supply_scan", {"scan": [sent("协议.pdf")]}))
        assert "缺少协议扫描件" not in text_of(school.office.page(agreement))
        refused(school.office.do(agreement, "supply_scan", {"scan": [sent("协议.pdf")]}), "不缺扫描件")


WRONG = {
    "uscc": ({"uscc": "12513401000000000X"}, "统一社会信用代码", "校验不通过"),
    "future": ({"decided_on": "2026-03-03"}, "批准日期", "不能晚于今天"),
    "order": ({"agreement_from": "2027-03-11"}, "协议结束日期", "早于"),
    "college": ({"college": "医学院"}, "责任学院", "只能填"),
    "missing": ({"signed_on": None}, "协议签订日期", "没有填写"),
    "category": ({"category": "9999"}, "专业学位类别", "只能填"),
    "place": ({"division": "没有的地方"}, "合作单位所在地", "行政区划不存在"),
    "year": ({"year_1": 2027, "grade_1": "合格", "kind_1": "年度对标检查"}, "考核年度1", "1990至2026"),
    "grade": ({"year_1": 2024}, "考核等次1", "写明年度和等次"),
    "plaque": ({"plaque_on": None}, "授牌日期", "请填写授牌日期"),
    "mentor": ({"base_mentors": "甲" * 31}, "基地导师", "只写姓名"),
    "name": ({"name": "字" * 101}, "基地名称", "超过 100 字"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_one_wrong_row_stops_all_and_is_named_by_row_and_column(school, wrong):
    changes, column, message = WRONG[wrong]
    with clock.travel(NOW):
        backfill = begun(school.office)
        rows = [filled.row_of(1), filled.row_of(2, **changes), filled.row_of(3)]
        backfill = checked(school.office, backfill, filled.book(backfill, rows))
        assert backfill.state == "faulty" and not Base.objects.exists()
        faulty = backfill.rows.get(faulty=True)
        assert faulty.number == 4  # title, head, and the row before it
        page = text_of(school.office.page(backfill))
        assert column in page and message in page and "台账没有任何改动" in page
        assert school.office.do(backfill, "enter").status_code == 409  # not open in this state
        assert not Recognition.objects.exists()
        # The sheet comes back marked, is put right and sent in again.
        answer = school.office.get(reverse("case_print", args=["backfill", backfill.pk, "marked", "xlsx"]))
        lines = filled.cells(answer.content)
        marked = next(line for line in lines if "第2农场" in line)
        assert column in marked[1] and message in marked[1]
        (listed,) = [line for line in filled.cells(answer.content, "错误清单") if line[2] == "错误"]
        assert listed[0] == 4 and listed[1] == column and message in listed[3]


def test_all_faults_at_once(school):
    """Several in one row, several rows: none hides another. Duplicates inside the sheet are faults of the later row."""
    with clock.travel(NOW):
        backfill = begun(school.office)
        rows = [
            filled.row_of(1, decided_on="2026-04-01", uscc="1", name=None),
            filled.row_of(2),
            filled.row_of(3, uscc=filled.code_of(2), partner_name="第2农场"),
            filled.row_of(4, former_number="XJ-0002"),
            filled.row_of(5, uscc=filled.code_of(2), category="0451"),
        ]
        backfill = checked(school.office, backfill, filled.book(backfill, rows))
        by_row = {
            row.number: {key for key, _m, _v, blocking, _c in row.problems if blocking} for row in backfill.rows.all()
        }
        assert by_row == {
            3: {"decided_on", "uscc", "name"},
            4: set(),
            5: {"name"},  # the same university, partner unit and category
            6: {"former_number"},
            7: {"partner_name"},  # the same code under another name
        }


def test_units_are_matched_by_code_never_by_name(school):
    with clock.travel(NOW):
        known = house.partner("第1农场", uscc=filled.code_of(1), uscc_absent_reason="")
        house.partner("第2农场", uscc=filled.code_of(77), uscc_absent_reason="")
        backfill = begun(school.office)
        rows = [filled.row_of(1), filled.row_of(2)]
        backfill = entered(school.office, checked(school.office, backfill, filled.book(backfill, rows)))
        assert backfill.state == "entered" and backfill.number_of_remarks == 1  # another unit bears the name
        assert Recognition.objects.get(base__name="第1基地").partner == known
        assert Recognition.objects.get(base__name="第2基地").partner.uscc == filled.code_of(2)
        wrong = begun(school.office)
        rows = [filled.row_of(3, uscc=filled.code_of(77))]
        wrong = checked(school.office, wrong, filled.book(wrong, rows))
        assert wrong.state == "faulty" and "该代码登记的单位是“第2农场”" in text_of(school.office.page(wrong))


def test_nothing_is_entered_twice(school):
    """The same file is refused at the door, another file with the same base by the check."""
    with clock.travel(NOW):
        backfill = begun(school.office)
        content = filled.book(backfill, [filled.row_of(1)])
        backfill = entered(school.office, checked(school.office, backfill, content))
        again = begun(school.office)
        refused(
            again_sent := school.office.do(again, "check_sheet", {"file": [sent("改名.xlsx", content)]}), "同一份表格"
        )
        assert backfill.number in text_of(again_sent) and fresh(again).state == "draft"
        other = filled.book(again, [filled.row_of(1, former_number="X"), filled.row_of(2)])
        again = checked(school.office, again, other)
        assert again.state == "faulty" and "该基地已在台账中" in text_of(school.office.page(again))
        assert Recognition.objects.count() == 1
        done(school.office.do(again, "discard"))
        refused(school.office.do(backfill, "enter"), status=409)
        assert Recognition.objects.count() == Agreement.objects.count() == 1


def test_a_file_that_is_no_list(school):
    """No head, a macro-free workbook of something else, an empty template: said in a sentence, nothing kept."""
    with clock.travel(NOW):
        backfill = begun(school.office)
        answer = school.office.do(backfill, "check_sheet", {"file": [sent("存量.xlsx", b"no sheet")]})
        refused(answer, "不是可接收的格式")
        template = school.office.get(reverse("case_print", args=["backfill", backfill.pk, "template", "xlsx"]))
        backfill = checked(school.office, backfill, template.content)
        assert (backfill.state, backfill.number_of_faults) == ("faulty", 1)
        assert "没有填写任何基地" in text_of(school.office.page(backfill))
        backfill = checked(school.office, backfill, filled.write_book("别的", [filled.Table("别的", [], [])]))
        assert backfill.state == "faulty" and "表头缺少" in text_of(school.office.page(backfill))


def test_the_template_offers_lists_and_what_each_column_is(school):
    with clock.travel(NOW):
        backfill = begun(school.office)
        answer = school.office.get(reverse("case_print", args=["backfill", backfill.pk, "template", "xlsx"]))
        made = filled.openpyxl.load_workbook(filled.io.BytesIO(answer.content))
        assert made.sheetnames == ["存量基地补录", "填写说明", "目录"]
        formulas = {rule.formula1 for rule in made.worksheets[0].data_validations.dataValidation}
        assert any(formula.startswith("'目录'!$A$3") for formula in formulas)
        catalogue = [cell for line in filled.cells(answer.content, "目录") for cell in line if cell]
        assert "农业科学学院" in catalogue and "0951 农业" in catalogue
        explained = {line[0]: line for line in filled.cells(answer.content, "填写说明")}
        assert explained["统一社会信用代码"][1] == "必填" and "不凭名称" in explained["统一社会信用代码"][3]


def test_a_grade_of_before_counts_as_one(school):
    """In the register while there is none here, and where evaluations in a row are counted."""
    with clock.travel(NOW):
        backfill = begun(school.office)
        kinds = school.version.profile.evaluations
        (kind, declared), *_more = kinds.items()
        graded = {"kind_1": str(declared.title), "year_1": 2024, "grade_1": str(declared.grades[-1].title)}
        backfill = checked(school.office, backfill, filled.book(backfill, [filled.row_of(1, **graded)]))
        entered(school.office, backfill)
        base = Recognition.objects.get()
        (before,) = results.of([base], clock.today())[base.pk]
        assert (before.kind, before.grade, before.confirmed_on) == (
            kind,
            declared.grades[-1].code,
            dt.date(2024, 12, 31),
        )
        assert str(declared.grades[-1].title) in text_of(school.office.get("/bases/"))
        assert "2024年度" in text_of(school.office.page(base))
        assert Record.objects.filter(type="past.grade").count() == 1


def test_who_may(school):
    """The graduate office and nobody else of the university; another university sees nothing of it."""
    with clock.travel(NOW):
        backfill = begun(school.office)
        content = filled.book(backfill, [filled.row_of(1)])
        assert school.secretary.get("/bases/existing/new/").status_code == 403
        assert school.secretary.page(backfill).status_code == 404
        assert school.legal.do(backfill, "check_sheet", {"file": [sent("存量.xlsx", content)]}).status_code == 403
        other = house.factories.university(name="别的学院")
        stranger = house.Person(house.factories.member(other, "graduate_office"))
        assert stranger.page(backfill).status_code == 404
        stranger.client.post("/bases/existing/new/", {"version": school.version.pk, "way": "sheet"})
        assert Backfill.objects.count() == 1
