"""A year of the simulation: every regulation goes its own way through the door, and the account says under which clause."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.simulation import report
from config.simulation.play import Played, play
from core.door import chain
from evaluations.models import Evaluation, Round
from trainees.models import Placement

pytestmark = pytest.mark.django_db


def test_a_year_of_every_regulation(tmp_path):
    year: Played = play(1, seed=7)
    numbers = {beginning.code: len(beginning.bases) for beginning in year.beginnings}
    assert numbers == {"NM": 2, "CZMC": 3, "XCU": 2, "LCU": 2}
    kinds = {(evaluation.kind, evaluation.period) for evaluation in Evaluation.objects.all()}
    assert {("annual", "2028"), ("benchmark", "2028")} <= kinds
    assert Evaluation.objects.filter(state__in=("confirmed", "missed")).exists()
    assert len({(r.organiser_id, r.regulation_version_id, r.kind, r.period) for r in Round.objects.all()}) == (
        Round.objects.count()
    )
    assert Placement.objects.filter(state="active").exists()
    assert list(chain.breaks()) == []

    text, paper = report.write(year, tmp_path)
    page = text.read_text(encoding="utf-8")
    assert paper.read_bytes().startswith(b"%PDF")
    for base in (base for beginning in year.beginnings for base in beginning.bases):
        assert f"<h2>{base.base.name}</h2>" in page
    assert "年度考核" in page and "第六条" in page and "第二十九条" in page
    assert not re.search(r"http|/cases/", page)  # nothing that depends on where it ran

    with pytest.raises(CommandError, match="not empty"):
        call_command("simulate", "--here", output=str(tmp_path))


def test_nonsense_is_refused(tmp_path):
    with pytest.raises(CommandError, match="1 to 20"):
        call_command("simulate", years=0, output=str(tmp_path))
