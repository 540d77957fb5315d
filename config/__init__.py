"""Shared facts and their shape: plain data, read once, checked before anything is created."""
