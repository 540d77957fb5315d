"""Vault's servers: three that vote, in three zones, opened by a KMS key."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values
from components.platform.labels import labels
from components.platform.release import Chart, Release, ReleaseArgs
from components.platform.vault.names import RELEASE, SERVERS, TLS_FOLDER, TLS_SECRET
from components.platform.vault.scripts import WATCH
from components.platform.vault.server_config import server_config, server_names
from components.platform.workload import ZONE

_SIZE = Size(cpu="250m", memory="512Mi", cpu_limit="1")
_WATCHER_SIZE = Size(cpu="10m", memory="32Mi", cpu_limit="100m")
_CERTIFICATE_HOURS, _RENEW_HOURS = 90 * 24, 30 * 24


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultServerArgs:
    """What is installed; the number of servers is checked by `server_config`."""

    chart: Chart
    image: str
    namespace: str
    key_alias: str
    """KMS key that opens it."""
    issuer: str
    """ClusterIssuer that signs the servers' certificate."""
    storage_class: str
    priority_class: str
    replicas: int = 3
    storage_gb: int = 10

    def __post_init__(self) -> None:
        if not 10 <= self.storage_gb <= 1000:
            raise ValueError(f"storage_gb must be 10 to 1000 (got {self.storage_gb})")


class VaultServer(Component, token="platform:VaultServer"):
    """Vault in high availability, over TLS alone, without rights on its node; nothing but itself renews its certificate (SEC-2).

    No injector: it would be one more webhook that can keep pods from starting, and applications sign in by themselves.
    Sources: https://developer.hashicorp.com/vault/docs/platform/k8s/helm/run,
    https://developer.hashicorp.com/vault/docs/concepts/production-hardening
    """

    release: pulumi.Output[str]
    """Its name, known once servers run; they are sealed until a person has initialised the first (docs/guides/vault.md)."""

    def __init__(self, name: str, context: Context, args: VaultServerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        certificate = CustomResource(
            f"{name}-certificate",
            api_version="cert-manager.io/v1",
            kind="Certificate",
            metadata=ObjectMetaArgs(
                name=TLS_SECRET,
                namespace=args.namespace,
                labels=labels(context, name),
                annotations={"pulumi.com/waitFor": "condition=Ready"},
            ),
            spec=certificate_spec(args),
            opts=self.child(),
        )
        made = Release(
            name,
            context,
            ReleaseArgs(
                chart=args.chart, namespace=args.namespace, release=RELEASE, values=vault_values(args, region=context.region.value)
            ),
            opts=self.child(depends_on=certificate),
        )
        self.release = made.release
        self.publish()


def certificate_spec(args: VaultServerArgs) -> dict[str, Any]:
    """Return the spec of the servers' Certificate, with a new key each time."""
    return {
        "secretName": TLS_SECRET,
        "commonName": f"{RELEASE}-active.{args.namespace}.svc",
        "dnsNames": server_names(args.replicas, args.namespace),
        "ipAddresses": ["127.0.0.1"],
        "duration": f"{_CERTIFICATE_HOURS}h",
        "renewBefore": f"{_RENEW_HOURS}h",
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "usages": ["digital signature", "key encipherment", "server auth", "client auth"],
        "issuerRef": {"name": args.issuer, "kind": "ClusterIssuer", "group": "cert-manager.io"},
    }


def vault_values(args: VaultServerArgs, *, region: str) -> Values:
    """Return the chart's values.

    Source: https://github.com/hashicorp/vault-helm/blob/v0.34.1/values.yaml
    """
    return {
        "global": {"tlsDisable": False},
        "injector": {"enabled": False},
        "csi": {"enabled": False},
        "ui": {"enabled": False},
        "server": {
            "image": image_values(args.image),
            "resources": _SIZE.values(),
            "priorityClassName": args.priority_class,
            "updateStrategyType": "RollingUpdate",
            "logFormat": "json",
            "authDelegator": {"enabled": True},
            "serviceAccount": {"create": True, "name": RELEASE},
            "extraEnvironmentVars": {"VAULT_CACERT": f"{TLS_FOLDER}/ca.crt"},
            "volumes": [
                {"name": "tls", "secret": {"secretName": TLS_SECRET, "defaultMode": 0o440}},
                {"name": "tmp", "emptyDir": {"medium": "Memory", "sizeLimit": "16Mi"}},
            ],
            "volumeMounts": [_tls_mount(), {"name": "tmp", "mountPath": "/tmp"}],  # noqa: S108 - the pod's own
            "shareProcessNamespace": True,
            "extraContainers": [_watcher(args.image)],
            "readinessProbe": _probe("/v1/sys/health?standbyok=true&uninitcode=204"),
            "livenessProbe": _probe("/v1/sys/health?standbyok=true&uninitcode=204&sealedcode=204", delay=60),
            "terminationGracePeriodSeconds": 30,
            "topologySpreadConstraints": [_over_zones()],
            "statefulSet": {"securityContext": {"pod": pod_security_values(), "container": container_values()}},
            "dataStorage": {"enabled": True, "size": f"{args.storage_gb}Gi", "storageClass": args.storage_class},
            "auditStorage": {"enabled": False},
            "standalone": {"enabled": False},
            "ha": {
                "enabled": True,
                "replicas": args.replicas,
                "disruptionBudget": {"enabled": True, "maxUnavailable": 1},
                "raft": {
                    "enabled": True,
                    "setNodeId": True,
                    "config": server_config(replicas=args.replicas, region=region, key_alias=args.key_alias),
                },
            },
        },
    }


def pod_security_values() -> Values:
    """Return the pod's part of what `restricted` asks, with the image's user."""
    return pod_values(100) | {"runAsGroup": 1000, "fsGroup": 1000}


def _watcher(image: str) -> Values:
    return {
        "name": "certificate-watcher",
        "image": image,
        "command": ["/bin/sh", "-c", WATCH],
        "resources": _WATCHER_SIZE.values(),
        "securityContext": container_values(),
        "volumeMounts": [_tls_mount()],
    }


def _tls_mount() -> Values:
    return {"name": "tls", "mountPath": TLS_FOLDER, "readOnly": True}


def _probe(path: str, *, delay: int = 5) -> Values:
    """Return a probe; a server that nobody has initialised yet counts as well, or it would never get that far."""
    return {"enabled": True, "path": path, "port": 8200, "initialDelaySeconds": delay, "timeoutSeconds": 3}


def _over_zones() -> Values:
    """Return the condition that servers stand in different zones: with two in one, its loss would take the majority."""
    return {
        "maxSkew": 1,
        "topologyKey": ZONE,
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": dict(SERVERS)},
    }
