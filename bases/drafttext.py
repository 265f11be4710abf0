"""The text of an agreement: its form, the template it is drafted from, and where it differs from that."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from casework.specs import field
from core import clock
from core.calendar import elapsed
from core.forms import store
from core.forms.spec import parse_form
from core.papers.format import date_text
from regulations import wording
from regulations.cache import per_version
from tenants.models import Membership

BLANK = "____"
CONTACTS = {"partner": ("contact", "partner_leader"), "college": ("secretary",), "university": ("graduate_office",)}


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
                field("first_signatory", "text", _("甲方签字人"), required=False, max_chars=40, holds="fact"),
                field("second_signatory", "text", _("乙方签字人"), required=False, max_chars=40, holds="fact"),
                *_copies_field(declared),
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
                field("note", "longtext", _("与模板不一致之处的说明"), required=False, max_chars=1000, holds="fact"),
            ],
        },
        {
            "key": "contacts",
            "title": _("联系人与送达地址"),
            "local": True,
            "help": _("更正联系方式不须重新确认。"),
            "fields": [
                field(
                    "contacts",
                    "table",
                    _("各方联系人"),
                    required=False,
                    holds="contact",
                    max_rows=20,
                    columns=[
                        field("unit", "text", _("单位"), max_chars=60),
                        field("name", "text", _("联系人"), required=False, max_chars=30),
                        field("phone", "phone", _("电话"), required=False),
                        field("email", "email", _("电子邮箱"), required=False),
                        field("address", "text", _("送达地址"), required=False, max_chars=80),
                    ],
                )
            ],
        },
    ]
    if declared.form is not None and declared.form.value in profile.forms:
        sections[1:1] = [section.for_a_step() for section in profile.forms[declared.form.value].sections]
    return {"key": "agreement", "title": _title(declared), "local": True, "sections": sections}


def _copies_field(declared) -> list[dict]:
    """How many originals there are, for the parties to say where the regulation does not."""
    if declared.copies is not None:
        return []
    help = _("办法未规定份数，由双方约定；各方和存档单位各执一份。")
    return [field("copies", "integer", _("协议份数"), required=False, min=2, max=20, unit=_("份"), help=help)]


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
    """A text of the profile with this agreement's names filled in; figures stay to be filled in (`with_figures`)."""
    return _filled(
        text,
        {
            "university": agreement.university.name if agreement.university else "",
            "partner": agreement.partner.name if agreement.partner else "",
            "college": agreement.college.name if agreement.college else "",
        },
    )


def with_figures(agreement, text) -> str:
    """A text with its figures filled in. A figure stands in a field and nowhere else: a clause says `{years}`, and whoever
    reads or prints it sees how long the period of the fields is, a blank while none is set."""
    return _filled(text, figures(agreement))


def _filled(text, words: dict[str, str]) -> str:
    return re.sub(rf"\{{({'|'.join(words)})\}}", lambda place: words[place.group(1)], str(text))


def readable(agreement, answers: dict) -> dict:
    """The answers as people read them: clauses with their figures."""
    return {
        key: with_figures(agreement, value) if key.startswith("clause_") else value for key, value in answers.items()
    }


def figures(agreement) -> dict[str, str]:
    """What a template's text takes from the fields: first and last day, and the length of the term in words."""
    first, last = agreement.starts_on, agreement.ends_on
    whole = bool(first and last and first <= last)
    return {
        "years": written_length(first, last) if whole else BLANK,
        "start": date_text(first) if first else BLANK,
        "end": date_text(last) if last else BLANK,
    }


def written_length(first: dt.date, last: dt.date) -> str:
    """The length of a term as a text says it: 五年, 三年六个月, 一年十二天."""
    years, months, days = elapsed(first, last)
    parts = ((years, "年"), (months, "个月"), (days, "天"))
    return "".join(f"{wording.numeral(count) if count < 100 else count}{unit}" for count, unit in parts if count)


def first_answers(agreement) -> dict:
    """What a new draft starts from: the template's clauses, and whom to reach at the parties."""
    declared = agreement.profile.agreement
    clauses = {f"clause_{clause.key}": template_text(agreement, clause) for clause in declared.clauses}
    return {**clauses, "contacts": contact_rows(agreement)}


def contact_rows(agreement) -> list[dict]:
    """One row for each party, from its dossier and from who answers for it."""
    return [contact_row(party) for party in agreement.parties.select_related("organisation__parent")]


def contact_row(party) -> dict:
    unit = party.organisation
    person = Membership.objects.of(unit, *CONTACTS.get(unit.kind, ())).first()
    row = {
        "unit": party.name[:60],
        "name": person.name[:30] if person else "",
        "phone": (person.user.phone if person else "") or unit.phone,
        "email": person.user.email if person else "",
        "address": unit.address[:80],
    }
    return {key: value for key, value in row.items() if value}


def answers_of(agreement) -> dict:
    answer = store.load(agreement, "agreement")
    return dict(answer.answers) if answer else {}


def missing_clauses(agreement, answers: dict) -> list[str]:
    """Keys of the clauses that the regulation asks for and that this text leaves blank; the house's own are nobody's duty."""
    asked = [clause for clause in agreement.profile.agreement.clauses if not clause.local]
    return [c.key for c in asked if not str(answers.get(f"clause_{c.key}") or "").strip()]


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
            shown = {"template": with_figures(agreement, standard), "text": with_figures(agreement, text)}
            changes.append({"key": clause.key, "title": wording.words(clause.title), **shown})
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
