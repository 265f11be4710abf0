"""What a step confirms, as a hash: a changed term makes another one."""

from __future__ import annotations

from core.forms import content


def content_of(case, declared) -> str:
    """The hash of what a step confirms: the forms it names, the dossier where it names none."""
    if not declared.confirms or set(declared.confirms) == set(case.form_keys()):
        return case.content_hash()
    return content.digest([[part, case.terms(*part.split("."))] for part in declared.confirms])
