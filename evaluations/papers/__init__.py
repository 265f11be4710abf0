"""Papers of evaluations and of rounds."""

from evaluations.papers.evaluation import OPINION, TITLE, EvaluationPapers
from evaluations.papers.rounds import RoundPapers

__all__ = ["OPINION", "TITLE", "EvaluationPapers", "RoundPapers"]
