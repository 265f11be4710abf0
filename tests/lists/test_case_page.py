"""The case page: the same number of queries however much has happened to the case, and no more than declared."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.models import Assignment, CaseList, ListEntry, Override, Step
from core.door import record_event
from core.forms import store
from tests.lists import rows
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

# Log-in, person, memberships and unread messages are four of them.
MOST = {"officer": 24, "office": 23, "secretary": 24}


def happen(region, call, application, many: int) -> None:
    """Steps open and done, experts, scans, files, exceptions, lists and lines of the log, `many` more of each."""
    panel = Step.objects.get(case_kind="application", case_id=application.pk, kind="panel")
    for _ in range(many):
        for state, scan in (("open", ""), ("done", "to_match")):
            unit = factories.university(region.department)  # one row of a step for each unit
            rows.step(application, unit, "graduate_office", key=panel.key, state=state, scan=scan)
        rows.stamped("application", application)
        expert = factories.member(region.department, "expert")
        Assignment.objects.create(
            step=panel,
            case_kind="application",
            case_id=application.pk,
            case_title=application.title,
            expert=expert.user,
            membership=expert,
            state="submitted",
            opens_on=rows.DAY,
            closes_on=rows.DAY,
            assigned_by="邵怀瑾",
        )
        record_event(application, "note", "记事", expert)
    Override.objects.filter(pk__in=[one.pk for one in rows.overrides(region, many)]).update(subject_id=application.pk)
    for case_list in CaseList.objects.filter(pk__in=[one.pk for one in rows.case_lists(region, call, many)]):
        ListEntry.objects.create(
            case_list=case_list, case_kind="application", case_id=application.pk, case_title="项目", rank=9
        )


@pytest.mark.parametrize("who", MOST)
def test_same_queries_however_much_has_happened(region, who):
    call = rows.calls(region, 1)[0]
    application = rows.applications(region, call, 2)[1]  # the second is the region's college's own
    reader, counted, shown = getattr(region, who), [], []
    for many in (1, 6):
        happen(region, call, application, many)
        reader.get(application.get_absolute_url())  # what is kept for the process: the profile, content types
        with CaptureQueriesContext(connection) as seen:
            answer = reader.get(application.get_absolute_url())
        assert answer.status_code == 200
        page = answer.context["page"]
        shown.append((len(page.progress), len(page.current), len(page.documents), len(page.papers), len(page.log)))
        counted.append(len(seen))
    assert all(after > before for before, after in zip(*shown, strict=True)), shown
    queries = [query["sql"][:150] for query in seen.captured_queries]
    assert counted[0] == counted[1] <= MOST[who], (counted, queries)


def content(reader, case) -> str:
    """The dossier as the case page shows it."""
    page = reader.page(case).content.decode()
    return page[page.index('id="content"') : page.index('id="log"')]


def test_drawn_answers_are_kept_only_as_long_as_they_stand(region):
    first, second = rows.applications(region, rows.calls(region, 1)[0], 2)
    officer = region.officer
    for case, words in ((first, "旧的写法"), (second, "另一件的写法")):
        store.save(case, "application", case.round, {"base_name": words}, 0, officer.membership)
    for _ in range(2):  # drawn, and what was kept of it
        assert "旧的写法" in content(officer, first)
        assert "另一件的写法" in content(officer, second)
        assert "旧的写法" not in content(officer, second)
    store.save(first, "application", first.round, {"base_name": "新的写法"}, 1, officer.membership)
    assert "新的写法" in content(officer, first)
    assert "旧的写法" not in content(officer, first)


def test_drawn_answers_are_kept_for_each_language(region):
    application = rows.applications(region, rows.calls(region, 1)[0], 1)[0]
    answers = {"base_name": "基地", "cooperation_start": "2020-03-01"}
    store.save(application, "application", 1, answers, 0, region.officer.membership)
    assert "2020年3月1日" in content(region.officer, application)
    region.officer.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "2020年3月1日" not in content(region.officer, application)
    region.officer.client.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    assert "2020年3月1日" in content(region.officer, application)
