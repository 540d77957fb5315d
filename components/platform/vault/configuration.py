"""Brings tenants' policies and roles into Vault, again and again."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.batch.v1 import CronJob
from pulumi_kubernetes.core.v1 import ConfigMap, ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.vault.jobs import cron_job, documents_volume, vault_container, volumes
from components.platform.vault.names import CONFIGURATOR
from components.platform.vault.policies import TenantAccess, tenant_policy, tenant_role
from components.platform.vault.scripts import CONFIGURE, DOCUMENTS, bootstrap

CONFIGURATION_PODS = {"app.kubernetes.io/name": CONFIGURATOR}
_LARGEST = 900_000
"""Bytes of documents in one config map, of which the API server takes 1 MiB."""


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultConfigurationArgs:
    """Whose secrets Vault keeps.

    Raises ValueError when two tenants have one name.
    """

    namespace: pulumi.Input[str]
    image: str
    priority_class: str
    tenants: tuple[TenantAccess, ...] = ()
    every_minutes: int = 10

    def __post_init__(self) -> None:
        names = [each.tenant for each in self.tenants]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"each tenant once: {', '.join(twice)} would share one path of secrets")
        if not 1 <= self.every_minutes <= 59:
            raise ValueError(f"every_minutes must be 1 to 59 (got {self.every_minutes})")


class VaultConfiguration(Component, token="platform:VaultConfiguration"):
    """A job that makes Vault's policies and roles those of the tenants there are: a tenant that is gone has no access left (SEC-2, TEN-1).

    It does nothing, and says so, until a person has initialised Vault: no token of Vault and no recovery key is ever in the program's
    state.
    """

    def __init__(self, name: str, context: Context, args: VaultConfigurationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        account = ServiceAccount(
            f"{name}-account", metadata=self._meta(CONFIGURATOR), automount_service_account_token=False, opts=self.child()
        )
        found = ConfigMap(f"{name}-documents", metadata=self._meta(f"{CONFIGURATOR}-documents"), data=documents(args), opts=self.child())
        ConfigMap(f"{name}-bootstrap", metadata=self._meta("vault-bootstrap"), data={"bootstrap.sh": bootstrap()}, opts=self.child())
        container = vault_container("configure", args.image, CONFIGURE, role=CONFIGURATOR, mounts={"documents": DOCUMENTS})
        CronJob(
            f"{name}-job",
            metadata=self._meta(CONFIGURATOR),
            spec=cron_job(
                schedule=f"*/{args.every_minutes} * * * *",
                service_account=CONFIGURATOR,
                pod_labels={**labels(context, name), **CONFIGURATION_PODS},
                priority_class=args.priority_class,
                containers=[container],
                pod_volumes=volumes(documents_volume(found.metadata.apply(lambda metadata: str(metadata.name)))),
            ),
            opts=self.child(depends_on=account),
        )
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))


def documents(args: VaultConfigurationArgs) -> dict[str, str]:
    """Return a policy and a role for each tenant, as files.

    Raises ValueError when they are more than one config map holds.
    """
    found: dict[str, str] = {}
    for access in sorted(args.tenants, key=lambda each: each.tenant):
        policy, role = tenant_policy(access.tenant), tenant_role(access)
        found[f"policy.{policy.name}.json"] = policy.document()
        found[f"role.{role.name}.json"] = role.document()
    size = sum(len(name) + len(text) for name, text in found.items())
    if size > _LARGEST:
        raise ValueError(
            f"{len(args.tenants)} tenants make {size} bytes of policies and roles, of {_LARGEST} at most: split the config map"
        )
    return found
