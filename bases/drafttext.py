"""The text of an agreement: its form, the template it is drafted from, and where it differs from that."""

from __future__ import annotations

import re
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.specs import field
from core import clock
from core.forms import store
from core.forms.spec import parse_form
from regulations import wording
from regulations.cache import per_version


def form_data(profile) -> dict:
    """The agreement's form: the period, the clauses of the profile with the template's wording, its further form."""
    declared = profile.agreement
    sections = [
        {
            "key": "term",
            "title": _("协议期限与签约人"),
            "local": True,
            "fields": [
                field("period", "period", _("协议期限"), **_cite(declared.term)),
                field("first_signatory", "text", _("甲方签字人"), required=False, max_chars=40),
                field("second_signatory", "text", _("乙方签字人"), required=False, max_chars=40),
            ],
        },
        {
            "key": "clauses",
            "title": _("协议条款"),
            "local": True,
            "fields": [
                {
                    **field(
                        f"clause_{clause.key}", "longtext", wording.words(clause.title), max_chars=8000, required=False
                    ),
                    **({"clause": clause.clause, "local": False} if clause.clause else {}),
                    **({"help": wording.words(clause.help)} if clause.help else {}),
                }
                for clause in declared.clauses
            ],
        },
        {
            "key": "annexes",
            "title": _("附件与送审说明"),
            "local": True,
            "fields": [
                field(
                    "annexes", "file", _("协议附件"), required=False, accept=["pdf", "jpg", "png", "docx"], max_files=10
                ),
                field("note", "longtext", _("与模板不一致之处的说明"), required=False, max_chars=1000),
            ],
        },
    ]
    if declared.form is not None and declared.form.value in profile.forms:
        sections[1:1] = [section.for_a_step() for section in profile.forms[declared.form.value].sections]
    return {"key": "agreement", "title": _title(declared), "local": True, "sections": sections}


def _cite(term) -> dict:
    leaf = (term.years or term.min_years) if term else None
    return {"clause": leaf.clause, "local": False} if leaf is not None and leaf.clause else {}


def title(agreement) -> str:
    return _title(agreement.profile.agreement)


def _title(declared) -> str:
    return wording.words(declared.title) if declared.title else _("合作协议书")


def form_spec(agreement):
    """The parsed form spec of the agreement."""
    return _spec(agreement.regulation_version, get_language())


@per_version(64)
def _spec(version, language):
    """By language: the house's own titles in it are words of the reader's language already."""
    return parse_form(form_data(version.profile))


def template_text(agreement, clause) -> str:
    """The template's wording of a clause with this agreement's names filled in."""
    return named(agreement, clause.text or "")


def named(agreement, text) -> str:
    """A text of the profile with this agreement's names filled in."""
    names = {
        "university": agreement.university.name if agreement.university else "",
        "partner": agreement.partner.name if agreement.partner else "",
        "college": agreement.college.name if agreement.college else "",
    }
    return re.sub(r"\{(university|partner|college)\}", lambda m: names[m.group(1)], str(text))


def first_answers(agreement) -> dict:
    """What a new draft starts from: the template's clauses."""
    declared = agreement.profile.agreement
    return {f"clause_{clause.key}": template_text(agreement, clause) for clause in declared.clauses}


def answers_of(agreement) -> dict:
    answer = store.load(agreement, "agreement")
    return dict(answer.answers) if answer else {}


def missing_clauses(agreement, answers: dict) -> list[str]:
    """Keys of the clauses that the profile asks for and that this text leaves blank."""
    return [c.key for c in agreement.profile.agreement.clauses if not str(answers.get(f"clause_{c.key}") or "").strip()]


@lru_cache(maxsize=512)
def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def differences(agreement, answers: dict | None = None) -> list[dict]:
    """Clause by clause, template and text where they differ; white space does not count (XCU-7.3d).

    `answers`: the text's, where they have been read already.
    """
    answers = answers_of(agreement) if answers is None else answers
    changes = []
    for clause in agreement.profile.agreement.clauses:
        standard = template_text(agreement, clause)
        text = str(answers.get(f"clause_{clause.key}") or "")
        if clause.text and _plain(standard) != _plain(text):
            changes.append(
                {"key": clause.key, "title": wording.words(clause.title), "template": standard, "text": text}
            )
    return changes


def compare(agreement) -> None:
    agreement.differs_from_template = bool(differences(agreement))


def copy_columns(agreement, answers: dict) -> None:
    """Keep the period and the difference in typed columns."""
    period = answers.get("period") or {}
    agreement.starts_on = clock.day_of(period.get("from"))
    agreement.ends_on = clock.day_of(period.get("to"))
    compare(agreement)
    type(agreement).objects.filter(pk=agreement.pk).update(
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        differs_from_template=agreement.differs_from_template,
    )


def editable_sections(agreement, actor) -> set[str]:
    """Drafters edit every section of a draft; nobody edits one that has been handed in."""
    if agreement.state != "draft" or not actor.may("bases.draft_agreement", agreement):
        return set()
    return {section.key for section in form_spec(agreement).sections}
