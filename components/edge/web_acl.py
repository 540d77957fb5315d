"""A web application firewall in front of a public entry (SEC-3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi
from pulumi_aws.cloudwatch.log_group import LogGroup
from pulumi_aws.wafv2._inputs import WebAclLoggingConfigurationRedactedFieldArgsDict
from pulumi_aws.wafv2.web_acl import WebAcl as WafWebAcl
from pulumi_aws.wafv2.web_acl_association import WebAclAssociation
from pulumi_aws.wafv2.web_acl_logging_configuration import WebAclLoggingConfiguration

from components._base.component import Component
from components._base.context import Context
from components._base.log_retention import check_retention
from components.edge.web_acl_rules import managed_groups, rate_limit
from config.vocabulary import DataClass, Region

LOG_PREFIX = "aws-waf-logs-"
"""AWS accepts no log group of another name.
Source: https://docs.aws.amazon.com/waf/latest/developerguide/logging-cw-logs.html"""
_REDACTED_HEADERS = ("authorization", "cookie", "x-api-key")
_LOGGED_ACTIONS = ("BLOCK", "COUNT", "EXCLUDED_AS_COUNT")


@dataclass(frozen=True, kw_only=True, slots=True)
class WebAclArgs:
    """What is protected, and how strictly.

    Raises ValueError naming the option when WAF would refuse it.
    """

    scope: Literal["REGIONAL", "CLOUDFRONT"]
    """CLOUDFRONT exists in us-east-1 only, and a distribution names the ACL itself."""
    log_key_arn: pulumi.Input[str]
    protects: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Short name to the ARN of a regional resource, such as a load balancer."""
    requests_per_minute: int = 1_000
    """Requests of one client address in a minute before it is blocked (API-1)."""
    behind_cdn: bool = False
    """Clients are told apart by the header the CDN adds, not by the address the request comes from."""
    counted_rules: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"AWSManagedRulesCommonRuleSet": ("SizeRestrictions_BODY",)})
    """Managed group to those of its rules that only count; a webhook's body is often over the 8 KB that one allows."""
    log_retention_days: int = 365

    def __post_init__(self) -> None:
        if self.scope not in ("REGIONAL", "CLOUDFRONT"):
            raise ValueError(f"scope must be REGIONAL or CLOUDFRONT (got {self.scope!r})")
        if self.scope == "CLOUDFRONT" and self.protects:
            raise ValueError(f"protects is for scope REGIONAL; a distribution takes the ACL's arn (got {', '.join(self.protects)})")
        if self.scope == "CLOUDFRONT" and self.behind_cdn:
            raise ValueError("behind_cdn is for scope REGIONAL: CloudFront itself sees the client's address")
        if not 10 <= self.requests_per_minute <= 2_000_000_000:
            raise ValueError(f"requests_per_minute must be 10 to 2,000,000,000 (got {self.requests_per_minute})")
        check_retention("log_retention_days", self.log_retention_days)
        managed_groups(self.counted_rules)


class WebAcl(Component, token="edge:WebAcl"):
    """A web ACL with AWS's managed rules, a rate limit and redacted logs."""

    arn: pulumi.Output[str]
    log_group_name: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: WebAclArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        if args.scope == "CLOUDFRONT" and context.region is not Region.US_EAST_1:
            raise ValueError(f"a web ACL of scope CLOUDFRONT can only be made in us-east-1 (this stack is {context.region})")
        super().__init__(name, context, opts)
        acl = WafWebAcl(
            f"{name}-acl",
            name=context.physical(name, limit=128),
            description=f"{args.scope.lower()} entry",
            scope=args.scope,
            default_action={"allow": {}},
            rules=[
                rate_limit(requests_per_minute=args.requests_per_minute, behind_cdn=args.behind_cdn),
                *managed_groups(args.counted_rules),
            ],
            visibility_config={
                "cloudwatch_metrics_enabled": True,
                "metric_name": context.physical(name, limit=128),
                "sampled_requests_enabled": False,
            },
            tags=self.tags(DataClass.OPERATIONAL, name=f"{name}-acl"),
            opts=self.child(),
        )
        logs = self._log(acl, args)
        for entry, arn in args.protects.items():
            WebAclAssociation(f"{name}-protects-{entry}", web_acl_arn=acl.arn, resource_arn=arn, opts=self.child())
        self.arn = acl.arn
        self.log_group_name = logs.name
        self.publish()

    def _log(self, acl: WafWebAcl, args: WebAclArgs) -> LogGroup:
        """Keep what a rule acted on, without credentials: the rest is in the access logs, where less is written."""
        name = self._component
        logs = LogGroup(
            f"{name}-log",
            name=f"{LOG_PREFIX}{self.context.physical(name)}",
            kms_key_id=args.log_key_arn,
            retention_in_days=args.log_retention_days,
            tags=self.tags(DataClass.LOGS, name=f"{name}-log"),
            opts=self.child(),
        )
        WebAclLoggingConfiguration(
            f"{name}-logging",
            resource_arn=acl.arn,
            log_destination_configs=[logs.arn],
            redacted_fields=_redacted(),
            logging_filter={
                "default_behavior": "DROP",
                "filters": [
                    {
                        "behavior": "KEEP",
                        "requirement": "MEETS_ANY",
                        "conditions": [{"action_condition": {"action": action}} for action in _LOGGED_ACTIONS],
                    }
                ],
            },
            opts=self.child(),
        )
        return logs


def _redacted() -> list[WebAclLoggingConfigurationRedactedFieldArgsDict]:
    """Return what no log shows: credentials, and the query, which may hold a webhook's token or what somebody searched for."""
    headers: list[WebAclLoggingConfigurationRedactedFieldArgsDict] = [{"single_header": {"name": name}} for name in _REDACTED_HEADERS]
    return [*headers, {"query_string": {}}]
