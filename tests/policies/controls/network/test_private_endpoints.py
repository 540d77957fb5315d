"""Networks without an endpoint, and endpoints that serve anybody or nobody."""

import json
from typing import Any

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, leaves_open, lets_pass

VPC = "aws:ec2/vpc:Vpc"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
POLICY = "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"
TABLES = "aws:ec2/vpcEndpointRouteTableAssociation:VpcEndpointRouteTableAssociation"
KMS, S3 = "network-endpoints-kms", "network-endpoints-s3"


def document(**more: Any) -> str:
    return json.dumps({"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*", **more}]})


def twice(*documents: str) -> str:
    return json.dumps({"Statement": [statement for each in documents for statement in json.loads(each)["Statement"]]})


def without(name: str) -> Any:
    return lambda draft: draft.remove(ENDPOINT, name)


def policy(written: Any, name: str = KMS) -> Any:
    return lambda draft: draft.one(ENDPOINT, name).set("policy", written)


def split(written: Any) -> Any:
    def change(draft: Draft) -> None:
        draft.one(ENDPOINT, KMS).drop("policy")
        draft.add(POLICY, "kms", {"vpcEndpointId": f"{KMS}-id", "policy": written})

    return change


def tables_apart(draft: Draft) -> None:
    draft.one(ENDPOINT, S3).drop("routeTableIds")
    draft.add(TABLES, "s3", {"vpcEndpointId": f"{S3}-id", "routeTableId": "network-private-table-a-id"})


def two_ways_to_s3(draft: Draft) -> None:
    more = {"vpcEndpointType": "Interface", "serviceName": "com.amazonaws.eu-west-1.s3", "privateDnsEnabled": True}
    draft.add(ENDPOINT, "s3", {"vpcId": "network-vpc-id", **more, "policy": document(Condition=OWN)})


def gateway_without_tables(draft: Draft) -> None:
    endpoint = draft.one(ENDPOINT, S3)
    endpoint.drop("vpcEndpointType")
    endpoint.drop("routeTableIds")


def untold(draft: Draft) -> None:
    endpoint = draft.one(ENDPOINT, KMS)
    endpoint.set("vpcId", UNKNOWN)
    endpoint.replace(property_dependencies={})


OWN = {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}
CAUGHT = [
    *(
        Mutation(f"there is no endpoint for {service}", without(f"network-endpoints-{service}"))
        for service in ("dynamodb", "ecr-api", "sts", "secretsmanager", "logs")
    ),
    Mutation("who has no account is served", policy(document(Condition={"StringEqualsIfExists": {"aws:PrincipalAccount": "1"}}))),
    Mutation("every account is served", policy(document(Condition={"StringLike": {"aws:PrincipalAccount": "*"}}))),
    Mutation("KMS has no endpoint", lambda draft: draft.remove(ENDPOINT, KMS)),
    Mutation("images come by no endpoint", lambda draft: draft.remove(ENDPOINT, "network-endpoints-ecr-dkr")),
    Mutation("S3 has no endpoint", lambda draft: draft.remove(ENDPOINT, S3)),
    Mutation("another network has none at all", lambda draft: draft.add(VPC, "other", {"id": "vpc-other"})),
    Mutation("an endpoint is another network's", lambda draft: draft.one(ENDPOINT, KMS).set("vpcId", "vpc-other")),
    Mutation("an endpoint serves everybody, having no policy", lambda draft: draft.one(ENDPOINT, KMS).drop("policy")),
    Mutation("an endpoint serves everybody by its policy", policy(document())),
    Mutation("a policy says nothing", policy('{"Statement": []}')),
    Mutation("a policy asks for TLS only", policy(document(Condition={"Bool": {"aws:SecureTransport": "true"}}))),
    Mutation("a policy keeps its own identities out", policy(document(Condition={"StringNotEquals": {"aws:PrincipalAccount": "1"}}))),
    Mutation("a second statement lets everybody in", policy(twice(document(Condition=OWN), document()))),
    Mutation("a policy apart serves everybody", split(document())),
    Mutation("clients do not find an endpoint", lambda draft: draft.one(ENDPOINT, KMS).set("privateDnsEnabled", False)),
    Mutation("nothing is said of an endpoint's name", lambda draft: draft.one(ENDPOINT, KMS).drop("privateDnsEnabled")),
    Mutation("no table leads to S3", lambda draft: draft.one(ENDPOINT, S3).set("routeTableIds", [])),
    Mutation("a gateway without a type has no table", gateway_without_tables),
]


SPARED = [
    *(
        Mutation(
            f"identities are told by {operator}", policy(document(Condition={operator: {"aws:PrincipalArn": "arn:aws:iam::1:role/x-*"}}))
        )
        for operator in ("StringLike", "ArnLike", "ArnEquals", "ForAnyValue:StringLike")
    ),
    Mutation("a gateway says nothing of its type", lambda draft: draft.one(ENDPOINT, S3).drop("vpcEndpointType")),
    Mutation("an organisation is served", policy(document(Condition={"StringEquals": {"aws:PrincipalOrgID": "o-1"}}))),
    Mutation("keys of conditions are in small letters", policy(document(Condition={"StringEquals": {"aws:principalaccount": "1"}}))),
    Mutation("one role is served", policy(document(Principal={"AWS": "arn:aws:iam::123456789012:role/one"}))),
    Mutation("everybody uses one key", policy(document(Resource="arn:aws:kms:eu-west-1:123456789012:key/1"))),
    Mutation(
        "a policy denies besides", policy(json.dumps({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}}))
    ),
    Mutation("a policy is an object", policy(json.loads(document(Condition=OWN)))),
    Mutation("a policy stands apart", split(document(Condition=OWN))),
    Mutation("tables are associated apart", tables_apart),
    Mutation("S3 has an interface as well", two_ways_to_s3),
    Mutation(
        "a partner's service has an endpoint, which takes no policy",
        lambda draft: draft.add(
            ENDPOINT, "partner", {"vpcEndpointType": "Interface", "serviceName": "com.amazonaws.vpce.eu-west-1.vpce-svc-0a1b2c3d"}
        ),
    ),
    Mutation("another service has no endpoint", lambda draft: draft.remove(ENDPOINT, "network-endpoints-autoscaling")),
]
OPEN = [
    Mutation("nothing tells whose endpoint it is", untold),
    Mutation("a policy is not known yet", policy(UNKNOWN)),
    Mutation("the service of an endpoint is not known yet", lambda draft: draft.one(ENDPOINT, KMS).set("serviceName", UNKNOWN)),
    Mutation(
        "whom a policy serves is not known yet", policy(json.loads(document()) | {"Statement": [{"Effect": "Allow", "Principal": UNKNOWN}]})
    ),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-09", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-09", mutation)


@pytest.mark.parametrize("mutation", OPEN, ids=str)
def test_what_cannot_be_told_yet_is_open(mutation: Mutation) -> None:
    leaves_open("NET-09", mutation)
