"""Signing an agreement: the gate before the seals, the dates and scan of the signed text, and what follows of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.utils.translation import gettext as _

from bases import agreements, ending, force, succession
from bases.gates import REVISE
from bases.models import Recognition
from bases.originals import RECEIPT
from casework import effects, papers
from casework.papers import scans
from casework.steps import engine, links
from core import clock, ledger
from core.door import Act
from core.findings import Finding
from core.forms import store
from core.language import listed
from core.models import Document, StampedCopy
from regulations.rules import check
from regulations.settings import setting

RECORDED = "paper_agreement"  # the form in which an agreement signed on paper was entered


def _not_in_the_future(signed: dt.date | None) -> list[Finding]:
    if signed is None or signed <= clock.today():
        return []
    facts = {"signed_on": signed.isoformat()}
    return [Finding("", "hard", _("签订日期不能晚于今天。"), facts, field="signed_on")]


def _unfinished(agreement, stages: tuple[str, ...], words: str, but: str = "") -> list[Finding]:
    """What steps of these stages are still to be done, named in `words` with a place %(s)s; steps of the kind `but` aside."""
    rows = agreement.steps().filter(stage__in=stages).exclude(kind=but)
    waiting = [step.title for step in rows if not step.finished]
    return [Finding("", "hard", words % {"s": "、".join(waiting)}, {"waiting": waiting})] if waiting else []


def paper_findings(agreement, act: Act) -> list[Finding]:
    """A paper agreement was signed in the past, and its period is the right way round."""
    signed, period = clock.day_of(act.data.get("signed_on")), act.data.get("period") or {}
    findings = _not_in_the_future(signed) + succession.findings(agreement)
    start, end = clock.day_of(period.get("from")), clock.day_of(period.get("to"))
    if start and end and end < start:
        findings.append(Finding("", "hard", _("协议结束日期早于开始日期。"), {}, field="period"))
    if signed and end and end < signed:
        message = _("协议结束日期%(e)s早于签订日期%(s)s。") % {"e": end, "s": signed}
        findings.append(Finding("", "hard", message, {"ends_on": str(end), "signed_on": str(signed)}, field="period"))
    if start and agreement.recognition_id and not findings:
        standing = force.standing_findings(agreement, start, end)
        findings += [replace(finding, field="period") for finding in standing]
    return findings


def record_paper(agreement, act: Act) -> None:
    """Enter what stands on the paper: its dates, who signed, where it is kept. Its scan is its text (the portal's template
    is not)."""
    agreement.on_paper = True
    if agreement.previous_id is None:
        agreement.type = "recorded"
    row = store.load(agreement, RECORDED)
    store.save(agreement, RECORDED, agreement.round, act.data, row.revision if row else 0, act.actor)
    agreement.signed_on = clock.day_of(act.data["signed_on"])
    agreement.starts_on, agreement.ends_on = (
        clock.day_of(act.data["period"]["from"]),
        clock.day_of(act.data["period"]["to"]),
    )
    agreement.effective_on = agreement.starts_on
    act.on = agreement.signed_on
    _signed(agreement, act)


def lacks_scan(agreement) -> bool:
    """Whether it was entered from paper and its scan, which is its text, has not been sent in."""
    if not agreement.was_on_paper or agreement.state != "signed":
        return False
    entered = store.load(agreement, RECORDED)
    return entered is None or not entered.answers.get("scan")


def scan_findings(agreement, act: Act) -> list[Finding]:
    """Only the scan of a text that the portal does not have, and once."""
    if lacks_scan(agreement):
        return []
    return [Finding("", "hard", _("本协议不缺扫描件。"), {"on_paper": agreement.was_on_paper})]


def supply_scan(agreement, act: Act) -> None:
    """Put the scan beside what was entered of the paper."""
    row = store.load(agreement, RECORDED)
    answers = {**(row.answers if row else {}), **{key: value for key, value in act.data.items() if value}}
    store.save(agreement, RECORDED, agreement.round, answers, row.revision if row else 0, act.actor)


def seal_findings(agreement, act: Act | None, known: dict | None = None) -> list[Finding]:
    """Everything before is done, every party has confirmed, and the rules of the gate "agreement.seal"; `known`: facts that
    are being entered."""
    findings = _unfinished(agreement, ("checking", "confirming"), _("尚有环节未办结：%(s)s。"))
    findings += [] if findings else _unconfirmed(agreement)
    findings += succession.findings(agreement)
    return findings + check(
        agreement.profile, "agreement.seal", agreement, clock.today(), overrides=agreement.overrides(), known=known
    )


def _unconfirmed(agreement) -> list[Finding]:
    """Parties whose confirmation was asked for and is not one of the text as it stands: nobody is bound by a text that they
    have not seen. With a number that the profile names (quorum) those are left out whom nobody waits for any more."""
    rows = agreement.steps().filter(kind="confirmation")
    asked = {step.unit_id for step in rows if step.state not in ("skipped", "void", "negative")}
    now = agreement.content_hash() if asked else ""
    parties = agreement.parties.select_related("organisation__parent").filter(organisation_id__in=asked)
    missing = [party.name for party in parties if party.confirmed_at is None or _of_another(party, now)]
    if not missing:
        return []
    message = _("尚未确认协议现有内容的签约方：%(who)s。") % {"who": listed(missing)}
    return [Finding("", "hard", message, {"missing": missing}, _("请各方确认后再办理。"))]


def _of_another(party, now: str) -> bool:
    """Whether a party confirmed another text; confirmations from before facts were kept are hashed otherwise."""
    return bool(party.confirmed_facts) and party.confirmed_sha256 != now


def online_counts(agreement) -> bool:
    """Whether every party lets its online confirmation count as its signature: their own setting, never assumed;
    never for a unit that keeps to paper."""
    declared = agreement.profile.agreement.online_counts_as_seal
    if declared is None:
        return False
    parties = [party.organisation for party in agreement.parties.select_related("organisation")]
    if any(party.paper_only for party in parties):
        return False
    return bool(parties) and all(
        setting(agreement.profile, declared.setting, organisation, clock.today()).value is True
        for organisation in parties
    )


def _signed_online(agreement) -> bool:
    """Whether the online confirmations are the signature: they count, and every partner has given theirs, none by a link:
    a link and a code are no signature of a unit, whatever its setting says."""
    if any(links.was_by_link(step) for step in agreement.steps().filter(kind="confirmation", state="done")):
        return False
    partners = agreement.parties.filter(organisation__kind="partner")
    if not online_counts(agreement) or not partners.exists() or partners.filter(confirmed_at=None).exists():
        return False
    effective = max(clock.today(), agreement.starts_on or clock.today())
    return not force.standing_findings(agreement, effective)


def advance(agreement, act: Act) -> str:
    """The next stage. From confirming it goes on by itself only where no paper is needed and the gate is open."""
    if agreement.state == "confirming":
        if _signed_online(agreement) and not any(f.blocks for f in seal_findings(agreement, act)):
            return begin_sealing(agreement, act)
        return "confirming"
    if agreement.state == "sealing":  # who holds an original has said so: nothing is left where no signature is awaited
        if _signed_online(agreement) and not agreement.unfinished_steps(RECEIPT):
            act.then(agreement, "sign_online", {})
        return "sealing"
    return engine.next_stage(agreement, act)


def begin_sealing(agreement, act: Act) -> str:
    """Issue the final version for signing; sign at once where the online confirmations count."""
    papers.issue(agreement, "agreement", act.actor.name)
    steps = agreement.steps().filter(stage="sealing")
    online = _signed_online(agreement)
    if online and not steps.filter(kind=RECEIPT).exists():
        act.then(agreement, "sign_online", {})
    elif steps.exists():
        engine.open_ready(agreement, "sealing", act)
    return "sealing"


def signature_findings(agreement, act: Act) -> list[Finding]:
    """The signed text's dates hang together, every party has signed, and what the profile wants has come back and matches."""
    signed, effective = (
        clock.day_of(act.data.get("signed_on")),
        clock.day_of(act.data.get("effective_on")),
    )
    findings = _not_in_the_future(signed) + force.day_findings(agreement, signed, effective)
    findings += _not_signed_by(agreement, act)
    if act.data.get("pages_complete") is not True:
        findings.append(
            Finding("", "hard", _("请逐页核对签署文本与定稿版本一致后再登记。"), {}, field="pages_complete")
        )
    findings += _scan_findings(agreement, act)
    findings += distribution(agreement)
    findings += _unfinished(agreement, ("sealing",), _("尚有用印环节未办结：%(s)s。"), but=RECEIPT)
    return findings + [f for f in seal_findings(agreement, act, {"agreement.signing_on": signed}) if f.blocks]


def signing_parties(agreement) -> list:
    """Whoever signs: every party but those whom the number that the profile names leaves out."""
    rows = agreement.steps().filter(kind="confirmation")
    left_out = {step.unit_id for step in rows if step.state in ("skipped", "negative")}
    parties = agreement.parties.select_related("organisation__parent")
    return [party for party in parties if party.organisation_id not in left_out]


def _not_signed_by(agreement, act: Act) -> list[Finding]:
    """Where there are more than two parties, whoever has not been ticked as having signed."""
    given = act.data.get("signed_by")
    if given is None:
        return []
    ticked = {code for code, tick in given.items() if tick.get("checked")}
    missing = [party.name for party in signing_parties(agreement) if f"p{party.organisation_id}" not in ticked]
    if not missing:
        return []
    message = _("以下签约方尚未签字盖章：%(who)s。各方签齐后协议方为签订。") % {"who": listed(missing)}
    return [Finding("", "hard", message, {"missing": missing}, field="signed_by")]


def distribution(agreement) -> list[Finding]:
    """Whose original has not come yet, where the regulation says who holds one each (CZMC-4.1b)."""
    rows = [step for step in agreement.steps() if step.kind == RECEIPT]
    missing = [step.unit.display_name if step.unit else step.title for step in rows if not step.finished]
    if not missing:
        return []
    words = {"n": len(rows), "m": len(rows) - len(missing), "who": listed(missing)}
    message = _("协议书分发未完成：应有%(n)s份原件，已登记领取%(m)s份，尚未登记的：%(who)s。") % words
    return [Finding(rows[0].clause, "hard", message, {"copies": len(rows), "missing": missing})]


def _scan_findings(agreement, act: Act) -> list[Finding]:
    """The scan of the signed text holds the pages of the version that was issued, and of no other."""
    paper = papers.current(agreement, "agreement")
    rows = Document.about(agreement).in_bulk(act.data.get("scan") or [])
    if paper is None or not rows:
        return []
    seen = scans.remarks(agreement, paper, [rows[pk] for pk in act.data["scan"] if pk in rows])
    act.facts |= {"scan": seen.facts}
    remedy = _("请扫描本版本全部已签署的页面后重新上传；如需重新印制，请打印当前版本重新签署。")
    return [seen.finding("", "scan", remedy)] if seen.against else []


def record_signature(agreement, act: Act) -> None:
    """Take the dates from the signed text and keep its scan beside the final version."""
    document = papers.one_document(agreement, act.data["scan"], act.actor)
    paper = papers.current(agreement, "agreement") or papers.issue(agreement, "agreement", act.actor.name)
    StampedCopy.objects.create(
        paper=paper,
        step_key="signature",
        document=document,
        on=clock.day_of(act.data["signed_on"]),
        state="matched",
        uploaded_by=act.actor.name,
        uploader_membership_id=act.actor.membership_id,
        matched_by=act.actor.name,
        matched_at=act.now,
        kept_at=act.data["kept_at"],
    )
    agreement.signed_on, agreement.effective_on = (
        clock.day_of(act.data["signed_on"]),
        clock.day_of(act.data["effective_on"]),
    )
    act.on, act.decided_by = agreement.signed_on, act.data["signatories"]
    ticks = act.data.get("signed_by") or {}
    for party in signing_parties(agreement):
        named = ticks.get(f"p{party.organisation_id}", {}).get("remark") or party.signatory
        party.signed_on, party.signatory = agreement.signed_on, named[:60]
        party.save(update_fields=["signed_on", "signatory"])
    _signed(agreement, act)


def sign_online(agreement, act: Act) -> None:
    """Both parties let their online confirmation count: the day of the last one is the day of signing, but none
    before the decision on which the agreement rests."""
    days = [clock.local(party.confirmed_at).date() for party in agreement.parties.all() if party.confirmed_at]
    agreement.signed_on = max([*days, agreements.approved_on(agreement) or dt.date.min])
    agreement.effective_on = max(agreement.signed_on, agreement.starts_on or agreement.signed_on)
    for party in agreement.parties.exclude(confirmed_at=None):
        party.signed_on = clock.local(party.confirmed_at).date()
        party.save(update_fields=["signed_on"])
    _signed(agreement, act)


def _signed(agreement, act: Act) -> None:
    """What follows of a signature: earlier versions end, the recognition that waited for it comes into force."""
    if agreement.previous_id and agreement.previous.state == "signed" and agreement.type in agreement.REPLACING:
        _replace(agreement, act)
    ending.owe_expiry(agreement)
    succession.signed(agreement, act)
    if agreement.type == "supplement" and _lasts_longer(agreement):
        act.then(agreement.previous, "extend", {"supplement": agreement.pk})
    if (gap := force.gap_before(agreement)) is not None:
        words = _("%(a)s至%(b)s该基地没有有效的协议。") % {"a": gap[0], "b": gap[1]}
        act.facts |= {"gap": [day.isoformat() for day in gap]}
        ending.tell(agreement, act, _("新协议与原协议之间有空档：%(a)s") % {"a": agreement.title}, words)
    if agreement.recognition_id and agreement.type == "revision":
        ledger.settle(f"revise:{agreement.recognition_id}")
        effects.lift(effects.not_lifted(agreement.recognition, effects.TASK, REVISE), clock.today(), agreement.number)
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


def _lasts_longer(supplement) -> bool:
    before = supplement.previous.ends_on
    return supplement.ends_on is not None and before is not None and supplement.ends_on > before


def _replace(agreement, act: Act) -> None:
    """The text before runs to the eve of the new one, or to its own end where that comes first: no day without an
    agreement, none with two. Where the eve has not passed yet, the system ends it when it has."""
    previous, eve = agreement.previous, agreement.effective_on - dt.timedelta(days=1)
    ledger.settle(ending.expiry_key(previous.pk))  # it ends because it was followed, not because nobody renewed it
    last = min(eve, previous.ends_on or eve)
    reason = _("由%(n)s替代") % {"n": agreement.number}
    if last < clock.today():
        answers = {"how": "replaced", "ended_on": last.isoformat(), "reason": reason}
        act.then(previous, "terminate", {"answers": answers})
        return
    ledger.owe(
        ending.replaced_key(previous.pk),
        kind="agreement_replaced",
        title=_("协议由%(n)s替代：%(a)s") % {"n": agreement.number, "a": previous.title},
        due_on=last,
        organisation_id=previous.university_id,
        role="graduate_office",
        case=previous,
        remind_days=0,
        handler="agreement.replaced",
        payload={"reason": reason},
    )
