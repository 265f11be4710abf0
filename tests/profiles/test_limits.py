"""How long a text may be in each field that a clause asks for, at both sides: figures of the house, none of a regulation
but Annex 1's 500 (tests/profiles/test_annex1.py). What a row itself demands is checked beside these."""

from __future__ import annotations

import pytest

from tests.profiles.samples import form, seen, text

NM = {
    "application": {
        "base_name": (60, "NM-8.1"),
        "programme": (60, "NM-8.1"),
        "degree_category_name": (40, "NM-7.1a"),
        "degree_field": (40, "NM-7.1a"),
        "industry_fit": (3000, "NM-7.1b"),
        "capacity_statement": (3000, "NM-7.2c"),
        "agreement_reference": (80, "NM-7.3b"),
        "investments.note": (100, "NM-7.3c"),
        "trained_students.student_no": (30, "NM-7.3d"),
        "quality_statement": (2000, "NM-7.3e"),
        "repute_statement": (2000, "NM-7.3e"),
    },
    "six_aspects": {
        key: (1000, "NM-8.2a")
        for key in (
            "layout",
            "category",
            "partner_unit",
            "reasons",
            "results",
            "prospects",
            "training_role",
            "other_aspects",
        )
    },
    "expert_opinion": {"text": (2000, "NM-8.3")},
    "deliberation": {"deliberation_summary": (2000, "NM-8.4a"), "deliberation_note": (200, "NM-8.4a")},
    "agreement": {key: (2000, "NM-10b") for key in ("duties_university", "duties_partner", "other_matters")},
}
XCU = {
    "annex1": {
        "base_name": (60, "XCU-A1.C1"),
        "partner_name": (60, "XCU-A1.III.1"),
        "partner_address": (100, "XCU-A1.III.2"),
        "partner_fields": (200, "XCU-A1.III.5"),
        "cond_5_0": (200, "XCU-A1.III.11"),
        **{f"cond_5_{number}": (1500, "XCU-A1.III.11") for number in range(1, 8)},
        "construction_content": (3000, "XCU-7.1a"),
        "construction_basis": (3000, "XCU-7.1a"),
        "expected_goals": (3000, "XCU-7.1a"),
        "hallmark_results": (3000, "XCU-7.1a"),
        "joint_potential": (200, "XCU-5.4"),
        "fund_source": (200, "XCU-5.7"),
        "rd_platforms.name": (60, "XCU-6.2"),
        "senior_staff.post": (40, "XCU-5.3"),
        "senior_staff.speciality": (40, "XCU-5.3"),
        "disciplines.name": (40, "XCU-A1.II.1"),
        "result_items.title": (80, "XCU-A1.II.16"),
        "result_items.kind": (20, "XCU-A1.II.16"),
        "evidence.reference": (120, "XCU-A1.N2"),
        "equipment.name": (60, "XCU-A1.IV.1"),
        "equipment.model": (80, "XCU-A1.IV.2"),
    },
    "expert_opinion": {"text": (2000, "XCU-7.3a")},
    "site_visit": {
        "place": (100, "XCU-7.3a"),
        "visitors": (200, "XCU-7.3a"),
        "findings": (2000, "XCU-7.3a"),
        "safety_qualification_note": (200, "XCU-7.3b"),
        "emergency_plan_note": (200, "XCU-7.3b"),
    },
    "review_opinion": {"review_text": (2000, "XCU-7.3a")},
}


@pytest.mark.parametrize(
    ("code", "name", "path", "clause", "most"),
    [
        pytest.param(code, name, path, clause, most, marks=pytest.mark.clause(clause), id=f"{name}.{path}-{clause}")
        for code, forms in (("nm", NM), ("xcu", XCU))
        for name, fields in forms.items()
        for path, (most, clause) in fields.items()
    ],
)
def test_a_text_has_at_most_so_many_characters(code, name, path, clause, most):
    table, _, column = path.rpartition(".")
    place = f"{table}-0-{column}" if table else path

    def found(characters: int) -> list[str]:
        given = text(characters)
        answers = {table: [{column: given}]} if table else {path: given}
        return [clause for clause, field in seen(form(code, name), answers) if field == place]

    assert found(most) == []
    assert found(most + 1) == [clause]
