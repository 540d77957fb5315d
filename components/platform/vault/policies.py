"""Who may do what in Vault: policies and roles as typed documents.

Source: https://developer.hashicorp.com/vault/docs/concepts/policies, https://developer.hashicorp.com/vault/api-docs/auth/kubernetes
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from components.platform.vault.names import AUDIENCE, CONFIGURATOR, NAMESPACE, SNAPSHOTS

Capability = Literal["create", "read", "update", "patch", "delete", "list", "sudo", "deny"]
MOUNT = "tenants"
"""Where the key-value engine of tenants is mounted, in its version 2, which keeps earlier versions."""
PREFIX = "tenant-"
"""How policies and roles of tenants begin: what begins so and belongs to no tenant any more is removed."""
_TENANT = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
_OWN: tuple[Capability, ...] = ("create", "read", "update", "patch", "delete")


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """Paths to what may be done there; `*` at the end stands for anything, a `+` for one segment.

    Raises ValueError for a path that opens all of Vault.
    """

    name: str
    paths: Mapping[str, Sequence[Capability]]

    def __post_init__(self) -> None:
        for path in self.paths:
            if not path or path.startswith(("*", "+", "/")):
                raise ValueError(f"policy {self.name}: a path begins with the name of what it opens (got {path!r})")

    def document(self) -> str:
        """Return the policy as Vault takes it."""
        paths = {path: {"capabilities": list(capabilities)} for path, capabilities in self.paths.items()}
        return json.dumps({"path": paths}, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """Pods of one service account, and the policies that they get for signing in with its token."""

    name: str
    namespace: str
    service_account: str
    policies: tuple[str, ...]
    minutes: int = 60
    """Life of what they get, after which they sign in anew."""

    def __post_init__(self) -> None:
        if "*" in self.namespace or "*" in self.service_account:
            raise ValueError(f"role {self.name}: one service account of one namespace (got {self.namespace}/{self.service_account})")
        if self.service_account == "default":
            raise ValueError(f"role {self.name}: a service account of its own, not 'default', which every pod has that asks for none")

    def document(self) -> str:
        """Return the role as the Kubernetes auth method takes it."""
        body: dict[str, Any] = {
            "bound_service_account_names": [self.service_account],
            "bound_service_account_namespaces": [self.namespace],
            "audience": AUDIENCE,
            "alias_name_source": "serviceaccount_uid",
            "token_policies": list(self.policies),
            "token_ttl": f"{self.minutes}m",
            "token_max_ttl": f"{self.minutes}m",
        }
        return json.dumps(body, separators=(",", ":"), sort_keys=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantAccess:
    """A tenant, and whose pods may reach its secrets.

    Raises ValueError for a name that could stand for another tenant's path.
    """

    tenant: str
    namespace: str
    service_account: str

    def __post_init__(self) -> None:
        if not _TENANT.fullmatch(self.tenant):
            raise ValueError(f"tenant must be up to 40 of a-z, 0-9 and inner hyphens (got {self.tenant!r})")


def tenant_policy(tenant: str) -> Policy:
    """Return what a tenant's pods may do: keep secrets under the tenant's own name, and see nobody else's, not even their names.

    The slash before the star keeps `one` out of `one-two`. Versions are deleted and not destroyed: a mistake can be taken back.
    """
    return Policy(
        name=f"{PREFIX}{tenant}",
        paths={f"{MOUNT}/data/{tenant}/*": _OWN, f"{MOUNT}/metadata/{tenant}/*": ("read", "list")},
    )


def tenant_role(access: TenantAccess) -> Role:
    """Return how a tenant's pods sign in."""
    name = f"{PREFIX}{access.tenant}"
    return Role(name=name, namespace=access.namespace, service_account=access.service_account, policies=(name,))


CONFIGURATION = Policy(
    name=CONFIGURATOR,
    paths={
        f"sys/policies/acl/{PREFIX}*": ("create", "read", "update", "delete"),
        "sys/policies/acl": ("list",),
        "sys/policies/acl/": ("list",),
        f"auth/kubernetes/role/{PREFIX}*": ("create", "read", "update", "delete"),
        "auth/kubernetes/role": ("list",),
        "auth/kubernetes/role/": ("list",),
    },
)
"""Of what brings tenants' policies and roles into Vault. Whoever may write policies can give himself any: it is kept as a secret is."""
SNAPSHOT = Policy(name=SNAPSHOTS, paths={"sys/storage/raft/snapshot": ("read",)})
"""Of what takes backups: they are closed with the same key as Vault itself."""
OWN_POLICIES = (CONFIGURATION, SNAPSHOT)
OWN_ROLES = (
    Role(name=CONFIGURATOR, namespace=NAMESPACE, service_account=CONFIGURATOR, policies=(CONFIGURATOR,), minutes=15),
    Role(name=SNAPSHOTS, namespace=NAMESPACE, service_account=SNAPSHOTS, policies=(SNAPSHOTS,), minutes=15),
)
"""What a person brings into Vault once, with the first token (docs/guides/vault.md); tenants' follow by themselves."""
