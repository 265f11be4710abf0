"""What the pages of this room ask of several rooms.

words.py  what kinds of case and their states are called
home.py   what stands on the home page beside the to-dos
"""

from portal.queries.words import case_url, kind_label, state_label, state_of

__all__ = ["case_url", "kind_label", "state_label", "state_of"]
