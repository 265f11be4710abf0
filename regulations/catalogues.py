"""Official code lists that rules compare with: code -> name, from the data files of the lowest floor."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

import core
from tenants import divisions

# What people call a list, by its name.
TITLES = {"degree_categories_2022": _("专业学位类别目录（2022年）"), "divisions": _("行政区划代码（GB/T 2260）")}
# The list of places: it is dated, and an administrator adds to it.
PLACES = "divisions"
DATA = Path(core.__file__).resolve().parent / "data"


def known(name: str) -> bool:
    """Whether there is a list of that name."""
    return name == PLACES or (name.isidentifier() and (DATA / f"{name}.csv").exists())


def entries(name: str) -> dict[str, str]:
    """The list, code -> name, in its order; places as they are this year. Raises KeyError for an unknown name."""
    return divisions.places() if name == PLACES else _file(name)


def offered(name: str) -> dict[str, str]:
    """What an input offers of the list: of places the provinces and cities alone. Raises KeyError."""
    return divisions.cities() if name == PLACES else _file(name)


@lru_cache(maxsize=16)
def _file(name: str) -> dict[str, str]:
    if not known(name):
        raise KeyError(name)
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
