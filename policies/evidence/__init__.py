"""What controls said, kept as evidence."""
