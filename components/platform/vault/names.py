"""What the parts of Vault call each other."""

RELEASE = "vault"
"""Name of the release, and of the servers' service account."""
NAMESPACE = "vault"
SERVERS = {"app.kubernetes.io/name": "vault", "app.kubernetes.io/instance": RELEASE, "component": "server"}
"""Labels of the servers' pods."""
API_PORT = 8200
CLUSTER_PORT = 8201
ACTIVE = f"{RELEASE}-active.{NAMESPACE}.svc"
"""Where clients call: the one server that writes; its certificate has this name."""
ADDRESS = f"https://{ACTIVE}:{API_PORT}"
TLS_SECRET = "vault-tls"  # noqa: S105 - the name of a secret
TLS_FOLDER = "/vault/tls"
AUDIENCE = "vault"
"""Whom tokens of service accounts are for that Vault takes: one made for the Kubernetes API opens nothing here."""
CONFIGURATOR = "vault-configuration"
SNAPSHOTS = "vault-snapshots"
"""Service accounts, and by the same names roles in Vault."""
USER, GROUP = 100, 1000
"""Of the image."""
