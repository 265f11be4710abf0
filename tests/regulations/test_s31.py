"""S31: loading five profiles and their information clauses. Step 4 belongs to applications and reports."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from core import clock
from regulations import loader
from regulations.models import RegulationVersion
from tests.regulations.pages import read

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FIVE = ["CZMC", "JLU", "LCU", "NM", "XCU"]


def address(code: str, name: str = "version", number: str = "1") -> str:
    return reverse(f"regulations:{name}", args=[code, number])


def test_1_five_profiles_one_schema(loaded, tmp_path):
    """They load from data files; an unknown key and a wrong strength word are refused, with file and line."""
    assert clock.today() == dt.date(2026, 1, 5)
    assert sorted(loaded) == FIVE
    assert all(version.state == "draft" for version in loaded.values())
    for code in FIVE:
        text = (loader.PROFILES / code.lower() / "profile.yaml").read_text()
        for wrong, message in (
            (text.replace("  effective: {", "  colour: blue\n  effective: {", 1), "unknown key «colour»"),
            (text.replace("  level: {", "  level: {strength: strong, ", 1), "Input should be 'hard'"),
        ):
            assert wrong != text
            folder = tmp_path / code / message[:7].strip()
            folder.mkdir(parents=True)
            for file in (loader.PROFILES / code.lower()).rglob("*.yaml"):
                (folder / file.name).write_text(file.read_text())
            (folder / "profile.yaml").write_text(wrong)
            line = next(n for n, one in enumerate(wrong.splitlines(), 1) if "colour" in one or "strong" in one)
            (fault,) = loader.load(folder).faults
            assert (fault.file, fault.line) == (str(folder / "profile.yaml"), line)
            assert message in fault.message
            with pytest.raises(CommandError):
                call_command("regulations", "load", str(folder))
    assert RegulationVersion.objects.count() == 5


@pytest.mark.parametrize(
    ("code", "clause"),
    [("CZMC", "CZMC-7a"), ("NM", "NM-23"), ("LCU", "LCU-23"), ("XCU", "XCU-31a"), ("JLU", "JLU-0")],
)
def test_2_no_activation_without_a_day(code, clause, house, sign_in):
    """Four say only "on publication", JLU nothing: an administrator has to enter the day."""
    client = sign_in(house.admins[code])
    response = client.post(address(code, "publish"), {})
    assert response.status_code == 422
    assert [finding.clause for finding in response.context["findings"]] == [clause]
    version = RegulationVersion.objects.get(regulation__code=code)
    assert (version.state, version.effective_from) == ("draft", None)
    assert client.post(address(code, "publish"), {"effective_from": "2026-01-05"}).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.effective_from) == ("published", dt.date(2026, 1, 5))
    assert version.published_by == house.admins[code].user.name


def test_3_pages(house, sign_in):
    """Number, basis instruments, principles, interpreter, and silence."""
    silent = "文中未载明"
    expected = {
        "JLU": ("校研院字〔2022〕97号", 2, 0, silent),
        "CZMC": (silent, 0, 4, "研究生处"),
        "NM": (silent, 3, 8, "学位管理与研究生教育处"),
        "LCU": (silent, 4, 4, "研究生处"),
        "XCU": ("西学院〔2025〕75号", 3, 0, "学科与研究生处"),
    }
    for code, (number, basis, principles, interpreter) in expected.items():
        response = sign_in(house.admins[code]).get(address(code))
        rows = read(response)
        page = response.context["page"]
        assert rows.rows["文号"][0] == number
        assert len(page.basis) == basis
        assert all(row.label in rows.words for row in page.basis)
        (row,) = [row for row in page.head if row.label == "原则"]
        assert len(row.values) == principles
        assert rows.rows["原则"][0] == (" ".join(row.values) or silent)
        assert interpreter in rows.rows["负责解释"][0]
        assert rows.rows["印发日期"][0] == silent


def test_5_a_published_value_stays(house, sign_in):
    """A changed value in an active version is refused; a new version number is needed (RR-10)."""
    version = house.versions["NM"]
    client = sign_in(house.admins["NM"])
    client.post(address("NM", "publish"), {"effective_from": "2026-01-05"})
    content = json.loads(version.content)
    content["apply"]["cond"]["coop_years"]["value"] = 3
    changed = loader.canonical(content)
    with pytest.raises(DatabaseError), transaction.atomic():
        RegulationVersion.objects.filter(pk=version.pk).update(content=changed)
    version.refresh_from_db()
    assert version.profile.apply.cond.coop_years.value == 2


def test_5_by_file(house, sign_in, tmp_path):
    """The same by the way an administrator would take: loading a changed file."""
    sign_in(house.admins["NM"]).post(address("NM", "publish"), {"effective_from": "2026-01-05"})
    folder = tmp_path / "nm"
    for file in (loader.PROFILES / "nm").rglob("*.yaml"):
        target = folder / file.relative_to(loader.PROFILES / "nm")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text())
    profile = folder / "profile.yaml"
    profile.write_text(profile.read_text().replace("coop_years: {value: 2,", "coop_years: {value: 3,"))
    with pytest.raises(CommandError, match="new head.version"):
        call_command("regulations", "load", str(folder))
    profile.write_text(profile.read_text().replace("\n  version: 1\n", "\n  version: 2\n"))
    call_command("regulations", "load", str(folder))
    versions = RegulationVersion.objects.filter(regulation__code="NM").order_by("pk")
    assert [(one.number, one.state, one.profile.apply.cond.coop_years.value) for one in versions] == [
        ("1", "published", 2),
        ("2", "draft", 3),
    ]


def test_6_a_value_without_clause_is_refused(tmp_path):
    """Neither a clause ID nor `local: true`: refused; with `local: true` it is a fill-in."""
    text = (loader.PROFILES / "jlu" / "profile.yaml").read_text()
    cited = "level: {value: overlay, source: JLU-1.1a}"
    assert cited in text
    bare = text.replace(cited, "level: {value: overlay}")
    line = next(number for number, one in enumerate(bare.splitlines(), 1) if "level: {value: overlay}" in one)
    (fault,) = loader.load_text(bare, "jlu.yaml").faults
    assert (fault.file, fault.line) == ("jlu.yaml", line)
    assert "cites no clause and is not marked local" in fault.message
    local = text.replace(cited, "level: {value: overlay, local: true}")
    assert loader.load_text(local, "jlu.yaml").faults == []
