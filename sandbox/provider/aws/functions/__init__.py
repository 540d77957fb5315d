"""Data sources: what a program asks the cloud without making anything."""
