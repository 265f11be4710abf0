"""The portal's settings, with the hand-written list (bench/handwritten.py) at an address of its own."""

from __future__ import annotations

from config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.handwritten"
