"""What services tell each other and people later: queues, and mail."""
