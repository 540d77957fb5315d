"""Reusable parts of the estate, each in one file."""
