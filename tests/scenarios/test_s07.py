"""S07 (1-3): NM's full recognition, and the agreement revised after it. S11: conflicts of interest and isolation."""

import datetime as dt

import pytest

from bases.models import Agreement, Recognition
from bases.services import draft_agreement
from casework.models import Assignment, Effect, Record
from core import clock
from core.door import moves
from core.models import LedgerEntry
from tenants.models import Party
from tests.scenarios import house
from tests.scenarios.house import done, fresh, refused, sent, text_of, unchanged
from tests.tenants import factories

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def region():
    with clock.travel("2027-03-01T09:00"):
        return house.nm_region()


@pytest.fixture
def call(region):
    with clock.travel("2027-03-01T09:00"):
        return house.open_nm_call(region)


def sent_to_department(region, call, number=1):
    """An application handed over to the department on 2027-05-20."""
    secretary, office = (
        (region.secretary, region.office) if number == 1 else (region.other_secretary, region.other_office)
    )
    with clock.travel("2027-05-06T09:00"):
        application = house.nm_draft(region, call, secretary, f"基地{number}")
        done(secretary.do(application, "submit"))
        done(office.step(application, "six_aspects", house.SIX_ASPECTS))
        case_list = house.recommended_list(region, call, office)
        done(office.do(case_list, "add_member", {"case": f"application-{application.pk}"}))
        done(office.do(case_list, "publicise", house.notice_answers("2027-05-10")))
    with clock.travel("2027-05-20T09:00"):
        done(office.do(case_list, "send"))
    return fresh(application)


def assigned(region, application, expert, closes="2027-07-05"):
    with clock.travel("2027-06-10T09:00"):
        done(
            region.officer.do(
                application,
                "assign_expert",
                {"expert": str(expert.membership.pk), "closes_on": closes},
                step="expert_review",
            )
        )
    return Assignment.objects.get(expert=expert.membership.user, case_id=application.pk)


def to_deliberation(region, call, application):
    expert = house.expert(region.department, "钟离靖")
    assignment = assigned(region, application, expert)
    with clock.travel("2027-06-20T09:00"):
        done(expert.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(expert.do(application, "give_opinion", house.OPINION, step=assignment.pk))
    with clock.travel("2027-07-05T09:00"):
        done(region.officer.step(application, "expert_review", {"opinion": "一致同意。"}))
        preliminary = house.department_list(region, call, "preliminary")
        done(region.officer.do(preliminary, "add_member", {"case": f"application-{application.pk}"}))
        done(region.officer.do(preliminary, "fix_list"))


def recognised(region, call, **more) -> Recognition:
    application = sent_to_department(region, call)
    to_deliberation(region, call, application)
    with clock.travel("2027-07-20T09:00"):
        done(
            region.officer.step(
                application,
                "deliberation",
                {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION},
            )
        )
        final = house.department_list(region, call, "recognition")
        done(region.officer.do(final, "add_member", {"case": f"application-{application.pk}"}))
        done(region.officer.do(final, "publicise", house.notice_answers("2027-07-21")))
    with clock.travel("2027-09-12T09:00"):
        done(region.officer.do(final, "publish", document() | more))
    return Recognition.objects.get()


def document(on: str = "2027-09-10") -> dict:
    return {"number": "岚教研函〔2027〕18号", "published_on": on, "file": [sent("文件.pdf")]}


@pytest.mark.clause("NM-8.3")
def test_experts_opinions_make_the_preliminary_list(region, call):
    """The panel closes only with every opinion in; an expert of the applying institution is refused, another one not."""
    application = sent_to_department(region, call)
    own = house.expert(region.department, "蒋维桢", region.university)
    other = house.expert(region.department, "钟离靖", region.other_university)
    with clock.travel("2027-06-10T09:00"):
        with unchanged(application):
            refused(
                region.officer.do(
                    application,
                    "assign_expert",
                    {"expert": str(own.membership.pk), "closes_on": "2027-07-05"},
                    step="expert_review",
                ),
                clause="NM-8.3",
            )
        with unchanged(application):
            refused(region.officer.step(application, "expert_review", {"opinion": "同意"}), clause="NM-8.3")
    assignment = assigned(region, application, other)
    with clock.travel("2027-06-12T09:00"):
        with unchanged(application):
            refused(
                region.officer.step(application, "expert_review", {"opinion": "同意"}),
                "钟离靖",
                clause="NM-8.3",
            )
        done(other.do(application, "promise", house.PROMISE, step=assignment.pk))
        done(other.do(application, "give_opinion", house.OPINION, step=assignment.pk))
        done(region.officer.step(application, "expert_review", {"opinion": "同意"}))
        assert application.steps().get(key="preliminary_list").state == "open"


@pytest.mark.clause("NM-8.3")
@pytest.mark.parametrize("post", ["college", "partner", "further partner", "elsewhere"])
def test_nobody_reviews_for_a_house_of_their_own(region, call, post):
    """A post in the applicant's college, or in any partner of the case, bars; one elsewhere does not."""
    application = sent_to_department(region, call)
    reviewer = house.expert(region.department, "蒋维桢")
    second = house.partner("云衡软件", "enterprise")
    Party.objects.create(
        case_kind="application",
        case_id=application.pk,
        organisation=second,
        role="partner",
        from_on=dt.date(2027, 5, 1),
    )
    where, role = {
        "college": (region.college, "secretary"),
        "partner": (region.partner, "base_mentor"),
        "further partner": (second, "contact"),
        "elsewhere": (region.other_college, "secretary"),
    }[post]
    factories.member(where, role, reviewer.membership.user)
    answers = {"expert": str(reviewer.membership.pk), "closes_on": "2027-07-05"}
    with clock.travel("2027-06-10T09:00"):
        if post == "elsewhere":
            done(region.officer.do(application, "assign_expert", answers, step="expert_review"))
            return
        with unchanged(application):
            refused(
                region.officer.do(application, "assign_expert", answers, step="expert_review"),
                "蒋维桢",
                where.name,
                clause="NM-8.3",
            )


@pytest.mark.clause("NM-8.4a")
def test_recognition_waits_for_the_publicity(region, call):
    """While the notice runs, or an objection is open, the document is refused; afterwards it goes out."""
    application = sent_to_department(region, call)
    to_deliberation(region, call, application)
    with clock.travel("2027-07-20T09:00"):
        final = house.department_list(region, call, "recognition")
        answer = region.officer.do(final, "add_member", {"case": f"application-{application.pk}"})
        assert answer.status_code == 422  # not deliberated yet
        done(
            region.officer.step(
                application,
                "deliberation",
                {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION},
            )
        )
        done(region.officer.do(final, "add_member", {"case": f"application-{application.pk}"}))
        with unchanged(final):
            refused(region.officer.do(final, "publish", document("2027-07-20")), clause="NM-8.4a")
        done(region.officer.do(final, "publicise", house.notice_answers("2027-07-21")))
    notice = final.notice()
    with clock.travel(dt.datetime.combine(notice.closes_on, dt.time(23, 59))):
        with unchanged(final):
            refused(region.officer.do(final, "publish", document(notice.closes_on.isoformat())), clause="NM-8.4a")
        done(
            region.officer.do(
                notice, "register_objection", {"channel": "phone", "name": "某人", "contact": "0471", "text": "有异议"}
            )
        )
    after = notice.closes_on + dt.timedelta(days=1)
    with clock.travel(dt.datetime.combine(after, dt.time(9))):
        with unchanged(final):
            refused(region.officer.do(final, "publish", document(after.isoformat())), clause="NM-8.4a")
        done(
            region.officer.do(
                notice,
                "resolve_objection",
                {"objection": str(notice.objections.get().pk), "outcome": "dismissed", "resolution": "不成立"},
            )
        )
        done(region.officer.do(final, "publish", document(after.isoformat())))
    assert Recognition.objects.get().state == "active"


@pytest.mark.clause("NM-8.4b", "NM-12a")
def test_the_period_starts_with_the_publication_however_late_it_is_entered(region, call):
    """Published 2027-09-10, entered two days later: 2027-09-10…2030-09-09, and nobody can enter another end."""
    four_years = {"starts_on": "2027-09-12", "ends_on": "2031-09-09", "years": "4"}  # no form asks for it
    recognition = recognised(region, call, **four_years)
    assert recognition.published_on == dt.date(2027, 9, 10)
    assert (recognition.starts_on, recognition.ends_on) == (dt.date(2027, 9, 10), dt.date(2030, 9, 9))

    asked = {
        key for one in moves(Recognition).values() if one.subjects is None for key in _fields(one, recognition, region)
    }
    assert not {"starts_on", "ends_on", "years"} & asked


def _fields(declared, case, region) -> set[str]:
    spec = declared.spec(case, region.officer.membership, {}, case)
    return {one.key for section in spec.sections for one in section.fields} if spec else set()


@pytest.mark.clause("NM-10a")
def test_a_revised_agreement_falls_due(region, call):
    """After recognition the task stands until the revised agreement is signed."""
    recognition = recognised(region, call)
    task = Effect.objects.get(kind="task", case_id=recognition.pk)
    assert task.clause == "NM-10a"
    assert LedgerEntry.objects.get(key=f"revise:{recognition.pk}").done_at is None
    page = region.office.page(recognition).content.decode()
    assert task.title in page
    for address in ("/", "/todos/"):
        assert "修订协议" in region.office.get(address).content.decode()
    sign_revision(region, recognition)
    for address in ("/", "/todos/"):
        assert "修订协议" not in region.office.get(address).content.decode()
    assert LedgerEntry.objects.get(key=f"revise:{recognition.pk}").done_at is not None
    assert Effect.objects.get(pk=task.pk).lifted_on == dt.date(2027, 10, 8)


CLAUSES = (
    "mode",
    "period",
    "content",
    "conditions",
    "practice",
    "exchange",
    "ip",
    "secrecy",
    "benefits",
    "safety",
)


def revision(region, recognition, **changes) -> Agreement:
    """The agreement building on the earlier one, drafted by the college."""
    with clock.travel("2027-10-01T09:00"):
        agreement = draft_agreement(
            region.secretary.membership,
            university=region.university,
            college=region.college,
            partner=region.partner,
            version=recognition.regulation_version,
            recognition=recognition,
            type="revision",
            previous=Agreement.objects.get(application_id=recognition.application_id),
        )
        answers = {
            "period": {"from": "2027-10-08", "to": "2030-10-07"},
            **{f"clause_{one.key}": f"双方约定{one.title}。" for one in agreement.profile.agreement.clauses},
            "leader_university": "程望舒",
            "duties_university": "统筹管理",
            "leader_partner": "马吉宁",
            "duties_partner": "日常管理",
            "other_matters": "每年会商一次。",
            "leader_university_phone": "0471-0000001",
            "leader_partner_phone": "0471-0000002",
        } | changes
        done(region.secretary.fill(agreement, "agreement", answers))
    return fresh(agreement)


def sign_revision(region, recognition, effective: str = "2027-10-08") -> Agreement:
    agreement = revision(region, recognition)
    with clock.travel("2027-10-08T09:00"):
        done(region.secretary.do(agreement, "submit"))
        for step in list(fresh(agreement).open_steps()):
            who = region.contact if step.unit_id == region.partner.pk else region.office
            done(who.step(agreement, step.key, {"opinion": "同意。"}))
        for step in list(fresh(agreement).open_steps()):
            done(region.contact.step(agreement, step.key, {"opinion": "确认。"}))
        done(region.office.do(agreement, "begin_sealing"))
        done(
            region.office.do(
                agreement,
                "record_signature",
                {
                    "signed_on": "2027-10-08",
                    "effective_on": effective,
                    "signatories": "校长、站长",
                    "kept_at": "档案室",
                    "scan": [sent("签署.pdf")],
                    "pages_complete": True,
                },
            )
        )
    return fresh(agreement)


@pytest.mark.clause("NM-10c")
def test_every_clause_of_the_text_is_in_the_agreement(region, call):
    """Ten keys in eight groups: each one blank is refused, complete is accepted and the partner confirms."""
    recognition = recognised(region, call)
    clauses = [one for one in recognition.profile.agreement.clauses if not one.local]
    assert len(clauses) == 10 and len({one.group for one in clauses}) == 8
    for one in clauses:
        agreement = revision(region, recognition, **{f"clause_{one.key}": "  "})
        with clock.travel("2027-10-08T09:00"), unchanged(agreement):
            refused(region.secretary.do(agreement, "submit"), str(one.title), clause="NM-10c")
        done(region.secretary.do(agreement, "abandon", {"reason": "另拟"}))
    signed = sign_revision(region, recognition)
    assert signed.state == "signed" and signed.parties.get(organisation=region.partner).confirmed_at is not None


@pytest.mark.clause("NM-10b")
@pytest.mark.parametrize("blank", ["leader_partner", "leader_university", "duties_partner", "duties_university"])
def test_persons_in_charge_on_both_sides(region, call, blank):
    recognition = recognised(region, call)
    agreement = revision(region, recognition, **{blank: ""})
    with clock.travel("2027-10-08T09:00"), unchanged(agreement):
        refused(region.secretary.do(agreement, "submit"), clause="NM-10b")


# --- S11 ----------------------------------------------------------------------------------------------------------


def test_s11_conflicts_and_isolation(region, call):
    """Own institution refused, another accepted; a declared conflict voids the draft; the closing day ends access."""
    first, second = sent_to_department(region, call, 1), sent_to_department(region, call, 2)
    expert = house.expert(region.department, "蒋维桢", region.university)
    with clock.travel("2027-06-10T09:00"), unchanged(first):
        refused(
            region.officer.do(
                first,
                "assign_expert",
                {"expert": str(expert.membership.pk), "closes_on": "2027-07-05"},
                step="expert_review",
            )
        )
    assignment = assigned(region, second, expert)
    with clock.travel("2027-06-12T09:00"):
        assert expert.page(second).status_code == 200
        assert expert.page(first).status_code == 404  # 403 is said where a case may be seen (design, "Who sees what")
        done(expert.do(second, "promise", house.PROMISE, step=assignment.pk))
        done(expert.do(second, "give_opinion", house.OPINION, step=assignment.pk))
        done(expert.do(second, "recuse", {"reason": "与合作单位有课题合作。"}, step=assignment.pk))
        assert Assignment.objects.get(pk=assignment.pk).void
        assert expert.page(second).status_code == 404
        with unchanged(second):
            refused(
                region.officer.do(
                    second,
                    "assign_expert",
                    {"expert": str(expert.membership.pk), "closes_on": "2027-07-05"},
                    step="expert_review",
                ),
                clause="NM-8.3",
            )
    replacement = house.expert(region.department, "冯且歌")
    again = assigned(region, second, replacement)
    with clock.travel("2027-07-05T23:00"):
        assert replacement.page(second).status_code == 200
    with clock.travel("2027-07-06T00:01"):
        assert replacement.page(second).status_code == 404  # though no job ran
        assert replacement.do(second, "give_opinion", house.OPINION, step=again.pk).status_code == 404
    with clock.travel("2027-06-12T09:00"):
        assert region.other_office.page(first).status_code == 404
        assert region.other_secretary.page(first).status_code == 404
        assert region.officer.page(first).status_code == 200
        body = replacement.page(second).content.decode()
        assert "建议列入" not in body  # nobody else's opinion


@pytest.mark.clause("NM-9")
@pytest.mark.parametrize(
    ("kind", "writers"),
    [
        ("guidance", {"officer"}),
        ("university_management", {"office", "secretary"}),
        ("partner_management", {"contact"}),
    ],
)
def test_partner_and_department_keep_to_their_own_half(region, call, kind, writers):
    """Guidance is the department's, management the institution's and the partner's, each its own half; all read all."""
    recognition = recognised(region, call)
    people = {name: getattr(region, name) for name in ("officer", "office", "secretary", "contact")}
    with clock.travel("2027-10-08T09:00"):
        for name, person in people.items():
            entry = {"on": "2027-10-08", "text": f"{name}填写的记录。"}
            if name in writers:
                done(person.do(recognition, "enter_record", entry, type=kind))
                with unchanged(recognition):
                    refused(person.do(recognition, "enter_record", {**entry, "text": " "}, type=kind))
                continue
            with unchanged(recognition):
                refused(person.do(recognition, "enter_record", entry, type=kind), clause="NM-9")
        kept = Record.objects.filter(type=kind, subject_id=recognition.pk)
        assert {row.organisation for row in kept} == {people[name].organisation for name in writers}
        for reader in people.values():
            assert all(f"{name}填写的记录。" in text_of(reader.page(recognition)) for name in writers)
        for code, answers in (
            ("issue_plaque", {}),
            ("mark_candidate", {"candidate": "yes", "reason": "突出"}),
        ):
            with unchanged(recognition):
                assert region.contact.do(recognition, code, answers).status_code == 403


@pytest.mark.clause("NM-4a")
def test_an_institution_recognises_none_of_its_own_bases(region, call):
    """Of a case that it sees the institution can neither assign experts, nor review, nor deliberate; the department can."""
    application = sent_to_department(region, call)
    expert = house.expert(region.department, "钟离靖")
    asked = {"expert": str(expert.membership.pk), "closes_on": "2027-07-05"}
    with clock.travel("2027-06-10T09:00"):
        for person in (region.office, region.secretary, region.contact):
            assert person.page(application).status_code == 200
            with unchanged(application):
                answer = person.do(application, "assign_expert", asked, step="expert_review")
                assert answer.status_code == 403
                assert person.step(application, "expert_review", {"opinion": "一致同意。"}).status_code == 403
    to_deliberation(region, call, application)

    def decision() -> dict:
        return {**house.meeting("厅党组会", "2027年第8次", "2027-07-18"), **house.DELIBERATION}

    with clock.travel("2027-07-20T09:00"):
        for person in (region.office, region.secretary, region.contact):
            with unchanged(application):
                assert person.step(application, "deliberation", decision()).status_code == 403
        done(region.officer.step(application, "deliberation", decision()))
