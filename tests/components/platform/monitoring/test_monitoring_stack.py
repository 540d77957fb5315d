"""The operator's stack in a cluster, and what its pods may reach."""

from functools import cache
from typing import Any

from components.platform.flow import Addresses
from components.platform.monitoring.monitoring_stack import MonitoringStack, MonitoringStackArgs
from tests.components.platform.made import RELEASE, a_chart
from tests.components.platform.monitoring.test_stack_values import FACTS
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

NODES = Addresses(cidrs=("10.0.0.0/18",))


@cache
def graph() -> Graph:
    args = MonitoringStackArgs(
        definitions=a_chart("definitions"),
        chart=a_chart("stack"),
        facts=FACTS,
        kubernetes_api=Addresses(cidrs=("172.20.0.1/32",)),
        control_plane=NODES,
        nodes=NODES,
        smtp_port=587,
    )
    return record(lambda: MonitoringStack("monitoring", a_context(), args))


def outgoing(name: str) -> dict[str, Any]:
    """Cidrs that pods of a name may call, and on which ports."""
    found: dict[str, Any] = {}
    for policy in graph().of_type("kubernetes:networking.k8s.io/v1:NetworkPolicy"):
        spec = policy.inputs["spec"]
        if spec["podSelector"].get("matchLabels") == {"app.kubernetes.io/name": name} and "egress" in spec:
            for rule in spec["egress"]:
                for peer in rule["to"]:
                    if "ipBlock" in peer:
                        found.setdefault(peer["ipBlock"]["cidr"], set()).update(port["port"] for port in rule["ports"])
    return found


def test_definitions_are_there_before_what_stands_on_them() -> None:
    definitions, stack = graph().named("monitoring-definitions-release"), graph().named("monitoring-release")
    assert definitions.type == stack.type == RELEASE
    # A component's children are registered after it, and it after what it waits for.
    assert definitions.urn in graph().one("morefocus:platform:Release", "monitoring").depends_on
    assert definitions.inputs["chart"] == "definitions" and stack.inputs["values"]["crds"] == {"enabled": False}


def test_alertmanager_alone_reaches_people_by_web_and_mail_and_takes_its_role() -> None:
    assert outgoing("alertmanager") == {"0.0.0.0/0": {443, 587}, "169.254.170.23/32": {80}}


def test_prometheus_reaches_nodes_and_the_kubernetes_api_and_no_address_outside() -> None:
    assert outgoing("prometheus") == {"172.20.0.1/32": {443}, "10.0.0.0/18": {10250, 9100}}


def test_grafana_reaches_the_kubernetes_api_alone() -> None:
    assert outgoing("grafana") == {"172.20.0.1/32": {443}}
