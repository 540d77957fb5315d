"""Who and where a component is: the source of every name, tag and predictable ARN."""

import hashlib
import re
from dataclasses import dataclass, replace

from config.vocabulary import Backup, DataClass, Environment, Law, Region, TagKey

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_HASH_LENGTH = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The facts that are the same for every component of one stack.

    Raises ValueError when the account id is not twelve digits.
    """

    environment: Environment
    region: Region
    owner: str
    """Team that answers for the resources, as a tag value."""
    jurisdiction: Law
    """Law that binds the personal data held in this region."""
    cost_centre: str
    account_id: str
    """Twelve digits; given by config and not looked up, so that ARNs are known at preview."""
    project: str = "morefocus"
    origin: Region | None = None
    """The region whose data is copied to `region`, when the stack reaches into another one."""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\d{12}", self.account_id):
            raise ValueError(f"account_id must be twelve digits (got {self.account_id!r})")

    @property
    def prefix(self) -> str:
        """What every physical name begins with, such as `morefocus-prod-use1`; of copies, such as `morefocus-prod-euw1-euc1`."""
        place = self.region.code if self.origin is None else f"{self.origin.code}-{self.region.code}"
        return f"{self.project}-{self.environment.short}-{place}"

    def copy_in(self, region: Region) -> "Context":
        """Return the context of what this stack keeps in another region; two stacks' copies there never share a name."""
        return replace(self, region=region, origin=self.region)

    def logical(self, name: str) -> str:
        """Return the logical name of a component: `name` itself, and after the region's code what stands in another region.

        There the region is part of what a thing is: a copy elsewhere is another copy. Physical names say the region in their
        prefix, and leave it out here.
        """
        return name if self.origin is None else f"{self.region.code}-{name}"

    def physical(self, name: str, limit: int = 63) -> str:
        """Return `<prefix>-<name>`, of at most `limit` characters; of a copy, without the region's code that `logical` added.

        A longer one is cut and ends in a hash of the whole, so that two long names never meet.

        Raises ValueError when `name` is not lower-case words joined by hyphens, or when `limit` leaves no room
        for the prefix and the hash.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"name must be lower-case letters and digits joined by single hyphens (got {name!r})")
        if self.origin is not None:
            name = name.removeprefix(f"{self.region.code}-")
        full = f"{self.prefix}-{name}"
        if len(full) <= limit:
            return full
        kept = limit - _HASH_LENGTH - 1
        if kept <= len(self.prefix):
            raise ValueError(f"limit {limit} leaves no room after the prefix {self.prefix!r} and an 8-digit hash")
        digest = hashlib.sha256(full.encode()).hexdigest()[:_HASH_LENGTH]
        return f"{full[:kept].rstrip('-')}-{digest}"

    def tags(
        self, component: str, data_class: DataClass, *, name: str | None = None, tenant: str | None = None, backup: Backup | None = None
    ) -> dict[str, str]:
        """Return the closed set of tags; `Name`, `tenant` and `backup`, which only stores have, are absent when not given."""
        tags = {
            TagKey.OWNER: self.owner,
            TagKey.ENVIRONMENT: self.environment.value,
            TagKey.REGION: self.region.value,
            TagKey.COMPONENT: component,
            TagKey.DATA_CLASS: data_class.value,
            TagKey.JURISDICTION: self.jurisdiction.value,
            TagKey.COST_CENTRE: self.cost_centre,
            TagKey.MANAGED_BY: "pulumi",
        }
        if name is not None:
            tags[TagKey.NAME] = name
        if tenant is not None:
            tags[TagKey.TENANT] = tenant
        if backup is not None:
            tags[TagKey.BACKUP] = backup.value
        return {key.value: value for key, value in tags.items()}

    def arn(self, service: str, resource: str, *, region: str | None = None, account: str | None = None) -> str:
        """Return `arn:aws:<service>:<region>:<account>:<resource>`, known before anything exists.

        Give `region=""` for global services (`iam`, `cloudfront`, `route53`) and both empty for S3.
        Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
        """
        where = self.region.value if region is None else region
        who = self.account_id if account is None else account
        return f"arn:aws:{service}:{where}:{who}:{resource}"
