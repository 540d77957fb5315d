"""What n8n keeps to itself, brought into its namespace from Secrets Manager."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.products.automation.facts import CERTIFICATE_SECRET, NAME, Role, SecretKey

_SECRETS, _CERTIFICATES = "external-secrets.io/v1", "cert-manager.io/v1"


@dataclass(frozen=True, kw_only=True, slots=True)
class Remote:
    """Where a value is in Secrets Manager."""

    secret: pulumi.Input[str]
    """Name or ARN."""
    key: str
    """Key of the JSON object that is its value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AutomationCredentialsArgs:
    """Which secrets, from which store, and who signs the certificate of webhook processors.

    Raises ValueError when one that n8n cannot start without is missing.
    """

    namespace: pulumi.Input[str]
    store: pulumi.Input[str]
    """Name of the ClusterSecretStore."""
    values: Mapping[SecretKey, Remote]
    """Each but the licence; for the owner, where the password is whose hash n8n is given."""
    issuer: pulumi.Input[str]
    """Name of the ClusterIssuer inside the cluster."""

    def __post_init__(self) -> None:
        missing = [key.value for key in SecretKey if key is not SecretKey.LICENCE and key not in self.values]
        if missing:
            raise ValueError(f"values must say where each secret of n8n is: add {', '.join(missing)}")


class AutomationCredentials(Component, token="products:AutomationCredentials"):
    """External secrets with n8n's keys and passwords, and the certificate that webhook processors show the load balancer (N8N-3, SEC-2).

    n8n is given a bcrypt hash of the owner's password, never the password: the hash is made as the secret is written.
    Sources: https://external-secrets.io/latest/guides/templating/, https://cert-manager.io/docs/usage/certificate/
    """

    ready: pulumi.Output[bool]
    """Known once they have been asked for: what mounts them waits for it."""

    def __init__(self, name: str, context: Context, args: AutomationCredentialsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        copied = {key: remote for key, remote in args.values.items() if key is not SecretKey.OWNER}
        made = [
            self._external(
                f"{name}-keys",
                NAME,
                {
                    "refreshInterval": "1h0m0s",
                    "target": {"name": NAME, "creationPolicy": "Owner", "deletionPolicy": "Retain"},
                    "data": [_entry(key.value, remote) for key, remote in sorted(copied.items())],
                },
            ),
            self._external(
                f"{name}-owner",
                SecretKey.OWNER.secret,
                {
                    # Each look makes another hash of the same password.
                    "refreshInterval": "24h0m0s",
                    "target": {
                        "name": SecretKey.OWNER.secret,
                        "creationPolicy": "Owner",
                        "deletionPolicy": "Retain",
                        "template": {"engineVersion": "v2", "data": {SecretKey.OWNER.value: "{{ .password | bcrypt }}"}},
                    },
                    "data": [_entry("password", args.values[SecretKey.OWNER])],
                },
            ),
            self._certificate(f"{name}-certificate"),
        ]
        self.ready = pulumi.Output.all(*(each.id for each in made)).apply(lambda _: True)
        self.publish()

    def _meta(self, name: str) -> ObjectMetaArgs:
        return ObjectMetaArgs(name=name, namespace=self._args.namespace, labels=labels(self.context, self._component))

    def _external(self, logical: str, name: str, spec: dict[str, Any]) -> CustomResource:
        return CustomResource(
            logical,
            api_version=_SECRETS,
            kind="ExternalSecret",
            metadata=self._meta(name),
            spec={"secretStoreRef": {"kind": "ClusterSecretStore", "name": self._args.store}, **spec},
            opts=self.child(),
        )

    def _certificate(self, logical: str) -> CustomResource:
        """n8n reads it as it starts, and load balancers do not check what targets show: a year outlasts every pod."""
        service = Role.WEBHOOK.deployment
        hosts = [service, pulumi.Output.concat(service, ".", self._args.namespace, ".svc.cluster.local")]
        return CustomResource(
            logical,
            api_version=_CERTIFICATES,
            kind="Certificate",
            metadata=self._meta(CERTIFICATE_SECRET),
            spec={
                "secretName": CERTIFICATE_SECRET,
                "dnsNames": hosts,
                "duration": "8760h0m0s",
                "renewBefore": "2160h0m0s",
                "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
                "usages": ["server auth"],
                "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": self._args.issuer},
            },
            opts=self.child(),
        )


def _entry(key: str, remote: Remote) -> dict[str, Any]:
    return {"secretKey": key, "remoteRef": {"key": remote.secret, "property": remote.key}}
