"""Checks on whose business a record is: persons of the case on whose page it stands, and what it counts in a year."""

from __future__ import annotations

from collections.abc import Iterator

from regulations import routekinds, vocabulary
from regulations.schema import RecordType


def persons_of(key: str, kind: RecordType) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A record names persons of the kind of case on whose page it stands, and counts what its column holds."""
    page = vocabulary.RECORD_PAGES.get(kind.subject)
    known = routekinds.persons(page) if page else {}
    for place in ("authors", "readers", "confirmed_by"):
        for at, hand in enumerate(getattr(kind, place)):
            if hand.person is not None and hand.person not in known:
                wanted = ", ".join(sorted(known)) or "none: the record stands on no such case's page"
                path = ("records", key, place, at)
                yield path, f"record type «{key}»: no person «{hand.person}» (known: {wanted})"
    codes = [hand.code for hand in kind.confirmed_by]
    if len(set(codes)) < len(codes):
        yield ("records", key, "confirmed_by"), f"record type «{key}» is confirmed twice by the same"
    yearly = kind.cadence.yearly if kind.cadence is not None else None
    if yearly is not None and page is None:
        yield (
            ("records", key, "cadence"),
            f"record type «{key}»: `yearly` is counted on the page of a case of its own alone",
        )
    if yearly is not None and yearly.code is not None:
        field = next((field for field in kind.fields if field.key == kind.columns.get("code")), None)
        if field is None or yearly.code not in field.codes:
            yield ("records", key, "cadence"), f"record type «{key}» has no code «{yearly.code}» to count in a year"
