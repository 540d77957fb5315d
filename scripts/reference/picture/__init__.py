"""Draws the estate as SVG: layout only, every name and figure is a fact of a stack."""
