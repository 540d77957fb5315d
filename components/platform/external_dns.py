"""Writes the names of what the cluster publishes into the estate's zone."""

from dataclasses import dataclass

import pulumi

from components._base import Component, Context, allow, document
from components._base.policy_document import Document
from components.platform.chart_values import Size, Values, container_values, image_values, pod_values
from components.platform.release import Chart, Release, ReleaseArgs

SERVICE_ACCOUNT = "external-dns"
METRICS_PORT = 7979
_TYPES, _NAMES = "route53:ChangeResourceRecordSetsRecordTypes", "route53:ChangeResourceRecordSetsNormalizedRecordNames"
_SIZE = Size(cpu="20m", memory="128Mi", cpu_limit="200m")


def names_of(context: Context, domain: str) -> str:
    """Return the part of the domain in which a region's cluster writes, such as `apps.euw1.example.com`."""
    return f"apps.{context.region.code}.{domain}"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExternalDnsArgs:
    """Which chart and image, and whose names."""

    chart: Chart
    image: str
    namespace: pulumi.Input[str]
    cluster_name: str
    """Written beside each record, so that no cluster touches another's, nor those that nobody's cluster made."""
    domain: str
    zone_id: pulumi.Input[str]
    priority_class: str


class ExternalDns(Component, token="platform:ExternalDns"):
    """ExternalDNS, which writes and deletes names of this cluster below one name of its own region's (NET-6).

    One replica: two would write the same, and names already written stay while it is away. By its makers' chart: which settings the
    add-on of EKS takes is told by AWS alone, and without an owner and a zone it could touch records of others.
    """

    release: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: ExternalDnsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = Release(
            name,
            context,
            ReleaseArgs(chart=args.chart, namespace=args.namespace, release=SERVICE_ACCOUNT, values=external_dns_values(context, args)),
            opts=self.child(),
        )
        self.release = made.release
        self.publish()


def external_dns_values(context: Context, args: ExternalDnsArgs) -> Values:
    """Return the chart's values.

    Source: https://github.com/kubernetes-sigs/external-dns/tree/external-dns-helm-chart-1.21.1/charts/external-dns
    """
    return {
        "image": image_values(args.image),
        "serviceAccount": {"create": True, "name": SERVICE_ACCOUNT},
        "provider": {"name": "aws"},
        "sources": ["service", "ingress"],
        "policy": "sync",
        "registry": "txt",
        "txtOwnerId": args.cluster_name,
        "domainFilters": [names_of(context, args.domain)],
        "extraArgs": {"zone-id-filter": args.zone_id, "aws-zone-type": "public"},
        "env": [{"name": "AWS_REGION", "value": context.region.value}],
        "logFormat": "json",
        "podSecurityContext": pod_values(),
        "securityContext": container_values(),
        "resources": _SIZE.values(),
        "priorityClassName": args.priority_class,
    }


def records_policy(context: Context, domain: str, zone_id: pulumi.Input[str]) -> Document:
    """Return what it may do in Route 53: write names below its region's in one zone; listing zones knows no resources.

    Sources: https://github.com/kubernetes-sigs/external-dns/blob/master/docs/tutorials/aws.md,
    https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html
    """
    zone = pulumi.Output.concat("arn:aws:route53:::hostedzone/", zone_id)
    return document(
        allow("route53:ListHostedZones", on=["*"], sid="FindTheZone"),
        allow("route53:ListResourceRecordSets", "route53:ListTagsForResource", on=[zone], sid="SeeRecords"),
        allow(
            "route53:ChangeResourceRecordSets",
            on=[zone],
            when={
                "ForAllValues:StringEquals": {_TYPES: ["A", "AAAA", "CNAME", "TXT"]},
                "ForAllValues:StringLike": {_NAMES: [f"*.{names_of(context, domain)}"]},
                "Null": {_TYPES: "false", _NAMES: "false"},
            },
            sid="WriteOwnNames",
        ),
    )
