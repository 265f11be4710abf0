"""Trainees (floor 6): students and their placements at bases."""
