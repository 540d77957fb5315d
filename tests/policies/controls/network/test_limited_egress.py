"""Stores that call somebody, functions that call anybody, and functions with persons' files that stand outside."""

import json
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

GROUP = "aws:ec2/securityGroup:SecurityGroup"
RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
FUNCTION = "aws:lambda/function:Function"
ROLE, INLINE = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
POLICY, ATTACHMENT = "aws:iam/policy:Policy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
WORLD = "0.0.0.0/0"
HTTPS = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443}
FILES = "arn:aws:s3:::morefocus-prod-euw1-files"
PAYMENTS = "scheduling-payments-access-id"
INSIDE = {"subnetIds": ["network-private-subnet-a-id"], "securityGroupIds": [PAYMENTS]}


def rule(group: str, **more: Any) -> Any:
    return lambda draft: draft.add(RULE, "more", {"securityGroupId": group, **HTTPS, **more})


def function(statement: Any, **more: Any) -> Any:
    """Add a function whose role may do what a statement says."""

    def change(draft: Draft) -> None:
        draft.add(ROLE, "new", {"name": "new", "arn": "arn:aws:iam::1:role/new"})
        draft.add(INLINE, "new", {"role": "new", "policy": UNKNOWN if statement is UNKNOWN else {"Statement": [statement]}})
        draft.add(FUNCTION, "new", {"role": "arn:aws:iam::1:role/new", **more})

    return change


def reads(action: Any, resource: Any, effect: str = "Allow") -> dict[str, Any]:
    return {"Effect": effect, "Action": action, "Resource": resource}


def by_two_policies(draft: Draft) -> None:
    function(reads("s3:GetObject", f"{FILES}/*"))(draft)
    draft.add(INLINE, "more", {"role": "new", "policy": json.dumps({"Statement": reads("xray:PutTraceSegments", "*")})})


def reads_a_queue_without_an_arn(draft: Draft) -> None:
    """As in a first preview: the queue is named, and its ARN is put together from the name."""
    draft.add("aws:sqs/queue:Queue", "new", {"arn": UNKNOWN, "name": "new-jobs", "tags": {"data-class": "personal"}})
    function(reads("sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:123456789012:new-jobs"))(draft)


def attached(draft: Draft) -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{FILES}/*"}
    draft.add(ROLE, "new", {"name": "new", "arn": "arn:aws:iam::1:role/new"})
    draft.add(POLICY, "new", {"arn": "arn:aws:iam::1:policy/new", "policy": json.dumps({"Statement": statement})})
    draft.add(ATTACHMENT, "new", {"role": "new", "policyArn": "arn:aws:iam::1:policy/new"})
    draft.add(FUNCTION, "new", {"role": "arn:aws:iam::1:role/new"})


def inside_the_role(draft: Draft) -> None:
    statement = {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}
    draft.add(ROLE, "new", {"arn": "arn:aws:iam::1:role/new", "inlinePolicies": [{"policy": json.dumps({"Statement": statement})}]})
    draft.add(FUNCTION, "new", {"role": "arn:aws:iam::1:role/new"})


CAUGHT = [
    Mutation("a new function reads by one of two policies", by_two_policies),
    Mutation("a new function reads a queue whose ARN is not known yet", reads_a_queue_without_an_arn),
    Mutation("a new function finds files and reads them", function(reads(["s3:ListBucket", "s3:GetObject"], [FILES, f"{FILES}/*"]))),
    Mutation("a new function reads releases and files", function(reads("s3:GetObject", ["arn:aws:s3:::releases/*", f"{FILES}/*"]))),
    Mutation(
        "a function with files says nothing of subnets",
        lambda draft: draft.one(FUNCTION, "scheduling-privacy-function").drop("vpcConfig.subnetIds"),
    ),
    Mutation("the database calls the internet", rule("database-access-id", cidrIpv4=WORLD)),
    Mutation("the database calls its own network", rule("database-access-id", cidrIpv4="10.1.0.0/16")),
    Mutation("a cache calls S3", rule("cache-access-id", prefixListId="pl-s3")),
    Mutation(
        "files call the internet by a rule inside their group",
        lambda draft: draft.one(GROUP, "shared-files-access").set("egress", [{"protocol": "-1", "cidrBlocks": [WORLD]}]),
    ),
    Mutation(
        "the database calls the internet by a rule of the old kind",
        lambda draft: draft.add(OLD_RULE, "out", {"type": "egress", "securityGroupId": "database-access-id", "cidrBlocks": [WORLD]}),
    ),
    Mutation("a function calls the internet by any port", rule(PAYMENTS, cidrIpv4=WORLD, ipProtocol="-1")),
    Mutation("a function calls the internet by a port that is not HTTPS", rule(PAYMENTS, cidrIpv4=WORLD, fromPort=22, toPort=22)),
    Mutation("a function calls half the internet by a port of its own", rule(PAYMENTS, cidrIpv4="128.0.0.0/1", fromPort=4444, toPort=4444)),
    Mutation("a function calls the internet of IPv6 by another port", rule(PAYMENTS, cidrIpv6="::/0", fromPort=25, toPort=25)),
    Mutation("a function calls the network by many ports", rule(PAYMENTS, cidrIpv4="10.1.0.0/16", fromPort=1, toPort=65535)),
    Mutation("a function with files stands outside", lambda draft: draft.one(FUNCTION, "scheduling-privacy-function").drop("vpcConfig")),
    Mutation(
        "a function that empties the queue stands outside",
        lambda draft: draft.one(FUNCTION, "scheduling-messages-function").drop("vpcConfig"),
    ),
    Mutation(
        "a function with files has no subnet",
        lambda draft: draft.one(FUNCTION, "scheduling-privacy-function").set("vpcConfig.subnetIds", []),
    ),
    Mutation(
        "a function with files has a group of elsewhere",
        lambda draft: draft.one(FUNCTION, "scheduling-privacy-function").set("vpcConfig.securityGroupIds", ["sg-0f00000000000000f"]),
    ),
    Mutation("a new function reads files", function(reads("s3:GetObject", f"{FILES}/*"))),
    Mutation("a new function may do all with buckets", function(reads("s3:*", "arn:aws:s3:::morefocus-*"))),
    Mutation("a new function may do all with everything", function(reads("*", "*"))),
    Mutation("a new function reads by a policy that is attached", attached),
    Mutation("a new function reads by a policy inside its role", inside_the_role),
    Mutation("a role of elsewhere may do anything", lambda draft: draft.add(FUNCTION, "new", {"role": "arn:aws:iam::1:role/elsewhere"})),
]
SPARED = [
    Mutation("a new function sees that file systems are there", function(reads("elasticfilesystem:DescribeFileSystems", "*"))),
    Mutation("a new function puts files that it cannot read", function(reads("s3:PutObject", f"{FILES}/*"))),
    Mutation("the database answers its replica", rule("database-access-id", referencedSecurityGroupId="database-access-id")),
    Mutation("a function calls the internet by HTTPS", rule(PAYMENTS, cidrIpv4=WORLD)),
    Mutation("a function calls the database", rule(PAYMENTS, referencedSecurityGroupId="database-access-id", fromPort=5432, toPort=5432)),
    Mutation("a function calls a port of the network", rule(PAYMENTS, cidrIpv4="10.1.144.0/20", fromPort=6379, toPort=6379)),
    Mutation("a network is written with the address of a host", rule(PAYMENTS, cidrIpv4="10.1.0.7/16")),
    Mutation("a function calls S3 by its list", rule(PAYMENTS, prefixListId="pl-s3")),
    Mutation("nodes call the internet by mail's port", rule("cluster-node-firewall-group-id", cidrIpv4=WORLD, fromPort=587, toPort=587)),
    Mutation(
        "something comes in by a rule of the old kind",
        lambda draft: draft.add(OLD_RULE, "in", {"type": "ingress", "securityGroupId": PAYMENTS, "cidrBlocks": [WORLD]}),
    ),
    Mutation("a new function reads files from within", function(reads("s3:GetObject", f"{FILES}/*"), vpcConfig=INSIDE)),
    Mutation("a new function sees that files are there", function(reads("s3:ListBucket", FILES))),
    Mutation("a new function may not read files", function(reads("s3:GetObject", f"{FILES}/*", "Deny"))),
    Mutation("a new function reads releases", function(reads("s3:GetObject", "arn:aws:s3:::morefocus-prod-euw1-releases/*"))),
    Mutation("a new function puts jobs into the queue", function(reads("sqs:SendMessage", "*"))),
    Mutation("a new function makes traces", function(reads(["xray:PutTraceSegments"], "*"))),
]
OPEN = [
    Mutation("what a new function may do with files is not known yet", function(reads([UNKNOWN], f"{FILES}/*"))),
    Mutation("which files a new function may read is not known yet", function(reads("s3:GetObject", [UNKNOWN]))),
    Mutation("what a new function may do is not known yet", function(UNKNOWN)),
    Mutation("where the database calls is not known yet", rule("database-access-id", cidrIpv4=UNKNOWN)),
    Mutation("where a function calls by its own port is not known yet", rule(PAYMENTS, cidrIpv4=UNKNOWN, fromPort=25, toPort=25)),
    Mutation("nothing tells whose rule it is", rule(UNKNOWN, cidrIpv4=WORLD)),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-11", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-11", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("NET-11", mutation)
