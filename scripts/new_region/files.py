"""The text of a new region's stack file, and of the rows it needs in the transfer register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from config.vocabulary import DataClass, Region

_STACK = """\
# {region}: written by `make new-region`. Needs the hub and the regions with a lower ASN to be up.
# What a key leaves out comes from `defaults` in config/estate.yaml; `pulumi config set --path` changes this file.
config:
  # Where every resource of this stack is created.
  aws:region: {region}
  # The one AWS account this stack may touch; the provider refuses any other.
  aws:allowedAccountIds: ["{account}"]

  # production, or staging.
  morefocus:environment: production
  # true in the one stack that owns what exists once: the DNS zone, and the CDN with its certificate and web ACL.
  morefocus:hub: false
  # The law on the personal data held here: none, gdpr or lgpd. To be filled in: the program refuses to run until it is.
  morefocus:law:{law}
  # Whose customers this region serves, each market by one region only: US, CA, EU, BR, AR. [] serves none yet.
  morefocus:markets: []
  # Regions that hold copies of this region's personal data; each needs rows in config/transfers.yaml.
  morefocus:copies: [{copies}]

  morefocus:network:
    # The VPC's addresses. Overlaps no other stack's, so that regions can be routed to each other.
    cidr: {cidr}
    # Zones of this region (two at least). Removing one removes its subnets.
    zones: [{zones}]
    # How the region is known to its transit gateway; the highest so far, since a later region joins itself to the earlier ones.
    asn: {asn}

  morefocus:cluster:
    # General work.
    standard: {{instance_type: t3.large, min: 1, desired: 1, max: {standard}}}
    # Work that needs much CPU.
    intensive: {{instance_type: c5.xlarge, min: 0, desired: 0, max: 1}}

  morefocus:database:
    instance_class: db.r5.xlarge
    # GiB of gp3 to begin with, and the limit up to which RDS enlarges it by itself.
    storage_gb: 1000
    max_storage_gb: 10000
    # A synchronous standby in another zone.
    multi_az: true
    # Read replicas in this region.
    replicas: {replicas}

  morefocus:cache:
    node_type: cache.r5.large
    shards: 3
    replicas_per_shard: 1
"""


@dataclass(frozen=True, kw_only=True)
class Filling:
    """What a stack file is filled with."""

    region: Region
    account: str
    law: str | None
    copies: Sequence[Region]
    cidr: str
    zones: Sequence[str]
    asn: int
    standard_max: int


def stack_text(filling: Filling) -> str:
    """Return the stack file's text; without a law its key is left empty, which the configuration refuses until someone decides."""
    return _STACK.format(
        region=filling.region,
        account=filling.account,
        law=f" {filling.law}" if filling.law else "",
        copies=", ".join(filling.copies),
        cidr=filling.cidr,
        zones=", ".join(filling.zones),
        asn=filling.asn,
        standard=filling.standard_max,
        replicas=min(2, len(filling.zones)),
    )


def rows(region: Region, others: Sequence[Region], copies: Sequence[Region]) -> list[str]:
    """Return the rows that the register needs: routes to and from the other regions, and copies, whose ground is a person's to name."""
    routes = [
        _row(DataClass.OPERATIONAL, source, destination, "no-personal-data")
        for other in others
        for source, destination in ((region, other), (other, region))
    ]
    grounds = [
        _row(data, region, copy, "<mechanism>, document: <what it rests on>")
        for copy in copies
        for data in (DataClass.PERSONAL, DataClass.CREDENTIALS)
    ]
    return [*routes, *grounds]


def register_text(region: Region, found: Sequence[str]) -> str:
    """Return what is appended to the register: the rows as comments, for a person to decide on."""
    lines = "\n".join(f"  # {row}" for row in found)
    return f"\n  # {region}, written by `make new-region`: take the '#' away from what is true, and name the grounds.\n{lines}\n"


def _row(data: DataClass, source: Region, destination: Region, mechanism: str) -> str:
    return f"- {{data: {data}, from: {source}, to: {destination}, mechanism: {mechanism}}}"
