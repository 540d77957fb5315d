"""Kubernetes control planes on loopback, without containers: one for each stack."""
