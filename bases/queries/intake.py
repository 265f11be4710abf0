"""Whether a base takes students on a day."""

from __future__ import annotations

import datetime as dt

from casework import effects


def takes_students(recognition, on: dt.date) -> bool:
    """By its dates and the effects that stand on it that day."""
    if recognition.state != "active" or recognition.active_on is None or on < recognition.active_on:
        return False
    return not effects.standing(recognition, on, effects.STOPS_INTAKE).exists()
