"""The record types of a base: what is left empty is named with its clause; who enters and who settles what."""

from __future__ import annotations

import pytest

from tests.profiles.samples import faults, profile, record_form, seen, with_, with_cell

WHOLE = {
    "committee": {
        "established_on": "2026-05-26",
        "members": [{"name": "马吉宁", "party": "partner", "post": "站长"}],
    },
    "committee_issue": {"issue": "实验用房调整。", "decision": "另行安排一间。"},
    "working_group": {
        "established_on": "2026-05-26",
        "members": [{"name": "马吉宁", "party": "partner", "position": "deputy", "post": "科长"}],
        "tasks": ["plans"],
    },
    "major_issue": {"issue": "试验站场地将于年底征用。", "due_on": "2026-09-30"},
    "guidance": {"text": "请加强双导师队伍。"},
    "university_management": {"text": "选派研究生6名。"},
    "partner_management": {"text": "新增工位6个。"},
}
ASKED = [
    ("XCU-9", "committee.established_on"),
    ("XCU-9", "committee.members"),
    *(("XCU-9", f"committee.members.{column}") for column in ("name", "party", "post")),
    ("XCU-9", "committee_issue.issue"),
    ("XCU-9", "committee_issue.decision"),
    ("XCU-10a", "working_group.established_on"),
    ("XCU-10a", "working_group.members"),
    ("XCU-10a", "working_group.tasks"),
    *(("XCU-10a", f"working_group.members.{column}") for column in ("name", "party")),
    *(("XCU-10b", f"working_group.members.{column}") for column in ("position", "post")),
    ("XCU-11.5", "major_issue.issue"),
    ("NM-9", "guidance.text"),
    ("NM-9", "university_management.text"),
    ("NM-9", "partner_management.text"),
]


@pytest.mark.parametrize(
    ("clause", "path"),
    [pytest.param(*one, marks=pytest.mark.clause(one[0]), id="-".join(one)) for one in ASKED],
)
def test_what_is_left_empty_is_named_with_its_clause(clause, path):
    kind, key, *column = path.split(".")
    spec, whole = record_form(clause.split("-")[0].lower(), kind), WHOLE[kind]
    assert faults(spec, whole) == []
    if column:
        blank = with_cell(whole, key, column[0], None)
        assert seen(spec, blank) == [(clause, f"{key}-0-{column[0]}")]
    else:
        assert seen(spec, with_(whole, **{key: None})) == [(clause, key)]


OFFICE, COLLEGE, PARTNER = "university.graduate_office", "college.secretary", "partner.contact"


@pytest.mark.parametrize(
    ("clause", "kind", "authors"),
    [
        pytest.param(*one, marks=pytest.mark.clause(one[0]), id=one[1])
        for one in (
            ("XCU-9", "committee", [OFFICE]),
            ("XCU-9", "committee_issue", [OFFICE]),
            ("XCU-10a", "working_group", [COLLEGE, OFFICE]),
            ("XCU-11.5", "major_issue", [PARTNER, COLLEGE, OFFICE]),
            ("NM-9", "guidance", ["authority.officer"]),
            ("NM-9", "university_management", [OFFICE, COLLEGE]),
            ("NM-9", "partner_management", [PARTNER]),
        )
    ],
)
def test_who_enters_a_record(clause, kind, authors):
    own = profile(clause.split("-")[0].lower()).records[kind]
    assert (own.clause, [f"{one.unit}.{one.role}" for one in own.authors]) == (clause, authors)


@pytest.mark.clause("XCU-9", "XCU-10a")
def test_of_a_body_one_entry_holds_at_a_time():
    records = profile("xcu").records
    assert {key for key, one in records.items() if one.standing} == {
        "committee",
        "working_group",
        "partner_staff",
        "partner_rules",
        "college_rules",
        "joint_plan",
    }


@pytest.mark.clause("XCU-11.5")
def test_a_major_issue_is_the_graduate_offices_to_settle_with_a_resolution():
    matter = profile("xcu").records["major_issue"].matter
    assert (f"{matter.unit}.{matter.role}", matter.due) == (OFFICE, "due_on")
    assert [(one.key, one.required) for one in matter.fields] == [("resolution", True)]
