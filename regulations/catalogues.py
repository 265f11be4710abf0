"""Official code lists that rules compare with: code -> name, from the data files of the lowest floor."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

import core

# What people call a list, by its name.
TITLES = {"degree_categories_2022": _("专业学位类别目录（2022年）")}
DATA = Path(core.__file__).resolve().parent / "data"


def known(name: str) -> bool:
    """Whether there is a list of that name."""
    return name.isidentifier() and (DATA / f"{name}.csv").exists()


@lru_cache(maxsize=16)
def entries(name: str) -> dict[str, str]:
    """The list, code -> name, in the order of the file. Raises KeyError for an unknown name."""
    if not known(name):
        raise KeyError(name)
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}
