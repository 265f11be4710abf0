"""Takes every address as every role, with own and foreign objects, by GET and POST."""

from __future__ import annotations

import io
import json
import zipfile
from collections import defaultdict

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Max
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from openpyxl import load_workbook
from pypdf import PdfReader

import config.urls
from casework.models import Assignment
from core import clock
from core.papers import render
from tenants import roles
from tests.crawl.addresses import ADDRESSES, EVERY_ROLE, Address, smuggled
from tests.crawl.cases import SECRET, small_pdf
from tests.crawl.factories import FOREIGN, World, build

pytestmark = pytest.mark.django_db  # each test inside its own savepoint, below the module's transaction
REFUSED = {403, 404, 405, 410}
ROLES = sorted(EVERY_ROLE)


def route_names(resolver: URLResolver | None = None, space: str = "") -> list[str]:
    """The names of every route of the portal, with their name spaces."""
    found = []
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLResolver):
            below = f"{space}{part.namespace}:" if part.namespace else space
            found += route_names(part, below)
        elif isinstance(part, URLPattern):
            found.append(f"{space}{part.name}" if part.name else f"unnamed {part.pattern}")
    return found


def test_every_address_is_known():
    known, there = set(ADDRESSES), route_names()
    assert len(there) == len(set(there)), "two routes share a name"
    assert set(there) - known == set(), "declare these in tests/crawl/addresses.py"
    assert known - set(there) == set(), "these no longer exist"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, tmp_path_factory):
    """Both tenants, built once for the module and rolled back at its end."""
    media = settings.MEDIA_ROOT
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            made = build()
            made.media = settings.MEDIA_ROOT
            yield made
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
            settings.MEDIA_ROOT = media


@pytest.fixture(autouse=True)
def _same_media(world, _media_of_this_test, settings):
    """The files were made with the world, before the test's own folder."""
    settings.MEDIA_ROOT = world.media


@pytest.fixture
def plain_404(monkeypatch):
    """Answer 404 without drawing the page: it is drawn, and read, in `test_what_is_not_there_names_nothing`."""
    monkeypatch.setattr(
        config.urls, "handler404", lambda request, exception: HttpResponse("404", status=404), raising=False
    )


@pytest.fixture
def plain_papers(monkeypatch):
    """Papers as one empty page: they are drawn, and read, in `test_prints_show_nothing_foreign`."""
    monkeypatch.setattr(render, "_one_copy", lambda layout, context, holder: small_pdf())


def client_of(user=None) -> Client:
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def text_of(response) -> str:
    """What a reader can read in an answer, whatever its format."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.get("Content-Type", "")
    if "pdf" in kind:
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    if "spreadsheet" in kind:
        book = load_workbook(io.BytesIO(body), read_only=True)
        return "".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)
    if "zip" in kind or "officedocument" in kind:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return body.decode("utf-8", "replace")


def shown_to_reader(answer, world: World) -> str:
    """What a page says, but for the foreign partner unit as one to choose: partner units belong to nobody."""
    unit = world.foreign.units["partner"]
    text = text_of(answer)
    for chosen in ("", " selected"):
        text = text.replace(f'<option value="{unit.pk}"{chosen}>{unit.display_name}</option>', "")
    return text


def print_of() -> dict:
    """How many rows each table of the house has, and its last key: what no refused request may change.

    Sessions and the log of refused attempts are left out.
    """
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in settings.ROOMS and model._meta.model_name != "attemptlog":
            found[model._meta.label] = (
                model.objects.count(),
                model.objects.aggregate(last=Max("pk"))["last"],
            )
    return found


def paths(world: World, address: Address, tenant) -> list[str]:
    return list(address.build(world, tenant))


def third(paths: list[str], turn: int) -> list[str]:
    """Of many addresses every third, which one is said by `turn`."""
    return paths if len(paths) < 3 else paths[turn % 3 :: 3]


def public(address: Address) -> bool:
    return address.open_to == "public"


# --- Nobody ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_without_a_log_in_nothing_that_is_not_public_opens(world, name):
    address, client = ADDRESSES[name], client_of()
    for tenant in (world.own, world.foreign):
        for path in paths(world, address, tenant):
            for answer in (client.get(path), client.post(path, address.post)):
                if public(address):
                    if answer.status_code == 200 and not address.shows_foreign:
                        assert FOREIGN not in text_of(answer), path
                    continue
                sent = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
                assert sent or answer.status_code in REFUSED | {401}, (path, answer.status_code)


# --- People who are nothing here ---------------------------------------------------------------------------


OUTSIDERS = ["nobody", "suspended", "ended", "late auditor", "superuser"]


@pytest.mark.parametrize("who", OUTSIDERS)
def test_an_account_without_a_usable_membership_opens_nothing(world, who, plain_404):
    client, before = client_of(world.outsiders[who]), print_of()
    for name, address in ADDRESSES.items():
        for tenant in (world.own, world.foreign):
            if address.open_to != "member" and address.plain:
                continue
            for path in third(paths(world, address, tenant)[:: address.every], OUTSIDERS.index(who)):
                for answer in (client.get(path), client.post(path, address.post)):
                    away = answer.status_code == 302 and answer["Location"] == "/memberships/"
                    assert away or answer.status_code in REFUSED, (name, path, answer.status_code)
    assert print_of() == before


# --- Every role --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind,role", ROLES)
def test_every_address(world, kind, role, plain_404, plain_papers):
    """Each address, with the own and with the foreign tenant's objects, read and sent to: it opens to the roles that
    are declared for it and refuses the others, shows nothing foreign, and what it refuses changes nothing."""
    taker = Taker(world, (kind, role))
    before = print_of()
    for name, address in ADDRESSES.items():
        taker.own(name, address)
        if not address.plain:
            taker.foreign(name, address)
    assert not taker.faults, "\n".join(taker.faults)
    assert print_of() == before


class Taker:
    """One role on its way through the addresses; faults are gathered, so that one run names them all."""

    def __init__(self, world: World, pair: tuple[str, str]):
        self.world, self.pair = world, pair
        self.client = client_of(world.own.members[pair].user)
        self.faults: list[str] = []

    def fault(self, what: str, path: str, answer) -> None:
        self.faults.append(f"{'.'.join(self.pair)} {what} {path}: {answer.status_code}")

    def read_by(self, address: Address, path: str) -> None:
        with transaction.atomic():  # what is printed may be kept
            answer = self.client.get(path)
            transaction.set_rollback(True)
        opens, expected = answer.status_code == 200, address.reads(self.pair, path)
        if answer.status_code >= 500 and not address.at_most:
            self.fault("GET breaks", path, answer)
        elif opens and not expected:
            self.fault("GET opens", path, answer)
        elif not opens and expected and not address.at_most:
            self.fault("GET does not open", path, answer)
        elif not opens and not expected and answer.status_code not in REFUSED | ({302} if address.bounces else set()):
            self.fault("GET is not refused", path, answer)
        if opens and not address.shows_foreign and FOREIGN in shown_to_reader(answer, self.world):
            self.fault("GET shows what is foreign", path, answer)

    def sent_by(self, address: Address, path: str) -> None:
        """What is refused is sent as it is, so that it would leave its trace; what is taken is undone."""
        if not address.may_send(self.pair, path):
            answer = self.client.post(path, {**address.post, **self.files()})
            if answer.status_code not in REFUSED:
                self.fault("POST is not refused", path, answer)
            return
        with transaction.atomic():
            answer = self.client.post(path, address.post)
            transaction.set_rollback(True)
        if answer.status_code >= 500:
            self.fault("POST breaks", path, answer)
        elif answer.status_code in {403, 404} and not address.at_most:
            self.fault("POST is refused", path, answer)
        elif answer.status_code == 200 and not address.shows_foreign and FOREIGN in shown_to_reader(answer, self.world):
            self.fault("POST shows what is foreign", path, answer)

    def files(self) -> dict:
        """Whoever may only read sends files too."""
        if self.pair[1] not in roles.READING_ROLES:
            return {}
        names = ("f-file", "f-scan", "f-minutes", "file")
        return {name: SimpleUploadedFile("x.pdf", small_pdf(), "application/pdf") for name in names} | {"field": "x"}

    def some(self, address: Address, tenant) -> list[str]:
        """Of the paths about one kind of thing one, another for each role; of these, where they are many, a third, in turn
        too: each address by each role, each state by a third of them. Which role may do what in which state is tried at
        the door (tests/door/test_roles.py)."""
        turn, by_kind, taken, refused = ROLES.index(self.pair), defaultdict(list), [], []
        for path in paths(self.world, address, tenant)[turn % address.every :: address.every]:
            by_kind[getattr(path, "what", path)].append(path)
        for like in by_kind.values():
            path = like[turn % len(like)]
            opens = tenant is self.world.own and (address.reads(self.pair, path) or address.may_send(self.pair, path))
            (taken if opens else refused).append(path)
        return third(taken, turn) + third(refused, turn)

    def own(self, name: str, address: Address) -> None:
        for path in self.some(address, self.world.own):
            if (
                address.entrance
            ):  # of the log-in package: what it answers to whom is tested in tests/ground/test_login.py
                assert self.client.get(path).status_code < 500, path
                continue
            self.read_by(address, path)
            self.sent_by(address, path)

    def foreign(self, name: str, address: Address) -> None:
        for path in self.some(address, self.world.foreign):
            for method in ("get", "post"):
                answer = self.client.get(path) if method == "get" else self.client.post(path, address.post)
                if name == "tenants:unit" and method == "get" and answer.status_code == 200:
                    # a partner unit belongs to nobody: its data may be read, its people not
                    assert answer.context["unit"].kind == "partner", path
                    assert answer.context["members"] is None
                elif name == "tenants:contacts" and answer.status_code in (200, 422):
                    # whom each university may send links to there is a list of its own
                    assert answer.context["unit"].kind == "partner", path
                    assert answer.context["rows"] == []
                elif answer.status_code not in REFUSED:
                    self.fault(f"foreign {method} is not refused", path, answer)


@pytest.mark.parametrize("kind,role", [("university", "graduate_office"), ("partner", "contact")])
def test_prints_show_nothing_foreign(world, kind, role):
    client, seen = client_of(world.own.members[kind, role].user), 0
    for name in ("case_draft", "case_print"):
        for path in paths(world, ADDRESSES[name], world.own):
            answer = client.get(path)
            if answer.status_code == 200:
                seen += 1
                assert FOREIGN not in shown_to_reader(answer, world), path
    assert seen > 3


@pytest.mark.parametrize("kind,role", [("university", "graduate_office"), ("partner", "contact")])
def test_what_is_not_there_names_nothing(world, kind, role):
    """A refusal names the office that may act: so may that of a partner unit's page, since partner units belong to
    nobody and schools and departments see them all."""
    client = client_of(world.own.members[kind, role].user)
    for name, address in ADDRESSES.items():
        for path in [] if address.plain else paths(world, address, world.foreign)[:: 5 * address.every]:
            answer = client.get(path)
            if answer.status_code == 200 or (answer.status_code == 403 and name.startswith("tenants:")):
                continue
            assert FOREIGN not in text_of(answer), path


@pytest.mark.parametrize("kind,role", [("university", "graduate_office"), ("department", "officer")])
def test_forged_ids(world, kind, role, plain_404):
    client = client_of(world.own.members[kind, role].user)
    forged = ["0", "999999999", "9" * 30]
    for name, address in ADDRESSES.items():
        if address.plain or name == "portal:inbox_read":
            continue
        path = paths(world, address, world.foreign)[0]
        digits = "".join(ch if ch.isdigit() else " " for ch in path).split()
        for number in digits:
            for false in forged:
                odd = path.replace(f"/{number}/", f"/{false}/")
                assert client.get(odd).status_code in REFUSED, odd
                assert client.post(odd, address.post).status_code in REFUSED, odd


@pytest.mark.parametrize("kind,role", [("university", "graduate_office"), ("partner", "contact")])
def test_odd_queries_break_no_page(world, kind, role):
    """Every page with one of the oddities for all that it may be asked for, the clerk's with another as well."""
    client = client_of(world.own.members[kind, role].user)
    names = (
        "after",
        "before",
        "page",
        "round",
        "scan",
        "q",
        "sort",
        "state",
        "role",
        "step",
        "cursor",
        "cols",
    )
    odd, clerk = ("²", "9" * 40, "-1", "\x00", "' OR 1=1 --"), role == "graduate_office"
    for number, (name, address) in enumerate(ADDRESSES.items()):
        some = paths(world, address, world.own)
        for turn in [number, number + 2] if clerk else [number + 4]:  # every page another
            path = some[turn * address.every % len(some)] if some else "/"
            answer = client.get(path.partition("?")[0], dict.fromkeys(names, odd[turn % len(odd)]))
            assert answer.status_code < 500 or name == "healthz", (path, odd[turn % len(odd)])


@pytest.mark.parametrize("kind,role", ROLES)
def test_foreign_objects_in_parameters_change_and_show_nothing(world, kind, role, plain_404):
    client = client_of(world.own.members[kind, role].user)
    before = print_of()
    for path, data in smuggled(world.foreign, world.own):
        for answer in (client.get(path), client.post(path, data)):
            assert answer.status_code < 500, path
            if answer.status_code == 200:
                assert FOREIGN not in shown_to_reader(answer, world), (kind, role, path)
    assert print_of() == before


@pytest.mark.parametrize("kind,role", [("college", "secretary"), ("college", "applicant")])
def test_a_foreign_document_is_not_attached_by_its_number(world, kind, role):
    """A dossier whose file fields are filled with a foreign document's id shows nothing of it, and serves nothing."""
    client = client_of(world.own.members[kind, role].user)
    case = world.own.things.cases["application"]
    stranger = world.foreign.things.documents[1]
    for form in case.form_keys():
        spec = case.form_spec(form)
        answers = {
            field.key: [stranger.pk] for section in spec.sections for field in section.fields if field.type == "file"
        }
        assert answers
        path = f"/cases/application/{case.pk}/forms/{form}/"
        client.post(f"{path}autosave/", json.dumps({"answers": answers, "revision": 0}), "application/json")
        client.post(path, {"revision": "0"} | {f"f-{key}": str(stranger.pk) for key in answers})
        for page in (path, case.get_absolute_url(), f"/documents/{stranger.uid}/"):
            answer = client.get(page)
            assert answer.status_code in REFUSED or stranger.name not in text_of(answer), page


def test_an_assignment_opens_one_dossier_until_it_closes(world):
    """The expert reads the dossier, neither the other experts nor the log; after the closing date nothing."""
    expert, case = world.own.members["university", "expert"], world.own.things.cases["application"]
    client = client_of(expert.user)
    here = f"/cases/application/{case.pk}/"
    assert client.get(here).status_code == 200
    opened = [
        path
        for name in ADDRESSES
        if name.startswith("case_") or name in ("case", "document")
        for number, path in enumerate(paths(world, ADDRESSES[name], world.own))
        if path.startswith((here, "/documents/")) or number % 4 == 0
    ]
    for path in opened:
        answer = client.get(path)
        assert answer.status_code < 500, path
        if answer.status_code == 200:
            assert path.startswith((here, "/documents/")), path
            assert SECRET not in text_of(answer), path
    Assignment.objects.filter(expert=expert.user).update(closes_on=clock.today() - clock.today().resolution)
    for path in opened:
        for answer in (client.get(path), client.post(path, {"f-opinion": "x"})):
            assert answer.status_code in REFUSED, path
    for name, address in ADDRESSES.items():
        if name.startswith(("casework:", "applications:", "portal:")):
            for path in paths(world, address, world.own):
                answer = client.get(path)
                assert answer.status_code != 200 or case.title not in text_of(answer), path
