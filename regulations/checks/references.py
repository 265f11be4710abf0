"""Checks on references: clause IDs, keys of forms, papers, lists, notices, settings; routes and their order."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from core import door
from regulations import catalogues, gates, registry, routekinds, routes, vocabulary
from regulations.checks import hands
from regulations.schema import Profile, Step
from regulations.schema.base import CLAUSE, DOTTED
from regulations.schema.consequences import declared

Path_ = tuple[str | int, ...]
Problem = tuple[Path_, str]

CLAUSES_FILE = Path(__file__).resolve().parent.parent.parent / "docs" / "clauses.json"


@lru_cache(maxsize=1)
def clause_index() -> dict[str, frozenset[str]]:
    """The committed clause index by regulation code; {} while there is none."""
    if not CLAUSES_FILE.exists():
        return {}
    data = json.loads(CLAUSES_FILE.read_text(encoding="utf-8"))
    while isinstance(data, dict) and not all(CLAUSE.match(key) for key in data):
        data = data.get("clauses") or data.get("ids") or next(iter(data.values()))
    ids = [entry if isinstance(entry, str) else entry["id"] for entry in data]
    by_code: dict[str, set[str]] = {}
    for clause in ids:
        by_code.setdefault(clause.partition("-")[0], set()).add(clause)
    return {code: frozenset(clauses) for code, clauses in by_code.items()}


def walk(data: Any, path: Path_ = ()) -> Iterator[tuple[Path_, str, Any]]:
    """Every key of the data with its path and value, however deep."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield (*path, key), key, value
            yield from walk(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from walk(value, (*path, number))


def clause_ids(profile: Profile, data: dict) -> Iterator[Problem]:
    """Every cited clause belongs to this regulation (or one of its parents) and is in the index."""
    codes = {profile.code, *(parent.code for parent in profile.head.parents if parent.code)}
    index = clause_index()
    for path, key, value in walk(data):
        if key not in ("clause", "source", "also"):
            continue
        if "answers" in path or value is None:
            continue
        for clause in value if isinstance(value, list) else [value]:
            if not isinstance(clause, str) or not CLAUSE.match(clause):
                yield path, f"«{clause}» is no clause ID"
                continue
            code = clause.partition("-")[0]
            if code not in codes:
                yield path, f"clause {clause} belongs to another regulation than {profile.code}"
            elif code in index and clause not in index[code] and not _groups(clause, index[code]):
                yield path, f"clause {clause} is not in the clause index"
    for clause in profile.head.articles:
        if clause.partition("-")[0] != profile.code:
            yield ("head", "articles", clause), f"clause {clause} belongs to another regulation"


def _groups(clause: str, known: frozenset[str]) -> bool:
    """A clause that the index splits into obligations (NM-7.3 into 7.3a…e) may be cited as a whole."""
    return any(other.startswith(clause) and other[len(clause) :].isalpha() for other in known)


def vocabulary_words(profile: Profile, data: dict) -> Iterator[Problem]:
    """Term codes, setting keys and information keys."""
    for code in profile.terms:
        if code not in vocabulary.TERMS:
            yield ("terms", code), f"no term «{code}» (known: {', '.join(vocabulary.TERMS)})"
    for section in ("settings", "information"):
        for key in data.get(section) or {}:
            if not DOTTED.match(key):
                yield (section, key), f"«{key}» is no dotted key"
    anchor = profile.apply.anchor if profile.apply else None
    if anchor and anchor.catalogue and anchor.catalogue.value and not catalogues.known(anchor.catalogue.value):
        yield ("apply", "anchor", "catalogue"), f"no catalogue «{anchor.catalogue.value}»"


def unique_keys(profile: Profile, data: dict) -> Iterator[Problem]:
    """Keys of lists are given once."""
    lists: dict[Path_, list[str]] = {
        ("rules",): [rule.key for rule in profile.rules],
        **{("routes", kind): [step.key for step in steps] for kind, steps in profile.routes.items()},
    }
    if profile.agreement:
        lists["agreement", "clauses"] = [clause.key for clause in profile.agreement.clauses]
    if profile.apply:
        lists["apply", "tracks"] = [track.key for track in profile.apply.tracks]
        lists["apply", "priority"] = [item.key for item in profile.apply.priority]
        if profile.apply.cond:
            lists["apply", "cond", "items"] = [item.key for item in profile.apply.cond.items]
    for path, keys in lists.items():
        for key, count in Counter(keys).items():
            if count > 1:
                number = len(keys) - 1 - keys[::-1].index(key)
                yield (*path, number), f"key «{key}» is given {count} times"


def settings_used(profile: Profile, data: dict) -> Iterator[Problem]:
    """Every setting named exists; every setting, form, paper, list and notice is read by something."""
    used: dict[str, set[str]] = {name: set() for name in ("settings", "forms", "papers", "lists", "notices", "sheets")}
    for path, key, value in walk(data):
        if key in ("setting", "signer_setting") and isinstance(value, str):
            used["settings"].add(value)
            if value not in profile.settings:
                yield path, f"no setting «{value}»"
    yield from _step_references(profile, used)
    for path, group, key in _other_references(profile):
        used[group].add(key)
        if key not in getattr(profile, group):
            yield path, f"no {group[:-1]} «{key}»"
    for group, keys in used.items():
        for key in getattr(profile, group):
            if key not in keys and not registry.is_read(f"{group}.{key}"):
                yield (
                    (group, key),
                    f"nothing reads {group[:-1]} «{key}»: use it, or move its value to information",
                )


def _other_references(profile: Profile) -> Iterator[tuple[Path_, str, str]]:
    if profile.apply and profile.apply.form and profile.apply.form.value:
        yield ("apply", "form"), "forms", profile.apply.form.value
    if profile.agreement and profile.agreement.form and profile.agreement.form.value:
        yield ("agreement", "form"), "forms", profile.agreement.form.value
    if profile.agreement and profile.agreement.paper and profile.agreement.paper.key:
        yield ("agreement", "paper"), "papers", profile.agreement.paper.key
    for key, paper in profile.papers.items():
        if paper.form:
            yield ("papers", key, "form"), "forms", paper.form
    for key, entry in profile.lists.items():
        if entry.notice:
            yield ("lists", key, "notice"), "notices", entry.notice
        if entry.paper:
            yield ("lists", key, "paper"), "papers", entry.paper
    for key, notice in profile.notices.items():
        if notice.paper:
            yield ("notices", key, "paper"), "papers", notice.paper
    for event in ("incident", "withdrawal"):
        if getattr(profile, event) is not None:
            form = getattr(profile, event).form
            yield (event, "form"), "forms", form
            yield from (((event, "form"), "papers", key) for key, paper in profile.papers.items() if paper.form == form)
    if profile.placement is not None:
        asked = [*profile.placement.forms, *filter(None, [profile.placement.completion])]
        yield from ((("placement", "forms"), "forms", form) for form in asked)
        yield from (
            (("placement", "forms"), "papers", key) for key, paper in profile.papers.items() if paper.form in asked
        )
    for path, effect in declared(profile):
        if effect.paper in profile.papers:
            yield (*path, "paper"), "papers", effect.paper
    for key, kind in profile.evaluations.items():
        yield ("evaluations", key, "report", "form"), "forms", kind.report.form
    for key, form in profile.forms.items():
        if form.paper:
            yield ("forms", key, "paper"), "papers", form.paper


def _confirmed_forms(path: tuple, step: Step) -> list[str]:
    """The profile's forms that a step confirms, or a section of; what its kind of case puts together is not among them."""
    kind = routekinds.KINDS.get(path[1])
    own = kind.forms if kind else {}
    return [form for form in dict.fromkeys(name.partition(".")[0] for name in step.confirms) if form not in own]


def _confirmed_sections(profile: Profile, path: tuple, step: Step) -> Iterator[Problem]:
    """A section that a step confirms stands in its form."""
    kind = routekinds.KINDS.get(path[1])
    for name in step.confirms:
        form, _dot, section = name.partition(".")
        known = set(kind.forms.get(form, ())) if kind else set()
        if form in profile.forms:
            known |= {part.key for part in profile.forms[form].sections}
        if section and section not in known:
            yield (
                path,
                f"step «{step.key}»: confirms «{name}», but «{form}» has the sections {', '.join(sorted(known))}",
            )


def _step_references(profile: Profile, used: dict[str, set[str]]) -> Iterator[Problem]:
    for path, step in all_steps(profile):
        for group, key in (
            ("forms", step.form),
            ("forms", step.panel.form if step.panel else None),
            ("papers", step.paper.key if step.paper else None),
            ("lists", step.list),
            ("notices", step.notice),
            ("sheets", step.panel.sheet if step.panel else None),
            *(("forms", form) for form in _confirmed_forms(path, step)),
        ):
            if not key:
                continue
            used[group].add(key)
            if key not in getattr(profile, group):
                yield path, f"step «{step.key}»: no {group[:-1]} «{key}»"
        yield from _confirmed_sections(profile, path, step)
        form = profile.forms.get(step.form) if step.form else None
        if step.section and form is not None and step.section not in [section.key for section in form.sections]:
            yield path, f"step «{step.key}»: form «{step.form}» has no section «{step.section}»"
        for kind, word in routekinds.STEPS.items():
            if word.key and (step.kind == kind) != bool(getattr(step, word.key)):
                yield path, f"step «{step.key}»: kind {kind} and key «{word.key}» belong together"
        known = routekinds.STEPS[step.kind].outcomes if step.kind in routekinds.STEPS else tuple(step.verdicts)
        for code in step.verdicts:
            if code not in known:
                yield (
                    (*path, "verdicts", code),
                    f"step «{step.key}»: kind {step.kind} has no outcome «{code}» (known: {', '.join(known)})",
                )
        if step.awaits is not None:
            yield from _awaited(path, step)


def _awaited(path: Path_, step: Step) -> Iterator[Problem]:
    """The case that a step waits for is of a kind that exists, that the step's case is linked with, and that knows the
    states."""
    model = door.case_model(step.awaits.case)
    if model is None:
        yield path, f"step «{step.key}»: there is no kind of case «{step.awaits.case}»"
        return
    route, linked = path[1], routekinds.awaitable(path[1])
    if step.awaits.case not in linked:
        advice = f"wait for {', '.join(linked)}" if linked else "use another kind of step"
        yield (
            (*path, "awaits"),
            f"step «{step.key}»: a case of kind {route} is linked with no case of kind {step.awaits.case}, "
            f"so the step would wait for ever: {advice}",
        )
        return
    known = [code for code, _label in model._meta.get_field("state").choices]
    for state in step.awaits.states:
        if state not in known:
            yield path, f"step «{step.key}»: a case of kind {step.awaits.case} has no state «{state}»"


def all_steps(profile: Profile) -> Iterator[tuple[Path_, Step]]:
    """The steps of all routes with their paths."""
    for kind, steps in profile.routes.items():
        for number, step in enumerate(steps):
            yield ("routes", kind, number), step


def route_kinds(profile: Profile, data: dict) -> Iterator[Problem]:
    """Routes are of registered kinds of case; their steps have the stages, kinds and units that such a case knows."""
    for kind, steps in profile.routes.items():
        declared = routekinds.KINDS.get(kind)
        if declared is None:
            known = ", ".join(kind.case for kind in routekinds.in_order())
            yield ("routes", kind), f"no kind of case «{kind}» has a route (known: {known})"
            continue
        persons = routekinds.persons(kind)
        for number, step in enumerate(steps):
            if step.person is not None and step.person not in persons:
                yield (
                    ("routes", kind, number, "person"),
                    f"step «{step.key}»: person {step.person} is none of {', '.join(_in_order(persons))}",
                )
            if step.silence != "none" and step.due is None:
                yield ("routes", kind, number, "silence"), f"step «{step.key}»: silence needs a due time"
            if step.silence == "negative" and step.on_negative == "continue":
                yield (
                    ("routes", kind, number, "silence"),
                    f"step «{step.key}»: silence is negative, but on_negative lets the case continue",
                )
            for name, value, allowed in (
                ("stage", step.stage, declared.stages),
                ("kind", step.kind, declared.step_kinds),
                ("unit", vocabulary.column_of(step.unit), declared.units),
            ):
                if value not in allowed:
                    yield (
                        ("routes", kind, number, name),
                        f"step «{step.key}»: {name} {value} is none of {', '.join(_in_order(allowed))}",
                    )


def _in_order(codes: Collection[str]) -> list[str]:
    return list(codes) if isinstance(codes, Mapping) else sorted(codes)


def route_order(profile: Profile, data: dict) -> Iterator[Problem]:
    """Steps wait only for steps that can be done before them, and name steps and tracks that exist."""
    for kind, steps in profile.routes.items():
        declared = routekinds.KINDS.get(kind)
        stages = list(declared.stages) if declared else []
        tracks = list(declared.tracks(profile)) if declared else []
        by_key = {step.key: step for step in steps}
        for number, step in enumerate(steps):
            path = ("routes", kind, number)
            for track in step.tracks:
                if track not in tracks:
                    yield path, f"step «{step.key}»: no track «{track}»"
            for name, keys in (
                ("after", step.after or []),
                ("other_than", step.other_than),
                ("unit_from", [step.unit_from] if step.unit_from else []),
            ):
                for key in keys:
                    if key not in by_key:
                        yield path, f"step «{step.key}»: {name} names no step «{key}»"
            for key in step.after or []:
                other = by_key.get(key)
                both_known = other is not None and {step.stage, other.stage} <= set(stages)
                if both_known and stages.index(other.stage) > stages.index(step.stage):
                    yield (
                        path,
                        f"step «{step.key}» cannot be reached: it waits for «{key}» of the later stage {other.stage}",
                    )
        for key in routes.unreachable(steps, tracks):
            number = next(n for n, step in enumerate(steps) if step.key == key)
            yield ("routes", kind, number), f"step «{key}» cannot be reached: it waits for itself"


def agreement_sides(profile: Profile, data: dict) -> Iterator[Problem]:
    """The setting that chooses who signs is a map to signers; each holder of an original says on the route that it came."""
    declared = profile.agreement
    if declared is None:
        return
    for number, party in enumerate(declared.parties):
        chooses = profile.settings.get(party.signer_setting) if party.signer_setting else None
        path = ("agreement", "parties", number, "signer_setting")
        if chooses is not None and chooses.type != "map":
            yield path, f"setting «{party.signer_setting}» chooses who signs: it has to be a map"
        elif chooses is not None and {option.code for option in chooses.options} != set(party.signers):
            yield path, f"setting «{party.signer_setting}» offers other signers than {', '.join(party.signers)}"
    receipts = [step for step in profile.route("agreement") if step.kind == "receipt"]  # no case: a section of routes
    if receipts and (declared.copies is None or declared.copies.number != len(receipts)):
        number = declared.copies.number if declared.copies else 0
        yield ("agreement", "copies"), f"{number} originals, but {len(receipts)} steps of kind receipt"


def record_types(profile: Profile, data: dict) -> Iterator[Problem]:
    """Record types are about something there is, their columns name fields of the right type, what is owed at
    intervals is owed by somebody, and the gates that wait for them are gates."""
    for key, kind in profile.records.items():
        types = {field.key: field.type for field in kind.fields}
        for column, named in kind.columns.items():
            if types.get(named) not in COLUMN_TYPES[column]:
                wanted = "/".join(sorted(COLUMN_TYPES[column]))
                place = ("records", key, "columns", column)
                yield place, f"record type «{key}» has no field «{named}» of type {wanted}"
        if (
            kind.readers and "reason" in types
        ):  # the reason of an act stands in the log, which every reader of the page sees
            place = ("records", key, "fields")
            yield place, f"record type «{key}» has readers of its own, so no field of it may be called «reason»"
        if kind.cadence is not None and not kind.authors:
            yield ("records", key, "cadence"), f"record type «{key}» has a cadence and no author who owes it"
        for at, gate in enumerate(kind.gates):
            if not gates.known(gate) or gates.split(gate)[0] == gates.RECORD:
                yield ("records", key, "gates", at), f"record type «{key}»: no gate «{gate}» can wait for a record"
        if kind.subject not in vocabulary.RECORD_SUBJECTS:
            known = ", ".join(sorted(vocabulary.RECORD_SUBJECTS))
            yield ("records", key, "subject"), f"record type «{key}»: no subject «{kind.subject}»; known: {known}"
        yield from hands.persons_of(key, kind)


def outputs(profile: Profile, data: dict) -> Iterator[Problem]:
    """What a base is to bring about is counted in records that there are, by codes that their column can hold."""
    for at, output in enumerate(profile.recognition.outputs if profile.recognition else []):
        path = ("recognition", "outputs", at)
        kind = profile.records.get(output.record) if output.record else None
        if output.record and kind is None:
            yield path, f"output «{output.key}»: no record type «{output.record}» (known: {', '.join(profile.records)})"
        if kind is not None and output.remind_months is not None and not kind.authors:
            yield path, f"output «{output.key}»: nobody writes records of type «{output.record}», so nobody is reminded"
        column = kind.columns.get("code") if kind is not None else None
        field = next((field for field in kind.fields if field.key == column), None) if column else None
        for code in output.codes:
            if field is None or code not in field.codes:
                yield path, f"output «{output.key}»: record type «{output.record}» has no code «{code}»"


# Column of a record -> types of the field whose value it takes.
COLUMN_TYPES = {
    "until": {"date"},
    "due": {"date"},
    "code": {"choice", "catalogue", "text"},
    "number": {"text"},
    "amount": {"money", "decimal", "integer"},
    "person": {"person", "text"},
    "organisation": {"organisation"},
}

CHECKS = (
    clause_ids,
    vocabulary_words,
    unique_keys,
    settings_used,
    route_kinds,
    route_order,
    agreement_sides,
    record_types,
    outputs,
)
