"""PgBouncer: many clients, few connections, and each tenant in a pool of its own (DAT-7)."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.apps.v1 import Deployment, DeploymentSpecArgs, DeploymentStrategyArgs, RollingUpdateDeploymentArgs
from pulumi_kubernetes.core.v1 import (
    ConfigMap,
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    SecretKeySelectorArgs,
    SecretVolumeSourceArgs,
    Service,
    ServicePortArgs,
    ServiceSpecArgs,
    TCPSocketActionArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, LabelSelectorRequirementArgs, ObjectMetaArgs
from pulumi_kubernetes.networking.v1 import (
    NetworkPolicy,
    NetworkPolicyIngressRuleArgs,
    NetworkPolicyPeerArgs,
    NetworkPolicyPortArgs,
    NetworkPolicySpecArgs,
)
from pulumi_kubernetes.policy.v1 import PodDisruptionBudget, PodDisruptionBudgetSpecArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.pooling.configuration import AUTH_ROLE, METRICS_PORT, PORT, RUN, PoolDatabase, hba_conf, pgbouncer_ini
from components.platform.workload import container_security, over_zones, pod_security, resources

SERVICE = "pgbouncer"
PODS = {"app.kubernetes.io/name": SERVICE}
TENANT_LABEL = "morefocus.com/tenant"
TLS_SECRET, USERS_SECRET = "pgbouncer-tls", "pgbouncer-users"
_USER = 998
_FOLDER = "/etc/pgbouncer"


@dataclass(frozen=True, kw_only=True, slots=True)
class PoolerArgs:
    """How many, for which databases, and where certificates and passwords come from.

    Raises ValueError without a database.
    """

    namespace: pulumi.Input[str]
    image: str
    exporter_image: str
    databases: Sequence[PoolDatabase]
    roots: str
    """PEM of the authorities that sign the servers' certificates."""
    replicas: int = 3
    clients: int = 2000
    store: pulumi.Input[str]
    """ClusterSecretStore."""
    issuer: pulumi.Input[str]
    """ClusterIssuer of certificates inside the cluster."""
    auth_secret: str
    """Secret with the password of the role that looks logins up."""
    priority_class: str

    def __post_init__(self) -> None:
        if not self.databases:
            raise ValueError("databases must name one at least (got none)")


class Pooler(Component, token="platform:Pooler"):
    """PgBouncers over the zones, that speak TLS to both sides and know logins by what the database says of them (DAT-7).

    Sources: https://www.pgbouncer.org/config.html, https://github.com/prometheus-community/pgbouncer_exporter
    """

    host: pulumi.Output[str]
    """Name by which clients in the cluster reach it, on port 5432; known once it answers."""

    def __init__(self, name: str, context: Context, args: PoolerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        files = self._files(name)
        secrets = [self._users(name), self._certificate(name)]
        deployment = Deployment(
            f"{name}-deployment",
            metadata=self._meta(SERVICE),
            spec=DeploymentSpecArgs(
                replicas=args.replicas,
                selector=LabelSelectorArgs(match_labels=PODS),
                strategy=DeploymentStrategyArgs(
                    type="RollingUpdate", rolling_update=RollingUpdateDeploymentArgs(max_surge=1, max_unavailable=0)
                ),
                template=PodTemplateSpecArgs(metadata=self._pod_meta(), spec=self._pod(files)),
            ),
            opts=self.child(depends_on=secrets),
        )
        PodDisruptionBudget(
            f"{name}-disruption",
            metadata=self._meta(SERVICE),
            spec=PodDisruptionBudgetSpecArgs(max_unavailable=1, selector=LabelSelectorArgs(match_labels=PODS)),
            opts=self.child(),
        )
        service = Service(
            f"{name}-service",
            metadata=self._meta(SERVICE),
            spec=ServiceSpecArgs(selector=PODS, ports=[ServicePortArgs(name="postgresql", port=PORT, target_port="postgresql")]),
            opts=self.child(depends_on=[deployment]),
        )
        self._tenants(name)
        self.host = pulumi.Output.concat(service.metadata.apply(lambda meta: str(meta.name)), ".", args.namespace, ".svc.cluster.local")
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels={**labels(self.context, self._component), **PODS})

    def _pod_meta(self) -> ObjectMetaArgs:
        return ObjectMetaArgs(labels={**labels(self.context, self._component), **PODS})

    def _tenants(self, name: str) -> None:
        """One rule lets the pods of all tenants' namespaces in: a tenant that is added changes nothing here."""
        tenants = LabelSelectorArgs(match_expressions=[LabelSelectorRequirementArgs(key=TENANT_LABEL, operator="Exists")])
        NetworkPolicy(
            f"{name}-tenants-in",
            metadata=self._meta("tenants-in"),
            spec=NetworkPolicySpecArgs(
                pod_selector=LabelSelectorArgs(match_labels=PODS),
                policy_types=["Ingress"],
                ingress=[
                    NetworkPolicyIngressRuleArgs(
                        from_=[NetworkPolicyPeerArgs(namespace_selector=tenants)], ports=[NetworkPolicyPortArgs(protocol="TCP", port=PORT)]
                    )
                ],
            ),
            opts=self.child(),
        )

    def _files(self, name: str) -> ConfigMap:
        args = self._args
        return ConfigMap(
            f"{name}-files",
            metadata=self._meta(SERVICE),
            data={
                "pgbouncer.ini": pulumi.Output.all(*(each.host for each in args.databases)).apply(
                    lambda hosts: pgbouncer_ini(args.databases, hosts, clients=args.clients)
                ),
                "hba.conf": hba_conf(args.databases),
                "run.sh": RUN,
                "rds.pem": args.roots,
            },
            opts=self.child(),
        )

    def _users(self, name: str) -> CustomResource:
        """Only the role that looks others up has its password here; all others are known by what it finds."""
        return CustomResource(
            f"{name}-users",
            api_version="external-secrets.io/v1",
            kind="ExternalSecret",
            metadata=self._meta(USERS_SECRET),
            spec={
                "refreshInterval": "1h0m0s",
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": self._args.store},
                "target": {
                    "name": USERS_SECRET,
                    "template": {
                        "engineVersion": "v2",
                        "data": {"userlist.txt": f'"{AUTH_ROLE}" "{{{{ .password }}}}"\n', "password": "{{ .password }}"},
                    },
                },
                "data": [{"secretKey": "password", "remoteRef": {"key": self._args.auth_secret, "property": "password"}}],
            },
            opts=self.child(),
        )

    def _certificate(self, name: str) -> CustomResource:
        host = pulumi.Output.concat(SERVICE, ".", self._args.namespace)
        return CustomResource(
            f"{name}-certificate",
            api_version="cert-manager.io/v1",
            kind="Certificate",
            metadata=self._meta(TLS_SECRET),
            spec={
                "secretName": TLS_SECRET,
                "dnsNames": [host, pulumi.Output.concat(host, ".svc"), pulumi.Output.concat(host, ".svc.cluster.local")],
                "duration": "2160h0m0s",
                "renewBefore": "720h0m0s",
                "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
                "usages": ["server auth"],
                "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": self._args.issuer},
            },
            opts=self.child(),
        )

    def _pod(self, files: ConfigMap) -> PodSpecArgs:
        args = self._args
        return PodSpecArgs(
            automount_service_account_token=False,
            enable_service_links=False,
            security_context=pod_security(_USER),
            priority_class_name=args.priority_class,
            topology_spread_constraints=[over_zones(PODS)],
            # Clients may finish what they began.
            termination_grace_period_seconds=120,
            containers=[self._bouncer(), self._exporter()],
            volumes=[
                VolumeArgs(name="config", config_map=ConfigMapVolumeSourceArgs(name=files.metadata.name)),
                VolumeArgs(name="users", secret=SecretVolumeSourceArgs(secret_name=USERS_SECRET)),
                VolumeArgs(name="tls", secret=SecretVolumeSourceArgs(secret_name=TLS_SECRET)),
            ],
        )

    def _bouncer(self) -> ContainerArgs:
        mounts = {"config": "config", "users": "users", "tls": "tls", "roots": "config"}
        return ContainerArgs(
            name=SERVICE,
            image=self._args.image,
            command=["sh", f"{_FOLDER}/config/run.sh", "pgbouncer", f"{_FOLDER}/config/pgbouncer.ini"],
            ports=[ContainerPortArgs(name="postgresql", container_port=PORT)],
            security_context=container_security(),
            # One process on one core: it passes on, and decides nothing.
            resources=resources({"cpu": "100m", "memory": "128Mi"}, {"cpu": "1", "memory": "256Mi"}),
            startup_probe=ProbeArgs(tcp_socket=TCPSocketActionArgs(port="postgresql"), period_seconds=2, failure_threshold=30),
            readiness_probe=ProbeArgs(tcp_socket=TCPSocketActionArgs(port="postgresql"), period_seconds=5),
            liveness_probe=ProbeArgs(tcp_socket=TCPSocketActionArgs(port="postgresql"), period_seconds=10, failure_threshold=6),
            volume_mounts=[VolumeMountArgs(name=volume, mount_path=f"{_FOLDER}/{path}", read_only=True) for path, volume in mounts.items()],
        )

    def _exporter(self) -> ContainerArgs:
        password = SecretKeySelectorArgs(name=USERS_SECRET, key="password")
        return ContainerArgs(
            name="exporter",
            image=self._args.exporter_image,
            args=[f"--web.listen-address=:{METRICS_PORT}"],
            env=[
                EnvVarArgs(name="PASSWORD", value_from=EnvVarSourceArgs(secret_key_ref=password)),
                EnvVarArgs(
                    name="PGBOUNCER_EXPORTER_CONNECTION_STRING",
                    value=f"postgres://{AUTH_ROLE}:$(PASSWORD)@127.0.0.1:{PORT}/pgbouncer?sslmode=require",
                ),
            ],
            ports=[ContainerPortArgs(name="metrics", container_port=METRICS_PORT)],
            security_context=container_security(),
            resources=resources({"cpu": "10m", "memory": "32Mi"}, {"cpu": "100m", "memory": "64Mi"}),
            startup_probe=ProbeArgs(tcp_socket=TCPSocketActionArgs(port="metrics"), period_seconds=2, failure_threshold=30),
            readiness_probe=ProbeArgs(tcp_socket=TCPSocketActionArgs(port="metrics"), period_seconds=10),
            liveness_probe=ProbeArgs(tcp_socket=TCPSocketActionArgs(port="metrics"), period_seconds=30),
        )
