"""Facts about agreements, recognitions and records, for the rules (see regulations.facts)."""

from __future__ import annotations

from bases import agreements, drafttext
from regulations.facts import fact


@fact("agreement.missing_clauses", "codes", "缺少的条款", "agreement")
def missing_clauses(agreement, on):
    return drafttext.missing_clauses(agreement)


@fact("agreement.starts_on", "date", "协议开始日期", "agreement")
def starts_on(agreement, on):
    return agreement.starts_on


@fact("agreement.ends_on", "date", "协议结束日期", "agreement")
def ends_on(agreement, on):
    return agreement.ends_on


@fact("agreement.differs_from_template", "boolean", "协议偏离模板", "agreement")
def differs_from_template(agreement, on):
    return bool(drafttext.differences(agreement))


@fact("agreement.application_approved", "boolean", "申报已经会议审定", "agreement")
def application_approved(agreement, on):
    """An agreement made for no application (a renewal, a revision) stands on a recognition that was decided."""
    application = agreements.application_of(agreement)
    if application is None:
        return agreement.recognition_id is not None
    return application.state == "approved"


@fact("agreement.approved_on", "date", "审定批准日期", "agreement")
def approved_on(agreement, on):
    return agreements.approved_on(agreement)


@fact("agreement.signing_on", "date", "登记的签订日期", "agreement")
def signing_on(agreement, on):
    """Known only while a signature is being entered, to the act that enters it."""


@fact("agreement.partner_confirmed", "boolean", "合作单位已确认内容", "agreement")
def partner_confirmed(agreement, on):
    rows = agreement.steps().filter(kind="confirmation")
    return rows.exists() and all(step.finished for step in rows)


@fact("recognition.owner_college", "organisation", "责任学院", "recognition")
def owner_college(recognition, on):
    return recognition.college_id


@fact("recognition.agreement_signed_on", "date", "协议签订日期", "recognition")
def agreement_signed_on(recognition, on):
    from bases.models import Agreement

    rows = Agreement.objects.filter(recognition=recognition, state="signed")
    if recognition.application_id:
        rows = rows | Agreement.objects.filter(application_id=recognition.application_id, state="signed")
    newest = rows.order_by("-signed_on").first()
    return newest.signed_on if newest else None


@fact("recognition.plaque_issued_on", "date", "授牌日期", "recognition")
def plaque_issued_on(recognition, on):
    return recognition.plaque_on
