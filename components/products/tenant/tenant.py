"""All that one tenant has, apart from every other tenant's."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_aws.secretsmanager.secret import Secret
from pulumi_aws.secretsmanager.secret_version import SecretVersion
from pulumi_kubernetes.core.v1 import ConfigMap, ServiceAccount
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    IPBlockArgs,
    NetworkPolicy,
    NetworkPolicyEgressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)

from components._base import Component, Context
from components.cluster.pod_identity import PodIdentity, PodIdentityArgs
from components.data.bucket import Bucket, BucketArgs
from components.data.credential import new_content
from components.platform.flow import IDENTITY_AGENT, IDENTITY_PORT, METADATA
from components.platform.labels import NAMESPACE_LABEL, labels
from components.platform.namespace import Namespace, NamespaceArgs
from components.products.tenant.permissions import others_out, pods_policy, secret_folder, secret_readers
from components.security.secrets import secret_policy
from config.vocabulary import DataClass, Tier

SERVICE_ACCOUNT = "tenant"
TIER_LABEL, ROUTE_LABEL, POOL_LABEL = "morefocus.com/tier", "morefocus.com/alert-route", "morefocus.com/node-pool"
_DEFAULT_REQUESTS = {"cpu": "100m", "memory": "128Mi"}
_DEFAULT_LIMITS = {"cpu": "500m", "memory": "512Mi"}


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantDatabase:
    """How a tenant reaches its schema."""

    host: pulumi.Input[str]
    name: str
    """What a client connects to: a shard and a tier of the pooler."""
    schema: str
    """Its schema, and its role."""
    pooler_namespace: str
    pooler_pods: Mapping[str, str]
    """Labels of the poolers."""
    port: int = 5432


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantArgs:
    """Who it is, what it may take, and what it is given of the region."""

    tenant: str
    tier: Tier
    quota: Mapping[str, str]
    """Hard limits as a ResourceQuota spells them (TEN-2)."""
    cluster_name: pulumi.Input[str]
    cluster_arn: str
    database: TenantDatabase
    key_arn: pulumi.Input[str]
    """KMS key of personal data."""
    credentials_key_arn: pulumi.Input[str]
    log_bucket: pulumi.Input[str]
    node_pool: str | None = None
    """Pool of nodes of its own; None for those that all share."""
    mesh: bool = False
    protect: bool = True
    more_labels: Mapping[str, str] = field(default_factory=dict)


class Tenant(Component, token="products:Tenant"):
    """A namespace with quota and policies, a bucket, a database login, and a role that reaches these alone (TEN-1, TEN-2, SEC-2, D7).

    Its pods read secrets with their own role: no secret of a tenant is copied into the cluster.
    """

    namespace: pulumi.Output[str]
    bucket: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    secret_arn: pulumi.Output[str]
    """Login of its schema: JSON with `username` and `password`."""

    def __init__(self, name: str, context: Context, args: TenantArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        space = Namespace(
            name,
            context,
            NamespaceArgs(
                namespace=name,
                tenant=args.tenant,
                mesh=args.mesh,
                quota=args.quota,
                default_requests=_DEFAULT_REQUESTS,
                default_limits=_DEFAULT_LIMITS,
                more_labels=self._labels(),
            ),
            opts=self.child(),
        )
        self._flows(name, space.namespace)
        bucket = self._bucket(name)
        login = self._login(name)
        identity = PodIdentity(
            f"{name}-pods",
            context,
            PodIdentityArgs(
                cluster_name=args.cluster_name,
                cluster_arn=args.cluster_arn,
                namespace=name,
                service_account=SERVICE_ACCOUNT,
                policy=pods_policy(context, name, args.tenant, key_arn=args.key_arn, credentials_key_arn=args.credentials_key_arn),
            ),
            opts=self.child(),
        )
        # Pods that start before their role is known get no credentials.
        ServiceAccount(
            f"{name}-account",
            metadata=self._meta(SERVICE_ACCOUNT, space.namespace),
            automount_service_account_token=False,
            opts=self.child(depends_on=[identity]),
        )
        self._told(name, space.namespace)
        self.namespace = space.namespace
        self.bucket = bucket.name
        self.role_arn = identity.role_arn
        self.secret_arn = login
        self.publish()

    def _labels(self) -> dict[str, str]:
        """What dashboards choose by, and where alerts go; a tier that pays for more is told sooner."""
        args = self._args
        own = {TIER_LABEL: args.tier.value, ROUTE_LABEL: f"tenant-{args.tier.value}"}
        return {**own, **({POOL_LABEL: args.node_pool} if args.node_pool else {}), **args.more_labels}

    def _meta(self, name: str, namespace: pulumi.Input[str]) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=namespace, labels=labels(self.context, self._component, tenant=self._args.tenant))

    def _flows(self, name: str, namespace: pulumi.Input[str]) -> None:
        """Its pods reach the poolers, AWS and the web; nobody reaches them. The poolers let all tenants in by one rule of theirs."""
        database = self._args.database
        pooler = NetworkPolicyPeerArgs(
            namespace_selector=LabelSelectorArgs(match_labels={NAMESPACE_LABEL: database.pooler_namespace}),
            pod_selector=LabelSelectorArgs(match_labels=dict(database.pooler_pods)),
        )
        web = NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr="0.0.0.0/0", except_=[METADATA]))
        agent = NetworkPolicyPeerArgs(ip_block=IPBlockArgs(cidr=IDENTITY_AGENT))
        NetworkPolicy(
            f"{name}-flows",
            metadata=self._meta("flows", namespace),
            spec=NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(),
                policy_types=["Egress"],
                egress=[
                    NetworkPolicyEgressRuleArgs(to=[peer], ports=[NetworkPolicyPortArgs(protocol="TCP", port=port)])
                    for peer, port in ((pooler, database.port), (agent, IDENTITY_PORT), (web, 443))
                ],
            ),
            opts=self.child(),
        )

    def _bucket(self, name: str) -> Bucket:
        args = self._args
        return Bucket(
            name,
            self.context,
            BucketArgs(
                data_class=DataClass.PERSONAL,
                key_arn=args.key_arn,
                log_bucket=args.log_bucket,
                statements=[others_out(self.context, name)],
                tenant=args.tenant,
                protect=args.protect,
            ),
            opts=self.child(),
        )

    def _login(self, name: str) -> pulumi.Output[str]:
        args = self._args
        secret = Secret(
            f"{name}-login",
            name=f"{secret_folder(self.context, args.tenant)}database",
            description=f"Login of the schema {args.database.schema}",
            kms_key_id=args.credentials_key_arn,
            policy=secret_policy(self.context, secret_readers(self.context, name)),
            recovery_window_in_days=30 if args.protect else 0,
            tags=self.tags(DataClass.CREDENTIALS, name=f"{name}-login", tenant=args.tenant),
            opts=self.child(protect=args.protect),
        )
        # Made up at each run, and stored at the first: a later change of the password in the secret is not undone.
        version = SecretVersion(
            f"{name}-login",
            secret_id=secret.arn,
            secret_string=new_content({"username": args.database.schema}),
            opts=self.child(ignore_changes=["secretString"]),
        )
        return version.secret_id

    def _told(self, name: str, namespace: pulumi.Input[str]) -> None:
        database = self._args.database
        ConfigMap(
            f"{name}-facts",
            metadata=self._meta("tenant", namespace),
            data={
                "PGHOST": database.host,
                "PGPORT": str(database.port),
                "PGDATABASE": database.name,
                "PGUSER": database.schema,
                "PGSSLMODE": "verify-full",
                "DATABASE_SECRET": f"{secret_folder(self.context, self._args.tenant)}database",
                "BUCKET": self.context.physical(name),
                "TENANT": self._args.tenant,
            },
            opts=self.child(),
        )
