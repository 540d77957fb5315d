"""Where logs are kept and searched: three masters, hot and warm nodes over the zones."""

import base64
import json
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import Secret, ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.chart_values import Size
from components.platform.labels import labels
from components.platform.logs.names import AUDITOR, ELASTICSEARCH_PODS, NAME, READER, SETTINGS_USER
from components.platform.logs.roles import roles_file
from components.platform.logs.sizing import Tiers
from components.platform.logs.templates import pod_template, version_of, volume_claim

SERVICE_ACCOUNT = "elasticsearch"
"""Its pods write snapshots with a role of AWS."""
_MASTERS = 3
_MASTER, _DATA = Size(cpu="250m", memory="2Gi", cpu_limit="1"), Size(cpu="500m", memory="4Gi", cpu_limit="2")
_TOKEN = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token"  # noqa: S105 - where EKS puts it


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSearchArgs:
    """How much it keeps, and on what."""

    namespace: pulumi.Input[str]
    image: str
    tiers: Tiers
    storage_class: str
    priority_class: str


class LogSearch(Component, token="platform:LogSearch"):
    """Elasticsearch over TLS alone, on encrypted volumes, without a superuser (OBS-4, SEC-4).

    Volumes stay when a node set shrinks: data is moved off before.
    Source: https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/elasticsearch-configuration
    """

    cluster: pulumi.Output[str]
    """Its name, by which the others refer to it."""

    def __init__(self, name: str, context: Context, args: LogSearchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        roles = Secret(f"{name}-roles", metadata=self._meta("log-roles"), string_data={"roles.yml": roles_file()}, opts=self.child())
        account = ServiceAccount(
            f"{name}-account", metadata=self._meta(SERVICE_ACCOUNT), automount_service_account_token=False, opts=self.child()
        )
        made = CustomResource(
            f"{name}-elasticsearch",
            api_version="elasticsearch.k8s.elastic.co/v1",
            kind="Elasticsearch",
            metadata=self._meta(NAME),
            spec=elasticsearch_spec(args),
            opts=self.child(depends_on=[roles, account]),
        )
        self.cluster = made.urn.apply(lambda _: NAME)
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))


def elasticsearch_spec(args: LogSearchArgs) -> dict[str, Any]:
    """Return the spec of the Elasticsearch resource."""
    tiers = args.tiers
    return {
        "version": version_of(args.image),
        "image": args.image,
        "serviceAccountName": SERVICE_ACCOUNT,
        "auth": {
            "disableElasticUser": True,
            "roles": [{"secretName": "log-roles"}],
            "fileRealm": [{"secretName": user} for user in (SETTINGS_USER, READER, AUDITOR)],
        },
        "http": {"service": {"spec": {"type": "ClusterIP"}}},
        "volumeClaimDeletePolicy": "DeleteOnScaledownOnly",
        "updateStrategy": {"changeBudget": {"maxUnavailable": 1, "maxSurge": 0}},
        "nodeSets": [
            _nodes(args, "master", ["master"], size=_MASTER, count=_MASTERS, disk_gb=10),
            _nodes(args, "hot", ["data_hot", "data_content", "ingest"], size=_DATA, count=tiers.hot_nodes, disk_gb=tiers.hot_disk_gb),
            _nodes(args, "warm", ["data_warm"], size=_DATA, count=tiers.warm_nodes, disk_gb=tiers.warm_disk_gb),
        ],
    }


def _nodes(args: LogSearchArgs, name: str, roles: list[str], *, size: Size, count: int, disk_gb: int) -> dict[str, Any]:
    leave = snapshot_entitlement(version_of(args.image))
    return {
        "name": name,
        "count": count,
        "zoneAwareness": {},
        "config": {
            "node.roles": roles,
            # Memory-mapped files need a kernel setting that only a privileged pod could make on its node.
            "node.store.allow_mmap": False,
        },
        "volumeClaimTemplates": [volume_claim("elasticsearch-data", disk_gb, args.storage_class)],
        "podTemplate": pod_template(
            "elasticsearch",
            size,
            ELASTICSEARCH_PODS,
            priority_class=args.priority_class,
            env=[{"name": "ES_JAVA_OPTS", "value": f"-Des.entitlements.policy.repository-s3={leave}"}],
            # By `zoneAwareness` the operator spreads nodes, and copies of shards, itself.
            spread=False,
        ),
    }


def snapshot_entitlement(version: str) -> str:
    """Return the leave for the snapshot module to read the token of the pod's role, which 9.5 lacks and 9.6 has by a link.

    It holds for one version alone: with another one Elasticsearch says so in its log and snapshots fail, which an alert tells.
    Sources: https://github.com/elastic/elasticsearch/pull/151614,
    https://github.com/elastic/elasticsearch/blob/main/libs/entitlement/README.md
    """
    policy = {"versions": [version], "policy": {"ALL-UNNAMED": [{"files": [{"path": _TOKEN, "mode": "read"}]}]}}
    return base64.b64encode(json.dumps(policy).encode()).decode()
