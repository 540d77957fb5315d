"""Reads the logs of all pods, on each node."""

from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import ServiceAccount
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.rbac.v1 import ClusterRole, ClusterRoleBinding, PolicyRuleArgs, RoleRefArgs, SubjectArgs

from components._base import Component, Context
from components.platform.chart_values import Size
from components.platform.labels import labels
from components.platform.logs.names import INTAKE_HOST, NAME, SHIPPER_TLS
from components.platform.logs.pipeline import PORT
from components.platform.logs.templates import version_of

SERVICE_ACCOUNT = "filebeat"
_SIZE = Size(cpu="100m", memory="256Mi", cpu_limit="500m")
_CERTIFICATES = "/usr/share/filebeat/certificates"
_LOGS = "/var/log"


@dataclass(frozen=True, kw_only=True, slots=True)
class LogShipperArgs:
    """Which version, and where its pods may read their node's disk."""

    namespace: pulumi.Input[str]
    image: str
    priority_class: str


class LogShipper(Component, token="platform:LogShipper"):
    """Filebeat on every node, that may read what containers have written and nothing else of the disk (OBS-4).

    It reads as root without root's rights but one (DAC_READ_SEARCH): the files are root's, and other users may not read them.
    Source: https://www.elastic.co/docs/deploy-manage/deploy/cloud-on-k8s/configuration-beats
    """

    def __init__(self, name: str, context: Context, args: LogShipperArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        account = ServiceAccount(
            f"{name}-account", metadata=self._meta(SERVICE_ACCOUNT), automount_service_account_token=False, opts=self.child()
        )
        binding = self._let_it_look_up_pods(name)
        CustomResource(
            f"{name}-beat",
            api_version="beat.k8s.elastic.co/v1beta1",
            kind="Beat",
            metadata=self._meta(NAME),
            spec=filebeat_spec(args),
            opts=self.child(depends_on=[account, binding]),
        )
        self.publish()

    def _let_it_look_up_pods(self, name: str) -> ClusterRoleBinding:
        """Each line says of which pod and namespace it is, which Filebeat asks the Kubernetes API."""
        shared = ObjectMetaArgs(name=SERVICE_ACCOUNT, labels=labels(self.context, name))
        role = ClusterRole(
            f"{name}-role",
            metadata=shared,
            rules=[
                PolicyRuleArgs(api_groups=[""], resources=["namespaces", "nodes", "pods"], verbs=["get", "list", "watch"]),
                PolicyRuleArgs(api_groups=["apps"], resources=["replicasets"], verbs=["get", "list", "watch"]),
                PolicyRuleArgs(api_groups=["batch"], resources=["jobs"], verbs=["get", "list", "watch"]),
            ],
            opts=self.child(),
        )
        return ClusterRoleBinding(
            f"{name}-binding",
            metadata=shared,
            role_ref=RoleRefArgs(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=SERVICE_ACCOUNT),
            subjects=[SubjectArgs(kind="ServiceAccount", name=SERVICE_ACCOUNT, namespace=self._args.namespace)],
            opts=self.child(depends_on=role),
        )

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))


def filebeat_spec(args: LogShipperArgs) -> dict[str, Any]:
    """Return the spec of the Beat resource."""
    mounts = [
        {"name": "logs", "mountPath": _LOGS, "readOnly": True},
        {"name": "certificates", "mountPath": _CERTIFICATES, "readOnly": True},
    ]
    container = {
        "name": "filebeat",
        "env": [{"name": "NODE_NAME", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}],
        "resources": _SIZE.values(),
        "securityContext": {
            "runAsUser": 0,
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"], "add": ["DAC_READ_SEARCH"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "volumeMounts": mounts,
    }
    pod = {
        "serviceAccountName": SERVICE_ACCOUNT,
        "automountServiceAccountToken": True,
        "priorityClassName": args.priority_class,
        # A node whose logs nobody reads is a node that nobody watches.
        "tolerations": [{"operator": "Exists"}],
        "containers": [container],
        "volumes": [
            {"name": "logs", "hostPath": {"path": _LOGS, "type": "Directory"}},
            {"name": "certificates", "secret": {"secretName": SHIPPER_TLS}},
        ],
    }
    return {
        "type": "filebeat",
        "version": version_of(args.image),
        "image": args.image,
        "config": filebeat_config(),
        "daemonSet": {
            "podTemplate": {"spec": pod},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "10%"}},
        },
    }


def filebeat_config() -> dict[str, Any]:
    """Return what Filebeat reads, and where it sends it: to Logstash over mutual TLS, and to nobody else.

    Source: https://www.elastic.co/docs/reference/beats/filebeat/filebeat-input-filestream
    """
    kubernetes = {
        "node": "${NODE_NAME}",
        "default_indexers.enabled": False,
        "default_matchers.enabled": False,
        "indexers": [{"container": {}}],
        "matchers": [{"logs_path": {"logs_path": f"{_LOGS}/containers/"}}],
    }
    return {
        "filebeat.inputs": [
            {
                "type": "filestream",
                "id": "containers",
                "paths": [f"{_LOGS}/containers/*.log"],
                "parsers": [{"container": {}}],
                "prospector.scanner.symlinks": True,
                # Its own lines about lines would never end.
                "prospector.scanner.exclude_files": [f"/{SERVICE_ACCOUNT}-", f"{NAME}-beat-filebeat"],
            }
        ],
        "processors": [
            {"add_kubernetes_metadata": kubernetes},
            {"drop_fields": {"fields": ["host", "agent.hostname", "kubernetes.node.labels"], "ignore_missing": True}},
        ],
        "output.logstash": {
            "hosts": [f"{INTAKE_HOST}:{PORT}"],
            "loadbalance": True,
            "ssl.certificate_authorities": [f"{_CERTIFICATES}/ca.crt"],
            "ssl.certificate": f"{_CERTIFICATES}/tls.crt",
            "ssl.key": f"{_CERTIFICATES}/tls.key",
            "ssl.supported_protocols": ["TLSv1.3"],
            "ssl.verification_mode": "full",
        },
        "logging.json": True,
        "monitoring.enabled": False,
    }
