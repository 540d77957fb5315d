"""The alert topic: who may publish to it, and whom it tells."""

import pytest

from components.observability.alert_topic import PUBLISHERS, AlertTopic, AlertTopicArgs, protocol, topic_policy
from components.security.key_policy import key_policy
from config.vocabulary import DataClass
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

ARN = f"arn:aws:sns:us-east-1:{ACCOUNT}:morefocus-prod-use1-alerts"
TOLD = {"on-call": "https://events.example.com/hook", "platform": "platform@example.com"}
OWN = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": f"arn:aws:events:us-east-1:{ACCOUNT}:rule/any",
    "aws:SecureTransport": "true",
}
FOREIGN = OWN | {"aws:SourceAccount": "999999999999", "aws:SourceArn": "arn:aws:events:us-east-1:999999999999:rule/any"}


def _graph() -> Graph:
    return record(lambda: AlertTopic("alerts", a_context(), AlertTopicArgs(key_arn="arn:aws:kms:::key/x", recipients=TOLD)), preview=True)


def _may_publish(principal: str, facts: dict[str, str]) -> bool:
    policy = topic_policy(a_context(), ARN)
    assert isinstance(policy, str)
    return allowed(policy, Request(action="sns:Publish", resource=ARN, principal=principal, context=facts))


def test_the_topic_is_encrypted_and_named_so_that_others_can_tell_its_address() -> None:
    inputs = _graph().one("aws:sns/topic:Topic").inputs
    assert inputs["kmsMasterKeyId"] == "arn:aws:kms:::key/x"
    assert ARN.endswith(f":{inputs['name']}")


def test_each_recipient_is_told_over_the_protocol_of_its_address() -> None:
    found = {each.inputs["endpoint"]: each.inputs["protocol"] for each in _graph().of_type("aws:sns/topicSubscription:TopicSubscription")}
    assert found == {TOLD["on-call"]: "https", TOLD["platform"]: "email"}


@pytest.mark.parametrize("service", PUBLISHERS.values())
def test_services_publish_for_this_account_alone_and_never_in_clear(service: str) -> None:
    assert _may_publish(service, OWN)
    assert not _may_publish(service, FOREIGN)
    assert not _may_publish(service, OWN | {"aws:SecureTransport": "false"})


def test_another_account_and_an_unnamed_service_publish_nothing() -> None:
    assert _may_publish(f"arn:aws:iam::{ACCOUNT}:root", OWN)
    assert not _may_publish("arn:aws:iam::999999999999:root", OWN)
    assert not _may_publish("s3.amazonaws.com", OWN)


@pytest.mark.parametrize("service", PUBLISHERS.values())
def test_the_key_of_operational_data_lets_the_publishers_encrypt(service: str) -> None:
    policy = key_policy(a_context(), DataClass.OPERATIONAL)
    assert isinstance(policy, str)
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        assert allowed(policy, Request(action=action, resource="*", principal=service, context=OWN))
    assert not allowed(policy, Request(action="kms:CreateGrant", resource="*", principal=service, context=OWN))


@pytest.mark.parametrize("address", ["http://events.example.com", "nobody", "a b@example.com", "https://user@example.com"])
def test_an_address_that_is_neither_e_mail_nor_https_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="recipients: an address must be e-mail"):
        protocol(address)


def test_a_recipient_whose_name_cannot_be_part_of_a_resource_is_refused() -> None:
    with pytest.raises(ValueError, match=r"recipients: a name must be lower-case words joined by hyphens \(got 'On Call'\)"):
        AlertTopicArgs(key_arn="x", recipients={"On Call": "a@example.com"})
