"""Administrative divisions (GB/T 2260): the dated national list, and what an administrator adds to it.

The national list comes with python-stdnum, whose table says since and until which year a code meant which place. A row
of `Division` adds a place that the list does not know yet (or a demo province), or gives a code another name.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from pathlib import Path

import core
from core import clock
from tenants.models.divisions import Division

# Places outside the mainland: by province, and one code for everything abroad, which the standard does not hold.
ABROAD = "000000"
OUTSIDE_MAINLAND = ("71", "81", "82")
# Rows of the list that only group the districts of a city, or the counties of a province.
GROUPS = frozenset({"市辖区", "县", "市区", "省直辖县级行政单位", "自治区直辖县级行政单位", "省直辖行政单位"})
_YEARS = re.compile(r"^\[(\d*)-(\d*)\](.+)$")


@cache
def provinces() -> dict[str, str]:
    """Code → name of the provinces in GB/T 2260."""
    path = Path(core.__file__).parent / "data" / "provinces_gbt2260.csv"
    with path.open(encoding="utf-8") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


@cache
def _national() -> dict[str, list[tuple[int, int, str]]]:
    """Code → (first year, last year, name) of every place below a province that the list ever held."""
    places: dict[str, list[tuple[int, int, str]]] = {}
    province = ""
    for line in resources.files("stdnum.cn").joinpath("loc.dat").read_text(encoding="utf-8").splitlines():
        if head := re.match(r'(\d\d) province="', line):
            province = head[1]
        elif (row := re.match(r'\s+(\d{4}) county="([^"]+)"', line)) and row[1] != "0000":
            places[province + row[1]] = [_span(part) for part in row[2].split(",")]
    return places


def _span(text: str) -> tuple[int, int, str]:
    dated = _YEARS.match(text)
    return (int(dated[1] or 0), int(dated[2] or 9999), dated[3]) if dated else (0, 9999, text)


@cache
def _standing(year: int) -> dict[str, str]:
    """Code → own name of the places below the provinces that the list holds in a year."""
    named = {}
    for code, spans in _national().items():
        for first, last, name in spans:
            if first <= year <= last:
                named[code] = name
    return named


def _own(year: int) -> dict[str, str]:
    """What an administrator added, as far as it holds in the year. One query."""
    rows = Division.objects.order_by("code").values_list("code", "name", "since", "until")
    return {
        code: name
        for code, name, since, until in rows
        if (since is None or since.year <= year) and (until is None or year <= until.year)
    }


def places(year: int | None = None) -> dict[str, str]:
    """Code → full name (province, city, district) of every place of a year, this one by default; one entry for everything
    abroad. One query."""
    year = year or clock.today().year
    named = {**provinces(), **_standing(year), **_own(year)}
    full = {code: _full(code, named) for code in sorted(named) if named[code] not in GROUPS}
    return {**full, ABROAD: "国（境）外"}


def cities(year: int | None = None) -> dict[str, str]:
    """The same of provinces and cities alone: what a list to choose from offers. One query."""
    return {code: name for code, name in places(year).items() if code.endswith("00")}


def short_names() -> dict[str, tuple[str, str]]:
    """Code → (full name, short name) of the cities of this year, as a text may name them: 苏州市, 苏州. One query."""
    year = clock.today().year
    named = {**_standing(year), **_own(year)}
    cities = {code: name for code, name in named.items() if code.endswith("00") and not code.endswith("0000")}
    municipal = {code: name for code, name in provinces().items() if name.endswith("市")}
    return {
        code: (name, name[:-1] if name.endswith("市") and len(name) > 2 else name)
        for code, name in {**cities, **municipal}.items()
        if name not in GROUPS
    }


def _full(code: str, named: dict[str, str]) -> str:
    parts = [named.get(above, "") for above in dict.fromkeys((code[:2] + "0000", code[:4] + "00", code))]
    return "".join(part for part in parts if part not in GROUPS)


def name_of(code: str) -> str:
    """The name of a division, with those above it before it; only theirs where the place itself is not entered; "" for a
    code nobody knows. At most one query.
    """
    if not code:
        return ""
    above = [code[:2] + "0000", code[:4] + "00", code]
    named = {**provinces(), **_standing(clock.today().year)}
    if any(part not in named for part in above):
        named = {**named, **dict(Division.objects.filter(code__in=above).values_list("code", "name"))}
    return _full(code, named)


def outside_mainland(code: str) -> bool:
    """Whether a place lies outside the mainland: Hong Kong, Macao, Taiwan, abroad."""
    return code == ABROAD or code[:2] in OUTSIDE_MAINLAND


def offered() -> list[tuple[str, str]]:
    """(code, name) of the provinces, for an input to offer; demo provinces last. One query."""
    own = Division.objects.filter(code__endswith="0000").order_by("code").values_list("code", "name")
    return [*provinces().items(), *own]


def code_of(text: str) -> str:
    """The code of a place given as a code or by its full name; "" for "". Raises LookupError for neither."""
    text = "".join(text.split())
    if not text or known(text):
        return text
    code = {name: code for code, name in provinces().items()}.get(text)
    code = code or Division.objects.filter(name=text[:60]).values_list("code", flat=True).first()
    if code is None:
        own = _standing(clock.today().year)
        meant = [code for code, name in places().items() if text in (name, own.get(code))]
        code = meant[0] if len(meant) == 1 else None
    if code is None:
        raise LookupError(text)
    return code


def known(code: str) -> bool:
    """Whether the code is six digits and its province exists."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return False
    province = code[:2] + "0000"
    return province in provinces() or Division.objects.filter(code=province).exists()
