import json

from moto.iam.aws_managed_policies import aws_managed_policies_data

from components.cluster.node_role import NodeRole
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record


def _role() -> Graph:
    return record(lambda: NodeRole("cluster-nodes", a_context()))


def _allowed(graph: Graph) -> set[str]:
    documents = json.loads(aws_managed_policies_data)
    names = [each.inputs["policyArn"].rpartition("/")[2] for each in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    statements = [statement for name in names for statement in documents[name]["Document"]["Statement"]]
    return {action for statement in statements for action in statement["Action"]}


def test_nodes_join_pull_images_and_take_sessions() -> None:
    allowed = _allowed(_role())
    assert {"eks:DescribeCluster", "eks-auth:AssumeRoleForPodIdentity", "ecr:BatchGetImage", "ssmmessages:OpenDataChannel"} <= allowed


def test_nodes_can_neither_push_images_nor_touch_network_interfaces() -> None:
    allowed = _allowed(_role())
    assert not allowed & {"ecr:PutImage", "ec2:AttachNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:DeleteNetworkInterface"}
    assert not any("*" in action for action in allowed)


def test_only_ec2_takes_on_the_role() -> None:
    (trust,) = json.loads(_role().one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"]
    assert trust["Principal"] == {"Service": "ec2.amazonaws.com"}
