"""Trainees (floor 6): students, placements, plans, insurance, filings. Models arrive with the trainee issue."""
