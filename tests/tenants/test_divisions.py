"""The list of places: dated as the national standard is, extended by an administrator."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from tenants import divisions

pytestmark = pytest.mark.django_db


def told(*given: str) -> str:
    out = StringIO()
    call_command("divisions", *given, stdout=out)
    return out.getvalue().strip()


def test_a_code_means_what_it_meant_in_its_year():
    """九台 was a county until 1988, a city until 2014, and has been a district since."""
    assert divisions.places(1987)["220123"] == "吉林省长春市九台县"
    assert "220113" not in divisions.places(2013)
    assert divisions.places(2026)["220113"] == "吉林省长春市九台区"
    assert "220123" not in divisions.places(2026) and "220181" not in divisions.places(2026)


def test_names_carry_what_is_above_them_once():
    named = divisions.places(2026)
    assert named["110101"] == "北京市东城区" and named["220202"] == "吉林省吉林市昌邑区"
    assert named["220000"] == "吉林省" and "110100" not in named
    assert named["810000"] == "香港特别行政区" and named[divisions.ABROAD] == "国（境）外"
    assert divisions.name_of("320500") == "江苏省苏州市" and divisions.name_of("") == ""


def test_a_place_is_had_by_its_full_or_its_own_name():
    assert divisions.code_of("江苏省苏州市") == divisions.code_of("苏州市") == divisions.code_of("320500") == "320500"
    with pytest.raises(LookupError):
        divisions.code_of("鼓楼区")  # several cities have one
    with pytest.raises(LookupError):
        divisions.code_of("没有市")


def test_an_administrator_adds_a_place_from_a_day_on():
    assert told("220199") == "220199: not on the list this year"
    with clock.travel("2026-06-01T09:00"):
        assert told("220199", "--name", "新区", "--since", "2026-05-01") == "220199 吉林省长春市新区"
        assert "220199" not in divisions.places(2025)
        assert told("220102", "--name", "新南关区") == "220102 吉林省长春市新南关区"
        assert told("220199", "--name", "新区", "--until", "2025-12-31") == "220199: not on the list this year"
    for given, said in (
        (("22019",), "six digits"),
        (("220199", "--name", "新区", "--since", "五月"), "no day"),
        (("220199", "--name", "新区", "--since", "2026-05-01", "--until", "2026-04-30"), "before the first"),
    ):
        with pytest.raises(CommandError, match=said):
            told(*given)


@pytest.mark.parametrize(
    ("place", "outside"),
    [("710000", True), ("810000", True), ("820100", True), (divisions.ABROAD, True), ("220102", False)],
)
def test_outside_the_mainland(place, outside):
    assert divisions.outside_mainland(place) is outside
