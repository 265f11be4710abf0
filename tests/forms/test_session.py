"""A form of a case being filled in, over HTTP: the dossier's forms and the forms of moves, kept as one goes."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from core import clock, uploads
from core.forms import drafts
from core.forms.store import load
from core.models import FormDraft
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, sent, text_of, unchanged
from tests.tenants import factories
from tests.uploads import files

pytestmark = pytest.mark.django_db


def chinese(length: int) -> str:
    return ("依托基地开展联合培养。" * (length // 11 + 1))[:length]


@pytest.fixture
def school():
    return house.xcu_school()


@pytest.fixture
def application(school):
    return house.xcu_draft(school, house.open_xcu_call(school), agreement=False)


def autosave(person, case, address: str, answers: dict, revision: int = 0):
    body = json.dumps({"answers": answers, "revision": revision})
    return person.client.post(f"{case.get_absolute_url()}{address}", body, "application/json")


# --- the dossier -----------------------------------------------------------------------------------------------------


def test_what_is_too_much_is_refused_by_name_and_nothing_is_cut(school, application):
    before = load(application, "annex1")
    answer = autosave(
        school.secretary,
        application,
        "forms/annex1/autosave/",
        {"necessity": chinese(25_000), "leader": "何婧"},
        before.revision,
    )
    assert answer.status_code == 422
    assert "“建立基地的必要性和可行性论证分析”过长，现有25000个字符，最多20000个" in answer.json()["message"]
    assert load(application, "annex1").answers == before.answers
    page = school.secretary.fill(application, "annex1", {"necessity": chinese(25_000), "leader": "何婧"})
    refused(page, "现有25000个字符，最多20000个")
    assert chinese(25_000) in text_of(page) and 'value="何婧"' in text_of(page)
    assert f'name="revision" value="{before.revision}"' in text_of(page)
    assert load(application, "annex1").answers == before.answers


def test_a_table_of_too_many_rows_comes_back_whole(school, application):
    spec = application.form_spec("annex1")
    table = next(
        asked
        for section in spec.sections
        if section.key in application.editable_sections("annex1", school.secretary.membership)
        for asked in section.fields
        if asked.type == "table" and asked.columns[0].type == "text"
    )
    column = table.columns[0].key
    rows = {f"f-{table.key}-{n}-{column}": f"第{n}行甲" for n in range(305)}
    page = school.secretary.fill(application, "annex1", {}, **rows)
    refused(page, "现有305行，要求不超过300行。请删除多余的5行")
    assert "第304行甲" in text_of(page)
    assert (
        table.key not in load(application, "annex1").answers
        or len(load(application, "annex1").answers[table.key]) < 300
    )


def test_pasted_text_is_kept_in_one_form(school, application):
    row = load(application, "annex1")
    answer = autosave(
        school.secretary, application, "forms/annex1/autosave/", {"leader": "⽂\u200b⼀ＡＢ"}, row.revision
    )
    assert answer.status_code == 200
    assert load(application, "annex1").answers["leader"] == "文一AB"


def test_every_file_is_taken_or_named(school, application):
    url = f"{application.get_absolute_url()}forms/annex1/upload/"
    spec = application.form_spec("annex1")
    editable = application.editable_sections("annex1", school.secretary.membership)
    fields = {s.key: [f.key for f in s.fields if f.type == "file"] for s in spec.sections}
    own = next(keys[0] for key, keys in fields.items() if key in editable and keys)
    files = [sent(f"{n}.pdf") for n in range(61)]
    answer = school.secretary.client.post(url, {"field": own, "file": files}).json()
    assert len(answer["documents"]) == 60
    assert answer["messages"][0].startswith("“60.pdf”没有接收")
    others = [key for section, keys in fields.items() if section not in editable for key in keys]
    for key in [*others, "leader", "nothing"]:
        assert school.secretary.client.post(url, {"field": key, "file": sent()}).status_code == 400


def test_pictures_of_one_request_are_taken_as_far_as_its_pixels_go(school, application, monkeypatch):
    """Twenty pictures of sixty megapixels held a worker for half a minute (faults K12)."""
    monkeypatch.setattr(uploads, "pixels_of", lambda content, kind: 50_000_000)
    spec = application.form_spec("annex1")
    editable = application.editable_sections("annex1", school.secretary.membership)
    own = next(f.key for s in spec.sections if s.key in editable for f in s.fields if f.type == "file")
    url = f"{application.get_absolute_url()}forms/annex1/upload/"
    photos = [files.sent(files.picture(), f"{n}.jpg", "image/jpeg") for n in range(3)]
    answer = school.secretary.client.post(url, {"field": own, "file": photos}).json()
    assert len(answer["documents"]) == 2
    assert answer["messages"] == ["“2.jpg”没有接收：本次上传的照片合计像素过多。请分批上传，已接收的照片不必重传。"]


# --- the forms of moves ----------------------------------------------------------------------------------------------


@pytest.fixture
def endorsing(school):
    """An application for which the partner's opinion is asked; (case, step)."""
    with clock.travel("2026-03-01T10:00"):
        application = house.xcu_submitted(school, house.open_xcu_call(school), agreement=False)
    return application, application.open_steps().get(key="partner_opinion")


def move_page(person, case, step) -> str:
    return text_of(person.get(f"{case.get_absolute_url()}do/act_on_step/", step=step.pk))


def test_what_is_typed_into_a_step_is_kept_for_its_writer_until_the_act(school, endorsing):
    case, step = endorsing
    address = f"do/act_on_step/draft/?step={step.pk}"
    assert f"{case.get_absolute_url()}{address}" in move_page(school.contact, case, step)
    answer = autosave(school.contact, case, address, {"outcome": "positive", "opinion": "同意共建，⽂字未完"})
    assert fresh(case).version == case.version
    assert answer.status_code == 200 and answer.json()["revision"] == 1
    page = move_page(school.contact, case, step)
    assert "同意共建，文字未完" in page and "尚未提交" in page
    assert autosave(school.contact, case, address, {"opinion": "另一窗口"}, 0).status_code == 409
    for person in (school.secretary, school.office):
        assert "同意共建，文字未完" not in text_of(person.page(case))
    with clock.travel("2026-03-05T09:00"):
        done(school.contact.step(case, "partner_opinion", {"opinion": "同意共建。", "scan": [sent("盖章.pdf")]}))
    assert not FormDraft.objects.exists()


def test_drafts_go_when_their_case_ended_long_ago_and_never_before(school, endorsing):
    case, step = endorsing
    address = f"do/act_on_step/draft/?step={step.pk}"
    assert autosave(school.contact, case, address, {"opinion": "未写完"}).status_code == 200
    written = FormDraft.objects.get().updated_at
    with clock.travel(written + dt.timedelta(days=2000)):
        assert drafts.clean() == 0, "the case may still go on"
        done(school.secretary.do(case, "withdraw", {"reason": "不再申报"}))
        assert drafts.clean() == 0
    with clock.travel(written + dt.timedelta(days=2000 + drafts.KEPT_DAYS, hours=-1)):
        assert drafts.clean() == 0
    with clock.travel(written + dt.timedelta(days=2000 + drafts.KEPT_DAYS, hours=1)):
        assert drafts.clean() == 1
        assert drafts.clean() == 0 and not FormDraft.objects.exists()


def test_drafts_of_two_people_at_one_step_do_not_meet(school, endorsing):
    case, step = endorsing
    colleague = house.Person(factories.member(school.partner, "contact", factories.user("赵龚")))
    address = f"do/act_on_step/draft/?step={step.pk}"
    assert autosave(school.contact, case, address, {"opinion": "甲"}).status_code == 200
    assert autosave(colleague, case, address, {"opinion": "乙"}).status_code == 200
    assert "甲</textarea>" in move_page(school.contact, case, step)
    assert "乙</textarea>" in move_page(colleague, case, step)


def test_a_draft_is_refused_where_the_act_would_be(school, endorsing):
    case, step = endorsing
    address = f"do/act_on_step/draft/?step={step.pk}"
    assert autosave(school.secretary, case, address, {"opinion": "代写"}).status_code == 403
    assert autosave(school.contact, case, "do/act_on_step/draft/?step=0", {"opinion": "x"}).status_code == 410
    assert autosave(school.contact, case, "do/nothing/draft/", {}).status_code == 404
    answer = autosave(school.contact, case, address, {"opinion": chinese(20_001)})
    assert answer.status_code == 422 and "“意见”过长" in answer.json()["message"]
    assert not FormDraft.objects.exists()


def test_an_opinion_that_is_refused_keeps_what_was_typed(school, endorsing):
    case, step = endorsing
    with unchanged(case):
        page = school.contact.step(case, "partner_opinion", {"opinion": "同意" * 1500, "scan": [sent("盖章.pdf")]})
    refused(page, "现有3000字，要求不超过2000字")
    assert "同意" * 1500 in text_of(page) and "盖章.pdf" in text_of(page)
