"""The cloud is only ever read, each question once, and answers get the provider's names."""

from typing import Any

import pytest

from policies.graph import Graph
from scripts.evidence.running.cloud import AWS_OWN, Cloud, Place, camel, connect, given, told, worded
from tests.kit.policies import resource
from tests.kit.provider import Workbench


class Client:
    """Counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def can_paginate(self, operation: str) -> bool:
        return False

    def describe_key(self, **parameters: Any) -> Any:
        self.asked.append(parameters)
        return {"KeyMetadata": {"Arn": parameters["KeyId"]}}


def test_a_question_is_asked_once_for_each_region_and_parameter() -> None:
    made: list[tuple[str, str, Client]] = []

    def client(service: str, region: str) -> Client:
        made.append((service, region, Client()))
        return made[-1][2]

    cloud = Cloud(client)
    for region, key in (("eu-west-1", "a"), ("eu-west-1", "a"), ("eu-west-1", "b"), ("us-east-1", "a")):
        cloud.ask("kms", region, "describe_key", KeyId=key)
    assert [(service, region, len(each.asked)) for service, region, each in made] == [("kms", "eu-west-1", 2), ("kms", "us-east-1", 1)]


@pytest.mark.parametrize("operation", ["delete_key", "put_key_policy", "schedule_key_deletion", "generate_data_key"])
def test_nothing_but_questions_is_asked(operation: str) -> None:
    with pytest.raises(ValueError, match="readers describe, get, list and head only"):
        Cloud(lambda service, region: Client()).ask("kms", "eu-west-1", operation)


def test_all_pages_of_an_answer_are_one_answer(workbench: Workbench) -> None:
    logs = workbench.life("aws:kms/key:Key").boto("logs")
    for number in range(60):
        logs.create_log_group(logGroupName=f"group-{number}")
    assert "nextToken" in logs.describe_log_groups()
    assert len(Cloud(lambda service, region: logs).ask("logs", "eu-west-1", "describe_log_groups")["logGroups"]) == 60


def test_a_key_of_awss_own_does_not_pass_for_one_of_ours(workbench: Workbench) -> None:
    life = workbench.life("aws:kms/key:Key")
    kms = life.boto("kms")
    ours = kms.create_key()["KeyMetadata"]

    def describe(service: str, region: str) -> Any:
        return kms

    class Managed(Cloud):
        def ask(self, service: str, region: str, operation: str, **parameters: Any) -> Any:
            answer = super().ask(service, region, operation, **parameters)
            return {"KeyMetadata": {**answer["KeyMetadata"], "KeyManager": "AWS"}}

    place = Place(Cloud(describe), "eu-west-1", Graph([]))
    assert place.key(ours["KeyId"]) == place.key(ours["Arn"]) == ours["Arn"]
    assert Place(Managed(describe), "eu-west-1", Graph([])).key(ours["Arn"]) == AWS_OWN
    assert place.key("alias/aws/sqs") == AWS_OWN and place.key(None) is None and place.key("") is None


def test_members_of_answers_are_named_as_the_provider_names_them() -> None:
    assert [worded(name) for name in ("KMSMasterKeyID", "SSEAlgorithm", "BlockPublicAcls", "ID", "httpTokens", "S3OriginConfig")] == [
        "kmsMasterKeyId",
        "sseAlgorithm",
        "blockPublicAcls",
        "id",
        "httpTokens",
        "s3OriginConfig",
    ]
    assert camel({"Origins": {"Quantity": 1, "Items": [{"DomainName": "a"}]}, "Quantity": 2}) == {
        "origins": [{"domainName": "a"}],
        "quantity": 2,
    }
    assert camel({"Aliases": {"Quantity": 0}}) == {"aliases": []}


def test_what_is_left_out_is_nothing_for_some_members_and_unknown_for_others() -> None:
    assert told({"A": False}, a="A", b="B") == {"a": False}
    assert given({"A": False}, a="A", b="B") == {"a": False, "b": None}


def test_what_a_resource_of_its_own_says_is_not_read_into_its_owner() -> None:
    queue, policy = resource("aws:sqs/queue:Queue", "jobs", id="url"), resource("aws:sqs/queuePolicy:QueuePolicy", "jobs", queueUrl="url")
    said = Place(Cloud(connect), "eu-west-1", Graph([queue, policy]))
    silent = Place(Cloud(connect), "eu-west-1", Graph([queue]))
    asked = ("policy", policy.type, "queueUrl", lambda: "read")
    assert said.unless_said(queue, *asked) == {"policy": None} and silent.unless_said(queue, *asked) == {"policy": "read"}
