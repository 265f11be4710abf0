"""What papers say whatever their answers are, and the official wording that a unit puts in its place.

The profile lays a paper out in the portal's words where a regulation's own form is not at hand or not ours to copy. A unit
whose form must keep its official wording enters it as dated rows (`LocalWording`): each fixed text by its place in the
layout of one version, printed to the letter on whatever is issued or drawn from that day on. Papers issued before keep
the words with which they were issued.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from core import clock
from core.door import Refused
from core.findings import Finding
from core.language import listed
from core.papers import fonts
from core.papers.auto import default_layout
from core.papers.fixed import FixedText, expanded, reworded, texts
from core.papers.format import zh
from core.papers.layout import PaperLayout, parse_layout
from core.text import EXACT, exact
from regulations import vocabulary
from regulations.cache import per_version
from regulations.models import LocalWording, RegulationVersion
from regulations.schema import Profile

MOST = 4000  # characters of one text

KINDS = {
    "cover": lazy("封面"),
    "title": lazy("标题"),
    "notes": lazy("填表说明"),
    "part": lazy("部分标题"),
    "box": lazy("文字框"),
    "grid": lazy("表格"),
    "rows_table": lazy("明细表"),
    "opinion": lazy("意见栏"),
    "signing": lazy("签署栏"),
    "checklist": lazy("核对表"),
    "text": lazy("正文"),
    "attachments": lazy("附件清单"),
    "copies": lazy("份数说明"),
    "certificate": lazy("证书"),
    "parties": lazy("当事人"),
    "diff": lazy("对照表"),
}


def papers(profile: Profile) -> dict[str, str]:
    """The papers of a profile that print a layout, and the forms that are printed under their own key: key → title."""
    named = {key: zh(paper.title) for key, paper in profile.papers.items() if paper.layout or paper.form}
    printed = {paper.form for paper in profile.papers.values()}
    forms = [profile.apply.form.value] if profile.apply and profile.apply.form else []
    forms += [kind.report.form for kind in profile.evaluations.values()]
    own = {key: zh(profile.forms[key].title) for key in forms if key in profile.forms and key not in printed}
    return named | own


@per_version(64)
def layout(version: RegulationVersion, key: str) -> PaperLayout:
    """The whole layout of a paper as its version lays it out. Raises KeyError for a paper that `papers` does not name."""
    profile = version.profile
    paper = profile.papers.get(key)
    form = profile.forms.get((paper.form or "") if paper is not None else key)
    if paper is not None and paper.layout:
        return expanded(parse_layout(paper.layout, title=zh(paper.title)), form)
    if form is None:
        raise KeyError(key)
    return expanded(default_layout(form, title=zh(paper.title) if paper is not None else ""), form)


# --- the wording in force -------------------------------------------------------------------------------------------


def owner_column(profile: Profile) -> str:
    """The column of the unit whose wording holds: the university for its own level, else the authority."""
    return vocabulary.LEVEL_OWNERS[profile.level]


def owner_of(profile: Profile, case: Any) -> Any:
    """The unit under whose wording a case's papers are printed, or None."""
    university = getattr(case, "university", None)
    if owner_column(profile) == "university":
        return university
    return getattr(case, "authority", None) or getattr(university, "parent", None)


def in_force(version: RegulationVersion, key: str, organisation: Any, at: dt.datetime) -> list[LocalWording]:
    """The rows that hold for a paper at a moment, one for each place; what was entered later had no part in it."""
    rows = LocalWording.objects.filter(
        version=version,
        paper=key,
        organisation=organisation,
        from_on__lte=clock.local(at).date(),
        entered_at__lte=at,
    )
    newest: dict[str, LocalWording] = {}
    for row in rows.order_by("-from_on", "-pk"):
        newest.setdefault(row.path, row)
    return [row for row in newest.values() if row.text]


def worded(case: Any, key: str, plain: PaperLayout, form: Any, at: dt.datetime) -> PaperLayout:
    """A case's layout with its unit's wording of a moment: of an issued paper the moment in which it was issued."""
    version = case.governing_version()
    organisation = owner_of(version.profile, case)
    rows = in_force(version, key, organisation, at) if organisation is not None else []
    if not rows:
        return plain
    paper = version.profile.papers.get(key)
    form = form or version.profile.forms.get((paper.form or "") if paper is not None else key)
    whole = expanded(plain, form)
    return reworded(whole, placed(texts(whole), rows))


def placed(known: list[FixedText], rows: list[LocalWording]) -> dict[str, str]:
    """Path → text for the rows whose original still stands where it stood, or stands in one other place alone."""
    at = {fixed.path: fixed for fixed in known}
    chosen = {}
    for row in rows:
        same = [fixed.path for fixed in known if fixed.text == row.original]
        if row.path in at and at[row.path].text == row.original:
            chosen[row.path] = row.text
        elif len(same) == 1:
            chosen[same[0]] = row.text
    return chosen


# --- entering it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A fixed text on the page: where it stands, and the unit's wording that holds today."""

    fixed: FixedText
    title: str
    row: LocalWording | None

    @property
    def text(self) -> str:
        return self.row.text if self.row is not None else ""

    @property
    def field(self) -> str:
        """The name of its field in the form: kept to the letter."""
        return f"{EXACT}{self.fixed.path}"

    @property
    def lines(self) -> int:
        """How tall its box is."""
        said = self.text or self.fixed.text
        return min(12, max(1, sum(1 + len(line) // 40 for line in said.split("\n"))))


def places(version: RegulationVersion, key: str, organisation: Any) -> list[Place]:
    """Every fixed text of a paper with the unit's wording of today. One query."""
    rows = in_force(version, key, organisation, clock.now())
    known = texts(layout(version, key))
    by_path = {path: row for row in rows for path in placed(known, [row])}
    counted: dict[str, int] = {}
    made, last = [], -1
    for fixed in known:
        if fixed.at != last:
            counted[fixed.kind] = counted.get(fixed.kind, 0) + 1
            last = fixed.at
        several = sum(1 for kind in {f.at: f.kind for f in known}.values() if kind == fixed.kind) > 1
        title = str(KINDS.get(fixed.kind, fixed.kind)) + (f" {counted[fixed.kind]}" if several else "")
        made.append(Place(fixed, title, by_path.get(fixed.path)))
    return made


@transaction.atomic
def enter(
    version: RegulationVersion,
    key: str,
    organisation: Any,
    typed: Mapping[str, str],
    from_on: dt.date,
    reason: str,
    user: Any = None,
    name: str = "",
) -> list[LocalWording]:
    """Add a dated row for every text of `typed` (path → wording, empty: the portal's words again) that differs from what
    holds. Raises Refused for a text that does not fit its place, for a unit that does not own the wording, and where
    nothing changes.
    """
    if organisation is None or organisation.column != owner_column(version.profile):
        raise Refused(Finding("", "hard", _("此文书的正式文字不由本单位设定。"), {"paper": key}))
    if not reason.strip():
        raise Refused(Finding("", "hard", _("请填写依据，如原表发文文号。"), field="reason"))
    changed, findings = [], []
    for place in places(version, key, organisation):
        if place.fixed.path not in typed:
            continue
        text = exact(typed[place.fixed.path]).strip("\n")
        text = "" if text == place.fixed.text else text
        if text == place.text:
            continue
        findings += faults(place.fixed, text)
        changed.append((place.fixed, text))
    if findings:
        raise Refused(findings)
    if not changed:
        raise Refused(Finding("", "hard", _("没有改动：所填文字与现行的相同。")))
    return [
        LocalWording.objects.create(
            organisation=organisation,
            version=version,
            paper=key,
            path=fixed.path,
            original=fixed.text,
            text=text,
            from_on=from_on,
            reason=reason.strip(),
            entered_by=user,
            entered_name=name,
        )
        for fixed, text in changed
    ]


def faults(fixed: FixedText, text: str) -> list[Finding]:
    """What keeps a wording from standing in its place; an empty one takes the unit's wording back."""
    if not text:
        return []
    said: list[tuple[str, dict]] = []
    shown = fixed.text.replace("\n", " ")[:20]
    lines = text.split("\n")
    if len(text) > MOST:
        said.append((_("“%(t)s”处的文字有%(n)s个字符，最多%(m)s个。"), {"n": len(text), "m": MOST}))
    if not fixed.many and fixed.name != "text" and len(lines) > 1:
        said.append((_("“%(t)s”处只印一行，所填文字有%(n)s行。"), {"n": len(lines)}))
    if fixed.many and not all(line.strip() for line in lines):
        said.append((_("“%(t)s”处每行是一条，其中有空行。"), {}))
    if fixed.count is not None and len(lines) != fixed.count:
        said.append((_("“%(t)s”处应为%(m)s行，所填文字有%(n)s行。"), {"n": len(lines), "m": fixed.count}))
    given = FixedText(fixed.path, fixed.kind, fixed.at, fixed.name, text)
    if unknown := sorted(given.placeholders - fixed.placeholders):
        words = {"w": listed(f"{{{word}}}" for word in unknown)}
        said.append((_("“%(t)s”处不能使用%(w)s：花括号内只能是原文字中已有的项。"), words))
    if missing := fonts.unprintable(text):
        said.append((_("“%(t)s”处的“%(s)s”在文书字库中没有字形，印出来是方框。"), {"s": missing[:30]}))
    return [Finding("", "hard", words % {"t": shown, **facts}, facts, field=fixed.path) for words, facts in said]


def history(version: RegulationVersion, key: str, organisation: Any) -> list[LocalWording]:
    """The rows of a paper, the newest first."""
    rows = LocalWording.objects.filter(version=version, paper=key, organisation=organisation)
    return list(rows.order_by("-pk")[:100])
