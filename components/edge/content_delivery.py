"""Static content of the web client, from a private bucket to the world (NET-4, SCH-1)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi_aws.cloudfront._inputs import DistributionOrderedCacheBehaviorArgsDict
from pulumi_aws.cloudfront.distribution import Distribution
from pulumi_aws.cloudfront.function import Function
from pulumi_aws.cloudfront.key_value_store import KeyValueStore
from pulumi_aws.cloudfront.origin_access_control import OriginAccessControl
from pulumi_aws.cloudfront.response_headers_policy import ResponseHeadersPolicy
from pulumi_aws.route53.record import Record

from components._base.component import Component
from components._base.context import Context
from components.edge.access_log import access_log
from components.edge.api_behaviors import api_behaviors, api_origins
from components.edge.content_security import policy
from components.edge.edge_code import RUNTIME, api_code, web_code
from components.edge.managed_policies import CACHING_OPTIMIZED
from config.vocabulary import DataClass, Region

_ORIGIN = "content"
_COUNTRY = re.compile(r"[A-Z]{2}")
_CODE = re.compile(r"[a-z]{2,4}[a-z]{1,2}\d")
_NAME_LIMIT = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentDeliveryArgs:
    """What is served under which name.

    Raises ValueError naming the option when CloudFront would refuse it.
    """

    host: str
    """Public name, such as `app.example.com`."""
    zone_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    """Certificate for `host`, in us-east-1."""
    bucket_domain_name: pulumi.Input[str]
    """Regional domain name of the bucket; its policy must let this distribution read (`bucket_statements.distribution_reads`)."""
    web_acl_arn: pulumi.Input[str]
    """Web ACL of scope CLOUDFRONT."""
    log_bucket_arn: pulumi.Input[str]
    """Bucket whose policy lets CloudWatch Logs deliver (`bucket_statements.distribution_logs`)."""
    apis: Mapping[str, str] = field(default_factory=dict)
    """A region's code to the name of its API: `/api/<code>/...` is `/api/...` there. Answers are the API's own, and none is kept."""
    price_class: Literal["PriceClass_All", "PriceClass_200", "PriceClass_100"] = "PriceClass_All"
    """Only the whole set of edges has any in South America, which REG-3 serves."""
    countries: Sequence[str] = ()
    """ISO 3166 codes of the only countries served; none means all."""
    content_security_policy: str = policy()
    """From `content_security.policy`."""
    protect: bool = True

    def __post_init__(self) -> None:
        if self.price_class not in ("PriceClass_All", "PriceClass_200", "PriceClass_100"):
            raise ValueError(f"price_class must be PriceClass_All, PriceClass_200 or PriceClass_100 (got {self.price_class!r})")
        wrong = [country for country in self.countries if not _COUNTRY.fullmatch(country)]
        if wrong:
            raise ValueError(f"countries must be two-letter codes such as 'BR' (got {', '.join(wrong)})")
        wrong = [code for code in self.apis if not _CODE.fullmatch(code)]
        if wrong:
            raise ValueError(f"apis must be by codes of regions such as 'use1' (got {', '.join(wrong)})")


class ContentDelivery(Component, token="edge:ContentDelivery"):
    """A CloudFront distribution that serves one release of the client at a time, and the regions' APIs below `/api` (NET-4, SCH-1, SCH-2).

    Which release is an entry of a store that the edges read, so that a switch is one write and needs no deployment (ADR 27).
    Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/kvs-with-functions.html
    """

    distribution_arn: pulumi.Output[str]
    distribution_id: pulumi.Output[str]
    domain_name: pulumi.Output[str]
    """Name that CloudFront gave, such as `d111111abcdef8.cloudfront.net`."""
    url: pulumi.Output[str]
    release_store_arn: pulumi.Output[str]
    """Store whose entry `release` says which release is served."""

    def __init__(self, name: str, context: Context, args: ContentDeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if context.region is not Region.US_EAST_1:
            raise ValueError(f"content delivery and its logs are made in us-east-1 (this stack is {context.region})")
        super().__init__(name, context, opts)
        self._args = args
        store = self._store()
        router = self._function("router", web_code(), "Paths of the web client to the release that is served", [store.arn])
        distribution = self._distribution(router, self._headers())
        self._records(distribution)
        access_log(self, name, distribution, args.log_bucket_arn)
        self.distribution_arn = distribution.arn
        self.distribution_id = distribution.id
        self.domain_name = distribution.domain_name
        self.url = pulumi.Output.from_input(f"https://{args.host}")
        self.release_store_arn = store.arn
        self.publish()

    def _store(self) -> KeyValueStore:
        name = f"{self._component}-releases"
        return KeyValueStore(
            name,
            name=store_name(self.context, self._component),
            comment="Which release of the web client is served",
            tags=self.tags(DataClass.PUBLIC, name=name),
            opts=self.child(protect=self._args.protect),
        )

    def _function(self, role: str, code: str, says: str, stores: Sequence[pulumi.Input[str]] = ()) -> Function:
        name = f"{self._component}-{role}"
        return Function(
            name,
            name=self.context.physical(name, limit=_NAME_LIMIT),
            runtime=RUNTIME,
            comment=says,
            code=code,
            publish=True,
            key_value_store_associations=list(stores) or None,
            tags=self.tags(DataClass.PUBLIC, name=name),
            opts=self.child(),
        )

    def _access(self) -> OriginAccessControl:
        return OriginAccessControl(
            f"{self._component}-access",
            name=self.context.physical(self._component, limit=_NAME_LIMIT),
            description="Signs every request to the content bucket",
            origin_access_control_origin_type="s3",
            signing_behavior="always",
            signing_protocol="sigv4",
            opts=self.child(),
        )

    def _api_behaviors(self, headers: ResponseHeadersPolicy) -> list[DistributionOrderedCacheBehaviorArgsDict]:
        if not self._args.apis:
            return []
        strip = self._function("api-router", api_code(), "Paths below /api/<region> to those of its API")
        return api_behaviors(self._args.apis, function_arn=strip.arn, headers_policy_id=headers.id)

    def _distribution(self, router: Function, headers: ResponseHeadersPolicy) -> Distribution:
        args, name = self._args, self._component
        return Distribution(
            f"{name}-distribution",
            comment=f"{self.context.project} {self.context.environment} {name}",
            enabled=True,
            aliases=[args.host],
            is_ipv6_enabled=True,
            http_version="http2and3",
            price_class=args.price_class,
            default_root_object="index.html",
            web_acl_id=args.web_acl_arn,
            origins=[
                {"origin_id": _ORIGIN, "domain_name": args.bucket_domain_name, "origin_access_control_id": self._access().id},
                *api_origins(args.apis),
            ],
            default_cache_behavior={
                "target_origin_id": _ORIGIN,
                "viewer_protocol_policy": "redirect-to-https",
                "allowed_methods": ["GET", "HEAD"],
                "cached_methods": ["GET", "HEAD"],
                "cache_policy_id": CACHING_OPTIMIZED,
                "response_headers_policy_id": headers.id,
                "compress": True,
                "function_associations": [{"event_type": "viewer-request", "function_arn": router.arn}],
            },
            # No error becomes a page: what is not there stays so, and a block of the web ACL too.
            ordered_cache_behaviors=self._api_behaviors(headers),
            restrictions={
                "geo_restriction": {"restriction_type": "whitelist" if args.countries else "none", "locations": list(args.countries)}
            },
            viewer_certificate={
                "acm_certificate_arn": args.certificate_arn,
                "ssl_support_method": "sni-only",
                # TLS 1.3 for all who speak it; the floor is 1.2 (D9).
                "minimum_protocol_version": "TLSv1.2_2021",
            },
            tags=self.tags(DataClass.PUBLIC, name=f"{name}-distribution"),
            opts=self.child(protect=args.protect),
        )

    def _headers(self) -> ResponseHeadersPolicy:
        """Add the headers that browsers take as orders.

        Source: https://owasp.org/www-project-secure-headers/
        """
        name = self._component
        return ResponseHeadersPolicy(
            f"{name}-headers",
            name=self.context.physical(name, limit=128),
            comment="Security headers of the web client",
            security_headers_config={
                "strict_transport_security": {
                    "access_control_max_age_sec": 63_072_000,
                    "include_subdomains": True,
                    "preload": True,
                    "override": True,
                },
                "content_security_policy": {"content_security_policy": self._args.content_security_policy, "override": True},
                "content_type_options": {"override": True},
                "frame_options": {"frame_option": "DENY", "override": True},
                "referrer_policy": {"referrer_policy": "strict-origin-when-cross-origin", "override": True},
            },
            custom_headers_config={
                "items": [
                    {"header": "Permissions-Policy", "value": "camera=(), geolocation=(), microphone=()", "override": True},
                    {"header": "Cross-Origin-Opener-Policy", "value": "same-origin", "override": True},
                ]
            },
            remove_headers_config={"items": [{"header": "Server"}]},
            opts=self.child(),
        )

    def _records(self, distribution: Distribution) -> None:
        for kind in ("A", "AAAA"):
            Record(
                f"{self._component}-record-{kind.lower()}",
                zone_id=self._args.zone_id,
                name=self._args.host,
                type=kind,
                aliases=[{"name": distribution.domain_name, "zone_id": distribution.hosted_zone_id, "evaluate_target_health": False}],
                opts=self.child(),
            )


def store_name(context: Context, name: str) -> str:
    """Return the name of the store of a delivery called `name`, by which whoever publishes finds it."""
    return context.physical(f"{name}-releases", limit=_NAME_LIMIT)
