"""A region's webhooks, from the world through the CDN to the region's load balancer (D9, NET-4)."""

from dataclasses import dataclass

import pulumi
from pulumi_aws.cloudfront.distribution import Distribution
from pulumi_aws.route53.record import Record

from components._base.component import Component
from components._base.context import Context
from components.edge.access_log import access_log
from components.edge.managed_policies import ALL_BUT_HOST, CACHING_DISABLED, METHODS, SECURITY_HEADERS
from components.edge.tls_origin import tls_origin
from config.vocabulary import DataClass, Region

_ORIGIN = "region"


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookDeliveryArgs:
    """Which name, and whose load balancer is behind it.

    Raises ValueError for a time that CloudFront does not wait.
    """

    host: str
    """Public name, such as `hooks.use1.example.com`."""
    zone_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    """Certificate for `host`, in us-east-1."""
    origin: str
    """Name of the region's load balancer, for which it has a certificate."""
    web_acl_arn: pulumi.Input[str]
    """Web ACL of scope CLOUDFRONT."""
    log_bucket_arn: pulumi.Input[str]
    """Bucket whose policy lets CloudWatch Logs deliver (`bucket_statements.distribution_logs`)."""
    seconds: int = 60
    """How long an answer may take: what CloudFront allows without asking for more. Workflows that take longer answer at once."""
    protect: bool = True

    def __post_init__(self) -> None:
        if not 1 <= self.seconds <= 120:
            raise ValueError(f"seconds must be 1 to 120, as long as CloudFront waits for an origin (got {self.seconds})")


class WebhookDelivery(Component, token="edge:WebhookDelivery"):
    """A CloudFront distribution that keeps nothing and hands every request, but for its host, to one region's load balancer (D9, N8N-1).

    Webhooks have no stand-in: what they start has its state in the region, and its data stays where the register lets it (D1).
    """

    url: pulumi.Output[str]
    distribution_id: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: WebhookDeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if context.region is not Region.US_EAST_1:
            raise ValueError(f"distributions are made in us-east-1, where their certificates are (this stack is {context.region})")
        super().__init__(name, context, opts)
        distribution = Distribution(
            f"{name}-distribution",
            comment=f"{context.project} {context.environment} {args.host}",
            enabled=True,
            aliases=[args.host],
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class="PriceClass_All",
            web_acl_id=args.web_acl_arn,
            origins=[tls_origin(_ORIGIN, args.origin, seconds=args.seconds)],
            default_cache_behavior={
                "target_origin_id": _ORIGIN,
                "viewer_protocol_policy": "https-only",
                "allowed_methods": list(METHODS),
                "cached_methods": ["GET", "HEAD"],
                "cache_policy_id": CACHING_DISABLED,
                "origin_request_policy_id": ALL_BUT_HOST,
                "response_headers_policy_id": SECURITY_HEADERS,
                "compress": True,
            },
            restrictions={"geo_restriction": {"restriction_type": "none", "locations": []}},
            viewer_certificate={
                "acm_certificate_arn": args.certificate_arn,
                "ssl_support_method": "sni-only",
                "minimum_protocol_version": "TLSv1.2_2021",
            },
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-distribution"),
            opts=self.child(protect=args.protect),
        )
        for kind in ("A", "AAAA"):
            Record(
                f"{name}-record-{kind.lower()}",
                zone_id=args.zone_id,
                name=args.host,
                type=kind,
                aliases=[{"name": distribution.domain_name, "zone_id": distribution.hosted_zone_id, "evaluate_target_health": False}],
                opts=self.child(),
            )
        access_log(self, name, distribution, args.log_bucket_arn)
        self.url = pulumi.Output.from_input(f"https://{args.host}/")
        self.distribution_id = distribution.id
        self.publish()


def webhook_host(region: Region, domain: str) -> str:
    """Return the public name of a region's webhooks, such as `hooks.use1.example.com`; staging gives a domain of its own."""
    return f"hooks.{region.code}.{domain}"
