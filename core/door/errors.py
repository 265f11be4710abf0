"""What the door says where it does not let an act through."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core import clock
from core.findings import Finding
from core.models import Case, TransitionLog


class DoorError(Exception):
    """An act the door did not let through. Nothing but the log of attempts has changed."""

    code = "refused"
    findings: list[Finding] = []


class Refused(DoorError):
    """A condition or the input stood against it; `findings` say which, each with its clause and the facts seen."""

    def __init__(self, findings: Iterable[Finding] | Finding | str, clause: str = ""):
        if isinstance(findings, str):
            findings = Finding(clause, "hard", findings)
        self.findings = [findings] if isinstance(findings, Finding) else list(findings)
        super().__init__("；".join(finding.message for finding in self.findings))


class Forbidden(DoorError):
    """The actor sees the case but may not do this."""

    code = "forbidden"

    def __init__(self, message: str = ""):
        self.findings = [Finding("", "hard", message)] if message else []
        super().__init__(message)


class NotFound(DoorError):
    """To this actor the case does not exist."""

    code = "not_found"


class Stale(DoorError):
    """Somebody was quicker, or the page is old: what the actor wanted to do is no longer open."""

    code = "stale"

    def __init__(self, last: TransitionLog | None, case: Case, reader=None):
        self.last, self.case = last, case
        if last:
            message = _("此事项已由%(who)s于%(when)s办理“%(what)s”，您看到的是旧页面，本次操作没有改动任何内容。") % {
                "who": last.name_for(reader),
                "when": clock.local(last.at).strftime("%Y-%m-%d %H:%M"),
                "what": last.label,
            }
        else:
            message = _("此事项当前不在可办理该操作的环节，本次操作没有改动任何内容。")
        self.findings = [Finding("", "hard", message)]
        super().__init__(message)
