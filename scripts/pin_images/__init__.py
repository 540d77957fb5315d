"""Writes the lock of images and charts from what their registries answer (D5)."""
