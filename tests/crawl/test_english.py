"""Every page in English: Chinese stands only where somebody wrote it or a regulation says it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from bases import drafttext
from bases.pages import AgreementPage, RecognitionPage
from regulations import catalogues
from regulations.models import RegulationVersion
from tenants import roles
from tenants.models import Organisation
from tests.crawl.addresses import ADDRESSES
from tests.crawl.cases import SECRET
from tests.crawl.factories import FOREIGN, HOME
from tests.crawl.test_crawl import _same_media, client_of, paths, world  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db
HAN = re.compile(r"[\u3400-\u9fff]")
READERS = [
    ("department", "officer"),
    ("university", "graduate_office"),
    ("college", "secretary"),
    ("partner", "contact"),
    None,
]
# Pages that are Chinese by their nature.
CHINESE_PAGES = ("/help/", "/gallery/")  # guides written in Chinese; the components with invented content
# The house's own words that stay Chinese: the name of the other language, examples of what is typed.
HOUSE = ("简体中文", "四川省", "蒋维桢", "是 (yes) or 否 (no)")
# Columns whose words are the house's own, kept in Chinese and to be shown in English: no excuse for a page.
KEPT_WORDS = {
    "label",
    "step_title",
    "stage_title",
    "kind",
    "transition",
    "seal_kind",
    "void_reason",
    "permission",
}
KEPT_TITLES = {"core.Paper", "casework.Step", "core.LedgerEntry", "core.OutboxMessage", "core.AttemptLog"}
SHOWN = ("aria-label", "title", "placeholder", "alt", "data-confirm")


class Words(HTMLParser):
    """The texts of a page: what stands between the tags, and what attributes say."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.hidden += tag in ("script", "style")
        given = dict(attrs)
        kind = given.get("type")
        self.found += [given[name] for name in SHOWN if given.get(name)]
        if tag == "input" and kind in ("submit", "button"):
            self.found.append(given.get("value") or "")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.found.append(data)


def leaves(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


def chinese_only(value: Any) -> Iterator[str]:
    """The texts of a regulation that have no English beside them."""
    if isinstance(value, dict):
        if "zh" in value:
            if not value.get("en"):
                yield str(value["zh"])
            return
        for inner in value.values():
            yield from chinese_only(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from chinese_only(inner)
    elif isinstance(value, str):
        yield value


def written() -> set[str]:
    """What people, places and regulations say: names, titles of cases, answers, opinions; never the house's words."""
    found: set[str] = set(catalogues.entries("degree_categories_2022").values())
    for content in RegulationVersion.objects.values_list("content", flat=True):
        said = set(chinese_only(json.loads(content)))
        # also a text of an agreement in which nothing is filled in yet
        found |= said | {re.sub(r"\{\w+\}", drafttext.BLANK, text) for text in said}
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in settings.ROOMS or label.startswith("regulations.") or label in KEPT_TITLES:
            continue
        columns = [
            one.name
            for one in model._meta.fields
            if one.get_internal_type() in ("CharField", "TextField", "JSONField")
            and not one.choices
            and one.name not in KEPT_WORDS
        ]
        for row in model.objects.values_list(*columns) if columns else ():
            found |= set(leaves(row))
    found |= {one.display_name for one in Organisation.objects.all()}
    return {" ".join(one.split()) for text in found for one in (text, *text.splitlines()) if HAN.search(text)}


def known_codes() -> set[str]:
    """What logic reads and people never see: codes of states, roles, levels, kinds, and keys of fields that take files."""
    columns = (
        field for model in apps.get_models() for field in model._meta.fields if model._meta.app_label in settings.ROOMS
    )
    codes = {str(code) for field in columns for code, _label in field.flatchoices}
    codes |= {*roles.ROLE_LABELS, *AgreementPage.uploads, *RecognitionPage.uploads, "evidence"}
    for content in RegulationVersion.objects.values_list("content", flat=True):
        codes |= set(file_keys(json.loads(content)))
    return {code for code in codes if re.fullmatch(r"[a-z][a-z_]{3,}", code)}


def file_keys(value: Any) -> Iterator[str]:
    """The keys of a regulation's fields that take files."""
    if isinstance(value, dict):
        if value.get("type") == "file" and "key" in value:
            yield value["key"]
        for inner in value.values():
            yield from file_keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from file_keys(inner)


def codes_shown(body: str, codes: set[str]) -> set[str]:
    """Codes that stand on a page by themselves. English labels begin with a capital."""
    page = Words()
    page.feed(body)
    return {text.strip() for text in page.found} & codes


@pytest.fixture(scope="module")
def codes(world, django_db_blocker) -> set[str]:  # noqa: F811
    with django_db_blocker.unblock():
        found = known_codes()
    assert {"credit_evidence", "minutes", "provincial", "graduate_office", "recommending"} <= found
    return found


def test_the_crawl_sees_codes(codes):
    assert codes_shown("<td>minutes </td><td>Minutes</td><td title='provincial'>省级 provincial</td>", codes) == {
        "minutes",
        "provincial",
    }


@pytest.fixture(scope="module")
def excused(world, django_db_blocker) -> re.Pattern:  # noqa: F811
    with django_db_blocker.unblock():
        texts = sorted({*written(), *HOUSE}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, texts)))


def left_in_chinese(body: str, excused: re.Pattern) -> Iterable[str]:
    """The words of a page that are still Chinese after what may be."""
    page = Words()
    page.feed(body)
    for text in page.found:
        text = " ".join(text.split())
        if HOME in text or FOREIGN in text or SECRET in text:  # the marks of everything the two tenants wrote
            continue
        if HAN.search(text) and HAN.search(excused.sub("", text)):
            yield text


def test_the_crawl_sees_what_is_left(excused):
    assert list(left_in_chinese(f'<p title="送审">{HOME}大学</p><input type="submit" value="暂存">', excused)) == [
        "送审",
        "暂存",
    ]


@pytest.mark.parametrize("reader", READERS, ids=lambda one: "-".join(one) if one else "public")
def test_pages_speak_english(world, excused, codes, reader):  # noqa: F811
    client = client_of(world.own.members[reader].user if reader else None)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    seen, left, raw = 0, {}, {}
    contents = RegulationVersion.objects.values_list("content", flat=True)
    own_words = {text for content in contents for text in leaves(json.loads(content))}
    for address in ADDRESSES.values():
        for path in paths(world, address, world.own)[: 6 * address.every : address.every]:
            answer = client.get(path)
            if answer.status_code in (200, 403, 404) and "html" in answer.get("Content-Type", ""):
                seen += 1
                if not path.startswith("/gallery/"):
                    own = own_words if path.startswith("/regulations/") else set()
                    raw |= dict.fromkeys(codes_shown(answer.content.decode(), codes - own), path)
                words = () if path.startswith(CHINESE_PAGES) else left_in_chinese(answer.content.decode(), excused)
                if path.startswith("/regulations/"):  # a regulation's own terms stand there as it words them
                    words = [word for word in words if word not in own_words]
                for word in words:
                    left.setdefault(word[:100], path)
    assert seen > 10
    assert raw == {}
    assert left == {}, "\n".join(f"{path}: {word}" for word, path in left.items())
