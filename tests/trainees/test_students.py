"""Students: entered singly and by spreadsheet, invited, looked at by whoever may, and what of them hardly anybody sees."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook, load_workbook

from core import clock
from tenants.models import Invitation
from tenants.services import invitations, links
from tests.scenarios.house import Person, done, refused, text_of
from tests.tenants import factories
from tests.trainees.world import school
from trainees.models import Student, StudentPrivate, StudentSheet

pytestmark = pytest.mark.django_db
HEAD = ("学号", "姓名", "入学年份", "专业学位类别", "学位类型", "学习方式", "电子邮箱", "手机号")
FAMILY = {"f-family_contact": "陆母", "f-family_phone": "13900001234"}


@pytest.fixture
def scene():
    with clock.travel("2026-09-01T09:00"):
        yield school("xcu", base="试验站基地")


def linked(scene) -> Person:
    """The student with an account."""
    seat = factories.member(scene.college, "student", factories.user("陆离"))
    Student.objects.filter(pk=scene.student.pk).update(seat=seat)
    return Person(seat)


def committee(scene) -> Person:
    return Person(factories.member(scene.college, "party_committee", factories.user("党委")))


def book(*rows: tuple, head: tuple = HEAD) -> SimpleUploadedFile:
    made = Workbook()
    for row in (head, *rows):
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return SimpleUploadedFile("名单.xlsx", content.getvalue())


def send(person: Person, url: str, **data):
    return person.client.post(url, data)


def cells(answer) -> list[tuple]:
    return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


def page_of(student) -> str:
    return f"/students/{student.pk}/"


# --- singly ----------------------------------------------------------------------------------------------------------


def test_a_student_is_entered_changed_and_leaves(scene):
    answers = {
        "f-number": "20260002",
        "f-name": "那日松",
        "f-cohort": "2026",
        "f-degree": "professional_master",
        "f-mode": "part_time",
        "f-email": "nrs@example.invalid",
    }
    done(send(scene.secretary, "/students/new/", **answers))
    student = Student.objects.get(number="20260002")
    assert (student.cohort, student.degree, student.mode) == (2026, "professional_master", "part_time")
    page = text_of(scene.secretary.get(page_of(student)))
    assert "专业学位硕士" in page and "非全日制" in page and "2026" in page
    refused(send(scene.secretary, "/students/new/", **answers), "学号20260002已登记")
    done(send(scene.secretary, f"{page_of(student)}change/", **{**answers, "f-mode": "full_time"}))
    student.refresh_from_db()
    assert student.mode == "full_time" and student.cohort == 2026
    leave = f"{page_of(student)}leave/"
    refused(send(scene.secretary, leave, **{"f-left_on": "2026-09-02", "f-reason": "退学"}), "不能晚于今天")
    done(send(scene.secretary, leave, **{"f-left_on": "2026-09-01", "f-reason": "退学"}))
    refused(send(scene.secretary, leave, **{"f-left_on": "2026-09-01", "f-reason": "退学"}), "已登记离校")
    student.refresh_from_db()
    assert student.state == "left" and student.left_reason == "退学"


def test_a_student_with_a_stay_does_not_leave_before_it_is_over(scene):
    placement = scene.planned(("2026-09-07", "2027-03-06"))
    leave, given = f"{page_of(scene.student)}leave/", {"f-left_on": "2026-09-01", "f-reason": "退学"}
    refused(send(scene.secretary, leave, **given), placement.number)
    done(scene.secretary.do(placement, "abandon", {"reason": "学生退学"}))
    done(send(scene.secretary, leave, **given))


# --- by spreadsheet ---------------------------------------------------------------------------------------------------


def test_every_fault_of_a_sheet_is_named_by_row_and_column_and_nothing_is_entered(scene):
    file = book(
        ("20260011", "甲", 2026, "0951", "专业学位硕士", "全日制", "a@example.invalid", "13800000001"),
        ("20260011", "乙", 2026, "", "", "", "", ""),
        ("20260012", "", 1977, "9999", "", "夜校", "不是邮箱", ""),
        (scene.student.number, "别人", "", "", "", "", "", ""),
    )
    answer = send(scene.secretary, "/students/import/", file=file)
    done(answer)
    page = text_of(scene.secretary.get(answer["Location"]))
    sheet = StudentSheet.objects.get()
    faults = {(row, column) for row, column, _message, _value, blocking in sheet.problems if blocking}
    assert faults >= {(3, "学号"), (4, "姓名"), (4, "入学年份"), (4, "专业学位类别"), (4, "学习方式"), (4, "电子邮箱")}
    assert (5, "学号") in faults and "学号已登记为陆离" in page
    assert not {row for row, _column in faults} & {2}
    assert next(fault[3] for fault in sheet.problems if fault[:2] == [4, "姓名"]) == ""  # an empty cell says nothing
    assert sheet.state == "faulty" and Student.objects.count() == 1
    answer = scene.secretary.client.post(f"/students/import/{sheet.pk}/", follow=True)
    assert "不能导入" in text_of(answer) and Student.objects.count() == 1


def test_a_sheet_without_faults_is_entered_at_once_and_who_stands_already_is_left_alone(scene):
    rows = [
        (f"2026{n:04}", f"学生{n}", 2026, "0951", "专业学位硕士", "全日制", f"s{n}@example.invalid", "")
        for n in range(60)
    ]
    own = (scene.student.number, scene.student.name, 2020, "", "", "", "", "")
    answer = send(scene.secretary, "/students/import/", file=book(*rows[2:], own))
    done(answer)
    assert Student.objects.count() == 1  # checked, not entered
    page = text_of(scene.secretary.get(answer["Location"]))
    assert "导入时跳过" in page and "没有错误" in page
    done(scene.secretary.client.post(answer["Location"]))
    assert Student.objects.count() == 59
    made = Student.objects.get(number="20260002")
    assert (made.college, made.category_code, made.category_name, made.cohort) == (scene.college, "0951", "农业", 2026)
    scene.student.refresh_from_db()
    assert scene.student.cohort is None
    sheet = StudentSheet.objects.get()
    assert sheet.rows == [] and sheet.number_entered == 58  # the names are not kept twice
    again = scene.secretary.client.post(answer["Location"], follow=True)
    assert "不能导入" in text_of(again) and Student.objects.count() == 59


def test_the_years_of_admission_that_a_sheet_may_name(scene):
    for year, good in ((1977, False), (1978, True), (2027, True), (2028, False)):
        answer = send(scene.secretary, "/students/import/", file=book(("20260013", "甲", year, "", "", "", "", "")))
        done(answer)
        assert (StudentSheet.objects.get().state == "checked") is good, year


def test_a_number_that_somebody_else_entered_meanwhile_holds_the_whole_sheet_back(scene):
    answer = send(
        scene.secretary,
        "/students/import/",
        file=book(("20260014", "甲", "", "", "", "", "", ""), ("20260015", "乙", "", "", "", "", "", "")),
    )
    Student.objects.create(university=scene.university, college=scene.college, number="20260015", name="丙")
    page = text_of(scene.secretary.client.post(answer["Location"], follow=True))
    assert "20260015" in page and not Student.objects.filter(number="20260014").exists()


def test_the_university_names_the_college_of_each(scene):
    file = book(("20260016", "甲", "第一临床医学院"), head=("学号", "姓名", "学院"))
    answer = send(scene.office, "/students/import/", file=file)
    done(answer)
    done(scene.office.client.post(answer["Location"]))
    assert Student.objects.get(number="20260016").college == scene.college
    answer = send(
        scene.office, "/students/import/", file=book(("20260017", "乙", "没有的学院"), head=("学号", "姓名", "学院"))
    )
    assert "只能填" in text_of(scene.office.get(answer["Location"]))
    template = load_workbook(io.BytesIO(scene.office.get("/students/import/template.xlsx").content))
    titles = [str(cell.value or "").replace("*", "") for row in template.worksheets[0].iter_rows() for cell in row]
    assert "学院" in titles and not [title for title in titles if title in ("身份证号", "政治面貌", "家庭联系方式")]


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_students_are_invited_at_once_and_whoever_accepts_sees_only_themselves(scene):
    Student.objects.filter(pk=scene.student.pk).update(email="luli@example.invalid")
    other = Student.objects.create(university=scene.university, college=scene.college, number="20260020", name="无邮箱")
    page = scene.secretary.client.post(
        "/students/", {"do": "invite", "pick": [scene.student.pk, other.pk]}, follow=True
    )
    assert "已办理1条" in text_of(page) and "没有登记电子邮箱" in text_of(page)
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.organisation, invitation.email) == (
        "student",
        scene.college,
        "luli@example.invalid",
    )
    first = invitation.link_id
    done(scene.secretary.client.post(page_of(scene.student)))  # again: another link, no second invitation
    invitation.refresh_from_db()
    assert Invitation.objects.count() == 1 and invitation.link_id != first
    links.send_code(invitation.link)
    invitation = Invitation.objects.get()
    joined = {"login": "luli", "name": "陆离", "password": "correct-horse-77", "code": links.code_of(invitation.link)}
    seat = invitations.accept_as_new(invitation, **joined)
    scene.student.refresh_from_db()
    assert scene.student.seat == seat
    own = Person(seat)
    answer = own.get("/students/mine/")
    assert answer["Location"] == page_of(scene.student)
    assert "陆离" in text_of(own.get(page_of(scene.student)))
    assert own.get(page_of(other)).status_code == 404
    assert "无邮箱" not in text_of(own.get("/students/"))
    page = scene.secretary.client.post(page_of(scene.student), follow=True)
    assert "已有账号" in text_of(page)


def test_one_of_another_college_is_nobody_here(scene):
    away = factories.college(scene.university)
    secretary = Person(factories.member(away, "secretary"))
    assert secretary.get(page_of(scene.student)).status_code == 404
    assert scene.student.name not in text_of(secretary.get("/students/"))
    assert secretary.client.post(page_of(scene.student)).status_code == 404
    assert secretary.get(f"{page_of(scene.student)}family/").status_code == 404


# --- what hardly anybody sees -----------------------------------------------------------------------------------------


def readers(scene) -> dict[str, Person]:
    """Everybody around the student who is not among those whom the requirements name."""
    seat = factories.member
    return {
        "dean": Person(seat(scene.college, "dean")),
        "applicant": Person(seat(scene.college, "applicant")),
        "college auditor": Person(seat(scene.college, "auditor")),
        "mentor": Person(scene.mentor),
        "base mentor": Person(scene.base_mentor),
        "contact": scene.contact,
        "admin": Person(seat(scene.university, "admin")),
        "vice_president": Person(seat(scene.university, "vice_president")),
        "supervisor": Person(seat(scene.university, "supervisor")),
        "support": Person(seat(scene.university, "support")),
        "auditor": Person(seat(scene.university, "auditor")),
        "officer": Person(seat(scene.department, "officer")),
        "fellow student": Person(seat(scene.college, "student")),
    }


def pages_of(scene, placement) -> list[str]:
    return [
        page_of(scene.student),
        f"{page_of(scene.student)}family/",
        "/students/",
        "/students/?export=all",
        "/placements/",
        "/placements/?export=all",
        placement.get_absolute_url(),
        f"/search/?q={scene.student.number}",
    ]


def said(answer) -> str:
    if answer.status_code != 200:
        return ""
    kind = answer.headers.get("Content-Type", "")
    return str(cells(answer)) if "spreadsheet" in kind else text_of(answer)


@pytest.mark.clause("XCU-A2.S4")
def test_the_familys_contact_is_seen_by_the_student_the_secretary_and_the_graduate_office_alone(scene):
    own, placement = linked(scene), scene.planned(("2026-09-07", "2027-03-06"))
    scene.guided(placement)
    party = committee(scene)
    StudentPrivate.objects.create(student=scene.student, party_member=True)
    done(own.client.post(f"{page_of(scene.student)}family/", FAMILY))
    for person in (own, scene.secretary, scene.office):
        page = text_of(person.get(page_of(scene.student)))
        assert "陆母" in page and "13900001234" in page
    for name, person in {**readers(scene), "committee": party}.items():
        for url in pages_of(scene, placement):
            assert not {"陆母", "13900001234"} & set(re.findall(r"陆母|13900001234", said(person.get(url)))), (
                name,
                url,
            )
        for asked in ("陆母", "13900001234"):
            answer = text_of(person.get("/search/", q=asked))
            assert page_of(scene.student) not in answer and placement.get_absolute_url() not in answer, (name, asked)
        assert person.get(f"{page_of(scene.student)}family/").status_code == 404, name
        assert person.client.post(f"{page_of(scene.student)}family/", FAMILY).status_code == 404, name
    # What those who may see read is on the student's own page only: in no list, search or export.
    for person in (scene.secretary, scene.office, own):
        for url in ("/students/", "/students/?export=all", "/placements/?export=all", placement.get_absolute_url()):
            assert "陆母" not in said(person.get(url)), url


@pytest.mark.clause("JLU-3.4c")
def test_the_party_committee_sees_the_party_members_of_its_college_and_nobody_else_sees_who_they_are(scene):
    own, placement = linked(scene), scene.planned(("2026-09-07", "2027-03-06"))
    scene.guided(placement)
    party = committee(scene)
    Student.objects.bulk_create(
        Student(university=scene.university, college=scene.college, number=f"2026100{n}", name=f"同学{n}")
        for n in range(6)
    )
    numbers = "\n".join([scene.student.number, "20261000", "20261001", "20261002"])
    refused(party.client.post("/students/party/", {"f-act": "add", "f-numbers": f"{numbers}\n999"}), "999")
    assert not StudentPrivate.objects.filter(party_member=True).exists()
    assert "陆离" not in text_of(party.get("/students/"))
    done(party.client.post("/students/party/", {"f-act": "add", "f-numbers": numbers}))
    listed = text_of(party.get("/students/"))
    assert {name for name in ("陆离", *(f"同学{n}" for n in range(6))) if name in listed} == {
        "陆离",
        "同学0",
        "同学1",
        "同学2",
    }
    assert placement.number in text_of(party.get(placement.get_absolute_url()))
    assert "中共党员" in text_of(party.get(page_of(scene.student)))
    assert "中共党员" in text_of(own.get(page_of(scene.student)))
    others = {**readers(scene), "secretary": scene.secretary, "office": scene.office}
    away = Person(factories.member(factories.college(scene.university), "party_committee"))
    assert "陆离" not in text_of(away.get("/students/")) and away.get(page_of(scene.student)).status_code == 404
    for name, person in others.items():
        for url in pages_of(scene, placement):
            assert "党员" not in said(person.get(url)).split("<main", 1)[-1], (name, url)
        assert person.get("/students/party/").status_code == 404, name
    done(party.client.post("/students/party/", {"f-act": "remove", "f-numbers": scene.student.number}))
    assert "陆离" not in text_of(party.get("/students/"))
    assert party.get(page_of(scene.student)).status_code == 404
    assert party.get(placement.get_absolute_url()).status_code == 404


# --- lists ------------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_at_1_and_at_30_students(scene):
    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert scene.secretary.get("/students/").status_code == 200
        return len(made)

    queries()
    few = queries()
    Student.objects.bulk_create(
        Student(
            university=scene.university, college=scene.college, number=f"2026200{n:02}", name=f"同学{n}", cohort=2025
        )
        for n in range(30)
    )
    assert queries() == few


def test_the_list_is_filtered_by_cohort_mode_and_account(scene):
    Student.objects.filter(pk=scene.student.pk).update(cohort=2025, mode="part_time")
    Student.objects.create(university=scene.university, college=scene.college, number="1", name="同学", cohort=2026)
    for query, name, other in (
        ("cohort=2025", "陆离", "同学"),
        ("mode=part_time", "陆离", "同学"),
        ("cohort=2026", "同学", "陆离"),
    ):
        page = text_of(scene.secretary.get(f"/students/?{query}")).split("<main", 1)[1]
        assert name in page and other not in page
    linked(scene)
    page = text_of(scene.secretary.get("/students/?account=no")).split("<main", 1)[1]
    assert "同学" in page and "陆离" not in page


def test_the_list_leads_to_the_sheets_that_were_checked(scene):
    done(send(scene.office, "/students/import/", file=book(("20260011", "甲", "", "", "", "", "", ""))))
    sheet = StudentSheet.objects.get()
    assert 'href="/students/import/"' in scene.office.get("/students/").content.decode()
    assert f'href="/students/import/{sheet.pk}/"' in scene.office.get("/students/import/").content.decode()
