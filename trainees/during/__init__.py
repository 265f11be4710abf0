"""What is written during a stay: reports, contacts, logs, allowances, incidents, as record types of the profile with
`subject: placement`; who confirms them; what is missing.

    persons.py   whom `person:` means on a placement, and how the placements of a person are found
    course.py    from when until when a stay owes what its profile asks for: `begin`, `paused`, `changed`, `finish`
    moves.py     entering a record, confirming it, entering what a mentor said elsewhere
    reading.py   what waits for a reader's confirmation, over all their students
    letters.py   the mail with one link for whoever has something to confirm
"""

from trainees.during.course import begin, changed, finish, paused

__all__ = ["begin", "changed", "finish", "paused"]
