"""The catalogue of secrets: what each opens, who answers for it, how it is renewed and where it is needed (SEC-2, API-6).

No value of a secret is ever in it.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from config.errors import refuse
from config.vocabulary import DataClass, Market

FILE = "config/integrations.yaml"

LONGEST_DAYS = 365
"""No secret lives longer without being renewed."""


class Origin(StrEnum):
    """Where the value of a secret comes from."""

    GENERATED = "generated"
    """The rotation function makes it up inside the account."""
    ISSUED = "issued"
    """A third party issues it; a person puts it into the empty secret."""
    MANAGED = "managed"
    """Another component of the program makes and keeps the secret."""
    ROLE = "role"
    """There is no key: an IAM role is enough."""


class RotationBy(StrEnum):
    """Who renews a secret."""

    FUNCTION = "function"
    """Secrets Manager calls the rotation function on schedule."""
    HAND = "hand"
    """A person, before a deadline that is watched."""
    AWS = "aws"
    """The service that keeps it, or the role whose credentials AWS renews."""


class Row(BaseModel):
    """A row of the catalogue; unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Rotation(Row):
    """How, and how often at least, a secret is renewed."""

    by: Annotated[RotationBy, Field(description=f"who renews it: {', '.join(RotationBy)}")]
    days: Annotated[
        int | None, Field(ge=1, le=LONGEST_DAYS, strict=True, description=f"longest life of a value in days, 1 to {LONGEST_DAYS}")
    ] = None

    @model_validator(mode="after")
    def _says_when(self) -> "Rotation":
        if (self.days is None) != (self.by is RotationBy.AWS):
            raise refuse("days, except where AWS renews it", "add 'days', or remove it", key="days", given=self.days)
        return self


class Integration(Row):
    """One secret of the estate, or one integration that needs none."""

    purpose: Annotated[str, Field(min_length=10, description="what it is used for, in one sentence")]
    owner: Annotated[str, Field(pattern=r"^[a-z0-9-]{2,63}$", description="team that answers for it: a-z, 0-9 and hyphens")]
    opens: Annotated[DataClass, Field(description=f"class of the data that it opens: {', '.join(DataClass)}")]
    origin: Annotated[Origin, Field(description=f"where its value comes from: {', '.join(Origin)}")]
    rotation: Annotated[Rotation, Field(description="who renews it and after how many days: {by: hand, days: 180}")]
    holds: Annotated[tuple[str, ...], Field(description="keys of the JSON object that is its value")] = ()
    markets: Annotated[tuple[Market, ...], Field(description="needed where one of these is served; absent when needed everywhere")] = ()
    hub_only: Annotated[bool, Field(description="true: kept in the hub's region alone")] = False
    replicates: Annotated[bool, Field(description="true: replicated wherever the register lets the region's credentials go")] = False
    requirement: Annotated[str, Field(pattern=r"^[A-Z0-9]+-\d+$", description="requirement that asks for it, such as API-6")]

    @model_validator(mode="after")
    def _is_consistent(self) -> "Integration":
        by = self.rotation.by
        if (self.origin in (Origin.GENERATED, Origin.ISSUED)) != bool(self.holds):
            raise refuse("keys for what is generated or issued, and for nothing else", "correct the list", key="holds", given=self.holds)
        if self.origin is Origin.ISSUED and by is not RotationBy.HAND:
            raise refuse("hand: a third party's key is renewed at the third party", "write 'hand'", key="rotation.by", given=by)
        if self.origin is Origin.ROLE and by is not RotationBy.AWS:
            raise refuse("aws: the credentials of a role are renewed by AWS", "write 'aws'", key="rotation.by", given=by)
        if self.hub_only and self.markets:
            raise refuse("markets or hub_only, not both", "remove one of them", key="markets", given=self.markets)
        return self

    @property
    def is_kept(self) -> bool:
        """Whether a secret of the catalogue is made for it: roles need none, and managed ones are made elsewhere."""
        return self.origin in (Origin.GENERATED, Origin.ISSUED)

    def needed_in(self, markets: Sequence[Market], *, hub: bool) -> bool:
        """Return whether a region that serves `markets` needs it."""
        if self.hub_only:
            return hub
        return not self.markets or any(market in markets for market in self.markets)


Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]


class Catalogue(Row):
    """All rows by their names; what has no row here has no secret."""

    integrations: Annotated[dict[Name, Integration], Field(description="name (words in a-z and 0-9 joined by hyphens) to row")]

    def needed_in(self, markets: Sequence[Market], *, hub: bool) -> Mapping[str, Integration]:
        """Return the rows that a region needs, in the order of their names."""
        return {name: row for name, row in sorted(self.integrations.items()) if row.needed_in(markets, hub=hub)}
