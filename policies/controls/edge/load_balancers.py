"""EDGE-08: load balancers write who asked, refuse requests that are no plain HTTP, and cannot be deleted by mistake."""

from collections.abc import Iterable, Mapping
from typing import Any

from policies.control import Control, Need, Severity, clauses, need, ruled
from policies.graph import Graph, Resource
from policies.scope import is_staging
from policies.values import ABSENT, UNKNOWN, Answer, any_of, asks, is_yes, look
from policies.verdict import Ruling

BALANCERS = ("aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer")
_SAFE = ("defensive", "strictest")


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each load balancer; what belongs to HTTP, of an application load balancer alone. Staging may be torn down."""
    for balancer in graph.of(*BALANCERS):
        is_other = asks(balancer.properties, "loadBalancerType", lambda kind: kind != "application", absent=False)
        needs = [
            need(balancer, "accessLogs.enabled", is_yes, "true"),
            need(balancer, "accessLogs.bucket", bool, "the bucket of logs"),
            need(balancer, "dropInvalidHeaderFields", is_yes, "true"),
            need(balancer, "desyncMitigationMode", lambda mode: mode in _SAFE, " or ".join(_SAFE), absent=True),
        ]
        needs = [Need(asked.path, any_of([is_other, asked.met]), asked.allowed) for asked in needs]
        yield ruled(balancer, *needs, Need("enableDeletionProtection", _is_kept(balancer), "true"))


def _is_kept(balancer: Resource) -> Answer:
    return True if is_staging(balancer) else asks(balancer.properties, "enableDeletionProtection", is_yes, absent=False)


def remedy(inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """Switch on what needs nothing else; where logs go is the program's to say."""
    changes: dict[str, Any] = {}
    kind = look(inputs, "loadBalancerType")
    if kind in (ABSENT, "application"):
        if _is_off(inputs, "dropInvalidHeaderFields"):
            changes["dropInvalidHeaderFields"] = True
        if asks(inputs, "desyncMitigationMode", lambda mode: mode in _SAFE, absent=True) is False:
            changes["desyncMitigationMode"] = _SAFE[0]
        if asks(inputs, "accessLogs.bucket", bool, absent=False) and _is_off(inputs, "accessLogs.enabled"):
            changes["accessLogs"] = {**inputs["accessLogs"], "enabled": True}
    if look(inputs, "tags.environment") not in ("staging", UNKNOWN) and _is_off(inputs, "enableDeletionProtection"):
        changes["enableDeletionProtection"] = True
    return changes


def _is_off(inputs: Mapping[str, Any], path: str) -> bool:
    return asks(inputs, path, is_yes, absent=False) is False


CONTROL = Control(
    id="EDGE-08",
    title="Load balancers keep access logs, drop malformed requests, and are protected from deletion",
    severity=Severity.MEDIUM,
    why="Without logs nobody can say what was asked for, and a request that two servers read differently smuggles another one in.",
    fix="set access_logs, drop_invalid_header_fields=True, desync_mitigation_mode and enable_deletion_protection=True on lb.LoadBalancer",
    clauses=clauses(gdpr="30", lgpd="37 46", soc2="A1.2 CC7.2", iso27001="5.30 8.15", pci="10.2.1"),
    governs=BALANCERS,
    check=check,
    remedies=dict.fromkeys(BALANCERS, remedy),
)
