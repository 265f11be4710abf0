"""The moves of rounds and evaluations."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from casework.moves import RoutedMoves
from casework.steps import lifecycle as route
from core import clock
from core.door import Act, move, moves_of
from evaluations.models import Evaluation, Round


@moves_of(Round)
class RoundMoves:
    """A round opens, and closes with its results."""

    @move(source="planned", target="open", label=_("启动考核"), permission="evaluations.run_round", system=True)
    def open(self: Round, act: Act) -> None:
        """Open the round: the bases in it are asked for their reports from now on."""
        self.opened_on = clock.today()


@route.kinds.register(Evaluation)
class EvaluationLifecycle(route.Lifecycle):
    pass


@moves_of(Evaluation)
class EvaluationMoves(RoutedMoves):
    """An evaluation is reported, goes its route, and ends with a grade."""
