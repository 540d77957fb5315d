from typing import Any

import pytest

from components.cluster.access import Access, AccessArgs
from tests.kit.contexts import a_context
from tests.kit.recorder import record

ROLE = "arn:aws:iam::123456789012:role/{}"


def test_admins_may_do_anything_and_readers_see_all_but_secrets() -> None:
    args = AccessArgs(cluster_name="x", admins={"platform": ROLE.format("platform")}, readers={"support": ROLE.format("support")})
    graph = record(lambda: Access("cluster-access", a_context(), args))
    policies = {
        each.inputs["principalArn"]: (each.inputs["policyArn"].rpartition("/")[2], each.inputs["accessScope"])
        for each in graph.of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
    }
    assert policies == {
        ROLE.format("platform"): ("AmazonEKSClusterAdminPolicy", {"type": "cluster"}),
        ROLE.format("support"): ("AmazonEKSViewPolicy", {"type": "cluster"}),
    }
    for policy in graph.of_type("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"):
        entry = graph.named(policy.name.replace("-policy", "-entry"))
        assert entry.inputs["principalArn"] == policy.inputs["principalArn"]
        assert entry.urn in policy.depends_on


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"admins": {}}, "admins must name at least one role: nobody else could ever administer the cluster"),
        ({"admins": {"a": "arn:aws:iam::123456789012:user/eve"}}, r"give the ARN of an IAM role, .*user/eve"),
        ({"admins": {"a": "arn:aws:sts::123456789012:assumed-role/x/y"}}, "give the ARN of an IAM role"),
        ({"admins": {"Platform Team": ROLE.format("x")}}, "names of roles are lower-case words .*'Platform Team'"),
        ({"admins": {"a": ROLE.format("x"), "b": ROLE.format("x")}}, "a role is an administrator or a reader, not both"),
        ({"admins": {"a": ROLE.format("x")}, "readers": {"b": ROLE.format("x")}}, "not both, and has one name"),
        ({"admins": {"a": ROLE.format("x")}, "readers": {"a": ROLE.format("y")}}, "not both, and has one name"),
    ],
)
def test_access_that_cannot_work_is_refused(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        AccessArgs(cluster_name="x", **more)
