"""What the codes in the reasons of a grade are called under a profile. Beside the pure part: it reads the profile's words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.language import said
from evaluations.grading.words import Names
from regulations import wording
from regulations.schema import Profile


def names_of(profile: Profile, grades: Mapping[str, Any]) -> Names:
    """The names for `words`; `grades`: title of each grade by code."""

    def setting(key: str) -> str:
        declared = profile.settings.get(key)
        return wording.words(declared.title) if declared is not None else key

    def fact(key: str, value: Any) -> str:
        if key.startswith("setting:"):
            return said(setting(key.removeprefix("setting:")), wording.show(value))
        ref = json.loads(key) if key.startswith("{") else key
        options, unit = wording.fact_options(profile, ref), wording.fact_unit(profile, ref)
        return said(wording.fact_label(profile, ref), wording.show(value, options, unit))

    return Names(
        grade=lambda code: str(grades.get(code, code)),
        fact=fact,
        article=lambda clause: wording.article(profile, clause),
        setting=setting,
    )
