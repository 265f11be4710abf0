"""What the profile check refuses, and that it says where."""

from __future__ import annotations

import json
import shutil
import textwrap
from decimal import Decimal

import pytest
from django.core.management import call_command

from core.forms.spec import parse_form
from regulations import canonical, loader, registry
from regulations.checks import references
from regulations.predicates import PREDICATES
from tests.regulations.samples import data, faults


def changed(path: str, value, start=None) -> dict:
    """The sample with one place set; `...` as value removes it."""
    content = start or data()
    holder = content
    *head, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    for part in head:
        holder = holder[part]
    if value is ...:
        del holder[last]
    elif isinstance(holder, list) and last == len(holder):
        holder.append(value)
    else:
        holder[last] = value
    return content


RULE = {
    "key": "extra",
    "clause": "TT-2",
    "gate": "application.submit",
    "predicate": "present",
    "params": {"fact": "form.application.name"},
}
STEP = {
    "key": "third",
    "title": "第三步",
    "stage": "deciding",
    "kind": "endorse",
    "unit": "university",
    "role": "graduate_office",
    "clause": "TT-4",
}


def rule(**changes) -> dict:
    return {**RULE, **changes}


def step(**changes) -> dict:
    return {**STEP, **changes}


REFUSED = [
    ("head/colour", "blue", "unknown key «colour»"),
    ("banana", {}, "unknown key «banana»"),
    ("apply/cond/coop_years/weight", 3, "unknown key «weight»"),
    ("apply/cond/coop_years/strength", "strong", "strength: Input should be 'hard', 'default', 'priority'"),
    ("apply/cond/coop_years/source", ..., "cites no clause and is not marked local"),
    ("apply/cond/coop_years/value", "two", "valid integer"),
    ("apply/cond/coop_years/unit", "fortnight", "Input should be 'year'"),
    ("apply/cond/coop_years/source", "somewhere", "a clause ID looks like NM-8.2b"),
    ("apply/cond/coop_years/source", "NM-7.3a", "belongs to another regulation than TT"),
    ("head/title", {"en": "no Chinese"}, "«zh» is missing"),
    ("head/version", "one", "head.version"),
    ("head/level", None, "head.level"),
    ("settings/least.students/value", "five", "应为整数"),
    ("settings/least.students/value", 0, "不得小于1"),
    ("settings/unread.key", {"title": "t", "type": "integer", "value": 1, "clause": "TT-2"}, "nothing reads setting"),
    ("settings/Bad Key", {"title": "t", "type": "integer", "value": 1, "clause": "TT-2"}, "is no dotted key"),
    ("terms", {"spaceship": {"value": "飞船", "source": "TT-1"}}, "no term «spaceship»"),
    (
        "forms/other",
        {"title": "x", "clause": "TT-2", "sections": [{"key": "s", "title": "x", "fields": []}]},
        "nothing reads form «other»",
    ),
    ("papers", {"unused": {"title": "x", "clause": "TT-2"}}, "nothing reads paper «unused»"),
    ("apply/form/value", "missing", "no form «missing»"),
    ("apply/anchor", {"catalogue": {"value": "nowhere", "source": "TT-2"}}, "no catalogue «nowhere»"),
    ("rules/1", rule(key="students"), "key «students» is given 2 times"),
    ("rules/1", rule(gate="application.dream"), "no gate «application.dream»"),
    ("rules/1", rule(gate="step.complete:nowhere"), "names no step"),
    ("rules/1", rule(gate="record.save:nothing"), "names no record type"),
    (
        "records",
        {
            "measure": {
                "title": "处理",
                "clause": "TT-2",
                "subject": "university",
                "authors": [{"unit": "university", "role": "graduate_office"}],
                "readers": [{"unit": "university", "role": "graduate_office"}],
                "fields": [{"key": "reason", "type": "text", "label": "事由", "clause": "TT-2"}],
            }
        },
        "no field of it may be called «reason»",
    ),
    (
        "offsite",
        {"form": "application", "place": "name", "home": "no.such", "clause": "TT-2"},
        "offsite: «name» is no field of form «application» with the list of places",
    ),
    (
        "offsite",
        {"form": "nowhere", "place": "name", "home": "no.such", "clause": "TT-2"},
        "offsite: no form «nowhere»",
    ),
    ("rules/1", rule(predicate="feels_right"), "no predicate «feels_right»"),
    ("rules/1", rule(params={"fact": "application.weather"}), "unknown fact «application.weather»"),
    ("rules/1", rule(params={"fact": "form.application.colour"}), "no form field «form.application.colour»"),
    ("rules/1", rule(params={"fact": "form.application.name", "mood": 1}), "takes no «mood»"),
    ("rules/1", rule(params={}), "needs «fact»"),
    (
        "rules/1",
        rule(predicate="at_least", params={"fact": "form.application.name", "value": 1}),
        "is text, at_least takes",
    ),
    ("rules/1", rule(predicate="at_least", params={"fact": "form.application.count", "value": "5"}), "is a number"),
    (
        "rules/1",
        rule(predicate="at_least", params={"fact": "form.application.count", "value": {"leaf": "apply.cond.moon"}}),
        "no leaf «apply.cond.moon»",
    ),
    (
        "rules/1",
        rule(predicate="at_least", params={"fact": "form.application.count", "value": {"setting": "no.such"}}),
        "no setting «no.such»",
    ),
    (
        "rules/1",
        rule(predicate="since_at_least", params={"fact": "form.application.since"}),
        "give one of years, months",
    ),
    (
        "rules/1",
        rule(predicate="since_at_least", params={"fact": "form.application.since", "years": 1, "months": 2}),
        "give one of years, months",
    ),
    (
        "rules/1",
        rule(predicate="one_of", params={"fact": "form.application.kind", "values": ["spaceship"]}),
        "has no code «spaceship»",
    ),
    (
        "rules/1",
        rule(predicate="equals", params={"fact": "form.application.agrees", "value": "yes"}),
        "is boolean, «yes» is not",
    ),
    (
        "rules/1",
        rule(predicate="equals", params={"fact": "form.application.count", "value": "5"}),
        "is integer, «5» is not",
    ),
    (
        "rules/1",
        rule(predicate="each_at_least", params={"table": "form.application.rows", "column": "weight", "value": 1}),
        "has no column «weight»",
    ),
    (
        "rules/1",
        rule(predicate="each_at_least", params={"table": "form.application.rows", "column": "title", "value": 1}),
        "is text, each_at_least takes",
    ),
    (
        "rules/1",
        rule(predicate="sum_at_least", params={"table": "form.application.name", "column": "x", "value": 1}),
        "is text, sum_at_least takes table",
    ),
    (
        "rules/1",
        rule(predicate="count_at_least", params={"fact": "form.application.rows", "value": 1, "where": {"x": 1}}),
        "has no column «x»",
    ),
    (
        "rules/1",
        rule(
            predicate="count_at_least", params={"fact": "form.application.rows", "value": 1, "where": {"side": "moon"}}
        ),
        "has no code «moon»",
    ),
    (
        "rules/1",
        rule(
            predicate="count_at_least",
            params={"fact": "form.application.rows", "value": 1, "where": {"title": {"gte": "a"}}},
        ),
        "has no order",
    ),
    (
        "rules/1",
        rule(
            predicate="at_least",
            params={
                "fact": {"table": "form.application.rows", "agg": "sum", "column": "amount", "distinct": "code"},
                "value": 1,
            },
        ),
        "distinct counts the values of a column",
    ),
    (
        "rules/1",
        rule(
            predicate="at_least",
            params={"fact": {"table": "form.application.rows", "agg": "count", "distinct": "weight"}, "value": 1},
        ),
        "not of «weight»",
    ),
    (
        "rules/1",
        rule(
            predicate="at_least",
            params={
                "fact": {
                    "table": "form.application.rows",
                    "agg": "count",
                    "where": {"side": {"fact": "form.application.count"}},
                },
                "value": 1,
            },
        ),
        "form.application.count is no code",
    ),
    (
        "rules/1",
        rule(
            predicate="at_least",
            params={
                "fact": {
                    "table": "form.application.rows",
                    "agg": "count",
                    "where": {"side": {"fact": "application.weather"}},
                },
                "value": 1,
            },
        ),
        "unknown fact «application.weather»",
    ),
    (
        "rules/1",
        rule(
            predicate="at_least",
            params={
                "fact": {"table": "form.application.rows", "agg": "count", "where": {"amount": {"lte": "check"}}},
                "value": 1,
            },
        ),
        "has no day to compare with that of the check",
    ),
    (
        "rules/1",
        rule(
            predicate="at_least",
            params={
                "fact": {"table": "form.application.rows", "agg": "count", "where": {"day.to": {"lte": "check"}}},
                "value": 1,
            },
        ),
        "has no column «day.to»",
    ),
    (
        "rules/1",
        rule(
            predicate="member_with_role",
            params={"table": "form.application.rows", "column": "side", "values": ["moon"]},
        ),
        "has no code «moon»",
    ),
    (
        "rules/1",
        rule(predicate="at_least", params={"fact": {"table": "form.application.rows", "agg": "median"}, "value": 1}),
        "an aggregate is one of",
    ),
    (
        "rules/1",
        rule(
            predicate="at_least",
            params={"fact": {"table": "form.application.rows", "agg": "sum", "column": "title"}, "value": 1},
        ),
        "sum over column «title» of type text",
    ),
    (
        "rules/1",
        rule(
            predicate="matches_catalogue",
            params={"catalogue": "x", "code": "form.application.name", "name": "form.application.goal"},
        ),
        "no catalogue «x»",
    ),
    ("rules/1", rule(when={"fact": "application.weather", "equals": 1}), "unknown fact"),
    ("rules/1", rule(when={"fact": "form.application.kind", "equals": "moon"}), "has no code «moon»"),
    ("rules/1", rule(when={"fact": "form.application.name", "gte": 3}), "has no order"),
    ("rules/1", rule(when={"fact": "form.application.name"}), "a condition names one fact"),
    ("rules/1", rule(when={"all": [], "fact": "form.application.name", "present": True}), "a condition is one of"),
    ("rules/1", rule(message="缺{thing}"), "names «{thing}», which is unknown"),
    ("rules/1", rule(message="缺{actual"), "message:"),
    ("rules/1", rule(strength="default"), "names who may override it"),
    ("rules/1", rule(override={"unit": "university", "role": "graduate_office"}), "only a rule of strength default"),
    ("rules/1", rule(strength="default", override={"unit": "college", "role": "officer"}), "no role «officer»"),
    ("rules/1", rule(form="application", field="nowhere"), "has no field «nowhere»"),
    ("rules/1", {key: value for key, value in RULE.items() if key != "clause"}, "cites no clause"),
    ("routes/application/2", step(after=["nowhere"]), "after names no step «nowhere»"),
    ("routes/application/2", step(after=["third"]), "cannot be reached: it waits for itself"),
    ("routes/application/2", step(stage="checking"), "stage checking is none of"),
    (
        "routes/application/2",
        step(stage="recommending", after=["decision"]),
        "waits for «decision» of the later stage deciding",
    ),
    ("routes/application/2", step(kind="notice"), "kind notice and key «notice» belong together"),
    ("routes/application/2", step(kind="list", list="nowhere"), "no list «nowhere»"),
    ("routes/application/2", step(kind="agreement"), "kind agreement and key «agreement» belong together"),
    ("routes/application/2", step(kind="wish"), "kind wish is none of agreement, await, confirmation"),
    ("routes/application/2", step(form="nowhere"), "no form «nowhere»"),
    ("routes/application/2", step(form="application", section="attic"), "has no section «attic»"),
    ("routes/application/2", step(paper={"key": "nowhere"}), "no paper «nowhere»"),
    ("routes/application/2", step(tracks=["moon"]), "no track «moon»"),
    ("routes/application/2", step(unit="college"), "no role «graduate_office» in unit «college»"),
    ("routes/application/2", step(other_than=["nowhere"]), "other_than names no step"),
    ("routes/application/2", step(unit_from="nowhere"), "unit_from names no step"),
    ("routes/application/2", step(when={"fact": "application.weather", "present": True}), "unknown fact"),
    ("routes/application/2", step(due={"days": 1, "months": 1, "clause": "TT-2"}), "a due time is one of"),
    ("routes/application/2", step(due={"days": 1}), "cites no clause"),
    ("routes/application/2", step(due={"days": {"setting": "no.such"}, "clause": "TT-2"}), "no setting «no.such»"),
]


@pytest.mark.parametrize(("path", "value", "message"), REFUSED)
def test_refused(path, value, message):
    found = faults(changed(path, value))
    assert any(message in one for one in found), found


def test_the_sample_itself_is_accepted():
    assert faults(data()) == []


def test_round_about_waiting_is_refused():
    content = data()
    content["routes"]["application"][0]["after"] = ["third"]
    content["routes"]["application"].append(step(after=["check"], stage="reviewing"))
    found = faults(content)
    assert [one for one in found if "waits for itself" in one and "check" in one]


FORMS = """\
forms:
  sheet:
    title: 表
    local: true
    sections:
      - key: s
        title: 节
        local: true
        fields:
          - {key: a, type: text, label: 甲, local: true}
          - key: b
            label: 乙
            local: true
            type: hologram
  other:
    title: 又一张
    local: true
    sections: []
records:
  visit:
    title: 走访
    subject: base
    local: true
    fields:
      - key: day
        type: date
        label: 日期
        local: true
        max_chars: 3
    matter:
      unit: college
      role: secretary
      fields:
        - {key: how, type: text, label: 如何}
settings:
  least.places:
    title: 最少
    type: integer
    local: true
    min: 2
    value: 1
    options: []
"""


def test_one_parse_finds_forms_records_and_settings_where_they_stand():
    """Faults inside forms and fields are faults of the profile's own parse, each at its line, all in one run."""
    found = {(fault.line, fault.message) for fault in loader.load_text(FORMS, "t.yaml").faults}
    assert found >= {
        (14, "form «sheet»: sections[0].fields[1].type: unknown type 'hologram'"),
        (18, "form «other»: sections: a form has at least one section"),
        (29, "records.visit: fields[0].max_chars: says nothing about a field of type date"),
        (34, "records.visit.matter: fields[0]: field 'how' cites no clause and is not marked local"),
        (41, "settings.least.places.value: 不得小于2"),
    }
    assert (1, "head: «head» is missing") in found


def test_what_a_profile_holds_is_parsed_already():
    content = changed("settings/least.share", {"title": "占比", "type": "decimal", "value": 0.7, "clause": "TT-2"})
    content["information"] = {}
    profile = canonical.parse(json.dumps(content))
    assert profile.settings["least.share"].value == Decimal("0.7")
    assert profile.forms["application"].field("rows.amount").type == "money"
    assert parse_form({"key": "f", "title": "表", "sections": list(profile.forms["application"].sections)}).index


def test_a_matter_is_settled_by_a_date_of_its_record():
    record = {"title": "走访", "subject": "base", "local": True, "fields": []}
    for fields, accepted in (
        ([{"key": "until", "type": "date", "label": "至", "local": True}], True),
        ([{"key": "until", "type": "text", "label": "至", "local": True}], False),
        ([], False),
    ):
        matter = {"unit": "college", "role": "secretary", "due": "until"}
        content = data(records={"visit": {**record, "fields": fields, "matter": matter}})
        said = any("has no date field «until»" in one for one in faults(content))
        assert said is not accepted, fields


def test_form_faults_are_found_by_the_forms_themselves():
    content = changed("forms/application/sections/0/fields/0/type", "hologram")
    assert any(one.startswith("form «application»") for one in faults(content))


def test_a_silent_value_needs_no_clause():
    content = changed("apply/cond/coop_years", {"value": None})
    content["apply"]["call"] = None
    assert faults(content) == []


def test_a_clause_outside_the_index_is_refused(monkeypatch):
    monkeypatch.setattr(
        references, "clause_index", lambda: {"TT": frozenset({"TT-1", "TT-2a", "TT-3", "TT-4", "TT-9"})}
    )
    assert faults(data()) == []  # TT-2 is split in the index and may be cited as a whole
    found = faults(changed("routes/application/1/clause", "TT-44"))
    assert found == ["clause TT-44 is not in the clause index"]


def test_the_committed_index_knows_the_five_regulations():
    index = references.clause_index()
    assert set(index) == {"JLU", "CZMC", "NM", "LCU", "XCU"}
    assert "NM-8.2b" in index["NM"]
    assert "XCU-A1.II.16" in index["XCU"]


def test_code_that_reads_a_setting_makes_it_read(monkeypatch):
    monkeypatch.setattr(registry, "READ_KEYS", {"settings.unread.*"})
    content = changed("settings/unread.key", {"title": "t", "type": "integer", "value": 1, "clause": "TT-2"})
    assert faults(content) == []


YAML = """\
head:
  code: TT
  version: 1
  title: 测试办法
  level: {value: school, source: TT-1}
  effective: {value: issue, source: TT-9}
  adopted:
    - {body: 会议, on: 2025-07-10, source: TT-1}
routes:
  application:
    - key: check
      title: 审核
      stage: reviewing
      kind: endorse
      unit: university
      role: graduate_office
      clause: TT-3
"""


def test_file_and_line(tmp_path):
    folder = tmp_path / "tt"
    folder.mkdir()
    (folder / "profile.yaml").write_text(YAML)
    (folder / "more.yaml").write_text(
        textwrap.dedent("""\
        rules:
          - key: one
            clause: TT-2
            gate: application.submit
            predicate: present
            params:
              fact: application.weather
        routes:
          application:
            - key: last
              title: 决定
              stage: deciding
              kind: decision
              unit: university
              role: nobody
              clause: TT-4
        """)
    )
    loaded = loader.load(folder)
    assert [str(fault) for fault in loaded.faults] == [
        f"{folder}/more.yaml:10: routes.application.1: no role «nobody» in unit «university»",
    ]
    text = (folder / "more.yaml").read_text().replace("nobody", "meeting_recorder")
    (folder / "more.yaml").write_text(text)
    loaded = loader.load(folder)
    assert [str(fault) for fault in loaded.faults] == [
        f"{folder}/more.yaml:7: rule «one»: unknown fact «application.weather»",
    ]
    assert [one.key for one in loaded.profile.route("application")] == ["check", "last"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("head: {}\nhead: {}\n", 2, "key «head» stands twice"),
        ("head:\n  code: A\n  code: B\n", 3, "key «code» stands twice"),
        ("head: [\n", 2, "not YAML"),
        ("- a\n", 1, "a profile is a mapping"),
        ("head:\n  <<: {a: 1}\n", 2, "merge keys"),
        ("head: {code: !!python/object:os.system x}\n", 1, "not a value"),
        ("rules: &a\n  - *a\n", 1, "an alias contains itself"),
    ],
)
def test_plain_yaml_faults(text, line, message):
    found = loader.load_text(text, "t.yaml").faults
    assert any(fault.line == line and message in fault.message for fault in found), found


def test_words_that_yaml_takes_for_booleans_stay_words():
    loaded = loader.load_text(YAML.replace("会议", "on"))
    assert str(loaded.require().head.adopted[0].body) == "on"
    assert loaded.profile.head.adopted[0].on.isoformat() == "2025-07-10"


def test_the_same_key_in_two_files_is_refused(tmp_path):
    (tmp_path / "profile.yaml").write_text(YAML + "terms:\n  base: {value: 基地, source: TT-1}\n")
    (tmp_path / "z.yaml").write_text("terms:\n  base: {value: 基地, source: TT-1}\n")
    assert [fault.message for fault in loader.load(tmp_path).faults] == ["key «terms.base» stands twice"]


def test_content_read_back_is_the_same_profile():
    for path in loader.all_profiles():
        loaded = loader.load(path)
        again = canonical.parse(loaded.content)
        assert again == loaded.require()
        assert loader.load_data(json.loads(loaded.content)).sha256 == loaded.sha256


def test_the_command_checks_every_profile(capsys):
    call_command("regulations", "check")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["CZMC/1", "JLU/1", "LCU/1", "NM/1", "XCU/1"]
    assert all(": ok, " in line for line in lines)


def test_the_command_exits_non_zero_on_a_fault(tmp_path, capsys):
    shutil.copytree(loader.PROFILES / "nm", tmp_path / "nm")
    file = tmp_path / "nm" / "rules.yaml"
    file.write_text(file.read_text().replace("predicate: since_at_least", "predicate: since_about"))
    with pytest.raises(SystemExit) as stop:
        call_command("regulations", "check", str(tmp_path / "nm"), str(loader.PROFILES / "xcu"))
    assert stop.value.code == 1
    out = capsys.readouterr().out
    assert "nm: 1 fault(s)" in out
    assert "rules.yaml:" in out
    assert "no predicate «since_about»" in out
    assert "XCU/1: ok" in out


def test_the_guide_names_every_predicate():
    guide = (loader.PROFILES / "README.md").read_text()
    for name in PREDICATES:
        assert name in guide, name
