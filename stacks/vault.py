"""Vault of a region: its key, its servers, what brings tenants into it, and its backups (SEC-2)."""

from collections.abc import Sequence

import pulumi

from components.platform.certificate_issuers import INTERNAL
from components.platform.flow import Pods
from components.platform.priority_classes import BATCH, PLATFORM
from components.platform.storage_class import GP3, StorageClass
from components.platform.vault.configuration import CONFIGURATION_PODS, VaultConfiguration, VaultConfigurationArgs
from components.platform.vault.names import API_PORT, CLUSTER_PORT, NAMESPACE, RELEASE, SERVERS
from components.platform.vault.names import SNAPSHOTS as SNAPSHOT_ACCOUNT
from components.platform.vault.policies import TenantAccess
from components.platform.vault.seal_key import VaultSealKey, VaultSealKeyArgs, seal_alias, seal_policy
from components.platform.vault.server import VaultServer, VaultServerArgs
from components.platform.vault.snapshots import SNAPSHOT_PODS, VaultSnapshots, VaultSnapshotsArgs, carrier_policy
from components.products.tenant.tenant import SERVICE_ACCOUNT as TENANT_ACCOUNT
from components.products.tenant.tenant import Tenant
from stacks.cluster_services import ClusterServices
from stacks.site import ClusterSite

SEAL_KEY = "vault-seal"
IDENTITY = "vault-identity"


def build_vault(site: ClusterSite, services: ClusterServices, storage: StorageClass, tenants: Sequence[Tenant]) -> VaultServer:
    """Build it for the `tenants` of the stack; a person initialises the first server after that (docs/guides/vault.md)."""
    context, plan = site.context, site.plan.vault
    namespace = site.namespace(NAMESPACE)
    role = context.arn("iam", f"role/{context.physical(IDENTITY, limit=64)}", region="")
    key = VaultSealKey(SEAL_KEY, context, VaultSealKeyArgs(role_arn=role, protect=site.settings.plan.protect))
    identity = site.identity(IDENTITY, namespace=NAMESPACE, service_account=RELEASE, policy=seal_policy(key.arn))
    _flows(site, namespace.namespace, tenants)
    server = VaultServer(
        "vault",
        context,
        VaultServerArgs(
            chart=site.chart("vault-chart"),
            image=site.image("vault"),
            namespace=NAMESPACE,
            key_alias=seal_alias(context, SEAL_KEY),
            issuer=INTERNAL,
            storage_class=GP3,
            priority_class=PLATFORM,
            replicas=plan.replicas,
            storage_gb=plan.storage_gb,
        ),
        opts=site.opts(namespace, key, identity, storage, services.certificates, services.priorities),
    )
    VaultConfiguration(
        "vault-configuration",
        context,
        VaultConfigurationArgs(namespace=namespace.namespace, image=site.image("vault"), priority_class=BATCH, tenants=tenant_access(site)),
        opts=site.opts(server),
    )
    _snapshots(site, server)
    return server


def tenant_access(site: ClusterSite) -> tuple[TenantAccess, ...]:
    """Return the stack's tenants as Vault knows them: by the service account of their pods."""
    return tuple(TenantAccess(tenant=each.name, namespace=each.namespace, service_account=TENANT_ACCOUNT) for each in site.settings.tenants)


def _snapshots(site: ClusterSite, server: VaultServer) -> None:
    context = site.context
    policy = carrier_policy(context, context.physical("backups"), site.foundation.keys.personal_arn)
    identity = site.identity(SNAPSHOT_ACCOUNT, namespace=NAMESPACE, service_account=SNAPSHOT_ACCOUNT, policy=policy)
    VaultSnapshots(
        "vault-backups",
        context,
        VaultSnapshotsArgs(
            namespace=NAMESPACE,
            image=site.image("vault"),
            carrier_image=site.image("aws-cli"),
            bucket=site.region.backups_bucket,
            priority_class=BATCH,
        ),
        opts=site.opts(server, identity),
    )


def _flows(site: ClusterSite, namespace: pulumi.Input[str], tenants: Sequence[Tenant]) -> None:
    """Servers speak to each other, to KMS and to the Kubernetes API; jobs and tenants to servers; and a job to S3."""
    servers = Pods(namespace=namespace, match=SERVERS)
    snapshots = Pods(namespace=namespace, match=SNAPSHOT_PODS)
    site.flow("vault-among-servers", servers, servers, [API_PORT, CLUSTER_PORT])
    site.to_kubernetes("vault", servers)
    site.to_aws("vault", servers)
    site.flow("vault-from-configuration", Pods(namespace=namespace, match=CONFIGURATION_PODS), servers, [API_PORT])
    site.flow("vault-from-snapshots", snapshots, servers, [API_PORT])
    site.to_aws("vault-snapshots", snapshots)
    for facts, tenant in zip(site.settings.tenants, tenants, strict=True):
        site.flow(f"{facts.namespace}-to-vault", Pods(namespace=tenant.namespace), servers, [API_PORT])
