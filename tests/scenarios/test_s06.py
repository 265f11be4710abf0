"""S06: NM's conditions at the edge, over HTTP with the clock set; both sides of every bound."""

import copy

import pytest

from bases.services import draft_agreement
from casework.models import Override
from core import clock
from tenants.models import Organisation
from tests.profiles import samples
from tests.scenarios import house
from tests.scenarios.house import done, findings_of, fresh, refused, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

ON = "2027-03-01T09:00"


@pytest.fixture
def region():
    with clock.travel("2027-03-01T08:00"):
        return house.nm_region()


@pytest.fixture
def call(region):
    with clock.travel("2027-03-01T08:00"):
        return house.open_nm_call(region)


def outcome(region, call, clause: str, accepted: bool, agreement: str | None = "2025-04-01", **changes):
    """Hand in an application with the changes: refused naming the clause and changing nothing, or accepted."""
    with clock.travel(ON):
        application = house.nm_draft(region, call, agreement=agreement, **changes)
        if accepted:
            done(region.secretary.do(application, "submit"))
            assert fresh(application).state == "recommending"
            return application
        with unchanged(application):
            refused(region.secretary.do(application, "submit"), clause=clause)
        return application


@pytest.mark.clause("NM-7.3a")
@pytest.mark.parametrize(("since", "accepted"), [("2025-03-02", False), ("2025-03-01", True)])
def test_two_years_of_cooperation(region, call, since, accepted):
    """The second anniversary is reached on the day of submission itself (RR-2), not one day before."""
    outcome(region, call, "NM-7.3a", accepted, cooperation_start=since)


@pytest.mark.clause("NM-7.3d")
@pytest.mark.parametrize(("number", "accepted"), [(4, False), (5, True)])
def test_five_trained_students(region, call, number, accepted):
    rows = copy.deepcopy(samples.NM_APPLICATION["trained_students"])[:number]
    outcome(region, call, "NM-7.3d", accepted, trained_students=rows)


@pytest.mark.clause("NM-7.3d")
@pytest.mark.parametrize("column", ["category", "student_no"])
def test_only_students_of_this_category_count_once(region, call, column):
    """A student of another category, or one listed twice, is not a fifth."""
    rows = copy.deepcopy(samples.NM_APPLICATION["trained_students"])[:5]
    rows[4][column] = "0854" if column == "category" else rows[3]["student_no"]
    outcome(region, call, "NM-7.3d", False, trained_students=rows)


@pytest.mark.clause("NM-7.3c")
@pytest.mark.parametrize(("partner", "accepted"), [("0", False), ("120000", True)])
def test_both_sides_put_something_in(region, call, partner, accepted):
    rows = copy.deepcopy(samples.NM_APPLICATION["investments"])
    rows[1]["amount"] = partner
    outcome(region, call, "NM-7.3c", accepted, investments=rows)


@pytest.mark.clause("NM-7.3c")
def test_the_university_puts_something_in_too(region, call):
    rows = copy.deepcopy(samples.NM_APPLICATION["investments"])
    rows[0]["amount"] = "0"
    outcome(region, call, "NM-7.3c", False, investments=rows)


@pytest.mark.clause("NM-7.3b")
def test_an_agreement_is_signed_before(region, call):
    """No agreement, or one that is only drafted: refused; one signed on the day itself: accepted."""
    application = outcome(region, call, "NM-7.3b", False, agreement=None)
    with clock.travel(ON):
        draft_agreement(
            region.secretary.membership,
            university=region.university,
            college=region.college,
            partner=region.partner,
            version=region.version,
            application=application,
        )
        with unchanged(application):
            refused(region.secretary.do(application, "submit"), clause="NM-7.3b")
        house.recorded_agreement(region.secretary, region.partner, region.version, "2027-03-01", fresh(application))
        done(region.secretary.do(application, "submit"))


@pytest.mark.clause("NM-7.2b")
def test_a_second_partner_needs_the_department_and_the_draft_stays_hidden(region, call):
    """Blocked; the department lets it pass on the request alone: the draft itself answers it 404."""
    with clock.travel(ON):
        application = house.nm_draft(region, call)
        second = house.partner("云衡软件", "enterprise")
        answers = {"partner": str(second.pk), "reason": "两单位同属一个产业链，共同承担实践。"}
        with unchanged(application):
            refused(region.secretary.do(application, "add_partner", answers), clause="NM-7.2b")
        done(region.secretary.do(application, "request_partner", {**answers, "reason": "确需两家单位共同建设。"}))
        override = Override.objects.get()
        assert region.officer.page(application).status_code == 404
        page = region.officer.page(override)
        assert page.status_code == 200 and override.reason in page.content.decode()
        assert region.office.do(override, "grant", {"reason": "同意"}).status_code == 403
        done(region.officer.do(override, "grant", {"reason": "理由充分，同意。"}))
        done(region.secretary.do(application, "add_partner", answers))
        assert region.officer.page(application).status_code == 404
        done(region.secretary.do(application, "submit"))


@pytest.mark.clause("NM-7.2b")
def test_a_refused_exception_lets_nothing_pass(region, call):
    with clock.travel(ON):
        application = house.nm_draft(region, call)
        second = house.partner("云衡软件", "enterprise")
        answers = {"partner": str(second.pk), "reason": "确需两家单位共同建设。"}
        done(region.secretary.do(application, "request_partner", answers))
        done(region.officer.do(Override.objects.get(), "refuse", {"reason": "一个基地依托一个单位。"}))
        with unchanged(application):
            refused(region.secretary.do(application, "add_partner", answers), clause="NM-7.2b")


@pytest.mark.clause("NM-7.2b")
def test_two_partners_that_came_in_one_by_one(region, call):
    """A further partner before the main one is named is the first; with the main one there are two: refused at the end."""
    with clock.travel(ON):
        application = house.nm_draft(region, call, partner=None)
        second = house.partner("云衡软件", "enterprise")
        answers = {"partner": str(second.pk), "reason": "确需两家单位共同建设。"}
        done(region.secretary.do(application, "add_partner", answers))
        done(region.secretary.fill(application, "application", house.nm_answers(region)))
        with unchanged(application):
            refused(region.secretary.do(application, "submit"), "2", clause="NM-7.2b")
        override = house.asked_for(region.secretary, application, "one_partner", "两家单位同属一个产业链。")
        done(region.officer.do(override, "grant", {"reason": "理由充分，同意。"}))
        done(region.secretary.do(application, "submit"))


@pytest.mark.clause("NM-7.2a")
@pytest.mark.parametrize("kind", ["individual", "enterprise"])
def test_a_further_partner_is_of_the_five_kinds_too(region, call, kind):
    """The department's exception lets a second partner in, not one of another kind."""
    with clock.travel(ON):
        application = house.nm_draft(region, call)
        eligible = house.partner("云衡软件", "enterprise")
        reason = "确需两家单位共同建设。"
        done(region.secretary.do(application, "request_partner", {"partner": str(eligible.pk), "reason": reason}))
        done(region.officer.do(Override.objects.get(), "grant", {"reason": "同意。"}))
        second = house.partner("某某", kind)
        answer = region.secretary.do(application, "add_partner", {"partner": str(second.pk), "reason": reason})
        if kind == "enterprise":
            done(answer)
        else:
            refused(answer, "个人", clause="NM-7.2a")


@pytest.mark.clause("NM-7.2a")
@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        ("individual", False),
        ("government", True),
        ("enterprise", True),
        ("public_institution", True),
        ("research_institute", True),
        ("social_organisation", True),
    ],
)
def test_kinds_of_partner(region, call, kind, accepted):
    Organisation.objects.filter(pk=region.partner.pk).update(partner_kind=kind)
    region.partner.refresh_from_db()
    outcome(region, call, "NM-7.2a", accepted, **({"partner_kind": kind} if accepted else {}))


@pytest.mark.clause("NM-7.2c")
def test_credit_evidence(region, call):
    outcome(region, call, "NM-7.2c", False, credit_evidence=None)


@pytest.mark.clause("NM-7.3e")
@pytest.mark.parametrize("blank", ["quality_statement", "repute_statement"])
def test_quality_and_repute(region, call, blank):
    keys = [key for key in samples.NM_APPLICATION if "quality" in key or "repute" in key]
    assert keys
    key = next(key for key in keys if blank.split("_")[0] in key)
    outcome(region, call, "NM-7.3e", False, **{key: ""})


def test_everything_that_is_missing_is_said_at_once(region, call):
    """All findings at once, with their clauses, and nothing typed is lost."""
    with clock.travel(ON):
        application = house.nm_draft(
            region, call, agreement=None, cooperation_start="2026-01-01", industry_fit="", credit_evidence=None
        )
        answer = region.secretary.do(application, "submit")
        assert answer.status_code == 422
        assert {"NM-7.1b", "NM-7.2c", "NM-7.3a", "NM-7.3b"} <= findings_of(answer)
        page = region.secretary.get(f"{application.get_absolute_url()}forms/application/")
        assert "2026-01-01" in page.content.decode()
