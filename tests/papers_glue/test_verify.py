"""The page that tells anybody whether a paper is genuine, and the seal of a signed agreement."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader, PdfWriter

from bases import papers as base_papers
from bases.models import Agreement, Base, Recognition
from bases.services import draft_agreement
from casework import papers
from core import clock, outbox
from core.forms import store
from core.models import Paper
from core.papers.seal import verify_pdf
from tests.placing import place
from tests.scenarios import house
from tests.scenarios.house import Person, fresh
from tests.tenants import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return house.xcu_school()


def drafted(school) -> Agreement:
    """An agreement from the template, not yet handed in."""
    agreement = draft_agreement(
        school.secretary.membership,
        university=school.university,
        college=school.college,
        partner=school.partner,
        version=school.version,
    )
    row = store.load(agreement, "agreement")
    answers = {
        **row.answers,
        "period": {"from": "2026-05-20", "to": "2031-05-19"},
        "first_signatory": "沙马·阿牛",
    }
    store.save(agreement, "agreement", 1, answers, row.revision, school.secretary.membership)
    return fresh(agreement)


@pytest.fixture
def agreement(school):
    """An agreement in the state in which it was signed, with its paper printed before."""
    case = drafted(school)
    paper = papers.issue(case, "agreement", "苏半夏")
    papers.ensure_file(paper, case)
    return place(case, "signed", signed_on="2026-05-18", effective_on="2026-05-20")


def page(path: str, **data) -> str:
    answer = Client().get(path, data)
    assert answer.status_code == 200
    return answer.content.decode()


def upload(path: str, content: bytes, name: str = "协议.pdf"):
    return Client().post(path, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def read(paper: Paper) -> bytes:
    with paper.file.open("rb") as file:
        return file.read()


def again(content: bytes) -> bytes:
    """The same pages, saved by another program."""
    writer, out = PdfWriter(), io.BytesIO()
    for one in PdfReader(io.BytesIO(content)).pages:
        writer.add_page(one)
    writer.write(out)
    return out.getvalue()


def test_a_genuine_paper_with_unit_version_and_file(agreement, school):
    paper = papers.current(agreement, "agreement")
    shown = page(f"/verify/{paper.code}/")
    for said in (
        "版本有效",
        paper.title,
        paper.number,
        paper.code,
        school.university.display_name,
        "第1版",
        paper.file_sha256,
    ):
        assert said in shown, said
    for private in ("沙马·阿牛", "苏半夏", "游映雪", school.partner.name):
        assert private not in shown, private


def test_codes_are_found_as_people_type_them(agreement):
    code = papers.current(agreement, "agreement").code
    for typed in (code.lower(), code.replace("-", ""), code.replace("-", " "), f" {code} "):
        assert "版本有效" in page("/verify/", code=typed), typed
    Paper.objects.update(code="10AB-CDEF-0123")
    assert "版本有效" in page("/verify/", code="lOAB CDEF O123")
    assert "没有找到" in page("/verify/", code="10AB-CDEF-0124")
    assert "没有找到" in page("/verify/", code="10AB-CDEF-0123", number="XY-0000-0000")
    assert "没有找到" in page("/verify/", code="' OR 1=1 --")


def test_the_seal_is_put_on_once_and_checked_on_the_page(agreement):
    paper = papers.current(agreement, "agreement")
    before = read(paper)
    assert "签名完好" not in page(f"/verify/{paper.code}/")
    base_papers.seal_agreement(agreement.pk)
    paper.refresh_from_db()
    sealed = read(paper)
    assert paper.sealed and sealed.startswith(before) and verify_pdf(sealed).good
    base_papers.seal_agreement(agreement.pk)
    paper.refresh_from_db()
    assert read(paper) == sealed
    assert "签名完好" in page(f"/verify/{paper.code}/")
    with open(paper.file.path, "r+b") as file:  # somebody tampers with the archive
        file.seek(2000)
        file.write(b"\0\0\0\0")
    shown = page(f"/verify/{paper.code}/")
    assert "核验未通过" in shown and "与指纹不符" in shown and "签名完好" not in shown


def test_a_file_that_was_tampered_with_is_not_sealed(agreement, caplog):
    paper = papers.current(agreement, "agreement")
    with open(paper.file.path, "ab") as file:
        file.write(b"\n%added")
    base_papers.seal_agreement(agreement.pk)
    paper.refresh_from_db()
    assert not paper.sealed and "was not sealed" in caplog.text
    assert "与指纹不符" in page(f"/verify/{paper.code}/")


def test_a_signature_queues_the_seal(school):
    """What `record_signature` queues is done by the outbox, whoever drains it."""
    case = drafted(school)
    papers.issue(case, "agreement", "苏半夏")
    place(case, "signed", signed_on="2026-05-18")
    outbox.queue_task("bases.papers.seal_agreement", {"agreement_id": case.pk}, key="seal")
    assert outbox.drain() >= 1
    paper = papers.current(case, "agreement")
    assert paper.sealed and verify_pdf(read(paper)).good


def test_an_unsigned_agreement_is_not_sealed(school):
    case = drafted(school)
    paper = papers.ensure_file(papers.issue(case, "agreement", "苏半夏"), case)
    base_papers.seal_agreement(case.pk)
    paper.refresh_from_db()
    assert not paper.sealed and not verify_pdf(read(paper)).sealed


def test_a_pdf_is_compared_and_kept_nowhere(agreement, settings):
    paper = papers.current(agreement, "agreement")
    before = read(paper)
    base_papers.seal_agreement(agreement.pk)
    paper.refresh_from_db()
    sealed, address = read(paper), f"/verify/{paper.code}/"
    assert "完全一致" in upload(address, sealed).content.decode()
    assert "加平台防篡改签名之前" in upload(address, before).content.decode()
    assert "签名之后被改动" in upload(address, sealed + b"\n%added\n").content.decode()
    for other in (again(sealed), house.pdf(3)):
        assert "不一致" in upload(address, other).content.decode()
    found = upload("/verify/", sealed).content.decode()  # without a code the file itself finds its paper
    assert "完全一致" in found and paper.code in found
    assert "不一致" in upload("/verify/", house.pdf(3)).content.decode()
    for bad in (b"not a pdf", b"%PDF-1.7\n" + b"(" * 5000, b"%PDF-" + bytes(range(256)) * 40):
        assert upload(address, bad).status_code in (200, 422)
    assert "这不是PDF文件" in upload(address, b"not a pdf").content.decode()
    assert "没有找到" in upload("/verify/0000-0000-0000/", sealed).content.decode()
    assert Paper.objects.count() == 1


def test_a_void_version_and_an_ended_matter_say_so(agreement, school):
    paper = papers.current(agreement, "agreement")
    place(agreement, "ended", ended_on="2027-01-31")
    shown = page(f"/verify/{paper.code}/")
    assert "所载事项已经终止" in shown and "2027" in shown and "版本有效" not in shown
    papers.void(paper, "内容已修改")
    shown = page(f"/verify/{paper.code}/")
    assert "已作废" in shown and "不得使用" in shown


def test_a_version_is_made_once_and_again_only_when_its_content_changes(school):
    case = drafted(school)
    first = papers.issue_now(case, "agreement", "甲")
    assert papers.issue_now(case, "agreement", "乙") == first
    row = store.load(case, "agreement")
    store.save(
        case,
        "agreement",
        1,
        {**row.answers, "clause_goals": "另一目标。"},
        row.revision,
        school.secretary.membership,
    )
    second = papers.issue_now(case, "agreement", "乙")
    first.refresh_from_db()
    assert second.version == 2 and first.voided_at and first.code != second.code
    assert papers.ensure_file(first, case).file_sha256 == ""  # void before anybody printed it
    assert papers.ensure_file(second, case).file_sha256
    assert [one.version for one in Paper.objects.order_by("pk")] == [1, 2]


def test_equal_content_gives_equal_bytes(school):
    case = drafted(school)
    paper = papers.issue(case, "agreement", "甲")
    assert papers.of(case).render(paper) == papers.of(fresh(case)).render(Paper.objects.get(pk=paper.pk))


def test_names_of_closed_units_stay_on_papers(school):
    """A unit that has been closed since keeps its name on what it was part of."""
    case = drafted(school)
    type(school.partner).objects.filter(pk=school.partner.pk).update(active=False, uscc="12990300DEMP000334")
    content = papers.of(case).render(papers.issue(case, "agreement", "甲"))
    said = "".join("".join(one.extract_text().split()) for one in PdfReader(io.BytesIO(content)).pages)
    assert "乙方：青岐市高原作物试验站" in said and "统一社会信用代码：12990300DEMP000334" in said


def test_a_certificate_is_issued_only_for_an_active_base(school):
    base = Base.objects.create(
        number="JD-1", name="甲基地", university=school.university, college=school.college, partner=school.partner
    )
    with clock.travel("2026-05-20T09:00"):
        recognition = Recognition.objects.create(
            number="RD-1",
            title="西昌学院研究生联合培养基地",
            base=base,
            regulation_version=school.version,
            level="school",
            university=school.university,
            college=school.college,
            partner=school.partner,
            decided_on=clock.today(),
        )
        path = f"/cases/recognition/{recognition.pk}/prints/certificate.pdf"
        assert school.office.client.get(path).status_code == 404
        place(recognition, "active", active_on=clock.today())
        assert school.office.client.get(path).status_code == 200
        assert school.office.client.get(path).status_code == 404  # now it is on record, among the papers
        stranger = Person(
            factories.member(factories.university(name="外校"), "graduate_office", factories.user("外人"))
        )
        assert stranger.client.get(path).status_code == 404
        paper = papers.current(recognition, "certificate")
        assert school.university.display_name in page(f"/verify/{paper.code}/")
        place(recognition, "ended", ended_on=clock.today())
        assert "所载事项已经终止" in page(f"/verify/{paper.code}/")
