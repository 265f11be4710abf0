"""Evaluations (floor 7): rounds, grades, rectification, incidents. Models arrive with the evaluation issue."""
