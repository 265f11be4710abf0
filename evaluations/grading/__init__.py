"""Grading: sheets and facts in, a grade with all its reasons out. Pure: no database, no clock, no case."""

from evaluations.grading.grade import Grade, grade
from evaluations.grading.scheme import Band, Condition, Rounding, Scheme, fact_key, scheme_of
from evaluations.grading.words import Names, words

__all__ = ["Band", "Condition", "Grade", "Names", "Rounding", "Scheme", "fact_key", "grade", "scheme_of", "words"]
