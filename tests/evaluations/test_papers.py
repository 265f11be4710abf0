"""The papers of evaluations and rounds: what they say."""

from __future__ import annotations

import io

import docx
import openpyxl
import pytest

from casework import papers
from core import clock
from core.models import Paper
from tests.evaluations.world import another, build
from tests.papers import pdf
from tests.scenarios.house import text_of
from tests.scenarios.test_s22 import confirmed, scored

pytestmark = pytest.mark.django_db


def words(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in document.paragraphs] + cells)


def test_report_and_opinion():
    world = build("xcu", "2026-05-18", "2031-05-17")
    evaluation = confirmed(world, scored(world, "triennial", "2029-05-18", "85", "86"), "2029-05-20")
    said = {}
    with clock.travel("2029-05-21T09:00"):
        for kind in ("evaluation_opinion", papers.of(evaluation).main()):
            paper = papers.ensure_file(Paper.about(evaluation).get(kind=kind), evaluation)
            said[kind] = "".join(pdf.texts(paper.file.open("rb").read()))
    opinion, report = said["evaluation_opinion"], said["construction_report"]
    for piece in ("考核意见书", "教学医院", "优秀", "85.50", "专家1", "第二十九条", "等次依据"):
        assert piece in opinion, piece
    assert "钟离靖" not in opinion
    assert "基地建设情况自评报告" in report and "三年考核" in report


def test_drafts_of_a_round():
    world = build("xcu", "2026-05-18", "2031-05-17")
    another(world, 2, "2026-06-01")
    evaluation = confirmed(world, scored(world, "benchmark", "2026-12-01", "90"), "2026-12-02")
    in_round = evaluation.in_round
    with clock.travel("2026-12-10T09:00"):
        page = text_of(world.organiser.page(in_round))
        for title in ("关于开展2026年度对标检查工作的通知", "催报函", "结果的通报", "结果汇总表"):
            assert title in page, title
        assert "催报函" not in text_of(world.reporter.page(in_round))
        url = f"{in_round.get_absolute_url()}prints/"
        notice = words(world.organiser.get(f"{url}notice.docx").content)
        assert "2026年12月16日" in notice and "教学医院" in notice and "基地2" in notice
        reminder = words(world.organiser.get(f"{url}reminder.docx").content)
        assert "基地2" in reminder and "教学医院" not in reminder
        results = words(world.organiser.get(f"{url}results.docx").content)
        assert "优秀1个" in results and "教学医院" in results and "基地2" not in results
        sheet = openpyxl.load_workbook(io.BytesIO(world.organiser.get(f"{url}table.xlsx").content)).active
        cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert "优秀" in cells and "教学医院" in cells and any("专家1" in cell for cell in cells)
