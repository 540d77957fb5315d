"""What the log search must keep to itself: passwords, the key of pseudonyms, and certificates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.platform.logs.names import (
    ANONYMISATION_SECRET,
    AUDITOR,
    INTAKE_HOST,
    INTAKE_TLS,
    KIBANA_SECRET,
    READER,
    SETTINGS_USER,
    SHIPPER_TLS,
)
from components.platform.logs.pipeline import KEY_VARIABLE


@dataclass(frozen=True, kw_only=True, slots=True)
class Remote:
    """Where a value is in Secrets Manager."""

    secret: str
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LogSecretsArgs:
    """Where each value is, and who signs.

    Raises ValueError when a user has no password.
    """

    namespace: pulumi.Input[str]
    shippers_namespace: pulumi.Input[str]
    store: str
    """ClusterSecretStore."""
    issuer: str
    """ClusterIssuer."""
    passwords: Mapping[str, Remote]
    """User to password."""
    anonymisation: Remote
    kibana: Remote

    def __post_init__(self) -> None:
        wanted = {SETTINGS_USER, READER, AUDITOR}
        if set(self.passwords) != wanted:
            raise ValueError(f"passwords must be given for {', '.join(sorted(wanted))} (got {', '.join(sorted(self.passwords))})")


class LogSecrets(Component, token="platform:LogSecrets"):
    """Values from Secrets Manager where pods read them, and certificates with which shippers and intake prove each other (OBS-4, SEC-2).

    Source: https://www.elastic.co/docs/deploy-manage/users-roles/cluster-or-deployment-auth/file-based
    """

    def __init__(self, name: str, context: Context, args: LogSecretsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        for user, remote in sorted(args.passwords.items()):
            login = {"username": user, "password": "{{ .value }}", "roles": user}
            self._external(user, remote, {"type": "kubernetes.io/basic-auth", "engineVersion": "v2", "data": login})
        self._external(ANONYMISATION_SECRET, args.anonymisation, {"engineVersion": "v2", "data": {KEY_VARIABLE: "{{ .value }}"}})
        kinds = ("encryptedSavedObjects", "reporting", "security")
        keys = {f"xpack.{kind}.encryptionKey": "{{ .value }}" for kind in kinds}
        self._external(KIBANA_SECRET, args.kibana, {"engineVersion": "v2", "data": keys})
        self._certificate(INTAKE_TLS, args.namespace, [INTAKE_HOST, f"{INTAKE_HOST}.cluster.local"], "server auth")
        self._certificate(SHIPPER_TLS, args.shippers_namespace, ["filebeat"], "client auth")
        self.publish()

    def _external(self, secret: str, remote: Remote, template: Mapping[str, Any]) -> None:
        CustomResource(
            f"{self._component}-{secret}",
            api_version="external-secrets.io/v1",
            kind="ExternalSecret",
            metadata=ObjectMetaArgs(name=secret, namespace=self._args.namespace, labels=labels(self.context, self._component)),
            spec={
                "refreshInterval": "1h0m0s",
                "secretStoreRef": {"kind": "ClusterSecretStore", "name": self._args.store},
                "target": {"name": secret, "creationPolicy": "Owner", "deletionPolicy": "Retain", "template": dict(template)},
                "data": [{"secretKey": "value", "remoteRef": {"key": remote.secret, "property": remote.key}}],
            },
            opts=self.child(),
        )

    def _certificate(self, secret: str, namespace: pulumi.Input[str], names: list[str], usage: str) -> None:
        CustomResource(
            f"{self._component}-{secret}",
            api_version="cert-manager.io/v1",
            kind="Certificate",
            metadata=ObjectMetaArgs(name=secret, namespace=namespace, labels=labels(self.context, self._component)),
            spec={
                "secretName": secret,
                "commonName": names[0],
                "dnsNames": names,
                "duration": "8760h0m0s",
                "renewBefore": "2160h0m0s",
                # Logstash reads PKCS #8 alone.
                "privateKey": {"algorithm": "RSA", "size": 3072, "encoding": "PKCS8", "rotationPolicy": "Always"},
                "usages": ["digital signature", "key encipherment", usage],
                "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": self._args.issuer},
            },
            opts=self.child(),
        )
