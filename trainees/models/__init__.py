"""Students, and their placements at bases with periods and insurance."""

from trainees.models.placement import Insurance, Period, Placement
from trainees.models.student import Student, StudentPrivate, StudentSheet

__all__ = ["Insurance", "Period", "Placement", "Student", "StudentPrivate", "StudentSheet"]
