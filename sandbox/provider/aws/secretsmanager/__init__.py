"""Secrets, their versions, policies and rotation (Secrets Manager)."""
