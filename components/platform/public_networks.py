"""The internet without what is not the internet: where pods may call whom nobody knows beforehand."""

from ipaddress import IPv4Network, collapse_addresses

NOT_PUBLIC = (
    *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24"),
    *("192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
)
"""Networks that no host of the internet has.

Source: https://www.iana.org/assignments/iana-ipv4-special-registry/iana-ipv4-special-registry.xhtml
"""


def public_networks() -> tuple[str, ...]:
    """Return the fewest networks that are the whole internet, and hold no private, shared, link-local or reserved address.

    A request that a workflow's author sends astray then ends at the pod, whatever n8n itself lets through (SEC-7).
    """
    left = [IPv4Network("0.0.0.0/0")]
    for block in map(IPv4Network, NOT_PUBLIC):
        left = [part for network in left for part in _without(network, block)]
    return tuple(str(network) for network in sorted(collapse_addresses(left)))


def _without(network: IPv4Network, block: IPv4Network) -> list[IPv4Network]:
    if not network.overlaps(block):
        return [network]
    return [] if network.subnet_of(block) else list(network.address_exclude(block))
