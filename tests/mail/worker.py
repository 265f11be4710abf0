"""A worker of the outbox in processes of its own, as Celery's pool is: one for each lane, replaced when it dies.

python -m tests.mail.worker        (LIANPEI_ENV, DATABASE_URL, EMAIL_URL … from the environment)
"""

from __future__ import annotations

import ctypes
import os
import signal
import time

import django


def _with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _work(lane: str) -> None:
    from core.tasks import drain_outbox  # noqa: PLC0415 - Django is set up first

    _with_parent()
    while True:
        drain_outbox(lane)
        time.sleep(0.1)


def main() -> None:
    _with_parent()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    import tests.mail.tasks  # noqa: F401, PLC0415 - Django is set up first; a task is known once it is imported
    from core.outbox.lanes import LANES  # noqa: PLC0415 - Django is set up first

    places = {}
    while True:
        for lane in LANES:
            if lane not in places.values():
                pid = os.fork()
                if pid == 0:
                    _work(lane)
                places[pid] = lane
        print("ready", flush=True)
        pid, _status = os.wait()
        places.pop(pid)


if __name__ == "__main__":
    main()
