"""Takes new versions of functions into service step by step, and back when something is wrong (DEL-2, DEL-3)."""
