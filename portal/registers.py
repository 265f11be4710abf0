"""What the public may look up: the register of bases, and papers by their code. Bounded, by keyset."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from bases.models import Recognition
from casework import papers
from casework.lists.publicity import manager
from casework.models import Assignment, Objection
from core import text
from core.door import case_model
from core.listing import matching
from core.models import Paper
from core.state_styles import GREEN, GREY
from core.states import States
from portal import queries

LISTED = ("active",)


def bases(typed: str = "", before: int | None = None, size: int = 50) -> tuple[list[Recognition], int | None]:
    """Recognised bases, the newest first, and the key to continue with (None at the end). One query.

    `typed` narrows by base, university or partner.
    """
    rows = Recognition.objects.filter(state__in=LISTED).select_related("base", "university", "college", "partner")
    rows = matching(rows, ("title", "base__name", "number", "university__name", "partner__name"), typed)
    if before:
        rows = rows.filter(pk__lt=before)
    fetched = list(rows.order_by("-pk")[: size + 1])
    return fetched[:size], (fetched[size - 1].pk if len(fetched) > size else None)


class Standing(States):
    """Whether a paper holds today."""

    ACTIVE = "active", GREEN, "check-circle", _("有效")
    VOID = "void", GREY, "ban", _("已作废")
    ENDED = "ended", GREY, "lock", _("所载事项已终止")


@dataclass(frozen=True)
class VerifiedPaper:
    """What anybody holding a paper may compare it with. Nothing here names a person.

    `state`: active, void (a newer version or none stands), ended (the version is right, but what it is about has
    ended). `seal` is the check of the platform's signature on the stored file, None for a paper without one.
    """

    paper: Paper
    kind: str
    state: Standing
    issuer: str = ""
    newer: Any = None
    ended_on: dt.date | None = None
    stored: bool = False
    seal: Any = None  # core.papers.seal.Verdict


@dataclass(frozen=True)
class Comparison:
    """What a PDF that somebody holds is, beside the stored one: same, unsealed (the same before the seal was put
    on), changed (sealed by the platform and altered since), sealed (ours and whole, but another paper's), different.
    """

    result: str
    sha256: str


LETTERS = str.maketrans("OIL", "011")  # what is read wrongly from print; the codes' alphabet has none of them


def find(code: str) -> Paper | None:
    """The paper with this code, as it may have been typed: case, width, spaces, missing hyphens, O for 0, 编号：…"""
    tidy = text.code(code)
    issued = Paper.objects.filter(code__iexact=tidy).first()
    if issued is None:
        plain = re.sub(r"[^0-9A-Z]", "", tidy).translate(LETTERS)
        grouped = "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
        issued = Paper.objects.filter(code=grouped).first() if plain else None
    return issued


def paper(code: str, number: str = "") -> VerifiedPaper | None:
    """The paper that carries this code (and, where given, this number), or None."""
    issued = find(code)
    if issued is None or (number and text.code(issued.number) != text.code(number)):
        return None
    return verified(issued)


def verified(issued: Paper) -> VerifiedPaper:
    """What stands of a paper: version, issuing unit, its file and the seal on it."""
    case, issuer = _issued(issued)
    newer, ended_on = None, None
    state = Standing.ACTIVE
    if issued.voided_at:
        state = Standing.VOID
        newer = (
            Paper.objects.filter(case_kind=issued.case_kind, case_id=issued.case_id, kind=issued.kind, voided_at=None)
            .order_by("-version")
            .first()
        )
    elif case is not None and papers.of(case).has_ended(issued):
        state, ended_on = Standing.ENDED, papers.of(case).ended_on()
    kind = queries.kind_label(issued.case_kind) if case is not None else ""
    content = read(issued)
    return VerifiedPaper(
        issued,
        kind,
        state,
        issuer,
        newer,
        ended_on,
        stored=bool(content) and hashlib.sha256(content).hexdigest() == issued.file_sha256,
        seal=_seal(issued, content) if issued.sealed and content else None,
    )


def _issued(issued: Paper) -> tuple[Any, str]:
    """The case behind a paper, or None, and the unit that issued it."""
    if issued.case_kind == "assignment":
        row = Assignment.objects.filter(pk=issued.case_id).select_related("step__unit").first()
        return None, row.step.unit.display_name if row and row.step.unit else ""
    if issued.case_kind == "objection":
        row = Objection.objects.filter(pk=issued.case_id).select_related("notice__case_list").first()
        return None, manager(row.notice.case_list).display_name if row else ""
    model = case_model(issued.case_kind)
    case = model._base_manager.filter(pk=issued.case_id).first() if model is not None else None
    if case is None:
        return None, ""
    return case, papers.of(case).issuer()


def read(issued: Paper) -> bytes:
    """The stored file, b"" while there is none or if it cannot be read."""
    if not issued.file:
        return b""
    try:
        with issued.file.open("rb") as file:
            return file.read()
    except OSError:
        return b""


def _seal(issued: Paper, content: bytes) -> Any:
    """The check of the seal, kept for ten minutes: anybody may ask for it."""
    from core.papers import seal  # noqa: PLC0415 - loads pyhanko: a fifth of the start otherwise

    key = f"seal:{issued.pk}:{hashlib.sha256(content).hexdigest()}"
    verdict = cache.get(key)
    if verdict is None:
        verdict = seal.verify_pdf(content)
        cache.set(key, verdict, 600)
    return verdict


def compare(issued: Paper | None, content: bytes) -> tuple[Paper | None, Comparison]:
    """A PDF beside the paper, or, without one, beside the paper whose file it is."""
    from core.papers import seal  # noqa: PLC0415 - loads pyhanko: a fifth of the start otherwise

    digest = hashlib.sha256(content).hexdigest()
    if issued is None:
        issued = Paper.objects.filter(file_sha256=digest).first()
    if issued is not None and issued.file_sha256 == digest:
        return issued, Comparison("same", digest)
    stored = read(issued) if issued is not None and issued.sealed else b""
    if len(content) > 1000 and stored.startswith(content):
        return issued, Comparison("unsealed", digest)
    verdict = seal.verify_pdf(content)
    if verdict.sealed and verdict.ours:
        return issued, Comparison("sealed" if verdict.good else "changed", digest)
    return issued, Comparison("different", digest)
