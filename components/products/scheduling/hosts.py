"""Under which names a region's scheduling API is reached, and for whom it stands in: pure functions of regions (NET-7, D12)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from components.edge.api_front import api_host, check_host
from config.vocabulary import Region


@dataclass(frozen=True, kw_only=True, slots=True)
class Hosts:
    """The region, the domain of its environment, and the regions whose APIs it answers for when they do not.

    Raises ValueError when a region stands in for itself.
    """

    region: Region
    domain: str
    web: str
    """Host of the web client."""
    stands_in_for: Mapping[str, Region] = field(default_factory=dict)
    """Short name, which is part of identities, to region."""

    def __post_init__(self) -> None:
        if self.region in self.stands_in_for.values():
            raise ValueError(f"stands_in_for must be other regions than {self.region}, whose own API this is")

    @property
    def api(self) -> str:
        """The name that callers use."""
        return api_host(self.region, self.domain)

    @property
    def further(self) -> dict[str, str]:
        """Short name to each further name that the API answers to: that of health checks, and those of others."""
        return {
            "check": check_host(self.region, self.domain),
            **{role: api_host(other, self.domain) for role, other in self.stands_in_for.items()},
        }

    @property
    def mail(self) -> str:
        """What stands after the @ of senders: of one region alone, since bounces come back to one."""
        return f"mail.{self.region.code}.{self.domain}"

    @property
    def app(self) -> str:
        """The scheme that opens the mobile client: the domain the other way round."""
        return ".".join(reversed(self.domain.split(".")))
