"""Who signs the cluster's certificates: Let's Encrypt for names of the estate's zone, and an authority of its own for the inside."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.labels import labels

_VERSION = "cert-manager.io/v1"
PUBLIC, INTERNAL = "lets-encrypt", "internal-ca"
"""Names of the issuers that certificates refer to."""
LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
"""Source: https://letsencrypt.org/docs/acme-protocol-updates/"""
_TYPES, _NAMES = "route53:ChangeResourceRecordSetsRecordTypes", "route53:ChangeResourceRecordSetsNormalizedRecordNames"
ROOT_SECRET = "internal-ca-root"  # noqa: S105 - the name of a secret


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificateIssuersArgs:
    """Whose names, and where cert-manager keeps what it signs with."""

    namespace: pulumi.Input[str]
    """cert-manager's own: secrets of cluster-wide issuers are read there alone."""
    domain: str
    zone_id: pulumi.Input[str]


class CertificateIssuers(Component, token="platform:CertificateIssuers"):
    """A public and an internal issuer, both of which renew what they signed without anybody's doing (SEC-5).

    Public names are proven in Route 53 (DNS-01), so that nothing in the cluster has to be open for it.
    Sources: https://cert-manager.io/docs/configuration/acme/dns01/route53/, https://cert-manager.io/docs/configuration/ca/
    """

    public_issuer: pulumi.Output[str]
    internal_issuer: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: CertificateIssuersArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        self._args = args
        public = self._issuer(f"{name}-public", PUBLIC, self._acme())
        first = self._issuer(f"{name}-self-signed", "self-signed", {"selfSigned": {}})
        root = self._root(f"{name}-root", first)
        internal = self._issuer(f"{name}-internal", INTERNAL, {"ca": {"secretName": ROOT_SECRET}}, after=root)
        self.public_issuer = pulumi.Output.from_input(public.id).apply(lambda _: PUBLIC)
        self.internal_issuer = pulumi.Output.from_input(internal.id).apply(lambda _: INTERNAL)
        self.publish()

    def _acme(self) -> dict[str, object]:
        args = self._args
        route53 = {"region": self.context.region.value, "hostedZoneID": args.zone_id}
        return {
            "acme": {
                "server": LETS_ENCRYPT,
                "privateKeySecretRef": {"name": "lets-encrypt-account"},
                "solvers": [{"selector": {"dnsZones": [args.domain]}, "dns01": {"route53": route53}}],
            }
        }

    def _root(self, logical: str, after: CustomResource) -> CustomResource:
        return CustomResource(
            logical,
            api_version=_VERSION,
            kind="Certificate",
            metadata=ObjectMetaArgs(name="internal-ca-root", namespace=self._args.namespace, labels=labels(self.context, self._component)),
            spec={
                "isCA": True,
                "commonName": f"{self.context.prefix} internal CA",
                "secretName": ROOT_SECRET,
                # Five years; a new one is signed a year before, and the old one is trusted until its end.
                "duration": "43800h0m0s",
                "renewBefore": "8760h0m0s",
                "privateKey": {"algorithm": "ECDSA", "size": 384, "rotationPolicy": "Always"},
                "issuerRef": {"group": "cert-manager.io", "kind": "ClusterIssuer", "name": "self-signed"},
            },
            opts=self.child(depends_on=[after]),
        )

    def _issuer(self, logical: str, name: str, spec: dict[str, object], after: pulumi.Resource | None = None) -> CustomResource:
        return CustomResource(
            logical,
            api_version=_VERSION,
            kind="ClusterIssuer",
            metadata=ObjectMetaArgs(name=name, labels=labels(self.context, self._component)),
            spec=spec,
            opts=self.child(depends_on=[] if after is None else [after]),
        )


def proof_policy(zone_id: pulumi.Input[str]) -> Document:
    """Return what cert-manager may do in Route 53: write proofs in one zone, and no other record.

    Source: https://cert-manager.io/docs/configuration/acme/dns01/route53/ (conditions on names and types).
    """
    zone = pulumi.Output.concat("arn:aws:route53:::hostedzone/", zone_id)
    return document(
        allow("route53:GetChange", on=["arn:aws:route53:::change/*"], sid="SeeWhenItIsDone"),
        allow("route53:ListResourceRecordSets", on=[zone], sid="SeeProofs"),
        allow(
            "route53:ChangeResourceRecordSets",
            on=[zone],
            when={
                "ForAllValues:StringEquals": {_TYPES: ["TXT"]},
                "ForAllValues:StringLike": {_NAMES: ["_acme-challenge.*"]},
                "Null": {_TYPES: "false", _NAMES: "false"},
            },
            sid="WriteProofs",
        ),
    )
