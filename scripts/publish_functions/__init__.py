"""Uploads the bundle that functions run, under a key that says what is in it (DEL-1)."""
