"""Verbs over rounds and evaluations."""
