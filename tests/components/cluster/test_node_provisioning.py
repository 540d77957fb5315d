import json

from components.cluster.node_provisioning import NodeProvisioning, NodeProvisioningArgs
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed, denied
from tests.kit.recorder import Graph, record

ARN = "arn:aws:sqs:us-east-1:123456789012:node-provisioning-interruptions"


def _made() -> Graph:
    return record(lambda: NodeProvisioning("node-provisioning", a_context(), NodeProvisioningArgs(node_role_name="nodes")))


def test_nodes_have_the_role_that_nodes_of_the_cluster_have_already() -> None:
    graph = _made()
    profile = graph.one("aws:iam/instanceProfile:InstanceProfile")
    assert profile.inputs["role"] == "nodes"
    published = graph.outputs_of(graph.one("morefocus:cluster:NodeProvisioning"))
    assert published["profile_name"] == profile.inputs["name"]


def test_word_of_every_way_in_which_aws_takes_a_node_reaches_the_queue() -> None:
    graph = _made()
    queue = graph.one("aws:sqs/queue:Queue").answered["arn"]
    kinds = {json.loads(each.inputs["eventPattern"])["detail-type"][0] for each in graph.of_type("aws:cloudwatch/eventRule:EventRule")}
    assert kinds == {
        "EC2 Spot Instance Interruption Warning",
        "EC2 Instance Rebalance Recommendation",
        "EC2 Instance State-change Notification",
        "AWS Health Event",
    }
    assert {each.inputs["arn"] for each in graph.of_type("aws:cloudwatch/eventTarget:EventTarget")} == {queue}


def test_the_queue_hears_rules_of_this_stack_alone_and_nothing_without_tls() -> None:
    graph = _made()
    policy = graph.one("aws:sqs/queuePolicy:QueuePolicy").inputs["policy"]
    arn = graph.one("aws:sqs/queue:Queue").answered["arn"]
    names = [each.inputs["name"] for each in graph.of_type("aws:cloudwatch/eventRule:EventRule")]

    def may(source: str) -> bool:
        keys = {"aws:SourceArn": source, "aws:SecureTransport": "true"}
        return allowed(policy, Request(action="sqs:SendMessage", resource=arn, principal="events.amazonaws.com", context=keys))

    assert all(may(f"arn:aws:events:us-east-1:123456789012:rule/{name}") for name in names)
    assert not may("arn:aws:events:us-east-1:123456789012:rule/another")
    plain = {"aws:SecureTransport": "false"}
    assert denied(policy, Request(action="sqs:ReceiveMessage", resource=arn, principal="123456789012", context=plain))


def test_a_warning_that_comes_too_late_is_forgotten() -> None:
    assert _made().one("aws:sqs/queue:Queue").inputs["messageRetentionSeconds"] == 300
