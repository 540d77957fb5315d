"""What the models of the configuration share: their base, and values that YAML and pydantic read otherwise than meant."""

from functools import cache
from ipaddress import IPv4Interface, IPv4Network
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from config.errors import nearest, refuse

_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


class Model(BaseModel):
    """A frozen model that knows every key it may be given."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _no_switch(value: Any) -> Any:
    """Refuse yes and no where a number belongs, which pydantic would read as 1 and 0."""
    if isinstance(value, bool):
        raise refuse("a number", "write digits")
    return value


def _network(value: Any) -> Any:
    """Name the network an address with host bits lies in, which is what its writer meant."""
    try:
        meant = IPv4Interface(value).network
    except ValueError:
        return value
    if str(meant.network_address) != str(value).partition("/")[0]:
        raise refuse("an IPv4 network without host bits", f"write {meant}")
    return value


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(value: str) -> str:
    # A system without a time zone database cannot tell a wrong name; AWS then does.
    if _zones() and value not in _zones():
        close = nearest(value, list(_zones()))
        raise refuse("an IANA time zone", f"write {close!r}" if close else "see /usr/share/zoneinfo")
    return value


TimeZone = Annotated[str, AfterValidator(_zone)]
"""Name of an IANA time zone, such as America/Sao_Paulo."""
Count = Annotated[int, BeforeValidator(_no_switch)]
Share = Annotated[float, BeforeValidator(_no_switch)]
Network = Annotated[IPv4Network, BeforeValidator(_network)]


def is_private(network: IPv4Network) -> bool:
    """Return whether all of a network lies in the ranges that the internet does not route (RFC 1918)."""
    return any(network.subnet_of(block) for block in _PRIVATE)
