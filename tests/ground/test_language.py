"""Two languages: what is shown follows the reader, what is kept is Chinese whoever acted."""

from __future__ import annotations

import io
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from casework import papers
from core import clock, door, language
from core.models import AttemptLog, InboxMessage, Paper, TransitionLog
from tests.scenarios import house

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u3400-\u9fff]")


# --- the switch ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/public/", "/public/bases/?q=x", "/verify/", "/accounts/login/", "/help/"])
def test_the_switch_is_on_public_pages_and_stays_on_the_page(path):
    client = Client(enforce_csrf_checks=True)
    page = client.get(path)
    body = page.content.decode()
    assert '<html lang="zh-Hans"' in body and 'name="language" value="en"' in body
    assert f'name="next" value="{path}"' in body
    token = page.context["csrf_token"]
    answer = client.post("/language/", {"language": "en", "next": path, "csrfmiddlewaretoken": str(token)})
    assert (answer.status_code, answer["Location"]) == (302, path)
    body = client.get(path).content.decode()
    assert '<html lang="en"' in body and 'name="language" value="zh-hans"' in body
    assert client.get(path)["Content-Language"] == "en"


def test_a_get_and_a_foreign_address_switch_nothing():
    client = Client()
    client.get("/language/?language=en")
    assert '<html lang="zh-Hans"' in client.get("/verify/").content.decode()
    assert client.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})["Location"] == "/"
    client.post("/language/", {"language": "xx", "next": "/verify/"})
    assert '<html lang="en"' in client.get("/verify/").content.decode()


def test_the_browsers_own_language_is_not_asked():
    body = Client(headers={"accept-language": "en"}).get("/verify/").content.decode()
    assert '<html lang="zh-Hans"' in body


# --- parts of sentences --------------------------------------------------------------------------------------------


def test_parts_are_put_together_in_the_readers_language():
    assert (language.listed("ab"), language.amount(3, "年"), language.said("甲", 1)) == (
        "a、b",
        "3年",
        "甲：1",
    )
    assert (language.bracketed("甲", "乙"), language.bracketed("甲", "")) == ("甲（乙）", "甲")
    with override("en"):
        assert (language.listed("ab"), language.said("A", 1), language.bracketed("A", "B")) == (
            "a, b",
            "A: 1",
            "A (B)",
        )
        amounts = [
            language.amount(*pair) for pair in ((1, "years"), (2, "years"), (1, "people"), (1, "copies"), (5, "%"))
        ]
        assert amounts == ["1 year", "2 years", "1 person", "1 copy", "5%"]
        assert language.amount(1, "people a year") == "1 person a year" and language.amount(7, "") == "7"


def test_kept_words_are_shown_in_english_and_kept_in_chinese():
    assert language.shown("待办：审核") == "待办：审核"
    with override("en"):
        assert language.shown("送审") == "Submit for review"
        assert language.shown("协议到期：某基地") == "Agreement expires: 某基地"
        assert (
            language.shown("某校（演示）") == "某校 (Demo)" and language.shown("某人的意见：同意") == "某人的意见：同意"
        )
        with language.in_source_language():
            assert language.shown("送审") == "送审"


# --- through the door ----------------------------------------------------------------------------------------------


@pytest.fixture
def nm():
    with clock.travel("2027-03-01T09:00"):
        region = house.nm_region()
        call = house.open_nm_call(region)
    return region, call


def reads_english(person) -> None:
    person.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


def test_an_english_reader_leaves_chinese_traces(nm):
    region, call = nm
    reads_english(region.secretary)
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call, region.secretary, "基地一")
        InboxMessage.objects.all().delete()
        house.done(region.secretary.do(application, "submit"))
        body = region.secretary.page(application).content.decode()
    line = TransitionLog.objects.get(case_kind="application", case_id=application.pk, transition="submit")
    assert line.label == "送审"
    told = list(InboxMessage.objects.values_list("title", flat=True))
    assert told and all(title.startswith("待办：") for title in told)
    assert all(HAN.search(step.title) for step in application.steps())
    assert "Submit for review" in body and "In recommendation" in body


def test_a_refusal_speaks_to_the_reader_and_is_kept_in_chinese(nm):
    region, call = nm
    reads_english(region.secretary)
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call, region.secretary, "基地一", leader="")
        answer = region.secretary.do(application, "submit")
    assert application.state == house.fresh(application).state == "draft"
    assert "is not possible yet" in answer.content.decode()
    kept = AttemptLog.objects.get(case_kind="application", case_id=application.pk)
    assert kept.label == "送审"
    assert kept.findings and all(HAN.search(one["message"]) for one in kept.findings)
    assert not [one for one in kept.findings if "is not filled in" in one["message"]]
    assert TransitionLog.objects.filter(case_id=application.pk, transition="submit").count() == 0


def test_the_second_telling_changes_nothing_and_names_the_same(nm):
    """The act that is refused is tried again in English and undone: no line, message or row is left of it."""
    region, call = nm
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call, region.secretary, "基地一", leader="")
        with override("en"), pytest.raises(door.Refused) as english:
            door.perform(application, "submit", region.secretary.membership)
        with pytest.raises(door.Refused) as chinese:
            door.perform(application, "submit", region.secretary.membership)
    same = [[(one.rule, one.clause, one.field) for one in told.value.findings] for told in (english, chinese)]
    assert same[0] == same[1] and same[0]
    assert not any(HAN.search(one.message.replace("基地一", "")) for one in english.value.findings)
    assert AttemptLog.objects.filter(case_id=application.pk).count() == 2


def test_papers_are_chinese_and_the_same_for_every_reader(nm):
    region, call = nm
    with clock.travel("2027-03-02T09:00"):
        application = house.nm_draft(region, call, region.secretary, "基地一")
        address = reverse("case_draft", args=["application", application.pk])
        reads_english(region.secretary)  # first: nothing may be kept from the first reader
        english = region.secretary.get(address)
        region.secretary.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
        chinese = region.secretary.get(address)
        reads_english(region.secretary)
        house.done(region.secretary.do(application, "submit"))
        paper = Paper.objects.get(case_kind="application", case_id=application.pk, voided_at=None)
        with override("en"):
            assert papers.issue(house.fresh(application), paper.kind, "x").pk == paper.pk
            papers.ensure_file(paper, house.fresh(application))
            with paper.file.open("rb") as file:
                issued = words(file.read())
    assert english["Content-Type"] == chinese["Content-Type"] == "application/pdf"
    assert words(english.content) == words(chinese.content)
    assert HAN.search(paper.title) and "申请书" in paper.title
    for text in (words(english.content), issued):
        assert "基地一" in text and "合作单位" in text
        for other in ("Partner unit", "Joint-training", "Name of base"):
            assert other not in text


def words(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
