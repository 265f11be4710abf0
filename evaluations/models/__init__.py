"""Rounds of evaluation, the evaluations of bases in them, and what has to be repaired afterwards."""

from evaluations.models.evaluation import Evaluation
from evaluations.models.rectification import Problem, Rectification
from evaluations.models.round import Round

__all__ = ["Evaluation", "Problem", "Rectification", "Round"]
