"""AWS's own prefix lists that moto lacks."""

from __future__ import annotations

from functools import wraps
from typing import Any

_HEALTH_CHECKERS = "15.177.0.0/18"
"""Among the networks that Route 53 checks from since April 2019, as AWS announced it."""


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.managed_prefixes import ManagedPrefixListBackend

    ManagedPrefixListBackend.create_default_pls = _with_health_checkers(ManagedPrefixListBackend.create_default_pls)


def _with_health_checkers(original: Any) -> Any:
    @wraps(original)
    def create_default_pls(self: Any) -> None:
        original(self)
        entries = [{"Cidr": _HEALTH_CHECKERS, "Description": "default"}]
        self._create_aws_managed_prefix_list(f"com.amazonaws.{self.region_name}.route53-healthchecks", "IPv4", entries)

    return create_default_pls
