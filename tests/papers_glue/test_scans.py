"""A stamped scan is read before it is compared: pages, versions, and both papers before the question."""

from __future__ import annotations

import pytest

from casework.models import Step
from core import clock
from core.models import Paper, StampedCopy, TransitionLog
from tests.papers.scanning import final_paper, scanned
from tests.scenarios import house
from tests.scenarios.house import done, fresh, main_of, refused, sent

pytestmark = pytest.mark.django_db
SAME = {"result": "matched", "kept_at": "柜3"}


@pytest.fixture
def school():
    """The partner is asked for its stamped opinion on Annex 1."""
    with clock.travel("2026-03-02T09:00"):
        made = house.xcu_school()
        made.application = house.xcu_submitted(made, house.open_xcu_call(made))
    with clock.travel("2026-03-03T09:00"):
        yield made


def printed(school) -> tuple[Paper, bytes]:
    """The paper that the partner prints: the row, and its pages."""
    paper = Paper.objects.get(case_kind="application", case_id=school.application.pk, voided_at=None, comes_back=True)
    answer = school.contact.get(f"{school.application.get_absolute_url()}papers/{paper.pk}/pdf/")
    return paper, b"".join(answer.streaming_content)


def handed_in(school, scan: bytes) -> Step:
    """The step with the scan that came back, waiting to be compared."""
    answers = {"opinion": "同意共建。", "scan": sent("盖章页.pdf", scan)}
    done(school.contact.step(school.application, "partner_opinion", answers))
    return fresh(school.application).steps().get(key="partner_opinion")


def compared(school, step, **answers):
    return school.office.do(school.application, "match_scan", SAME | answers, step=step.pk)


def comparison(school, step) -> str:
    """Where the button 核对盖章件 leads: the page with both papers."""
    asked = school.office.get(f"{school.application.get_absolute_url()}do/match_scan/", step=step.pk)
    assert asked.status_code == 302 and "/papers/" in asked["Location"]
    return main_of(school.office.get(asked["Location"]))


def test_the_paper_itself_is_matched_without_a_word(school):
    _paper, content = printed(school)
    step = handed_in(school, scanned(content))
    shown = comparison(school, step)
    assert "扫描件与定稿不符" not in shown and "iframe" in shown
    done(compared(school, step))
    assert StampedCopy.objects.get().state == "matched"


def test_missing_pages_are_said_before_the_question(school):
    paper, content = printed(school)
    step = handed_in(school, scanned(content, pages=(0, 1)))
    assert "扫描件共2页，定稿共" in comparison(school, step)
    refused(compared(school, step), "扫描件共2页", "写明理由")
    assert StampedCopy.objects.get().state == "to_match"
    done(compared(school, step, note="其余各页另行邮寄，原件已核。"))
    line = TransitionLog.objects.filter(transition="match_scan").get()
    assert line.facts["scan"]["pages"] == 2 and line.facts["scan"]["code"] == paper.code
    assert line.reason == "其余各页另行邮寄，原件已核。"


def test_pages_of_another_version_are_named(school):
    paper, content = printed(school)
    other = "ABCD-EFGH-JK12"
    step = handed_in(school, scanned(final_paper(other, pages=8)))
    shown = comparison(school, step)
    assert other in shown and paper.code in shown and "扫描件与定稿不符" in shown
    refused(compared(school, step), other, paper.code)
    done(compared(school, step, result="mismatch", note="不是本版本。"))
    assert fresh(step).state == "open"
