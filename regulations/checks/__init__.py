"""What goes over the whole of a profile: references, routes, clause IDs, rules and their facts.

A check is a function `(profile, data)` that yields `(path, message)`; the loader adds file and line.
"""
