"""The official papers of a case: which version is current, and the stamped scans that came back.

A paper's version is its content: made anew only when the dossier's answers change, which voids the version before
and every stamp on it. Files are rendered when first wanted.
"""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from core import clock, serials
from core.door import Act, Refused
from core.models import Document, FormAnswer, Paper, StampedCopy


def paper_key(case, declared) -> str:
    """Which paper a step's stamp goes on: the one it names, else the case's main paper."""
    return (declared.paper.key if declared.paper else "") or case.main_paper()


def current(case, key: str) -> Paper | None:
    """The paper that stands, or None while none has been made."""
    return Paper.objects.filter(case_kind=case.case_kind, case_id=case.pk, kind=key, voided_at=None).order_by("-pk").first()


def issue(case, key: str, actor_name: str) -> Paper:
    """The paper of the case as its content stands now; a changed content voids the version before."""
    from core.papers.render import version_code

    standing = current(case, key)
    digest = case.content_hash()
    if standing is not None and standing.content_sha256 == digest:
        return standing
    if standing is not None:
        void(standing, _("内容已修改，重新生成"))
    declared = case.profile.papers[key]
    version = Paper.objects.filter(case_kind=case.case_kind, case_id=case.pk, kind=key).count() + 1
    return Paper.objects.create(
        case_kind=case.case_kind, case_id=case.pk, kind=key, title=str(declared.title), round=case.round,
        version=version, number=case.number, content_sha256=digest,
        code=version_code(f"{case.case_kind}.{case.pk}.{key}.{version}", {"sha256": digest}),
        seal_kind=str(declared.seal or ""), keeper=str(declared.keeper or ""),
        copies=[{"code": one.code, "label": str(one.label)} for one in declared.holders], created_by=actor_name,
    )  # fmt: skip


def void(paper: Paper, reason: str) -> None:
    """Take a version out of use; its file and stamps stay readable."""
    paper.voided_at, paper.void_reason = clock.now(), reason
    paper.save(update_fields=["voided_at", "void_reason"])
    paper.stamped.exclude(state="void").update(state="void")


def stamps_to_void(case) -> int:
    """How many stamped papers a change of the content would void: said before it happens."""
    return StampedCopy.objects.filter(
        paper__case_kind=case.case_kind, paper__case_id=case.pk, paper__voided_at=None, state__in=("to_match", "matched")
    ).count()


def ensure_file(paper: Paper, case) -> Paper:
    """Render the paper's file if nobody has wanted it yet."""
    if not paper.file:
        import hashlib

        content = case.render_paper(paper)
        paper.file_sha256 = hashlib.sha256(content).hexdigest()
        paper.file.save(f"{paper.uid.hex}.pdf", ContentFile(content), save=False)
        paper.save(update_fields=["file", "file_sha256"])
    return paper


def take_scan(case, step, declared, act: Act) -> str:
    """Keep the scan that came with the step; returns the step's scan state."""
    from core.uploads import merge_documents

    documents = list(Document.objects.filter(case_kind=case.case_kind, case_id=case.pk, pk__in=act.data["scan"]))
    document = documents[0] if len(documents) == 1 else merge_documents(documents, case, act.actor)
    paper = issue(case, paper_key(case, declared), act.actor.name)
    own = step.unit_id == act.actor.organisation_id and act.actor.may("casework.match_scan", step)
    StampedCopy.objects.create(
        paper=paper, step_key=step.key, document=document, on=act.on, uploaded_at=act.now, uploaded_by=act.actor.name,
        uploader_membership_id=act.actor.membership_id, state="matched" if own else "to_match",
        matched_by=act.actor.name if own else "", matched_at=act.now if own else None,
    )  # fmt: skip
    return "matched" if own else "to_match"


def match(case, act: Act) -> None:
    """A named person says whether the stamped scan is the version printed; a mismatch reopens the step."""
    from casework import route

    step = act.subject
    copy = StampedCopy.objects.filter(
        paper__case_kind=case.case_kind, paper__case_id=case.pk, step_key=step.key, state="to_match"
    ).order_by("-pk").first()  # fmt: skip
    if copy is None:
        raise Refused(_("没有待核对的盖章件。"))
    copy.state, copy.matched_by, copy.matched_at = act.data["result"], act.actor.name, act.now
    copy.note, copy.kept_at = act.data.get("note") or "", act.data.get("kept_at") or ""
    copy.save()
    act.step_key, act.step_title, act.reason = step.key, step.title, copy.note
    if copy.state == "matched":
        step.scan = "matched"
        step.save(update_fields=["scan"])
        route.carry_on(case, act)
    else:
        step.state, step.scan, step.closed_at = "open", "", None
        step.save(update_fields=["state", "scan", "closed_at"])
        act.notify(route.holders(step), _("盖章件不一致，请重新上传：%(s)s") % {"s": step.title}, copy.note)


def answers_of(case) -> dict:
    """Every form's answers of the case's current round: {form key: answers}."""
    rows = FormAnswer.objects.filter(case_kind=case.case_kind, case_id=case.pk, round=case.round)
    return {row.form: row.answers for row in rows}


def take_number(case, prefix: str) -> str:
    return serials.number(prefix, clock.today().year)
