"""HashiCorp Vault, which keeps secrets of applications, each tenant's apart from all others' (SEC-2)."""
