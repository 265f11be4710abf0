"""S28 (1-3): versions of a regulation, and a provincial recognition beside the school's; over HTTP with the clock set."""

import copy
import datetime as dt

import pytest

from applications.models import Call
from applications.services.starting import plan_call
from bases.models import Agreement, Base, Recognition
from casework.models import Override
from core import clock
from core.models import LedgerEntry, TransitionLog
from regulations import loader, services
from tests.placing import placed
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, sent, text_of, unchanged

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

FOUR_YEARS = ("2028-05-20", "2032-05-19")
FIVE_YEARS = ("2028-05-20", "2033-05-19")


@pytest.fixture
def region():
    with clock.travel("2026-02-01T09:00"):
        return house.nm_region()


@pytest.fixture
def school(region):
    """The region's first university, which has its own regulation for bases of the school."""
    with clock.travel("2026-02-01T09:00"):
        return house.xcu_in(region)


@pytest.fixture
def recognition(school) -> Recognition:
    """S28.1: a base recognised under version 1 on 2026-05-06, its agreement signed on 2026-05-18."""
    with clock.travel("2026-03-01T08:00"):
        call = house.open_xcu_call(school)
    application = house.xcu_approved(school, call)
    house.xcu_signed(school, fresh(application).agreement)
    return Recognition.objects.get(application_id=application.pk)


def second_version(school):
    """Version 2 of the school's regulation, a term of four years by default, in force from 2028-01-01."""
    loaded = loader.load(loader.PROFILES / "xcu")
    content = copy.deepcopy(loaded.source.data)
    content["head"]["version"] = 2
    content["agreement"]["term"]["years"]["value"] = 4
    version = services.RegulationVersion.objects.create(
        regulation=school.version.regulation, number="2", content=loader.canonical(content)
    )
    return services.publish(version, dt.date(2028, 1, 1), by="测试")


def open_call(school, year: int) -> Call:
    """A selection round of a later year, begun and opened on the pages."""
    page = school.office.get("/calls/new/")
    version = services.governing(school.university, "school", clock.today())
    assert page.status_code == 200
    done(
        school.office.client.post(
            "/calls/new/",
            {
                "f-adoption": str(version.pk),
                "f-title": f"{year}年校级基地遴选",
                "f-year": str(year),
                "f-opens_on": f"{year}-02-01",
                "f-opens_time": "08:00",
                "f-closes_on": f"{year}-12-31",
                "f-closes_time": "17:00",
            },
        )
    )
    call = Call.objects.get(university=school.university, year=year)
    done(school.office.do(call, "open"))
    return fresh(call)


def test_the_base_keeps_its_version_and_new_ones_get_the_new(school, recognition):
    """S28.1-2 (RR-10): a renewal of the old base wants five years, a new base four; each refuses the other's term."""
    assert (recognition.state, str(recognition.decided_on), str(recognition.regulation_version)) == (
        "active",
        "2026-05-06",
        "XCU/1",
    )
    with clock.travel("2027-12-20T09:00"):
        second = second_version(school)
        early = open_call(school, 2027)
        assert str(early.regulation_version) == "XCU/1"  # published, but not in force yet
    with clock.travel("2028-03-01T09:00"):
        call = open_call(school, 2028)
        assert call.regulation_version == second
        partner = house.partner("青岐市良种繁育场")
        contact = house.Person(house.factories.member(partner, "contact", house.factories.user("阿依古丽")))
        newcomer = house.replace(school, partner=partner, contact=contact)
        application = house.xcu_draft(newcomer, call, applied_on="2028-03-01")
        agreement = application.agreement
        assert str(application.regulation_version) == str(agreement.regulation_version) == "XCU/2"
        done(school.secretary.fill(agreement, "agreement", house.agreement_answers(agreement, FIVE_YEARS)))
        with unchanged(agreement):
            refused(school.secretary.do(agreement, "submit"), clause="XCU-7.2c")
        done(school.secretary.fill(agreement, "agreement", house.agreement_answers(agreement, FOUR_YEARS)))
        done(school.secretary.do(agreement, "submit"))
    with clock.travel("2028-03-02T09:00"):
        done(school.secretary.client.post(f"/bases/{recognition.pk}/agreement/", {"type": "renewal"}))
        renewal = Agreement.objects.get(type="renewal")
        assert str(renewal.regulation_version) == "XCU/1"
        done(school.secretary.fill(renewal, "agreement", house.agreement_answers(renewal, FOUR_YEARS)))
        with unchanged(renewal):
            refused(school.secretary.do(renewal, "submit"), clause="XCU-7.2c")
        done(school.secretary.fill(renewal, "agreement", house.agreement_answers(renewal, FIVE_YEARS)))
        done(school.secretary.do(renewal, "submit"))
        assert "/regulations/XCU/1/" in text_of(school.secretary.page(recognition))
    recognition = fresh(recognition)
    assert (recognition.state, str(recognition.regulation_version)) == ("active", "XCU/1")


# --- The province beside the school ---------------------------------------------------------------------------------


def provincial_call(region, year: int) -> Call:
    """The department's call of a year, with three places for each university."""
    call = plan_call(
        region.officer.membership,
        version=region.version,
        title=f"{year}年岚江省研究生联合培养基地申报",
        year=year,
        opens_at=clock.aware(f"{year}-03-01T00:00"),
        closes_at=clock.aware(f"{year}-05-31T23:59:59"),
    )
    done(region.officer.do(call, "open"))
    done(region.officer.do(call, "set_quota", {"organisation": str(region.university.pk), "number": "3"}))
    return fresh(call)


def reviewed(region, call):
    """A provincial application handed in, its six aspects reviewed."""
    application = house.nm_draft(region, call)
    done(region.secretary.do(application, "submit"))
    done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
    return fresh(application)


def listed(region, call, application):
    """Try to put the application on the university's recommended list; the list and the answer."""
    case_list = house.CaseList.objects.filter(context_id=call.pk).first() or house.recommended_list(region, call)
    return case_list, region.office.do(case_list, "add_member", {"case": f"application-{application.pk}"})


@pytest.mark.clause("XCU-4d")
@pytest.mark.parametrize("standing", [None, "pending", "ended", "active"])
def test_the_school_puts_forward_its_own_bases(region, school, standing):
    """The province's call knows no such rule; the recommending university's own regulation does."""
    if standing:
        base = Base.objects.create(
            number="JD-2026-0100",
            name="试验站基地",
            university=region.university,
            college=region.college,
            partner=region.partner,
        )
        placed(
            Recognition,
            standing,
            number="RD-2026-0100",
            title="校级基地",
            base=base,
            regulation_version=school.version,
            level="school",
            university=region.university,
            college=region.college,
            partner=region.partner,
            decided_on=dt.date(2026, 5, 6),
        )
    with clock.travel("2029-03-02T09:00"):
        call = provincial_call(region, 2029)
        application = reviewed(region, call)
        case_list, answer = listed(region, call, application)
        if standing == "active":
            done(answer)
            return
        refused(answer, "该基地没有在建的校级认定", "《西昌学院基地管理办法》第四条", clause="XCU-4d")
        assert not case_list.members().exists()


@pytest.mark.clause("XCU-4d")
def test_the_office_lets_another_base_be_put_forward(region, school):
    """Asked for by the college with a reason; refused it stays refused, granted by the office it passes."""
    with clock.travel("2029-03-02T09:00"):
        call = provincial_call(region, 2029)
        application = reviewed(region, call)
        first = house.asked_for(
            region.secretary, application, "provincial_from_school", "省级重点单位，拟同时申报校级。"
        )
        assert (first.regulation_version, first.gate, first.clause) == (
            school.version,
            "application.recommend",
            "XCU-4d",
        )
        with unchanged(first):
            assert region.secretary.do(first, "grant", {"reason": "同意。"}).status_code in (403, 404)
        done(region.office.do(first, "refuse", {"reason": "请先申报校级。"}))
        case_list, answer = listed(region, call, application)
        refused(answer, clause="XCU-4d")
        second = house.asked_for(
            region.secretary, application, "provincial_from_school", "学校已同意列入下批校级基地。"
        )
        with unchanged(second):
            refused(region.office.do(second, "grant", {"reason": ""}))
        done(region.office.do(second, "grant", {"reason": "经研究同意推荐。"}))
        case_list, answer = listed(region, call, application)
        done(answer)
    granted = Override.objects.get(state="granted")
    assert (granted.decided_by, granted.decision_reason) == ("温以宁", "经研究同意推荐。")


def test_a_university_without_rules_of_its_own_recommends_freely(region):
    with clock.travel("2029-03-02T09:00"):
        call = provincial_call(region, 2029)
        done(listed(region, call, reviewed(region, call))[1])


def test_an_exception_holds_in_its_own_regulation_only(region, school):
    """A rule of the same key in another regulation is not let pass with it."""
    with clock.travel("2029-03-02T09:00"):
        application = house.nm_draft(region, provincial_call(region, 2029))
        placed(
            Override,
            "granted",
            number="LW-2029-0100",
            title="例外",
            regulation_version=region.version,
            subject_kind="application",
            subject_id=application.pk,
            subject_title="试",
            rule="provincial_from_school",
            gate="application.recommend",
            clause="NM-6b",
            message="试",
            reason="试",
            requested_by="试",
            requester=region.college,
            role="graduate_office",
            unit=region.university,
        )
        assert application.overrides() == {"provincial_from_school"}
        assert application.overrides(school.version) == set()
        done(region.secretary.do(application, "submit"))
        done(region.office.step(application, "six_aspects", house.SIX_ASPECTS))
        refused(listed(region, fresh(application).call, application)[1], clause="XCU-4d")


PROVINCE_ASKS = ["government", "enterprise", "public_institution", "research_institute", "social_organisation"]


@pytest.mark.clause("XCU-31c")
@pytest.mark.parametrize(
    ("school_asks", "differs"), [(["enterprise"], True), ([*PROVINCE_ASKS, "individual"], True), (PROVINCE_ASKS, False)]
)
def test_the_higher_figure_holds_and_the_conflict_is_kept(region, school, school_asks, differs):
    """The school wants an enterprise for a partner (or takes individuals too), the province one of five kinds: one of
    them is enough for the province's list, and the entry says which article gave way to which. Where both name the same
    kinds there is nothing to say."""
    with clock.travel("2028-12-20T09:00"):
        loaded = loader.load(loader.PROFILES / "xcu")
        content = copy.deepcopy(loaded.source.data)
        content["head"]["version"] = 2
        content["rules"] = [rule for rule in content["rules"] if rule["key"] != "provincial_from_school"] + [
            {
                "key": "kinds",
                "gate": "application.recommend",
                "local": True,
                "predicate": "one_of",
                "params": {"fact": "partner.kind", "values": school_asks},
                "when": {"fact": "application.level", "equals": "provincial"},
                "title": {"zh": "合作单位性质"},
            }
        ]
        second = services.RegulationVersion.objects.create(
            regulation=school.version.regulation, number="2", content=loader.canonical(content)
        )
        services.publish(second, dt.date(2029, 1, 1), by="测试")
    with clock.travel("2029-03-02T09:00"):
        call = provincial_call(region, 2029)
        application = reviewed(region, call)
        case_list, answer = listed(region, call, application)
        done(answer)
        kept = [one for one in added(case_list).facts["findings"] if one["clause"] == "XCU-31c"]
        if not differs:
            assert kept == []
            return
        (entry,) = kept
        assert entry["strength"] == "info"
        assert entry["facts"] == {
            "conflict": ["XCU kinds", "NM partner_kind"],
            "lower": "、".join(school_asks),
            "higher": "、".join(PROVINCE_ASKS),
        }
        assert "《内蒙古基地管理办法》第七条（二）" in entry["message"]
        other = house.nm_draft(region, call, name="另一基地")
        type(region.partner).objects.filter(pk=region.partner.pk).update(partner_kind="individual")
        with unchanged(other):
            refused(region.secretary.do(other, "submit"), clause="NM-7.2a")


def added(case_list) -> TransitionLog:
    return TransitionLog.objects.get(case_kind="list", case_id=case_list.pk, transition="add_member")


def test_two_recognitions_side_by_side(region, school, recognition):
    """S28.3 (RR-11): the school's recognition and the province's live on, each under its own regulation: what the
    province's rules lead to (period, revised agreement, national candidate) touches the school's in nothing. The
    evaluation of a provincial base comes with the room of evaluations."""
    with clock.travel("2029-05-06T09:00"):
        call = provincial_call(region, 2029)
        application = reviewed(region, call)
        case_list, answer = listed(region, call, application)
        done(answer)
        done(region.office.do(case_list, "publicise", house.notice_answers("2029-05-07")))
    with clock.travel("2029-05-20T09:00"):
        done(region.office.do(case_list, "send"))
    reviewer = house.expert(region.department, "钟离靖")
    with clock.travel("2029-06-10T09:00"):
        done(
            region.officer.do(
                application,
                "assign_expert",
                {"expert": str(reviewer.membership.pk), "closes_on": "2029-07-05"},
                step="expert_review",
            )
        )
        assignment = fresh(application).steps().get(key="expert_review").assignments.get()
        done(reviewer.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(reviewer.do(application, "give_opinion", house.OPINION, step=assignment.pk))
        done(region.officer.step(application, "expert_review", {"opinion": "专家一致同意。"}))
        preliminary = house.department_list(region, call, "preliminary")
        done(region.officer.do(preliminary, "add_member", {"case": f"application-{application.pk}"}))
        done(region.officer.do(preliminary, "fix_list"))
    with clock.travel("2029-07-20T09:00"):
        done(
            region.officer.step(
                application,
                "deliberation",
                {**house.meeting("厅党组会", "2029年第8次", "2029-07-18"), **house.DELIBERATION},
            )
        )
        final = house.department_list(region, call, "recognition")
        done(region.officer.do(final, "add_member", {"case": f"application-{application.pk}"}))
        done(region.officer.do(final, "publicise", house.notice_answers("2029-07-21")))
    with clock.travel("2029-09-12T09:00"):
        done(
            region.officer.do(
                final,
                "publish",
                {"number": "岚教研函〔2029〕18号", "published_on": "2029-09-10", "file": [sent("文件.pdf")]},
            )
        )
    provincial = Recognition.objects.get(level="provincial")
    own = fresh(recognition)
    assert provincial.base == own.base and Base.objects.count() == 1
    assert [(one.level, one.state, str(one.regulation_version)) for one in (own, provincial)] == [
        ("school", "active", "XCU/1"),
        ("provincial", "active", "NM/1"),
    ]
    assert (str(provincial.starts_on), str(provincial.ends_on)) == ("2029-09-10", "2032-09-09")
    assert own.ends_on is None and own.title != provincial.title
    with clock.travel("2029-10-01T09:00"):
        page = text_of(region.secretary.page(own))
        assert provincial.number in page or provincial.get_absolute_url() in page
        # What one regulation knows does not leak into the other: the school's bodies and plaque, the province's marks.
        with unchanged(provincial):
            answer = region.office.do(
                provincial, "enter_record", house.body("committee", house.COMMITTEE), type="committee"
            )
            refused(answer)
            assert (
                region.office.do(
                    provincial,
                    "issue_plaque",
                    {"issued_on": "2029-10-01", "recipient": "站长", "photo": [sent("授牌.pdf")]},
                ).status_code
                == 422
            )
        done(region.office.do(own, "enter_record", house.body("committee", house.COMMITTEE), type="committee"))
        done(
            region.office.do(
                own, "issue_plaque", {"issued_on": "2029-10-01", "recipient": "站长", "photo": [sent("授牌.pdf")]}
            )
        )
        assert region.officer.page(provincial).status_code == 200
        assert region.officer.page(own).status_code == 404
        untouched = fresh(own).version
        done(region.officer.do(provincial, "mark_candidate", {"candidate": "yes", "reason": "条件突出"}))
        assert region.officer.do(own, "mark_candidate", {"candidate": "yes", "reason": "x"}).status_code == 404
        assert fresh(own).version == untouched
    owed = LedgerEntry.objects.filter(key__regex=rf"^(construction|revise):({own.pk}|{provincial.pk})$")
    assert {(one.key, one.clause) for one in owed} == {
        (f"construction:{provincial.pk}", "NM-12a"),
        (f"revise:{provincial.pk}", "NM-10a"),
    }
    assert (fresh(own).plaque_on, fresh(provincial).plaque_on) == (dt.date(2029, 10, 1), None)
