"""Evaluations (floor 7): rounds, evaluations of bases with their grades, rectification."""
