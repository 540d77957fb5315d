"""Elastic Load Balancing: hosted zones by region and type, logs of health checks, protection that protects."""

from __future__ import annotations

from functools import wraps
from typing import Any

# https://docs.aws.amazon.com/general/latest/gr/elb.html, seen 2026-11: (application and classic, network).
_ZONES = {
    "ca-central-1": ("ZQSVJUPU6J1EY", "Z2EPGBW3API2WT"),
    "eu-central-1": ("Z215JYRZR1TBD5", "Z3F0SRJ5LGBH90"),
    "eu-west-1": ("Z32O12XQLNTSW2", "Z2IFOLAFXWLO4F"),
    "sa-east-1": ("Z2P70J7HTTTPLU", "ZTK26PT1VY4CU"),
    "us-east-1": ("Z35SXDOTRQ7X7K", "Z26RNL4JYFTOTI"),
    "us-east-2": ("Z3AADJGX6KTTL2", "ZLMOA37VPKANP"),
    "us-west-1": ("Z368ELLRRE2KJ0", "Z24FKFUX50B4VW"),
    "us-west-2": ("Z1H1FL5HABSF5", "Z18D5FSROUN65G"),
}


def install() -> None:
    """Adds it to moto."""
    from moto.elbv2.exceptions import ELBClientError
    from moto.elbv2.models import ELBv2Backend, FakeLoadBalancer

    FakeLoadBalancer.VALID_ATTRS |= {"health_check_logs.s3.bucket", "health_check_logs.s3.prefix"}
    ELBv2Backend.delete_load_balancer = _protected(ELBv2Backend.delete_load_balancer, ELBClientError)
    FakeLoadBalancer.__init__ = _in_its_zone(FakeLoadBalancer.__init__)


def _in_its_zone(original: Any) -> Any:
    @wraps(original)
    def create(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        zones = _ZONES.get(self.arn.split(":")[3])
        if zones:
            self.canonical_hosted_zone_id = zones[self.type == "network"]

    return create


def _protected(original: Any, refusal: Any) -> Any:
    @wraps(original)
    def delete(self: Any, arn: str) -> None:
        balancer = self.load_balancers.get(arn)
        if balancer and balancer.attrs.get("deletion_protection.enabled") == "true":
            raise refusal("OperationNotPermitted", f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled")
        original(self, arn)

    return delete
