"""Pulumi's real engine: found or built, given its own home, and run."""
