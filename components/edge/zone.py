"""The public DNS zone of the platform; it exists once, in the hub."""

import re
from dataclasses import dataclass

import pulumi
from pulumi_aws.route53.record import Record
from pulumi_aws.route53.zone import Zone as Route53Zone

from components._base.component import Component
from components._base.context import Context
from config.vocabulary import DataClass

_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_AMAZON_AUTHORITIES = ("amazon.com", "amazonaws.com", "amazontrust.com", "awstrust.com")
"""Source: https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ZoneArgs:
    """Raises ValueError when `domain` is no lower-case domain name."""

    domain: str
    """Such as `example.com`, without a dot at its end."""
    other_authorities: tuple[str, ...] = ()
    """Who besides Amazon may issue certificates, for single names that are proven in DNS, such as `letsencrypt.org`."""
    protect: bool = True

    def __post_init__(self) -> None:
        if not _DOMAIN.fullmatch(self.domain):
            raise ValueError(f"domain must be a lower-case domain name such as 'example.com' (got {self.domain!r})")
        for authority in self.other_authorities:
            if not _DOMAIN.fullmatch(authority):
                raise ValueError(f"other_authorities must be domain names such as 'letsencrypt.org' (got {authority!r})")


class Zone(Component, token="edge:Zone"):
    """A hosted zone in which only AWS may issue certificates, and those named besides it."""

    zone_id: pulumi.Output[str]
    domain: pulumi.Output[str]
    name_servers: pulumi.Output[list[str]]
    """What the registrar must be told once."""

    def __init__(self, name: str, context: Context, args: ZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        zone = Route53Zone(
            f"{name}-zone",
            name=args.domain,
            comment=f"{context.project} {context.environment}",
            # Records that others made keep the zone from being deleted.
            force_destroy=False,
            tags=self.tags(DataClass.PUBLIC, name=f"{name}-zone"),
            opts=self.child(protect=args.protect),
        )
        Record(
            f"{name}-authorities",
            zone_id=zone.zone_id,
            name=args.domain,
            type="CAA",
            ttl=3600,
            records=_authorities(args.other_authorities),
            opts=self.child(),
        )
        self.zone_id = zone.zone_id
        self.domain = pulumi.Output.from_input(args.domain)
        self.name_servers = zone.name_servers.apply(list)
        self.publish()


def _authorities(others: tuple[str, ...]) -> list[str]:
    """Return the CAA records; what others accept as proof is DNS alone (RFC 8657), and no wildcard is theirs to issue."""
    amazon = [f'0 {tag} "{authority}"' for tag in ("issue", "issuewild") for authority in _AMAZON_AUTHORITIES]
    return [*amazon, *(f'0 issue "{authority}; validationmethods=dns-01"' for authority in others)]
