"""What the platform costs in time and memory, beside the floor that SDK and engine set."""
