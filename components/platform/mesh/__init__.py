"""Mutual TLS between services, who may call whom, and what keeps one failing service from pulling down others (SEC-5, SEC-10)."""
