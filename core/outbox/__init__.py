"""The outbox: what has to leave the portal is written inside the transaction and sent after it.

A message whose transaction did not commit never existed; one whose worker died is still there. A worker claims a
message and commits that first, then sends outside any transaction, then marks it: nobody waits for a mail server, and a
task that kills its worker has used up its claim. A mail's Message-ID is derived from its key, so that a mail system that
gets it twice recognises it.

    queueing.py  writing: queue_mail, queue_task, notify
    inbox.py     messages whose matter is done: answered
    lanes.py     claiming and sending, in lanes that do not wait for each other
    mail.py      one mail to the mail server, and what its answer means; the e-mail backend that queues
    failures.py  what cannot be delivered: put off, set aside, told to whoever caused it
    state.py     how the outbox is doing: for the health page and the administrator
"""

from core.outbox.inbox import answered, answered_by_end, taken_over
from core.outbox.lanes import drain
from core.outbox.queueing import Notice, composer, notify, notify_all, queue_composed, queue_mail, queue_task, task

__all__ = [
    "Notice",
    "answered",
    "answered_by_end",
    "composer",
    "drain",
    "notify",
    "notify_all",
    "queue_composed",
    "queue_mail",
    "queue_task",
    "taken_over",
    "task",
]
