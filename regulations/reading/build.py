"""Builds the reading page of a version."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from core.language import english, listed, said
from regulations import gates, routekinds, rules, settings, vocabulary, wording
from regulations.reading import consequences, evaluations, forms, labels, rectifications, sheets
from regulations.reading.forms import FormTable, Group
from regulations.reading.parts import Row, Writer
from regulations.reading.route import Drawing, condition_words, drawings
from regulations.schema import Profile
from regulations.schema.base import Leaf
from tenants.divisions import name_of


@dataclass(frozen=True)
class SettingRow:
    """A setting as the reading page shows it to a member of an organisation."""

    key: str
    row: Row
    owner: str
    mine: bool
    since: dt.date | None = None
    by: str = ""


@dataclass(frozen=True)
class Route:
    """The route of one kind of case: what it is called, and its drawings."""

    case: str
    title: str
    drawings: list[Drawing]


@dataclass
class Page:
    """Everything the reading page shows."""

    profile: Profile
    head: list[Row] = field(default_factory=list)
    basis: list[Row] = field(default_factory=list)
    meetings: list[Row] = field(default_factory=list)
    parents: list[Row] = field(default_factory=list)
    terms: list[Row] = field(default_factory=list)
    apply: list[Row] = field(default_factory=list)
    tracks: list[Row] = field(default_factory=list)
    conditions: list[Row] = field(default_factory=list)
    priority: list[Row] = field(default_factory=list)
    attachments: list[Row] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    gates: list[Group] = field(default_factory=list)
    settings: list[SettingRow] = field(default_factory=list)
    agreement: list[Row] = field(default_factory=list)
    clauses: list[Row] = field(default_factory=list)
    recognition: list[Row] = field(default_factory=list)
    bodies: list[Row] = field(default_factory=list)
    publicity: list[Row] = field(default_factory=list)
    forms: list[FormTable] = field(default_factory=list)
    papers: list[Row] = field(default_factory=list)
    records: list[Row] = field(default_factory=list)
    evaluations: list[evaluations.Block] = field(default_factory=list)
    sheets: list[Row] = field(default_factory=list)
    rectifications: list[Row] = field(default_factory=list)
    grants: list[Row] = field(default_factory=list)
    events: list[Row] = field(default_factory=list)
    information: list[Row] = field(default_factory=list)


def page(version: Any, organisation: Any, on: dt.date) -> Page:
    """The page of a version for a member of `organisation` (None: the public) on a day."""
    profile = version.profile
    writer = Writer(profile)
    built = Page(profile)
    _head(built, writer, version)
    _apply(built, writer)
    built.routes = _routes(writer)
    built.gates = _gates(writer)
    local = settings.local_rows(profile, organisation, on)
    built.settings = [_setting(writer, key, organisation, on, local) for key in profile.settings]
    _agreement(built, writer)
    _recognition(built, writer)
    built.publicity = _publicity(writer)
    built.forms = [forms.form(writer, spec) for spec in profile.forms.values()]
    built.papers = [forms.paper(writer, paper) for paper in profile.papers.values()]
    built.records = [
        Row(
            wording.words(record.title),
            articles=writer.articles(record),
            strength=record.strength,
            local=record.local,
        )
        for record in profile.records.values()
    ]
    built.evaluations = evaluations.blocks(writer)
    built.sheets = sheets.rows(writer)
    built.rectifications = rectifications.rows(writer)
    built.grants = [consequences.grant(writer, declared) for declared in profile.grants.values()]
    built.events = consequences.events(writer)
    built.information = [row for leaf in profile.information.values() if (row := _information(writer, leaf))]
    return built


def _routes(writer: Writer) -> list[Route]:
    """The routes that the profile has, in the order of their kinds."""
    profile = writer.profile
    drawn = [
        Route(kind.case, str(kind.title), drawings(writer, kind, profile.route(kind.case)))
        for kind in routekinds.in_order()
    ]
    return [route for route in drawn if route.drawings]


def _rows(writer: Writer, section: Any, prefix: str, wanted: list) -> list[Row]:
    rows = []
    for path, label in wanted:
        value = section
        for part in path.split("."):
            value = getattr(value, part, None)
        row = writer.leaf(label, value, labels.BY_PATH.get(f"{prefix}.{path}"))
        rows.append(row)
    return rows


def _head(built: Page, writer: Writer, version: Any) -> None:
    head = writer.profile.head
    built.head = _rows(writer, head, "head", labels.HEAD)
    if head.annex_no and head.annex_no.value is not None:
        index = [path for path, _label in labels.HEAD].index("annex_no")
        built.head[index] = replace(built.head[index], values=[_("附件%(n)s") % {"n": head.annex_no.value}])
    effective = head.effective
    rule = labels.BY_PATH["head.effective"].get(effective.value) if effective.value else None
    built.head.append(
        Row(
            _("施行"),
            [str(rule)] if rule else [],
            writer.articles(effective),
            silent=rule is None,
        )
    )
    day = version.effective_from
    built.head.append(
        Row(
            _("施行日期"),
            [wording.date_words(day)] if day else [],
            silent=day is None,
            note=_("文中未载明，由管理员填写") if day and effective.date is None else "",
        )
    )
    built.basis = [
        Row(item.number, [wording.words(item.title)] if item.title else [], writer.articles(item))
        for item in head.basis
    ]
    built.meetings = [
        Row(
            wording.words(item.body),
            [part for part in (wording.words(item.session), wording.date_words(item.on) if item.on else "") if part],
            writer.articles(item),
        )
        for item in head.adopted
    ]
    built.parents = [
        Row(
            wording.words(item.title),
            [part for part in (item.number, str(vocabulary.LEVELS[item.level])) if part],
            writer.articles(item),
        )
        for item in head.parents
    ]
    built.terms = [
        Row(
            vocabulary.TERMS[code][english()],
            writer.values(leaf.value, {}),
            writer.articles(leaf),
            local=leaf.local,
        )
        for code, leaf in writer.profile.terms.items()
        if leaf.value is not None
    ]


def _apply(built: Page, writer: Writer) -> None:
    apply = writer.profile.apply
    if apply is None:
        return
    built.apply = _rows(writer, apply, "apply", labels.APPLY)
    _form_title(built.apply, labels.APPLY, writer.profile, apply.form)
    if apply.applicant and apply.applicant.region and apply.applicant.region.value:
        code = apply.applicant.region.value
        index = [path for path, _label in labels.APPLY].index("applicant.region")
        built.apply[index] = replace(built.apply[index], values=[name_of(code.ljust(6, "0")) or code])
    if apply.partner and apply.partner.open:
        index = [path for path, _label in labels.APPLY].index("partner.kinds")
        row = built.apply[index]
        built.apply[index] = replace(row, values=[*row.values, _("等（未列尽）")])
    if apply.quota:
        built.apply.append(
            Row(
                _("申报名额"),
                [_("由%(who)s确定") % {"who": writer.role(apply.quota.set_by.unit, apply.quota.set_by.role)}],
                writer.articles(apply.quota),
                points=[wording.words(factor.label) for factor in apply.quota.factors],
                note=_("文中只列因素，没有公式"),
            )
        )
    else:
        built.apply.append(Row(_("申报名额"), silent=True))
    built.tracks = [
        Row(
            wording.words(track.title),
            [
                *(str(labels.APPLICANTS[code]) for code in track.applicant),
                *([_("仅当%(when)s时") % {"when": condition_words(writer.profile, track.when)}] if track.when else []),
            ],
            writer.articles(track),
            note=_("优先") if track.priority else "",
        )
        for track in apply.tracks
    ]
    built.conditions = [writer.item(item) for item in (apply.cond.items if apply.cond else [])]
    built.priority = [writer.item(item) for item in [*apply.priority, *apply.tags]]
    built.attachments = [
        Row(
            wording.words(item.title),
            [_("不少于%(n)s份") % {"n": item.min_files} if item.min_files else _("可选")],
            writer.articles(item),
        )
        for item in apply.attachments
    ]


def _form_title(rows: list[Row], wanted: list, profile: Profile, leaf: Any) -> None:
    """Name a form by its title instead of its key."""
    if leaf is None or leaf.value is None:
        return
    index = [path for path, _label in wanted].index("form")
    rows[index] = replace(rows[index], values=[str(profile.forms[leaf.value].title)])


def _gates(writer: Writer) -> list[Group]:
    profile = writer.profile
    groups: dict[str, list[Row]] = {}
    for rule in profile.rules:
        row = Row(
            label=rules.describe(profile, rule),
            articles=writer.articles(rule),
            strength=rule.strength,
            local=rule.local,
            values=[_("仅当%(when)s时") % {"when": condition_words(profile, rule.when)}] if rule.when else [],
            note=_("经%(who)s批准可例外") % {"who": writer.role(rule.override.unit, rule.override.role)}
            if rule.override
            else "",
            key=rule.key,
        )
        for gate in rule.gate:
            groups.setdefault(gate, []).append(row)
            row = replace(row, articles=[replace(article, anchor=False) for article in row.articles])
    return [Group(gate_label(profile, gate), rows) for gate, rows in groups.items()]


def gate_label(profile: Profile, gate: str) -> str:
    """When the rules of a gate are checked, in words."""
    family, suffix = gates.split(gate)
    if not suffix:
        return str(gates.CATALOGUE[gate].title)
    if family == gates.PANEL:
        return said(str(gates.CATALOGUE[family].title), str(routekinds.KINDS[suffix].title))
    word = str(gates.FAMILIES[family])
    if family == gates.RECORD:
        record = profile.records.get(suffix)
        return said(word, wording.words(record.title) if record else suffix)
    steps = [step for steps in profile.routes.values() for step in steps]
    title = next((wording.words(step.title) for step in steps if step.key == suffix), suffix)
    return said(word, title)


def _setting(writer: Writer, key: str, organisation: Any, on: dt.date, local: dict) -> SettingRow:
    profile = writer.profile
    declared = profile.settings[key]
    figure = settings.setting(profile, key, organisation, on, local)
    owners = settings.owners(profile, key)
    options = {option.code: wording.words(option.label) for option in declared.options}
    value = figure.value
    if isinstance(value, dict):
        keys = {key.code: wording.words(key.label) for key in declared.keys}
        values = [f"{keys.get(name, name)} → {options.get(code, code)}" for name, code in value.items()]
    else:
        values = [wording.show(value, options, wording.unit_word(declared.unit))] if value is not None else []
    row = Row(
        label=wording.words(declared.title),
        values=values,
        articles=writer.articles(declared),
        strength=declared.strength,
        silent=value is None,
        local=figure.local,
        note=wording.words(declared.note),
        key=key,
    )
    return SettingRow(
        key=key,
        row=row,
        owner=listed(vocabulary.UNIT_COLUMNS[column] for column in sorted(owners)),
        mine=bool(figure.local and organisation is not None and organisation.column in owners),
        since=figure.row.from_on if figure.row else None,
        by=figure.row.entered_name if figure.row else "",
    )


def _agreement(built: Page, writer: Writer) -> None:
    agreement = writer.profile.agreement
    if agreement is None:
        return
    built.agreement = _rows(writer, agreement, "agreement", labels.AGREEMENT)  # no case: a section
    _form_title(built.agreement, labels.AGREEMENT, writer.profile, agreement.form)
    for party in agreement.parties:
        who = listed(writer.term(signer) for signer in party.signers)
        side = _("甲方") if party.side == "first" else _("乙方")
        built.agreement.append(Row(side, [who], writer.articles(party)))
    if agreement.copies:
        built.agreement.append(
            Row(
                _("份数"),
                [_("一式%(n)s份") % {"n": agreement.copies.number}],
                writer.articles(agreement.copies),
                points=[wording.words(holder.label) for holder in agreement.copies.holders],
            )
        )
    else:
        built.agreement.append(Row(_("份数"), silent=True))
    if agreement.template:
        built.agreement.append(
            Row(
                _("协议文本模板"),
                [wording.words(agreement.template.title)],
                writer.articles(agreement.template),
            )
        )
    built.clauses = [
        Row(
            wording.words(clause.title),
            articles=writer.articles(clause),
            local=clause.local,
            note=wording.words(clause.help),
        )
        for clause in agreement.clauses
    ]


def _recognition(built: Page, writer: Writer) -> None:
    recognition = writer.profile.recognition
    if recognition is None:
        return
    section = "recognition"  # no case: a section
    built.recognition = _rows(writer, recognition, section, labels.RECOGNITION)
    for item in [*recognition.outputs, *recognition.archive]:
        built.recognition.append(writer.item(item))
    if (programme := recognition.candidates) is not None:
        title = wording.words(programme.title)
        built.recognition.append(Row(_("可列为候选"), [title], writer.articles(programme), local=programme.local))
    for kept in recognition.custody:
        who = writer.role(kept.unit, kept.role)
        built.recognition.append(Row(wording.words(kept.title), [who], writer.articles(kept), local=kept.local))
    built.bodies = [
        Row(
            wording.words(body.title),
            [wording.words(member.label) for member in body.members],
            writer.articles(body),
            points=[wording.words(task.label) for task in body.tasks],
            note="；".join(
                part
                for part in (
                    _("组长：%(who)s") % {"who": wording.words(body.leader)} if body.leader else "",
                    _("副组长：%(who)s") % {"who": wording.words(body.deputy)} if body.deputy else "",
                )
                if part
            ),
        )
        for body in recognition.bodies
    ]
    office = writer.profile.office
    if office is not None:
        kept = [wording.words(task.label) for task in office.tasks]
        who = [writer.role(office.unit, office.role)]
        built.bodies.append(Row(wording.words(office.title), who, writer.articles(office), points=kept))


def _publicity(writer: Writer) -> list[Row]:
    rows = []
    for entry in writer.profile.lists.values():
        values = [writer.role(entry.unit, entry.role)]
        rows.append(Row(wording.words(entry.title), values, writer.articles(entry), local=entry.local))
    for notice in writer.profile.notices.values():
        values = [writer.role(notice.unit, notice.role)]
        figure = notice.days.value if isinstance(notice.days, Leaf) else notice.days
        if figure is None:
            values.append(_("期限：文中未载明"))
        else:
            values.append(_("期限：%(n)s") % {"n": writer.number(figure, wording.unit_word("working_day"))})
        if notice.objections:
            values.append(_("公示期内可提异议"))
        rows.append(Row(wording.words(notice.title), values, writer.articles(notice), local=notice.local))
    return rows


def _information(writer: Writer, leaf: Any) -> Row | None:
    """A value nothing reads yet. Without a title its article names it; silence without a title says nothing."""
    if leaf is None or (leaf.value is None and leaf.title is None):
        return None
    label = wording.words(leaf.title) or wording.article(writer.profile, leaf.clause or "")
    return writer.leaf(label, leaf)


__all__ = ["FormTable", "Group", "Page", "SettingRow", "gate_label", "page"]
