"""Administrative divisions: provinces from the national list, further places and demo provinces from the
table.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import core
from tenants.models.divisions import Division


@cache
def provinces() -> dict[str, str]:
    """Code → name of the provinces in GB/T 2260."""
    path = Path(core.__file__).parent / "data" / "provinces_gbt2260.csv"
    with path.open(encoding="utf-8") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def name_of(code: str) -> str:
    """The name of a division, with its province's before it; only the province's where the place is not
    entered; "" for a code nobody knows. At most one query.
    """
    if not code:
        return ""
    province = code[:2] + "0000"
    names = provinces().copy()
    if code not in names:
        names.update(Division.objects.filter(code__in=[code, province]).values_list("code", "name"))
    parts = [names.get(province, "")]
    if code != province:
        parts.append(names.get(code, ""))
    return "".join(parts)


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
        raise LookupError(text)
    return code


def known(code: str) -> bool:
    """Whether the code is six digits and its province exists."""
    if len(code) != 6 or not code.isascii() or not code.isdigit():
        return False
    province = code[:2] + "0000"
    return province in provinces() or Division.objects.filter(code=province).exists()
