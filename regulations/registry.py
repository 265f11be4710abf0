"""What code reads from a profile by name.

A value of a profile that nothing reads would promise something the portal does not do; so a setting or paper key
must be read by a rule, a step or code, else it stands under `information`.
"""

from __future__ import annotations

# `settings.<key>`, `papers.<key>`, `forms.<key>` or `records.<key>`, a trailing `*` for any ending; declared here for
# the rooms above that read them: the case pages print the papers of the application, of the
# agreement, of the recognition and of a rectification; bases.gates reads the time for the revision of an agreement.
READ_KEYS: set[str] = {
    "papers.application",
    "papers.agreement",
    "papers.certificate",
    "papers.rectification_ledger",
    "papers.rectification_notice",
    "papers.rectification_result",
    "settings.agreement.revision.months",
}


def is_read(name: str) -> bool:
    """Whether code declared to read `name`."""
    return name in READ_KEYS or any(key.endswith("*") and name.startswith(key[:-1]) for key in READ_KEYS)
