"""Renews secrets inside the account, makes first values, and tells which secrets are older than they may be (SEC-2)."""
