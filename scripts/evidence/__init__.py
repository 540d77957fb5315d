"""Evidence for auditors and for merge requests, made of verdicts of controls."""
