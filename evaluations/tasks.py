"""Work after the commit: the results of a closed round, evaluation by evaluation."""

from __future__ import annotations

from core import outbox
from evaluations.services import rounds


@outbox.task
def settle_round(round_id: int) -> None:
    """Bring the results of a closed round to its evaluations: a chunk, and the rest in a task of its own."""
    left = rounds.settle_some(round_id)
    if left:
        key = f"evaluations.settle_round:{round_id}:{left}"
        outbox.queue_task("evaluations.tasks.settle_round", {"round_id": round_id}, key=key)
