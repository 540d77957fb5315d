"""Log delivery: what logs, to where, and the link between them (CloudWatch Logs vended logs)."""
