"""At the seals: what the card says, photos of the stamped pages as one file, the courier's number, the partner's three
steps, scans compared one after another, and the next of the kind after each act."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from casework.models import Parcel, Step
from casework.views.said import Acted
from core import clock
from core.models import InboxMessage, OutboxMessage, Paper, StampedCopy, TransitionLog
from core.papers.pagecodes import pages_of
from portal.todos import following
from tenants.models import Organisation
from tests.lists import rows
from tests.papers.scanning import photographed, scanned
from tests.scenarios import house
from tests.scenarios.house import Person, done, fresh, main_of, refused, sent
from tests.tenants import factories

pytestmark = pytest.mark.django_db
ASKED, DEAN = "partner_opinion", "college_opinion"


@pytest.fixture
def school():
    """The partner and the college are asked for their stamped opinions on Annex 1."""
    with clock.travel("2026-03-02T09:00"):
        made = house.xcu_school()
        made.application = house.xcu_submitted(made, house.open_xcu_call(made))
    with clock.travel("2026-03-03T09:00"):
        yield made


def printed(person: Person, application) -> bytes:
    paper = Paper.objects.get(case_kind="application", case_id=application.pk, voided_at=None, comes_back=True)
    return b"".join(person.get(f"{application.get_absolute_url()}papers/{paper.pk}/pdf/").streaming_content)


def steps_url(application, key: str = ASKED) -> str:
    return f"/p/application/{application.pk}/?step={key}"


def second(school):
    """A further application of the college with the same partner, as far as the first."""
    with clock.travel("2026-03-02T10:00"):
        return house.xcu_submitted(school, house.open_xcu_call(school), agreement=False)


def test_the_card_says_which_seal_how_many_copies_and_where_they_go(school):
    school.university.refresh_from_db()
    assert not school.university.address
    card = school.contact.get(steps_url(school.application)).context["page"].card
    assert "单位公章" in card.seal and "内设部门" in card.stamp and card.copies == "1份"
    assert card.to_unit == school.university.name and "单位与人员" in card.missing and not card.to_address

    admin = Person(factories.member(school.university, "admin"))
    url = f"/organisation/{school.university.pk}/edit/"
    form = admin.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    typed |= {"uscc": "", "mail_to": "研究生处 苏半夏", "mail_address": "青岐市学府路1号行政楼302"}
    done(admin.client.post(url, typed | {"mail_phone": "电话：０８３４-2580001"}))
    card = school.contact.get(steps_url(school.application)).context["page"].card
    assert (card.to_person, card.to_address, card.missing) == ("研究生处 苏半夏", "青岐市学府路1号行政楼302", "")
    assert card.to_phone == "0834-2580001"
    page = main_of(school.contact.page(school.application))
    assert "青岐市学府路1号行政楼302" in page and "内设部门" in page
    asked = school.contact.get(f"{school.application.get_absolute_url()}do/act_on_step/", step=_step(school).pk)
    assert "青岐市学府路1号行政楼302" in main_of(asked)

    Organisation.objects.filter(pk=school.college.pk).update(mail_address="青岐市农科路9号学院楼201")
    card = school.contact.get(steps_url(school.application)).context["page"].card
    assert (card.to_unit, card.to_address) == (school.college.name, "青岐市农科路9号学院楼201")
    assert (
        main_of(school.dean.page(school.application)).count("青岐市学府路1号行政楼302") == 1
    )  # a college sends upwards


def _step(school, key: str = ASKED) -> Step:
    return fresh(school.application).steps().get(key=key)


def test_photos_become_one_pdf_in_their_order_upright_and_are_matched_by_their_codes(school):
    photos = photographed(printed(school.contact, school.application))
    front, *others = [sent(f"IMG_{number:04}.jpg", photo) for number, photo in enumerate(photos, 1)]
    answers = {"opinion": "同意共建。", "courier": "顺丰速运", "courier_number": "单号：sf 1029 3847 56"}
    done(school.contact.step(school.application, ASKED, answers | {"scan": [front, *others]}))
    copy = StampedCopy.objects.get()
    assert copy.document.content_type == "application/pdf"
    with copy.document.file.open("rb") as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    assert len(pages) == len(photos) and all(page.mediabox.height > page.mediabox.width for page in pages)
    seen = pages_of(copy.document)
    assert seen.unread() == [] and not seen.strange(copy.paper.code)
    parcel = Parcel.objects.get()
    assert (parcel.courier, parcel.number, parcel.unit) == ("顺丰速运", "SF1029384756", school.partner)
    shown = main_of(school.office.get("/scans/compare/"))
    assert "SF1029384756" in shown and "扫描件与定稿不符" not in shown
    assert "SF1029384756" in main_of(school.office.page(school.application))


def test_the_order_in_which_files_are_sent_is_the_order_of_the_pages(school):
    content = printed(school.contact, school.application)
    last_first = [sent("后.pdf", scanned(content, pages=[1, 2], dpi=100)), sent("前.pdf", scanned(content, pages=[0]))]
    done(school.contact.step(school.application, ASKED, {"opinion": "同意。", "scan": last_first}))
    kept = StampedCopy.objects.get().document
    assert kept.name.startswith("后") and pages_of(kept).count == 3


def test_a_couriers_number_is_refused_by_name_and_put_right_later(school):
    content = scanned(printed(school.contact, school.application), dpi=100)
    answers = {"opinion": "同意。", "courier": "", "courier_number": "12-你好"}
    refused(
        school.contact.step(school.application, ASKED, answers | {"scan": sent("盖章页.pdf", content)}),
        "还没有填写快递公司",
        "不是6至40位字母和数字",
    )
    assert not Parcel.objects.exists() and not StampedCopy.objects.exists()
    url = f"{school.application.get_absolute_url()}parcel/"
    typed = {"courier": "中通快递", "courier_number": "7712345678", "sent_on": "2026-03-03", "step": ASKED}
    assert "不是今天或以前" in main_of_refused(school.contact.client.post(url, typed | {"sent_on": "2026-03-04"}))
    done(school.contact.client.post(url, typed))
    done(school.contact.client.post(url, typed | {"courier_number": "7712345679"}))
    assert [parcel.number for parcel in Parcel.objects.all()] == ["7712345679"]
    lines = TransitionLog.objects.filter(case_id=school.application.pk, transition="parcel")
    assert [line.reason.split()[1][:10] for line in lines.order_by("id")] == ["7712345678", "7712345679"]
    assert "7712345679" in main_of(school.secretary.page(school.application))
    reader = Person(factories.member(school.partner, "auditor"))
    assert reader.client.post(url, typed).status_code == 403
    stranger = Person(factories.member(factories.partner(), "contact"))
    assert stranger.client.post(url, typed).status_code == 404


def main_of_refused(answer) -> str:
    assert answer.status_code == 422
    return answer.content.decode()


def test_a_partners_home_leads_into_three_steps_with_the_present_one_open(school):
    (todo,) = school.contact.get("/").context["todos"].rows
    assert todo.url == steps_url(school.application) and "单位公章" in todo.seal
    page = school.contact.get(todo.url).context["page"]
    assert page.stage == 1 and page.labels == ["看内容", "下载盖章", "拍照上传"]
    body = main_of(school.contact.get(todo.url))
    assert body.count("<details") > 3 and '<details class="box step-box" open>' in body.replace("\n", "")
    for _again in range(2):
        done(school.contact.client.post(page.seen_url, {"do": "read"}))
    assert TransitionLog.objects.filter(transition="read", step_key=ASKED).count() == 1
    page = school.contact.get(todo.url).context["page"]
    assert page.stage == 2 and page.card.pdf_url
    page = school.contact.get(page.stamped_url.partition("#")[0]).context["page"]
    assert page.stage == 3 and page.form is not None

    content = scanned(printed(school.contact, school.application), dpi=100)
    data = house.encoded({"outcome": "positive", "opinion": "同意。", "scan": sent("盖章页.pdf", content)})
    answer = school.contact.client.post(page.upload_url, {**page.hidden, "seen": page.version, **data})
    assert answer["Location"] == steps_url(school.application)
    page = school.contact.get(answer["Location"]).context["page"]
    assert page.stage == 4 and "等待核对" in page.finished_text and len(page.scans) == 1
    assert school.contact.get("/").context["todos"].rows == []

    done(
        school.office.do(
            school.application, "match_scan", {"result": "mismatch", "note": "缺第3页"}, step=_step(school).pk
        )
    )
    page = school.contact.get(steps_url(school.application)).context["page"]
    assert page.stage == 2 and "退回重传：缺第3页" in page.what


def test_the_three_steps_are_the_acting_partners_own(school):
    leader = Person(factories.member(school.partner, "partner_leader"))
    page = leader.get(steps_url(school.application)).context["page"]
    assert page.form is None and page.seen_url == "" and "单位联系人" in page.what
    assert leader.client.post(steps_url(school.application), {"do": "read"}).status_code == 302
    assert not TransitionLog.objects.filter(transition="read").exists()
    assert school.secretary.get(steps_url(school.application))["Location"] == school.application.get_absolute_url()
    stranger = Person(factories.member(factories.partner(), "contact"))
    assert stranger.get(steps_url(school.application)).status_code == 404


def test_scans_are_compared_one_after_another_and_each_act_offers_the_next(school):
    other = second(school)
    for application in (school.application, other):
        content = scanned(printed(school.contact, application), dpi=100)
        answers = {"opinion": "同意。", "scan": sent("盖章页.pdf", content)}
        done(school.contact.step(application, ASKED, answers))
    listed = school.office.get("/scans/")
    assert len(listed.context["list"].page.rows) == 2 and "逐件核对" in main_of(listed)
    assert school.office.get("/scans/", unit="college").context["list"].page.rows == []
    assert "筛选范围内没有" in main_of(school.office.get("/scans/compare/", unit="college"))
    todos = {todo.case_id: todo for todo in school.office.get("/").context["todos"].rows if todo.step == "盖章件核对"}
    shown = school.office.get(todos[other.pk].url)
    assert shown.context["queue"].number == 2 and other.number in main_of(shown)

    shown = school.office.get("/scans/compare/", unit="partner")
    queue, page = shown.context["queue"], shown.context["page"]
    assert (queue.number, queue.count, queue.narrowed) == (1, 2, True) and page.case_number == school.application.number
    data = {**page.hidden, "seen": page.seen, "f-result": "matched", "f-kept_at": "柜3"}
    answer = school.office.client.post(page.match_url, data)
    assert answer["Location"] == queue.then_url and "unit=partner" in queue.then_url
    shown = school.office.get(answer["Location"])
    assert shown.context["queue"].count == 1 and shown.context["page"].case_number == other.number
    assert "data-following" not in main_of(shown), "the next is on the page already"
    page = shown.context["page"]
    data = {**page.hidden, "seen": page.seen, "f-result": "mismatch", "f-note": "缺第2页。"}
    body = main_of(school.office.client.post(page.mismatch_url, data, follow=True))
    assert "没有待核对的盖章件" in body or "筛选范围内没有" in body
    assert "没有其他同类待办" in body
    assert set(StampedCopy.objects.values_list("state", flat=True)) == {"matched", "mismatch"}
    for person in (school.secretary, school.contact, school.legal):
        assert person.get("/scans/").context["list"].page.rows == []


def test_the_next_is_of_the_same_kind_and_nothing_that_the_reader_does_not_see(school):
    """Steps are told apart by their key; a step of the unit on a case that is another university's is passed over."""
    other = second(school)
    for application in (school.application, other):
        house.xcu_opinions(school, application)
    call = house.open_xcu_call(school)
    region = SimpleNamespace(version=school.version, university=factories.university(), college=None, department=None)
    (foreign,) = rows.applications(region, call, 1)
    rows.step(foreign, school.university, "graduate_office", key="site_visit", stage="reviewing", due_on=rows.DAY)
    with clock.travel("2026-03-06T09:00"):
        visit = {**house.written.SITE_VISIT, "visited_on": "2026-03-06"}
        done(school.office.step(school.application, "site_visit", house._uploads(visit)))
        body = main_of(school.office.page(school.application))
        assert f"/cases/application/{other.pk}/" in body and "同类待办还有1件" in body
        assert f"/cases/application/{foreign.pk}/" not in body and foreign.title not in body
        acted = Acted("act_on_step", "application", school.application.pk, "site_visit")
        counted = []
        following(school.office.membership, acted)  # what Django keeps for the process
        for more in (1, 30):
            own = SimpleNamespace(version=school.version, university=school.university, college=None, department=None)
            for application in rows.applications(own, call, more):
                rows.step(application, school.university, "graduate_office", key="site_visit", stage="reviewing")
            with CaptureQueriesContext(connection) as seen:
                assert following(school.office.membership, acted).left > more
            counted.append(len(seen))
        assert counted[0] == counted[1] <= 4


def test_an_estimated_day_says_so_on_the_three_steps(school):
    step = school.application.steps().get(key=ASKED)
    Step.objects.filter(pk=step.pk).update(due_on="2027-03-08", due_estimated=True)
    address = f"/p/application/{school.application.pk}/"
    assert ">预计</span>" in main_of(school.contact.get(address))
    Step.objects.filter(pk=step.pk).update(due_estimated=False)
    said = main_of(school.contact.get(address))
    assert "2027-03-08" in said and ">预计</span>" not in said


def test_a_message_leads_a_partner_into_the_three_steps_and_everybody_else_to_the_case(school):
    application = school.application
    told = InboxMessage.objects.filter(case_kind="application", case_id=application.pk, title__startswith="待办：")
    asked = {message.membership_id: message.url for message in told}
    assert asked[school.contact.membership.pk] == steps_url(application)
    assert asked[school.dean.membership.pk] == application.get_absolute_url()
    mail = OutboxMessage.objects.get(
        kind="mail", payload__to=school.contact.membership.user.email, case_id=application.pk
    )
    assert f"{steps_url(application)}\n" in mail.payload["body"]
    done(school.secretary.client.post(f"{application.get_absolute_url()}remind/"))
    urged = InboxMessage.objects.get(membership_id=school.contact.membership.pk, title__startswith="【催办】")
    assert urged.url == steps_url(application)
    content = scanned(printed(school.contact, application), dpi=100)
    done(school.contact.step(application, ASKED, {"opinion": "同意。", "scan": [sent("盖章页.pdf", content)]}))
    no = {"result": "mismatch", "note": "缺第2页。"}
    done(school.office.do(application, "match_scan", no, step=_step(school).pk))
    again = InboxMessage.objects.get(membership_id=school.contact.membership.pk, title__startswith="盖章件不一致")
    assert again.url == steps_url(application) and again.read_at is None
    assert school.contact.get(again.url).context["page"].stage in (1, 2)
