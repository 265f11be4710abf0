"""Whatever stands in a request: nothing raises, nothing harmful is stored, and what is stored stays as it is."""

from __future__ import annotations

import json

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from core.forms.clean import clean
from core.forms.completeness import completeness
from core.forms.plain import plain_id, plain_json, plain_text, read_autosave
from core.forms.post import from_post
from core.forms.reading import differences, reading
from core.forms.render import rendered
from core.forms.store import content_hash
from tests.forms import sample

SPEC = sample.spec()
HOUSE = sample.House()
KEYS = sorted([*SPEC.index, "kind_other", "methods_other", "unknown"])

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=60),
    st.sampled_from(
        [
            "²",
            "１２",
            "\ud800",
            "\x00",
            "NaN",
            "-0",
            "1e9",
            "true",
            "on",
            "9" * 400,
            "2027-03-01",
            "__proto__",
        ]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
ROWS = st.lists(
    st.dictionaries(st.sampled_from(["name", "bought", "price", "use", "period", "category", "tags"]), VALUES),
    max_size=4,
)
RAW = st.dictionaries(st.sampled_from(KEYS), VALUES | ROWS, max_size=12)


@settings(max_examples=300, deadline=None)
@given(RAW)
def test_nothing_raises_and_cleaning_twice_changes_nothing(raw):
    for draft in (True, False):
        answers, findings = clean(SPEC, raw, draft=draft, resolver=HOUSE)
        assert set(answers) <= set(KEYS) - {"unknown", "why", "seal"}
        assert clean(SPEC, answers, draft=draft, resolver=HOUSE)[0] == answers
        assert json.loads(json.dumps(answers)) == answers
        content_hash(answers)
        assert not findings or not draft
        for finding in findings:
            json.dumps(finding.as_dict(), allow_nan=False).encode()


@settings(max_examples=100, deadline=None)
@given(RAW)
def test_whatever_is_stored_can_be_shown(raw):
    reading(SPEC, raw, HOUSE)
    completeness(SPEC, raw, HOUSE)
    rendered(SPEC, raw, findings=clean(SPEC, raw, resolver=HOUSE)[1], resolver=HOUSE)
    assert differences(SPEC, raw, raw, HOUSE) == []


@pytest.mark.parametrize("raw", [None, [], "text", 3, True, float("nan"), {"a": object}])
def test_what_is_no_mapping_is_an_empty_form(raw):
    assert clean(SPEC, raw)[0] == {}


def test_marks_that_databases_refuse_or_that_mislead_are_dropped():
    text = "甲\x00乙\ud800丙\u202e丁\x9f戊\uffff\r\n己"
    assert plain_text(text) == "甲乙丙丁戊\n己"
    assert plain_json({"a\x00": ["x\ud800", {"b": "\x00"}, 1, None, True]}) == {"a": ["x", {"b": ""}, 1, None, True]}
    assert len(plain_text("a" * 10**6)) == 10**6


def test_figures_of_thousands_of_digits():
    huge = 10**5000
    answers, findings = clean(
        SPEC, {"staff": huge, "projects": huge, "base_name": huge, "proof": [huge], "partner": huge}
    )
    assert {"staff", "projects", "partner"} <= {finding.field for finding in findings}
    assert "proof" not in answers


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (7, 7),
        ("7", 7),
        (" 7 ", 7),
        (7.0, 7),
        ("²", None),
        ("７", 7),
        (True, None),
        (0, None),
        (-1, None),
        (1.5, None),
        ("1" * 19, None),
        (None, None),
    ],
)
def test_ids(value, wanted):
    assert plain_id(value) == wanted


GOOD_BODY = {"revision": 3, "answers": {"a": 1}}


def test_a_good_autosave():
    assert read_autosave(json.dumps(GOOD_BODY).encode()) == ({"a": 1}, 3)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{}",
        b'{"answers": {}}',
        b'{"revision": 1}',
        b'{"revision": 1, "answers": []}',
        b'{"revision": "1", "answers": {}}',
        b'{"revision": true, "answers": {}}',
        b'{"revision": -1, "answers": {}}',
        b'{"revision": 9999999999999, "answers": {}}',
        b'{"revision": NaN, "answers": {}}',
        b"[" * 100_000,
        b'{"answers":' * 50_000,
        b'{"revision": ' + b"9" * 5000 + b', "answers": {}}',
        b" " * 2_000_001,
    ],
    ids=range(18),
)
def test_a_bad_autosave_is_an_error_in_value(body):
    with pytest.raises(ValueError):
        read_autosave(body)


NAMES = st.sampled_from(
    [
        "f-base_name",
        "f-equipment-0-name",
        "f-equipment-²-name",
        "f-equipment-99999-name",
        "f-equipment--1-name",
        "f-equipment-1",
        "f-equipment-",
        "f-term-from",
        "f-rules-mentors",
        "f-proof",
        "f-methods",
        "f-methods_other",
        "add-row",
        "remove-row",
        "f-",
        "f-students-3-period-from",
        "f-students-3-tags",
        "f-students-3-kind_other",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NAMES, st.text(max_size=20)), max_size=20))
def test_any_form_that_is_posted_can_be_read(pairs):
    data = QueryDict(mutable=True)
    for name, value in pairs:
        data.appendlist(name, value)
    clean(SPEC, from_post(SPEC, data), resolver=HOUSE)
