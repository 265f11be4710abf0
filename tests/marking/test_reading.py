"""The reading page shows sheets and grading with their clauses, in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from core import clock
from regulations.reading import page
from tests.scenarios import house

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["xcu", "nm", "czmc"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_kinds_of_evaluation_are_shown(code, language):
    version = house.published(code)
    with override(language):
        built = page(version, None, clock.today())
    assert [len(block.rows) > 4 and bool(block.grading) for block in built.evaluations] == [True] * len(
        version.profile.evaluations
    )


def test_the_sheet_stands_on_the_page(client):
    version = house.published("xcu")
    built = page(version, None, clock.today())
    (sheet,) = built.sheets
    assert sheet.label == "西昌学院研究生联合培养基地建设评价标准（附件4）" and "满分100分" in sheet.values
    by_label = {part.label: part for part in sheet.parts}
    assert by_label["D"].values == ["35分"] and by_label["D3"].values == ["5分"] and by_label["E"].values == ["5分"]
    assert [article.clause for article in by_label["D3"].articles] == ["XCU-A4.D3"]
    triennial = next(block for block in built.evaluations if block.title == "三年考核")
    said = " ".join(value for row in triennial.grading for value in row.values)
    assert "85分起" in said and "舍去尾数" in said
