"""Rules in a cluster."""

import pytest

from components.platform.monitoring.alert_rules import AlertRules, AlertRulesArgs
from components.platform.monitoring.node_rules import node_rules, workload_rules
from components.platform.monitoring.rule import rules_document
from tests.kit.contexts import a_context
from tests.kit.recorder import record

RUNBOOKS = "https://example.com/runbooks"


def test_each_group_is_an_object_that_prometheus_takes_up() -> None:
    args = AlertRulesArgs(namespace="monitoring", groups=[node_rules(), workload_rules()], runbooks=RUNBOOKS)
    found = record(lambda: AlertRules("rules", a_context(), args)).of_type("kubernetes:monitoring.coreos.com/v1:PrometheusRule")
    assert {each.inputs["metadata"]["name"] for each in found} == {"nodes", "workloads"}
    for each, group in zip(sorted(found, key=lambda one: one.name), (node_rules(), workload_rules()), strict=True):
        assert each.inputs["metadata"]["labels"]["morefocus.com/scrape"] == "true"
        assert each.inputs["spec"] == rules_document([group], RUNBOOKS)


def test_two_alerts_of_one_name_would_have_one_runbook_and_are_refused() -> None:
    with pytest.raises(ValueError, match=r"groups must have names of their own \(twice: nodes\)"):
        AlertRulesArgs(namespace="monitoring", groups=[node_rules(), node_rules()], runbooks=RUNBOOKS)
