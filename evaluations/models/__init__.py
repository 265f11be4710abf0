"""Rounds of evaluation, and the evaluations of bases in them."""

from evaluations.models.evaluation import Evaluation
from evaluations.models.round import Round

__all__ = ["Evaluation", "Round"]
