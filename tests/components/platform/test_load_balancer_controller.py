import json
from typing import Any

from components.platform.load_balancer_controller import (
    SERVICE_ACCOUNT,
    LoadBalancerController,
    LoadBalancerControllerArgs,
    controller_policy,
)
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_restricted, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.recorder import record


def _values() -> dict[str, Any]:
    args = LoadBalancerControllerArgs(
        chart=a_chart(), image=an_image(), namespace="load-balancing", cluster_name="x", vpc_id="vpc-1", priority_class="platform"
    )
    return values_of(record(lambda: LoadBalancerController("load-balancing", a_context(), args)))


def test_nothing_in_the_cluster_can_open_another_door_to_the_internet() -> None:
    values = _values()
    assert values["createIngressClassResource"] is False
    assert values["ingressClassParams"] == {"create": False}
    assert values["enableServiceMutatorWebhook"] is False
    granted = {action for each in _statements() for action in each["Action"]}
    assert not [action for action in granted if not action.partition(":")[2].startswith(("Describe", "Register", "Deregister"))]


def test_its_webhooks_certificate_is_renewed_by_cert_manager() -> None:
    assert _values()["enableCertManager"] is True


def test_two_replicas_stand_in_different_zones_and_one_stays_while_a_node_is_drained() -> None:
    values = _values()
    assert (values["replicaCount"], values["podDisruptionBudget"]) == (2, {"maxUnavailable": 1})
    assert values["topologySpreadConstraints"][0]["labelSelector"]["matchLabels"] == {"app.kubernetes.io/name": SERVICE_ACCOUNT}


def test_its_pods_may_do_little_and_run_the_pinned_image() -> None:
    values = _values()
    assert_restricted(values["podSecurityContext"], values["securityContext"])
    assert_sized(values["resources"])
    assert values["image"] == {"repository": "registry.example.org/team/tool", "tag": f"1.2.3@{DIGEST}"}
    assert (values["clusterName"], values["vpcId"], values["region"]) == ("x", "vpc-1", "us-east-1")


def _statements() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(str(controller_policy(a_context())))["Statement"]
    return found


def test_it_brings_pods_into_target_groups_of_this_stack_alone() -> None:
    _, write = _statements()
    assert write["Resource"] == "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/*/*"
    assert write["Condition"] == {"StringEquals": {"aws:ResourceTag/environment": "production", "aws:ResourceTag/region": "us-east-1"}}
