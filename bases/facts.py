"""Facts about agreements and recognitions, for the rules (see regulations.facts)."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bases import drafttext, origin
from bases.intake import intakes
from bases.models import Agreement
from casework import effects
from casework.models import Effect, Step
from core.forms import store
from regulations import wording
from regulations.facts import each, entered, fact


def _clauses(profile) -> dict[str, str]:
    return {
        clause.key: wording.words(clause.title) for clause in (profile.agreement.clauses if profile.agreement else [])
    }


@fact("agreement.missing_clauses", "codes", _("缺少的必备条款"), "agreement", options=_clauses)
def missing_clauses(agreements, on):
    answers = store.answers_of(agreements, "agreement")
    return {
        agreement.pk: drafttext.missing_clauses(agreement, answers.get(agreement.pk) or {}) for agreement in agreements
    }


fact(
    "agreement.type",
    "code",
    _("协议类型"),
    "agreement",
    options=lambda profile: {code: str(title) for code, title in Agreement.TYPES},
)(each(lambda agreement: agreement.type))
fact("agreement.starts_on", "date", _("协议起始日期"), "agreement")(each(lambda agreement: agreement.starts_on))
fact("agreement.ends_on", "date", _("协议终止日期"), "agreement")(each(lambda agreement: agreement.ends_on))


@fact(
    "agreement.differs_from_template",
    "boolean",
    _("协议内容与模板不一致"),
    "agreement",
    needs=["university", "partner", "college"],
)
def differs_from_template(agreements, on):
    answers = store.answers_of(agreements, "agreement")
    return {
        agreement.pk: bool(drafttext.differences(agreement, answers.get(agreement.pk) or {}))
        for agreement in agreements
    }


@fact("agreement.application_approved", "boolean", _("申报已经批准"), "agreement")
def application_approved(agreements, on):
    """An agreement made for no application (a renewal, a revision) stands on a recognition that was decided."""
    pks = {agreement.application_id for agreement in agreements if agreement.application_id}
    rows = origin.rows().filter(pk__in=pks).values_list("pk", "state") if pks else ()
    states = dict(rows)
    return {
        agreement.pk: states[agreement.application_id] == "approved"
        if agreement.application_id in states
        else agreement.recognition_id is not None
        for agreement in agreements
    }


@fact("agreement.approved_on", "date", _("审定批准日期"), "agreement", needs=["recognition"])
@each
def approved_on(agreement):
    """The day of the decision that the agreement's base rests on."""
    return agreement.recognition.decided_on if agreement.recognition_id else None


entered("agreement.signing_on", "date", _("登记的签订日期"), "agreement")


@fact("agreement.partner_confirmed", "boolean", _("合作单位已确认协议内容"), "agreement")
def partner_confirmed(agreements, on):
    rounds = {agreement.pk: agreement.round for agreement in agreements}
    confirmed: dict[int, bool] = {}
    for step in Step.objects.filter(case_kind="agreement", case_id__in=list(rounds), kind="confirmation"):
        if step.round == rounds[step.case_id]:
            confirmed[step.case_id] = confirmed.get(step.case_id, True) and step.finished
    return {pk: confirmed.get(pk, False) for pk in rounds}


fact("recognition.owner_college", "organisation", _("基地所属学院"), "recognition")(
    each(lambda recognition: recognition.college_id)
)


@fact("recognition.agreement_signed_on", "date", _("协议签订日期"), "recognition")
def agreement_signed_on(recognitions, on):
    """The signing day of the newest signed agreement that covers the recognition or its application."""
    by_application = {
        recognition.application_id: recognition.pk for recognition in recognitions if recognition.application_id
    }
    rows = Agreement.objects.filter(
        Q(recognition__in=[recognition.pk for recognition in recognitions])
        | Q(application_id__in=list(by_application)),
        state="signed",
    ).order_by("signed_on")
    days = {}
    for recognition_id, application_id, day in rows.values_list("recognition_id", "application_id", "signed_on"):
        for pk in {recognition_id, by_application.get(application_id)} - {None}:
            days[pk] = day
    return days


@fact(
    "recognition.agreement_ended",
    "code",
    _("协议的终止方式（没有有效协议时）"),
    "recognition",
    options=lambda profile: {code: str(title) for code, title in Agreement.ENDS},
)
def agreement_ended(recognitions, on):
    """How the last of its agreements ended; None while one is signed, or where none ever was."""
    rows = Agreement.objects.filter(recognition__in=[recognition.pk for recognition in recognitions])
    rows = rows.filter(state__in=("signed", "ended"), effective_on__isnull=False).exclude(type="supplement")
    ended: dict[int, str | None] = {}
    for pk, state, code in rows.order_by("ended_on", "pk").values_list("recognition_id", "state", "end_code"):
        ended[pk] = None if state == "signed" or (pk in ended and ended[pk] is None) else code
    return {pk: code for pk, code in ended.items() if code}


fact("recognition.plaque_issued_on", "date", _("授牌日期"), "recognition")(
    each(lambda recognition: recognition.plaque_on)
)


@fact("recognition.holds_title", "boolean", _("保有称号"), "recognition")
def holds_title(recognitions, on):
    rows = Effect.objects.filter(
        case_kind="recognition", case_id__in=[recognition.pk for recognition in recognitions], kind="title"
    )
    holders = set(effects.on_day(rows, on).values_list("case_id", flat=True))
    return {recognition.pk: recognition.pk in holders for recognition in recognitions}


@fact("recognition.takes_students", "boolean", _("可以接收研究生"), "recognition")
def takes_students(recognitions, on):
    return {pk: answer.open for pk, answer in intakes(recognitions, on).items()}


@fact("recognition.construction_over", "boolean", _("建设期已满"), "recognition")
def construction_over(recognitions, on):
    """None where the regulation has no construction period."""
    return {recognition.pk: recognition.ends_on < on for recognition in recognitions if recognition.ends_on is not None}
