"""退回修改: the date for the correction and the parts to be corrected stand on the form before anything is chosen, and the
parts are marked where they are corrected."""

from __future__ import annotations

import pytest

from core import clock
from regulations.checks.references import settings_used
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, text_of, unchanged

pytestmark = pytest.mark.django_db


@pytest.fixture
def region():
    return house.nm_region()


@pytest.fixture
def submitted(region):
    with clock.travel("2027-03-01T09:00"):
        application = house.nm_draft(region, house.open_nm_call(region))
        done(region.secretary.do(application, "submit"))
    return fresh(application)


def form_of(answer) -> dict:
    return {field.spec.key: field for section in answer.context["page"].form.sections for field in section.fields}


def test_what_a_return_asks_for_stands_on_the_form(region, submitted):
    step = submitted.steps().get(key="six_aspects")
    with clock.travel("2027-03-02T09:00"):
        asked = form_of(region.office.get(f"{submitted.get_absolute_url()}do/act_on_step/", step=step.pk))
        assert "退回修改" in asked["correction_due"].when
        assert [choice.code for choice in asked["parts"].choices][:2] == ["application.base", "application.category"]
        back = {"opinion": "请补充合作单位情况。"}
        with unchanged(submitted):
            refused(region.office.step(submitted, "six_aspects", back, "return"), "补正期限")
        given = {**back, "correction_due": "2027-03-20", "parts": ["application.partner"]}
        done(region.office.step(submitted, "six_aspects", given, "return"))
        draft = fresh(submitted)
        assert (draft.state, draft.round, draft.correction_due.isoformat()) == ("draft", 2, "2027-03-20")
        page = text_of(region.secretary.page(draft))
        assert "需修改的部分：" in page
        sections = {part.key: part for part in filled(region, draft)}
        assert sections["partner"].marked and not sections["base"].marked
        assert text_of(region.secretary.get(f"{draft.get_absolute_url()}forms/application/")).count("需修改") == 2
        done(region.secretary.do(draft, "submit"))
        assert "需修改的部分" not in text_of(region.secretary.page(fresh(draft)))


def filled(region, draft):
    answer = region.secretary.get(f"{draft.get_absolute_url()}forms/application/")
    return answer.context["form"].sections


def test_a_return_without_parts_marks_nothing(region, submitted):
    with clock.travel("2027-03-02T09:00"):
        given = {"opinion": "请补充。", "correction_due": "2027-03-20"}
        done(region.office.step(submitted, "six_aspects", given, "return"))
        assert not any(part.marked for part in filled(region, fresh(submitted)))


def test_an_expert_who_handed_in_is_asked_no_more(region, submitted):
    """Promise first, then the dossier; after handing in the sheet may be printed and changed, and is no longer asked for."""
    with clock.travel("2027-05-06T09:00"):
        done(region.office.step(submitted, "six_aspects", house.SIX_ASPECTS))
        listed = house.recommended_list(region, fresh(submitted).call)
        done(region.office.do(listed, "add_member", {"case": f"application-{submitted.pk}"}))
        done(region.office.do(listed, "publicise", house.notice_answers("2027-05-06")))
    with clock.travel("2027-05-20T09:00"):
        done(region.office.do(listed, "send"))
        expert = house.expert(region.department, "钟离靖")
        given = {"expert": str(expert.membership.pk), "closes_on": "2027-07-05"}
        done(region.officer.do(submitted, "assign_expert", given, step="expert_review"))
        assignment = fresh(submitted).steps().get(key="expert_review").assignments.get()
        page = expert.page(submitted).context["page"]
        assert [choice.code for choice in page.choices if choice.primary and choice.allowed] == ["promise"]
        assert not page.forms
        done(expert.do(submitted, "promise", house.PROMISE, step=assignment.pk))
        page = expert.page(submitted).context["page"]
        assert [choice.code for choice in page.choices if choice.primary and choice.allowed] == ["give_opinion"]
        done(expert.do(submitted, "give_opinion", house.OPINION, step=assignment.pk))
        page = expert.page(submitted).context["page"]
        assert not [choice.code for choice in page.choices if choice.primary and choice.allowed]
        assert "give_opinion" in [choice.code for choice in page.choices if choice.allowed]
        assert any("本人已提交" in row.title for row in page.prints)
        assert f"/cases/application/{submitted.pk}/" not in text_of(expert.get("/"))


def test_a_step_words_only_the_outcomes_that_its_kind_has():
    profile = house.published("nm").profile
    step = profile.routes["application"][0]
    assert str(step.verdicts["positive"].zh) == "同意推荐"
    wrong = profile.model_copy(deep=True)
    wrong.routes["application"][0].verdicts["maybe"] = step.verdicts["positive"]
    said = [words for _path, words in settings_used(wrong, {})]
    assert any("has no outcome «maybe» (known: positive, return, negative)" in words for words in said)
    assert not any("outcome" in words for _path, words in settings_used(profile, {}))
