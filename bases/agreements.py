"""How an agreement goes: its text and the template, checking, confirming, signing, ending."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

from django.utils.translation import gettext as _

from casework import exceptions, papers, route
from casework.specs import field
from core import clock, ledger
from core.door import Act, Refused, case_model
from core.findings import Finding
from core.forms import store
from core.forms.clean import clean
from core.forms.spec import parse_form

DRAFTERS = {("college", "secretary"), ("university", "graduate_office")}


def form_data(agreement) -> dict:
    """The agreement's form: the period, the clauses of the profile with the template's wording, its further form."""
    declared = agreement.profile.agreement
    sections = [
        {"key": "term", "title": _("协议期限与签约人"), "local": True, "fields": [
            field("period", "period", _("协议期限"), **_cite(declared.term)),
            field("first_signatory", "text", _("甲方签字人"), required=False, max_chars=40),
            field("second_signatory", "text", _("乙方签字人"), required=False, max_chars=40),
        ]},
        {"key": "clauses", "title": _("协议条款"), "local": True, "fields": [
            {**field(f"clause_{clause.key}", "longtext", str(clause.title), max_chars=8000, required=False),
             **({"clause": clause.clause, "local": False} if clause.clause else {}),
             **({"help": str(clause.help)} if clause.help else {})}
            for clause in declared.clauses
        ]},
        {"key": "annexes", "title": _("附件与送审说明"), "local": True, "fields": [
            field("annexes", "file", _("协议附件"), required=False, accept=["pdf", "jpg", "png", "docx"], max_files=10),
            field("note", "longtext", _("与模板不一致之处的说明"), required=False, max_chars=1000),
        ]},
    ]  # fmt: skip
    if declared.form is not None and declared.form.value in agreement.profile.forms:
        more = agreement.profile.forms[declared.form.value]["sections"]
        sections[1:1] = [{k: v for k, v in one.items() if k not in ("filled_by", "states")} for one in more]
    return {"key": "agreement", "title": title(agreement), "local": True, "sections": sections}


def _cite(term) -> dict:
    leaf = (term.years or term.min_years) if term else None
    return {"clause": leaf.clause, "local": False} if leaf is not None and leaf.clause else {}


def title(agreement) -> str:
    declared = agreement.profile.agreement
    return str(declared.title) if declared.title else _("合作协议书")


def form_spec(agreement):
    """The parsed form spec of the agreement."""
    return _spec(agreement.regulation_version_id, agreement.regulation_version.sha256, agreement)


_specs: dict[tuple, object] = {}


def _spec(pk, digest, agreement):
    if (pk, digest) not in _specs:
        _specs[pk, digest] = parse_form(form_data(agreement))
    return _specs[pk, digest]


def template_text(agreement, clause) -> str:
    """The template's wording of a clause with this agreement's names filled in."""
    return named(agreement, clause.text or "")


def named(agreement, text) -> str:
    """A text of the profile with this agreement's names filled in."""
    names = {
        "university": agreement.university.name if agreement.university else "",
        "partner": agreement.partner.name if agreement.partner else "",
        "college": agreement.college.name if agreement.college else "",
    }
    return re.sub(r"\{(university|partner|college)\}", lambda m: names[m.group(1)], str(text))


def first_answers(agreement) -> dict:
    """What a new draft starts from: the template's clauses."""
    declared = agreement.profile.agreement
    return {f"clause_{clause.key}": template_text(agreement, clause) for clause in declared.clauses}


def answers_of(agreement) -> dict:
    answer = store.load(agreement, "agreement")
    return dict(answer.answers) if answer else {}


def missing_clauses(agreement) -> list[str]:
    """Keys of the clauses that the profile asks for and that this text leaves blank."""
    answers = answers_of(agreement)
    return [
        c.key
        for c in agreement.profile.agreement.clauses
        if not str(answers.get(f"clause_{c.key}") or "").strip()
    ]


@lru_cache(maxsize=512)
def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def differences(agreement) -> list[dict]:
    """Clause by clause, template and text where they differ; white space does not count (XCU-7.3d)."""
    answers = answers_of(agreement)
    found = []
    for clause in agreement.profile.agreement.clauses:
        standard = template_text(agreement, clause)
        text = str(answers.get(f"clause_{clause.key}") or "")
        if clause.text and _plain(standard) != _plain(text):
            found.append({"key": clause.key, "title": str(clause.title), "template": standard, "text": text})
    return found


def compare(agreement) -> None:
    agreement.differs_from_template = bool(differences(agreement))


def copy_columns(agreement, answers: dict) -> None:
    """Keep the period and the difference in typed columns."""
    period = answers.get("period") or {}
    agreement.starts_on = _date(period.get("from"))
    agreement.ends_on = _date(period.get("to"))
    compare(agreement)
    type(agreement).objects.filter(pk=agreement.pk).update(
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        differs_from_template=agreement.differs_from_template,
    )


def _date(text) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except (ValueError, TypeError):
        return None


def editable_sections(agreement, actor) -> set[str]:
    """Drafters edit every section of a draft; nobody edits one that has been handed in."""
    if agreement.state != "draft" or not actor.may("bases.draft_agreement", agreement):
        return set()
    return {section.key for section in form_spec(agreement).sections}


def submit_findings(agreement, act: Act) -> list[Finding]:
    """The whole form, and the rules of the gate: for a revision those of revising too."""
    answers, found = clean(
        form_spec(agreement), answers_of(agreement), resolver=agreement.resolver(act.actor)
    )
    if agreement.starts_on and agreement.ends_on and agreement.starts_on > agreement.ends_on:
        found.append(Finding("", "hard", _("协议结束日期早于开始日期。"), {"from": agreement.starts_on.isoformat(),
                             "to": agreement.ends_on.isoformat()}, form="agreement", field="period"))  # fmt: skip
    return found + [finding for _gate, finding in rule_findings(agreement)]


def rule_findings(agreement) -> list[tuple[str, Finding]]:
    """What the rules say of the draft, each with its gate: those of handing in, for a revision those of revising."""
    from regulations.rules import check

    gates = ["agreement.submit", *(["agreement.revise"] if agreement.type == "revision" else [])]
    on, overrides = clock.today(), agreement.overrides()
    return [
        (gate, f)
        for gate in gates
        for f in check(agreement.profile, gate, agreement, on, overrides=overrides)
    ]


def wanted_exceptions(agreement) -> list[Finding]:
    """Rules of strength "default" that stand against the draft and have not been let pass."""
    return exceptions.standing([finding for _gate, finding in rule_findings(agreement)])


def override_findings(agreement, act: Act) -> list[Finding]:
    return exceptions.asked_already(agreement, act.data.get("rule") or "")


def request_override(agreement, act: Act) -> None:
    """Put the request before the role that the profile names: rule, facts and reason, not the text itself."""
    gate, finding = next((g, f) for g, f in rule_findings(agreement) if f.rule == act.data["rule"])
    exceptions.ask(agreement, gate, finding, act)


def paper_findings(agreement, act: Act) -> list[Finding]:
    """A paper agreement was signed in the past, and its period is the right way round."""
    found = []
    signed, period = _date(act.data.get("signed_on")), act.data.get("period") or {}
    if signed and signed > clock.today():
        found.append(
            Finding(
                "", "hard", _("签订日期不能晚于今天。"), {"signed_on": signed.isoformat()}, field="signed_on"
            )
        )
    start, end = _date(period.get("from")), _date(period.get("to"))
    if start and end and end < start:
        found.append(Finding("", "hard", _("协议结束日期早于开始日期。"), {}, field="period"))
    return found


def record_paper(agreement, act: Act) -> None:
    """Enter the dates of the paper as they stand on it."""
    tell_application(agreement, act)
    agreement.type = "recorded"
    agreement.signed_on = _date(act.data["signed_on"])
    agreement.starts_on, agreement.ends_on = (
        _date(act.data["period"]["from"]),
        _date(act.data["period"]["to"]),
    )
    agreement.effective_on = agreement.starts_on
    act.on = agreement.signed_on
    _signed(agreement, act)


def step_completed(agreement, step, act: Act) -> None:
    """A partner's confirmation is kept at its party, with the hash of what was confirmed."""
    if step.kind == "confirmation" and step.state == "done":
        agreement.parties.filter(organisation_id=step.unit_id).update(
            confirmed_at=act.now, confirmed_by=act.actor.name, confirmed_sha256=step.confirmed_sha256
        )


def seal_findings(agreement, act: Act | None) -> list[Finding]:
    """Everything before is done, and the rules of the gate "agreement.seal"."""
    from regulations.rules import check

    found = []
    waiting = [
        s.title for s in agreement.steps().filter(stage__in=("checking", "confirming")) if not s.finished
    ]
    if waiting:
        found.append(
            Finding(
                "", "hard", _("尚有环节未办结：%(s)s。") % {"s": "、".join(waiting)}, {"waiting": waiting}
            )
        )
    return found + check(
        agreement.profile, "agreement.seal", agreement, clock.today(), overrides=agreement.overrides()
    )


def online_counts(agreement) -> bool:
    """Whether every party lets its online confirmation count as its signature: their own setting, never assumed."""
    from regulations.settings import setting

    declared = agreement.profile.agreement.online_counts_as_seal
    if declared is None:
        return False
    parties = [party.organisation for party in agreement.parties.select_related("organisation")]
    return bool(parties) and all(
        setting(agreement.profile, declared.setting, organisation, clock.today()).value is True
        for organisation in parties
    )


def advance(agreement, act: Act) -> str:
    """The next stage. From confirming it goes on by itself only where no paper is needed and the gate is open."""
    tell_application(agreement, act)
    if agreement.state == "confirming":
        if online_counts(agreement) and not any(f.blocks for f in seal_findings(agreement, act)):
            return begin_sealing(agreement, act)
        return "confirming"
    if agreement.state == "sealing":
        return "sealing"
    return route.next_stage(agreement, act)


def begin_sealing(agreement, act: Act) -> str:
    """Issue the final version for signing; sign at once where the online confirmations count."""
    papers.issue(agreement, "agreement", act.actor.name)
    if online_counts(agreement):
        act.then(agreement, "sign_online", {})
    elif agreement.steps().filter(stage="sealing").exists():
        route.open_ready(agreement, "sealing", act)
    return "sealing"


def signature_findings(agreement, act: Act) -> list[Finding]:
    """The signed text's dates hang together; whatever seals the profile wants have come back and match."""
    found = []
    signed, effective = _date(act.data.get("signed_on")), _date(act.data.get("effective_on"))
    if signed and signed > clock.today():
        found.append(
            Finding(
                "", "hard", _("签订日期不能晚于今天。"), {"signed_on": signed.isoformat()}, field="signed_on"
            )
        )
    if signed and effective and effective < signed:
        found.append(Finding("", "hard", _("生效日期%(e)s早于签订日期%(s)s。") % {"e": effective, "s": signed},
                             {}, field="effective_on"))  # fmt: skip
    if act.data.get("pages_complete") is not True:
        found.append(
            Finding("", "hard", _("请逐页核对签署文本与定稿版本一致后再登记。"), {}, field="pages_complete")
        )
    waiting = [s.title for s in agreement.steps().filter(stage="sealing") if not s.finished]
    if waiting:
        found.append(
            Finding(
                "", "hard", _("尚有用印环节未办结：%(s)s。") % {"s": "、".join(waiting)}, {"waiting": waiting}
            )
        )
    agreement._signing_on = signed
    try:
        return found + [f for f in seal_findings(agreement, act) if f.blocks]
    finally:
        agreement._signing_on = None


def record_signature(agreement, act: Act) -> None:
    """Take the dates from the signed text and keep its scan beside the final version."""
    from core.models import Document, StampedCopy
    from core.uploads import merge_documents

    documents = list(
        Document.objects.filter(case_kind="agreement", case_id=agreement.pk, pk__in=act.data["scan"])
    )
    document = documents[0] if len(documents) == 1 else merge_documents(documents, agreement, act.actor)
    paper = papers.issue(agreement, "agreement", act.actor.name)
    StampedCopy.objects.create(
        paper=paper, step_key="signature", document=document, on=_date(act.data["signed_on"]), state="matched",
        uploaded_by=act.actor.name, uploader_membership_id=act.actor.membership_id, matched_by=act.actor.name,
        matched_at=act.now, kept_at=act.data["kept_at"],
    )  # fmt: skip
    agreement.signed_on, agreement.effective_on = (
        _date(act.data["signed_on"]),
        _date(act.data["effective_on"]),
    )
    act.on, act.decided_by = agreement.signed_on, act.data["signatories"]
    _signed(agreement, act)


def sign_online(agreement, act: Act) -> None:
    """Both parties let their online confirmation count: the day of the last one is the day of signing, but none
    before the decision on which the agreement rests."""
    days = [clock.local(party.confirmed_at).date() for party in agreement.parties.all() if party.confirmed_at]
    agreement.signed_on = max([*(days or [act.now.date()]), approved_on(agreement) or dt.date.min])
    agreement.effective_on = max(agreement.signed_on, agreement.starts_on or agreement.signed_on)
    _signed(agreement, act)


def _signed(agreement, act: Act) -> None:
    """What follows of a signature: earlier versions end, the recognition that waited for it comes into force."""
    from bases.models import Recognition
    from casework.models import Effect

    if (
        agreement.previous_id
        and agreement.previous.state == "signed"
        and agreement.type in ("revision", "renewal")
    ):
        act.then(agreement.previous, "terminate", {"answers": {
            "ended_on": min(agreement.effective_on, clock.today()).isoformat(), "reason": _("由%(n)s替代") % {"n": agreement.number}}},
            system=True)  # fmt: skip
    if agreement.ends_on:
        ledger.owe(
            f"agreement:{agreement.pk}", kind="agreement_expiry", title=_("协议到期：%(a)s") % {"a": agreement.title},
            due_on=agreement.ends_on, organisation_id=agreement.university_id, role="graduate_office", case=agreement,
            remind_days=90,
        )  # fmt: skip
    if agreement.recognition_id and agreement.type == "revision":
        ledger.settle(f"revise:{agreement.recognition_id}")
        Effect.objects.filter(
            kind="task", target_kind="recognition", target_id=agreement.recognition_id, lifted_on=None,
            parameters__task="revise_agreement",
        ).update(lifted_on=clock.today(), lift_reason=agreement.number)  # fmt: skip
    act.task("bases.papers.seal_agreement", agreement_id=agreement.pk)
    waiting = Recognition.objects.filter(state="pending")
    waiting = (
        waiting.filter(application_id=agreement.application_id)
        if agreement.application_id
        else waiting.filter(pk=agreement.recognition_id)
    )
    for recognition in waiting.order_by("pk"):
        declared = recognition.profile.recognition.active_when
        if declared is not None and declared.value == "signed":
            agreement.recognition = recognition
            act.then(recognition, "activate", {})


def send_back(agreement, act: Act) -> None:
    """A new round for the drafter; the round before stays readable."""
    route.end_round(agreement, act)
    before = agreement.round
    agreement.round += 1
    store.copy_forward(agreement, "agreement", before, agreement.round)
    agreement.correction_note = act.raw.get("note") or ""
    agreement.correction_due = _date(act.raw.get("due"))
    _tell_drafters(agreement, act, _("协议退回修改：%(a)s"))


def turn_down(agreement, act: Act) -> None:
    """The partner's refusal with its reason; the final text, if one was issued, is void."""
    route.end_round(agreement, act)
    agreement.decline_reason = act.raw.get("reason") or ""
    if (standing := papers.current(agreement, "agreement")) is not None:
        papers.void(standing, _("合作单位不予确认"))
    _tell_drafters(agreement, act, _("合作单位不予确认：%(a)s"))


def abandon(agreement, act: Act) -> None:
    route.end_round(agreement, act)
    agreement.ended_on, agreement.end_reason = clock.today(), act.data["reason"][:300]


def terminate(agreement, act: Act) -> None:
    """End a signed agreement from a day on."""
    agreement.ended_on, agreement.end_reason = _date(act.data["ended_on"]), act.data["reason"][:300]
    if agreement.ended_on > clock.today():
        raise Refused(Finding("", "hard", _("终止日期不能晚于今天。"), {}, field="ended_on"))
    ledger.settle_case(agreement)


def _tell_drafters(agreement, act: Act, text: str) -> None:
    from tenants.models import Membership

    people = Membership.objects.filter(
        organisation_id__in=[pk for pk in (agreement.college_id, agreement.university_id) if pk],
        role__in=("secretary", "graduate_office"), state="active",
    ).select_related("user")  # fmt: skip
    act.notify(people, text % {"a": agreement.title}, act.raw.get("note") or act.raw.get("reason") or "")


def tell_application(agreement, act: Act) -> None:
    """Let the application's step that waits for this agreement see how far it is, once the move has been saved."""
    application = application_of(agreement)
    if (
        application is None
        or application.agreement_id != agreement.pk
        or application.state not in application.STAGES
    ):
        return
    for step in application.open_steps().filter(kind="agreement"):
        act.then(application, "settle_step", {"settle": step.pk, "answers": {"agreement": agreement.number}})


def approved_on(agreement) -> dt.date | None:
    """The day of the decision that the agreement's base rests on, or None while there is none."""
    return agreement.recognition.decided_on if agreement.recognition_id else None


def application_of(agreement):
    """The application that the agreement belongs to, or None."""
    if not agreement.application_id:
        return None
    return case_model("application")._base_manager.filter(pk=agreement.application_id).first()
