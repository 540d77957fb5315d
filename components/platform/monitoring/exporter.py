"""A program that turns what another system says into metrics."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

import pulumi
from pulumi_kubernetes.apps.v1 import DeploymentSpecArgs
from pulumi_kubernetes.apps.v1.Deployment import Deployment
from pulumi_kubernetes.core.v1 import (
    ConfigMapVolumeSourceArgs,
    ContainerArgs,
    ContainerPortArgs,
    EnvVarArgs,
    EnvVarSourceArgs,
    HTTPGetActionArgs,
    PodSpecArgs,
    PodTemplateSpecArgs,
    ProbeArgs,
    SecretKeySelectorArgs,
    SecretVolumeSourceArgs,
    VolumeArgs,
    VolumeMountArgs,
)
from pulumi_kubernetes.core.v1.ConfigMap import ConfigMap
from pulumi_kubernetes.core.v1.ServiceAccount import ServiceAccount
from pulumi_kubernetes.meta.v1 import LabelSelectorArgs, ObjectMetaArgs

from components._base import Component, Context
from components.platform.flow import Addresses, Flow, FlowArgs, Pods
from components.platform.known_name import known_name
from components.platform.labels import labels
from components.platform.monitoring.scrape import NAMESPACE, Scrape, ScrapeArgs
from components.platform.workload import SINGLE, container_security, over_zones, pod_security, resources

CONFIG, SECRETS = "/etc/exporter", "/var/run/exporter"
"""Where its configuration and what it signs in with are mounted."""
NOBODY = 65534
EXPORTER_LABEL = "app.kubernetes.io/name"
_LONE = {SINGLE: "two would count everything twice; while one starts anew, a minute is lost"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """Where an exporter may call."""

    to: Addresses
    ports: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExporterArgs:
    """One exporter.

    Raises ValueError when it is to read a secret and none is named.
    """

    image: str
    port: int
    arguments: Sequence[pulumi.Input[str]] = ()
    environment: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    secret_environment: Mapping[str, str] = field(default_factory=dict)
    """Variable to key of `secret`, for what a program takes by no file."""
    secret: pulumi.Input[str] | None = None
    """Kubernetes secret whose keys are files under `SECRETS`."""
    files: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """File name to text, under `CONFIG`."""
    reaches: Mapping[str, Reached] = field(default_factory=dict)
    """Short name to where it may call."""
    extra: Mapping[str, str] = field(default_factory=dict)
    """Labels of each of its series."""
    health: str = "/"
    metrics: str = "/metrics"
    interval: str = "30s"
    memory: str = "64Mi"
    scraped: bool = True
    """False: it is asked by probes of its own, and its own metrics are not read."""

    def __post_init__(self) -> None:
        if self.secret_environment and self.secret is None:
            raise ValueError(f"secret must name the secret that {', '.join(sorted(self.secret_environment))} come from (got none)")


class Exporter(Component, token="platform:Exporter"):
    """One pod without privileges that is read by Prometheus and reaches what it exports, and nothing else (OBS-1, SEC-7).

    One is enough: while it starts anew a minute is lost, and two would count everything twice.
    """

    match: pulumi.Output[dict[str, str]]
    """Labels of its pods."""

    def __init__(self, name: str, context: Context, args: ExporterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        self._name = name
        match = {EXPORTER_LABEL: name}
        self._serve(match)
        pods = Pods(namespace=NAMESPACE, match=match)
        for short, reached in args.reaches.items():
            flow = FlowArgs(source=pods, destination=reached.to, ports=reached.ports)
            Flow(f"{name}-to-{short}", context, flow, opts=self.child())
        if args.scraped:
            scrape = ScrapeArgs(
                namespace=NAMESPACE, match=match, port=args.port, path=args.metrics, extra=args.extra, interval=args.interval
            )
            Scrape(name, context, scrape, opts=self.child())
        self.match = pulumi.Output.from_input(match)
        self.publish()

    def _meta(self, match: Mapping[str, str], annotations: Mapping[str, str] | None = None) -> ObjectMetaArgs:
        given = {**labels(self.context, self._name), **match}
        return ObjectMetaArgs(name=self._name, namespace=NAMESPACE, labels=given, annotations=annotations)

    def _serve(self, match: Mapping[str, str]) -> None:
        name, args = self._name, self._args
        account = ServiceAccount(f"{name}-account", metadata=self._meta(match), automount_service_account_token=False, opts=self.child())
        if args.files:
            ConfigMap(f"{name}-config", metadata=self._meta(match), data=dict(args.files), opts=self.child())
        Deployment(
            f"{name}-deployment",
            metadata=self._meta(match, _LONE),
            spec=DeploymentSpecArgs(
                replicas=1,
                selector=LabelSelectorArgs(match_labels=dict(match)),
                template=PodTemplateSpecArgs(
                    metadata=ObjectMetaArgs(labels={**labels(self.context, name), **match}, annotations=self._fingerprint()),
                    spec=PodSpecArgs(
                        service_account_name=known_name(account, name),
                        automount_service_account_token=False,
                        enable_service_links=False,
                        security_context=pod_security(NOBODY),
                        topology_spread_constraints=[over_zones(match)],
                        containers=[self._container()],
                        volumes=self._volumes(),
                    ),
                ),
            ),
            opts=self.child(),
        )

    def _fingerprint(self) -> pulumi.Output[dict[str, str]] | None:
        """What changes with its configuration, so that a change starts it anew: none of them reads its files twice."""
        if not self._args.files:
            return None
        texts = pulumi.Output.all(*(text for _, text in sorted(self._args.files.items())))
        return texts.apply(lambda known: {"morefocus.com/config": sha256("".join(known).encode()).hexdigest()})

    def _container(self) -> ContainerArgs:
        args = self._args
        asked = HTTPGetActionArgs(path=args.health, port=args.port)
        probe = ProbeArgs(http_get=asked, period_seconds=15, timeout_seconds=5)
        return ContainerArgs(
            name="exporter",
            image=args.image,
            args=list(args.arguments),
            env=[
                *(EnvVarArgs(name=key, value=value) for key, value in sorted(args.environment.items())),
                *(self._secret_variable(variable, key) for variable, key in sorted(args.secret_environment.items())),
            ],
            ports=[ContainerPortArgs(name="metrics", container_port=args.port)],
            # Asked often until it answers, for a minute: nothing is ended for starting slowly.
            startup_probe=ProbeArgs(http_get=asked, period_seconds=5, timeout_seconds=5, failure_threshold=12),
            liveness_probe=probe,
            readiness_probe=probe,
            resources=resources({"cpu": "20m", "memory": args.memory}, {"cpu": "200m", "memory": args.memory}),
            security_context=container_security(),
            volume_mounts=[
                *([VolumeMountArgs(name="config", mount_path=CONFIG, read_only=True)] if args.files else []),
                *([VolumeMountArgs(name="secrets", mount_path=SECRETS, read_only=True)] if args.secret is not None else []),
            ],
        )

    def _secret_variable(self, variable: str, key: str) -> EnvVarArgs:
        return EnvVarArgs(name=variable, value_from=EnvVarSourceArgs(secret_key_ref=SecretKeySelectorArgs(name=self._args.secret, key=key)))

    def _volumes(self) -> list[VolumeArgs]:
        args = self._args
        return [
            *([VolumeArgs(name="config", config_map=ConfigMapVolumeSourceArgs(name=self._name))] if args.files else []),
            *(
                [VolumeArgs(name="secrets", secret=SecretVolumeSourceArgs(secret_name=args.secret, default_mode=0o440))]
                if args.secret is not None
                else []
            ),
        ]
