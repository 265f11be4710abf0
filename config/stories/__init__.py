"""The stories of the house, each told once: how a base comes about under NM and under XCU, sitting by sitting.

A story is told through hands (config/stories/hands.py): the demo world makes it at the door, the scenarios over HTTP. What
people write stands in `answers`. Who acts and on which day is the teller's.
"""
