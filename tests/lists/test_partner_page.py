"""The agreement while it is confirmed: the partner's page on a phone, and who goes on afterwards."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bases.models import Agreement
from bases.services import draft_agreement
from core.models import TransitionLog
from tests.placing import place, placed
from tests.scenarios import house
from tests.scenarios.house import done, fresh, main_of
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def to_confirm(school) -> Agreement:
    """An agreement that waits for the partner's confirmation."""
    call = house.open_xcu_call(school)
    application = house.xcu_draft(school, call)
    agreement = fresh(application).agreement
    done(school.secretary.do(agreement, "submit"))
    done(school.office.step(agreement, "go_check", {"opinion": "与模板一致。"}))
    assert fresh(agreement).state == "confirming"
    return fresh(agreement)


@pytest.mark.clause("XCU-7.4b")
def test_the_partner_reads_and_confirms_on_a_phone(school, to_confirm):
    url = f"/p/agreement/{to_confirm.pk}/"
    share = main_of(school.secretary.page(to_confirm))
    assert url in share and f"{url}qr.svg" in share and "卓玛央金" in share
    code = school.secretary.get(f"{url}qr.svg")
    assert code["Content-Type"] == "image/svg+xml" and b"<svg" in code.content and b"<script" not in code.content
    anonymous = house.Client().get(url)
    assert anonymous.status_code == 302 and anonymous["Location"].startswith("/accounts/login/?next=/p/agreement/")
    assert school.secretary.get(url)["Location"] == to_confirm.get_absolute_url()

    page = school.contact.get(url)
    assert page.context["page"].stage == 1
    done(school.contact.client.post(url, {"do": "read"}))
    done(school.contact.client.post(url, {"do": "read"}))
    assert TransitionLog.objects.filter(case_kind="agreement", transition="read").count() == 1
    page = school.contact.get(url).context["page"]
    assert page.stage == 2
    answer = school.contact.client.post(page.confirm_url, {**page.hidden, "seen": page.version})
    assert answer["Location"] == url
    assert fresh(to_confirm).steps().get(kind="confirmation").state == "done"
    page = school.contact.get(url).context["page"]
    assert page.stage == 3 and page.card is None and page.confirmed_by == "卓玛央金"
    assert "qr.svg" not in main_of(school.secretary.page(to_confirm))


def test_after_the_confirmation_pages_say_who_goes_on(school, to_confirm):
    listed = "/agreements/"
    for person in (school.secretary, school.office):
        assert "待合作单位确认" in main_of(person.get(listed))
        assert "待合作单位确认" in main_of(person.page(to_confirm))
    done(school.contact.step(to_confirm, "partner_confirmation", {"opinion": "确认。"}))
    assert fresh(to_confirm).state == "confirming"
    for person in (school.secretary, school.office, school.contact):
        body = main_of(person.page(to_confirm))
        assert "待合作单位确认" not in body and "合作单位已确认" in body
        assert "校长办公会尚未审定批准" in body and f"由{school.university.display_name}研究生处" in body
        body = main_of(person.get(listed))
        assert "待合作单位确认" not in body and "合作单位已确认" in body
    body = main_of(school.contact.get(f"/p/agreement/{to_confirm.pk}/"))
    assert "待合作单位确认" not in body and "合作单位已确认" in body
    assert "进入用印" not in main_of(school.office.get("/"))
    with CaptureQueriesContext(connection) as one:
        school.office.get(listed)
    placed(
        Agreement,
        "confirming",
        number="XY-9-1",
        title="另一协议",
        regulation_version=school.version,
        university=school.university,
        college=school.college,
        partner=school.partner,
    )
    with CaptureQueriesContext(connection) as two:
        school.office.get(listed)
    assert len(one) == len(two)


def test_where_the_agreement_is_signed_before_the_application_sealing_waits_for_the_office(region):
    call = house.open_nm_call(region)
    application = house.nm_draft(region, call, agreement=None)
    agreement = draft_agreement(
        region.secretary.membership,
        university=region.university,
        college=region.college,
        partner=region.partner,
        version=region.version,
        application=application,
    )
    place(agreement, "confirming")
    body = main_of(region.office.page(agreement))
    assert "合作单位已确认协议内容，可以用印" in body
    assert "进入用印" in main_of(region.office.get("/"))


def test_the_partner_declines_with_a_reason(school, to_confirm):
    url = f"/p/agreement/{to_confirm.pk}/"
    page = school.contact.get(url).context["page"]
    assert school.contact.get(page.decline_url).status_code == 200
    refused = school.contact.client.post(
        page.decline_url, {"f-outcome": "negative", "f-opinion": "", "seen": page.version}
    )
    assert refused.status_code == 422
    done(
        school.contact.client.post(
            page.decline_url, {"f-outcome": "negative", "f-opinion": "期限过长。", "seen": page.version}
        )
    )
    assert fresh(to_confirm).state == "declined"
    assert "期限过长。" in main_of(school.contact.get(url))


def test_another_partner_finds_no_such_page(school, to_confirm):
    stranger = house.Person(factories.member(factories.partner(), "contact"))
    for url in (
        f"/p/agreement/{to_confirm.pk}/",
        f"/p/agreement/{to_confirm.pk}/qr.svg",
        "/p/agreement/99999/",
    ):
        assert stranger.get(url).status_code == 404
        assert stranger.client.post(url, {"do": "read"}).status_code in (404, 405)
    leader = house.Person(factories.member(school.partner, "partner_leader"))
    page = leader.get(f"/p/agreement/{to_confirm.pk}/").context["page"]
    assert page.confirm_url == "" and "单位联系人" in page.what


def test_a_redirect_after_an_act_stays_on_this_site(school, to_confirm):
    page = school.contact.get(f"/p/agreement/{to_confirm.pk}/").context["page"]
    data = {**page.hidden, "seen": page.version, "next": "https://example.invalid/"}
    assert school.contact.client.post(page.confirm_url, data)["Location"] == to_confirm.get_absolute_url()


def test_at_the_seals_the_partner_is_asked_for_the_originals_until_they_are_on_their_way(school, to_confirm):
    done(school.contact.step(to_confirm, "partner_confirmation", {"opinion": "确认。"}))
    assert school.contact.get("/").context["todos"].rows == []
    place(fresh(to_confirm), "sealing")
    (todo,) = school.contact.get("/").context["todos"].rows
    assert (todo.step, todo.url) == ("签字盖章，寄回原件", f"/p/agreement/{to_confirm.pk}/")
    page = school.contact.get(todo.url).context["page"]
    assert page.stage == 3 and "单位公章" in page.card.stamp and page.card.to_unit == school.university.name
    asked = school.contact.get(page.parcel_url)
    typed = {"courier": "顺丰速运", "courier_number": "SF1029384756", "sent_on": "2026-03-10"}
    answer = school.contact.client.post(asked.wsgi_request.path, typed | {"next": todo.url})
    assert answer["Location"] == todo.url
    assert school.contact.get("/").context["todos"].rows == []
    assert "SF1029384756" in main_of(school.contact.get(todo.url))
    assert "SF1029384756" in main_of(school.office.page(to_confirm))
    assert school.office.page(to_confirm).context["page"].parcel_url == "", "its own originals stay with it"
