"""Adds a region to the estate by writing its files (REG-4)."""
