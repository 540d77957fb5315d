"""Adds a tenant to the estate by writing its file (TEN-1)."""
