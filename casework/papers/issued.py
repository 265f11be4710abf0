"""The official papers of a case: which version is current, and the stamped scans that came back.

A paper's version is its content: made anew only when the dossier's answers change, which voids the version before
and every stamp on it. Files are rendered when first wanted.
"""

from __future__ import annotations

import hashlib

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from casework.papers import parcels, scans
from casework.papers.classes import RECORDED, base_key, of
from core import clock
from core.door import Act, Refused
from core.language import in_source_language
from core.models import Document, Paper, StampedCopy
from core.papers.format import zh
from core.papers.render import version_code
from core.uploads import merge_documents


def paper_key(case, declared) -> str:
    """Which paper a step's stamp goes on: the one it names, else the case's main paper."""
    return (declared.paper.key if declared.paper else "") or of(case).main()


def current(case, key: str) -> Paper | None:
    """The paper that stands, or None while none has been made; those that a page holds are not asked for again."""
    if (prefetched := case.prefetched) is not None:
        return next((paper for paper in prefetched.papers if paper.kind == key and paper.voided_at is None), None)
    return Paper.about(case).filter(kind=key, voided_at=None).order_by("-pk").first()


@in_source_language()
def content_of(case, kind: str) -> str:
    """The hash of what a paper prints."""
    return of(case).hash_of(kind)


def title_of(case, key: str) -> str:
    """A paper's title: the profile's, else that of the form it prints, else the case's own."""
    profile = case.governing_version().profile
    declared = profile.papers.get(base_key(key))
    if declared is not None:
        return str(declared.title)
    return zh(profile.forms[base_key(key)].title) if base_key(key) in profile.forms else case.title


@in_source_language()
def issue(case, key: str, actor_name: str, title: str = "") -> Paper:
    """The paper of the case as its content stands now; a changed content voids the version before.

    `title` names a paper that the profile does not declare (a form that its text prints nowhere).
    """
    standing = current(case, key)
    digest = content_of(case, key)
    if standing is not None and standing.content_sha256 == digest:
        return standing
    again = key.endswith(RECORDED)
    if standing is not None:
        void(standing, _("办理意见有更新，重新生成") if again else _("内容已修改，重新生成"))
    declared = case.governing_version().profile.papers.get(base_key(key))
    stamped = declared is not None and not again
    seal = str(declared.seal or "") if declared is not None else of(case).seals()
    title = title or title_of(case, key)
    version = Paper.about(case).filter(kind=key).count() + 1
    return Paper.objects.create(
        case_kind=case.case_kind,
        case_id=case.pk,
        kind=key,
        title=f"{title}（含办理意见）" if again else title,
        round=case.round,
        version=version,
        number=case.number,
        content_sha256=digest,
        code=version_code(f"{case.case_kind}.{case.pk}.{key}.{version}", {"sha256": digest}),
        seal_kind="" if again else seal[:120],
        comes_back=not again and of(case).comes_back(key),
        keeper=str(declared.keeper or "") if stamped else "",
        copies=[{"code": holder.code, "label": str(holder.label)} for holder in declared.holders] if stamped else [],
        created_by=actor_name,
    )


def issue_now(case, key: str, actor_name: str, title: str = "") -> Paper:
    """`issue` for a reader who wants a paper to be printed: under the case's lock, so that two clicks make one."""
    with transaction.atomic():
        fresh = type(case)._base_manager.select_for_update(of=("self",)).get(pk=case.pk)
        return issue(fresh, key, actor_name, title)


def print_now(case, key: str, actor_name: str, title: str = "") -> bytes:
    """The file of a paper that is issued when a reader wants it printed."""
    paper = ensure_file(issue_now(case, key, actor_name, title), case)
    with paper.file.open("rb") as file:
        return file.read()


def issue_step_sheet(case, step, actor_name: str) -> Paper | None:
    """The paper of a finished step's own form (a review sheet, a report of a visit), where the profile prints one."""
    declared = case.step_declaration(step.key)
    key = declared.paper.key if declared.paper else ""
    paper = case.profile.papers.get(key)
    if paper is None or not declared.form or paper.form != declared.form:
        return None
    return issue(case, key, actor_name)


def void(paper: Paper, reason: str) -> None:
    """Take a version out of use; its file and stamps stay readable."""
    paper.voided_at, paper.void_reason = clock.now(), reason
    paper.save(update_fields=["voided_at", "void_reason"])
    paper.stamped.exclude(state="void").update(state="void")


def stamps_to_void(case) -> list[str]:
    """The stamped papers that a change of the content would void, in words: said before it happens."""
    rows = StampedCopy.objects.filter(
        paper__case_kind=case.case_kind,
        paper__case_id=case.pk,
        paper__voided_at=None,
        state__in=("to_match", "matched"),
    ).select_related("paper")
    titles = of(case).step_titles()
    return [
        _("%(paper)s第%(v)s版（%(step)s，%(on)s）")
        % {
            "paper": row.paper.title,
            "v": row.paper.version,
            "step": titles.get(row.step_key, _("签署文本")),
            "on": row.on,
        }
        for row in rows.order_by("pk")
    ]


@in_source_language()
def ensure_file(paper: Paper, case) -> Paper:
    """Render the paper's file if nobody has wanted it yet; let the case finish it (an agreement's tamper seal).

    A version that was voided before anybody printed it gets no file any more.
    """
    if not paper.file and not paper.voided_at:
        content = of(case).render(paper)
        with transaction.atomic():  # somebody else may have been quicker: their file stays
            if not Paper.objects.select_for_update().get(pk=paper.pk).file:
                keep(paper, content)
        paper.refresh_from_db()
    if paper.file:
        of(case).finish(paper)
    return paper


def keep(paper: Paper, content: bytes, **more) -> None:
    """Store a paper's file with its hash; `more` are further columns. An earlier file stays where it is."""
    paper.file_sha256 = hashlib.sha256(content).hexdigest()
    for name, value in more.items():
        setattr(paper, name, value)
    paper.file.save(f"{paper.uid.hex}.pdf", ContentFile(content), save=False)
    paper.save(update_fields=["file", "file_sha256", *more])


def one_document(case, ids: list[int], actor) -> Document:
    """The files of a scan as one: the file itself, or a PDF of the photos and files in the order in which they were sent."""
    rows = Document.about(case).in_bulk(ids)
    documents = [rows[pk] for pk in ids if pk in rows]
    return documents[0] if len(documents) == 1 else merge_documents(documents, case, actor)


def take_scan(case, step, declared, act: Act) -> str:
    """Keep the scan that came with the step; returns the step's scan state."""
    document = one_document(case, act.data["scan"], act.actor)
    parcels.take(case, step, act)
    paper = issue(case, paper_key(case, declared), act.actor.name)
    own = step.unit_id == act.actor.organisation_id and act.actor.may("casework.match_scan", step)
    seen = scans.remarks(case, paper, [document])
    own = own and not seen.against  # whoever brings it need not compare it again, unless it contradicts itself
    StampedCopy.objects.create(
        paper=paper,
        step_key=step.key,
        step_id=step.pk,
        document=document,
        on=act.on,
        uploaded_at=act.now,
        uploaded_by=act.actor.name,
        uploader_membership_id=act.actor.membership_id,
        state="matched" if own else "to_match",
        matched_by=act.actor.name if own else "",
        matched_at=act.now if own else None,
    )
    return "matched" if own else "to_match"


def compare(case, step, act: Act) -> StampedCopy:
    """Keep what a named person says of the stamped scan of a step (its row, not its key: every party may have one of the
    same key) that waits to be compared."""
    copy = (
        StampedCopy.objects.filter(
            paper__case_kind=case.case_kind, paper__case_id=case.pk, step_id=step.pk, state="to_match"
        )
        .select_related("paper", "document")
        .order_by("-pk")
        .first()
    )
    if copy is None:
        raise Refused(_("没有待核对的盖章件。"))
    seen = scans.remarks(case, copy.paper, [copy.document])
    act.facts |= {"scan": seen.facts}
    if act.data["result"] == "matched" and seen.against and not act.data.get("note"):
        remedy = _("请退回重传；确属同一版本的，请在“说明”中写明理由后再确认一致。")
        raise Refused(seen.finding("", "note", remedy))
    copy.state, copy.matched_by, copy.matched_at = act.data["result"], act.actor.name, act.now
    copy.note, copy.kept_at = act.data.get("note") or "", act.data.get("kept_at") or ""
    copy.save()
    return copy
