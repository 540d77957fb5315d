"""The authority that signs the certificates of services, renewed by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels

CERT_MANAGER = "cert-manager.io/v1"
READY = {"pulumi.com/waitFor": "condition=Ready"}
"""Annotation: what comes after begins when the certificate is there.

Source: https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
"""
_ROOT, _SELF, _CA = "mesh-root", "mesh-self-signed", "cacerts"


@dataclass(frozen=True, kw_only=True, slots=True)
class MeshAuthorityArgs:
    """Where the control plane is, and how long its authority lives.

    Raises ValueError when the authority would be renewed after it has run out.
    """

    namespace: pulumi.Input[str]
    root_days: int = 3650
    """Life of the root, which signs nothing but authorities."""
    authority_days: int = 90
    renew_before_days: int = 30

    def __post_init__(self) -> None:
        if not 0 < self.renew_before_days < self.authority_days < self.root_days:
            raise ValueError(
                f"give 0 < renew_before_days < authority_days < root_days "
                f"(got {self.renew_before_days}, {self.authority_days}, {self.root_days})"
            )


class MeshAuthority(Component, token="platform:MeshAuthority"):
    """A root and an authority under it with a new key each time, which the control plane picks up without a restart (SEC-5).

    Certificates of services live a day and are renewed by their proxies; the authority, by cert-manager, every two months; the root
    stays, so that old and new certificates trust each other meanwhile.
    Source: https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/,
    https://cert-manager.io/docs/usage/certificate/
    """

    authority: pulumi.Output[str]
    """Name of the secret with the authority's key and certificate, known once it is there."""

    def __init__(self, name: str, context: Context, args: MeshAuthorityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        own = CustomResource(
            f"{name}-self-signed",
            api_version=CERT_MANAGER,
            kind="Issuer",
            metadata=self._meta(_SELF),
            spec={"selfSigned": {}},
            opts=self.child(),
        )
        root = self._certificate("root", _ROOT, _root(args), own)
        issuer = CustomResource(
            f"{name}-issuer",
            api_version=CERT_MANAGER,
            kind="Issuer",
            metadata=self._meta(_ROOT),
            spec={"ca": {"secretName": _ROOT}},
            opts=self.child(depends_on=root),
        )
        made = self._certificate("authority", _CA, _authority(args), issuer)
        self.authority = made.urn.apply(lambda _: _CA)
        self.publish()

    def _certificate(self, role: str, secret: str, spec: Mapping[str, Any], after: CustomResource) -> CustomResource:
        return CustomResource(
            f"{self._component}-{role}",
            api_version=CERT_MANAGER,
            kind="Certificate",
            metadata=self._meta(secret, READY),
            spec=dict(spec),
            opts=self.child(depends_on=after),
        )

    def _meta(self, name: str, annotations: Mapping[str, str] | None = None) -> ObjectMetaArgs:
        return ObjectMetaArgs(
            name=name, namespace=self._args.namespace, labels=labels(self.context, self._component), annotations=dict(annotations or {})
        )


def _root(args: MeshAuthorityArgs) -> dict[str, Any]:
    return {
        "isCA": True,
        "commonName": "MoreFocus mesh root",
        "secretName": _ROOT,
        "duration": f"{args.root_days * 24}h",
        # Another root would part old certificates from new ones: it is changed by hand, with both roots trusted for a while.
        "privateKey": {"algorithm": "ECDSA", "size": 384, "rotationPolicy": "Never"},
        "issuerRef": {"name": _SELF, "kind": "Issuer", "group": "cert-manager.io"},
    }


def _authority(args: MeshAuthorityArgs) -> dict[str, Any]:
    return {
        "isCA": True,
        "commonName": "MoreFocus mesh authority",
        "secretName": _CA,
        "duration": f"{args.authority_days * 24}h",
        "renewBefore": f"{args.renew_before_days * 24}h",
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "usages": ["digital signature", "key encipherment", "cert sign"],
        "issuerRef": {"name": _ROOT, "kind": "Issuer", "group": "cert-manager.io"},
    }
