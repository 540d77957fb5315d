"""Security Hub: how controls are judged, standards, products, and the region that gathers the findings of others."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import answer, asked, last, own_arn, refused

_PRACTICES = "aws-foundational-security-best-practices/v/1.0.0"
_BENCHMARK = "cis-aws-foundations-benchmark/v/1.2.0"
"""What an account subscribes to when it does not say that it wants none."""


def install() -> None:
    """Adds it to moto."""
    from moto.securityhub.models import SecurityHubBackend
    from moto.securityhub.responses import SecurityHubResponse
    from moto.securityhub.urls import url_paths

    SecurityHubBackend.enable_security_hub = _enabled(SecurityHubBackend.enable_security_hub)
    SecurityHubBackend.describe_hub = _described(SecurityHubBackend.describe_hub)
    operations = {
        "enable_security_hub": _enable,
        "update_security_hub_configuration": _configure,
        "batch_enable_standards": _enable_standards,
        "batch_disable_standards": _disable_standards,
        "get_enabled_standards": _list_standards,
        "enable_import_findings_for_product": _enable_product,
        "disable_import_findings_for_product": _disable_product,
        "list_enabled_products_for_import": _list_products,
        "create_finding_aggregator": _create_aggregator,
        "get_finding_aggregator": _get_aggregator,
        "update_finding_aggregator": _update_aggregator,
        "delete_finding_aggregator": _delete_aggregator,
        "list_finding_aggregators": _list_aggregators,
    }
    for name, operation in operations.items():
        setattr(SecurityHubResponse, name, operation)
    paths = ("standards/(?P<action>register|deregister|get)", "productSubscriptions", "productSubscriptions/(?P<arn>.+)")
    for path in (*paths, "findingAggregator/(?P<action>create|update|list)", "findingAggregator/(?P<action>get|delete)/(?P<arn>.+)"):
        url_paths[f"{{0}}/{path}$"] = SecurityHubResponse.dispatch


def _enabled(original: Any) -> Any:
    @wraps(original)
    def enable(self: Any, *args: Any, **kwargs: Any) -> Any:
        if self.enabled:
            raise refused("ResourceConflictException", "Account is already subscribed to Security Hub", status=409)
        self.held = {
            "configuration": {"AutoEnableControls": True, "ControlFindingGenerator": "SECURITY_CONTROL"},
            "standards": {},
            "products": [],
            "aggregator": {},
        }
        return original(self, *args, **kwargs)

    return enable


def _described(original: Any) -> Any:
    @wraps(original)
    def describe(self: Any, *args: Any, **kwargs: Any) -> Any:
        return original(self, *args, **kwargs) | self.held["configuration"]

    return describe


def _enable(self: Any) -> str:
    wanted = asked(self)
    self.securityhub_backend.enable_security_hub(enable_default_standards=False, tags=wanted.get("Tags"))
    if generator := wanted.get("ControlFindingGenerator"):
        _held(self)["configuration"]["ControlFindingGenerator"] = generator
    if wanted.get("EnableDefaultStandards", True):
        for arn in (f"arn:aws:securityhub:{self.region}::standards/{_PRACTICES}", f"arn:aws:securityhub:::ruleset/{_BENCHMARK}"):
            _subscribe(self, {"StandardsArn": arn})
    return answer()


def _configure(self: Any) -> str:
    _held(self)["configuration"].update(asked(self))
    return answer()


def _enable_standards(self: Any) -> str:
    wanted = asked(self)["StandardsSubscriptionRequests"]
    return answer(StandardsSubscriptions=[_subscribe(self, each) for each in wanted])


def _subscribe(response: Any, wanted: dict[str, Any]) -> dict[str, Any]:
    kind = "ruleset/" if ":::ruleset/" in wanted["StandardsArn"] else "standards/"
    arn = own_arn(response, "securityhub", f"subscription/{wanted['StandardsArn'].partition(kind)[2]}")
    subscription = {
        "StandardsSubscriptionArn": arn,
        "StandardsArn": wanted["StandardsArn"],
        "StandardsInput": wanted.get("StandardsInput") or {},
        "StandardsStatus": "READY",
        "StandardsControlsUpdatable": "READY_FOR_UPDATES",
    }
    _held(response)["standards"][arn] = subscription
    return subscription


def _disable_standards(self: Any) -> str:
    held = _held(self)["standards"]
    ended = [held.pop(arn) for arn in asked(self)["StandardsSubscriptionArns"] if arn in held]
    return answer(StandardsSubscriptions=[each | {"StandardsStatus": "DELETING"} for each in ended])


def _list_standards(self: Any) -> str:
    held, wanted = _held(self)["standards"], asked(self).get("StandardsSubscriptionArns")
    return answer(StandardsSubscriptions=[held[arn] for arn in held if wanted is None or arn in wanted])


def _enable_product(self: Any) -> str:
    arn = own_arn(self, "securityhub", f"product-subscription/{asked(self)['ProductArn'].rpartition('product/')[2]}")
    if arn in _held(self)["products"]:
        raise refused("ResourceConflictException", f"{arn} is already enabled", status=409)
    _held(self)["products"].append(arn)
    return answer(ProductSubscriptionArn=arn)


def _disable_product(self: Any) -> str:
    arn = last(self, "/productSubscriptions/")
    if arn not in _held(self)["products"]:
        raise refused("ResourceNotFoundException", f"{arn} is not enabled", status=404)
    _held(self)["products"].remove(arn)
    return answer()


def _list_products(self: Any) -> str:
    return answer(ProductSubscriptions=_held(self)["products"])


def _create_aggregator(self: Any) -> str:
    held = _held(self)
    if held["aggregator"]:
        raise refused("ResourceConflictException", "a finding aggregator exists already", status=409)
    held["aggregator"] = {
        "FindingAggregatorArn": own_arn(self, "securityhub", f"finding-aggregator/{uuid.uuid4()}"),
        "FindingAggregationRegion": self.region,
        **asked(self),
    }
    return answer(**held["aggregator"])


def _get_aggregator(self: Any) -> str:
    return answer(**_aggregator(self, last(self, "/get/")))


def _update_aggregator(self: Any) -> str:
    wanted = asked(self)
    aggregator = _aggregator(self, wanted["FindingAggregatorArn"])
    aggregator.pop("Regions", None)
    aggregator |= wanted
    return answer(**aggregator)


def _delete_aggregator(self: Any) -> str:
    _aggregator(self, last(self, "/delete/"))
    _held(self)["aggregator"] = {}
    return answer()


def _list_aggregators(self: Any) -> str:
    held = _held(self)["aggregator"]
    return answer(FindingAggregators=[{"FindingAggregatorArn": held["FindingAggregatorArn"]}] if held else [])


def _aggregator(response: Any, arn: str) -> dict[str, Any]:
    held: dict[str, Any] = _held(response)["aggregator"]
    if held.get("FindingAggregatorArn") != arn:
        raise refused("ResourceNotFoundException", f"no finding aggregator {arn}", status=404)
    return held


def _held(response: Any) -> dict[str, Any]:
    """What the account has switched on; the service's own error where it has not subscribed at all."""
    backend = response.securityhub_backend
    backend.describe_hub()
    found: dict[str, Any] = backend.held
    return found
