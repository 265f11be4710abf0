"""What code reads from a profile by name.

A value of a profile that nothing reads would promise something the portal does not do; so a setting or paper key
must be read by a rule, a step or code, else it stands under `information` (issue 2, section 4). Code that reads
one says so once, at import: `reads("settings.notice.recommend.days")`.
"""

from __future__ import annotations

# Declared here for the rooms above that read them: the case pages print the papers of the application, of the
# agreement and of the recognition; bases.gates reads the time for the revision of an agreement.
READ_KEYS: set[str] = {
    "papers.application",
    "papers.agreement",
    "papers.certificate",
    "settings.agreement.revision.months",
}


def reads(*names: str) -> None:
    """Declare that code reads these names: `settings.<key>`, `papers.<key>`, `forms.<key>`, `records.<key>`.

    A trailing `*` stands for any ending (`papers.certificate*`).
    """
    READ_KEYS.update(names)


def is_read(name: str) -> bool:
    """Whether code declared to read `name`."""
    return name in READ_KEYS or any(key.endswith("*") and name.startswith(key[:-1]) for key in READ_KEYS)
