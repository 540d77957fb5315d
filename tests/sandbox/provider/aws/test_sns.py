"""Topics, their policies and subscriptions against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

TOPIC = "aws:sns/topic:Topic"
POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ARN = "arn:aws:sns:eu-west-1:123456789012:alerts"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"


def attributes(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("sns").get_topic_attributes(TopicArn=ARN)["Attributes"]
    return found


def policy(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sns:Publish", "Resource": ARN}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def test_a_topic_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(TOPIC)
    assert life.preview(name="alerts")["arn"] == ARN
    life.create(
        name="alerts",
        kmsMasterKeyId=KEY,
        displayName="Alerts",
        signatureVersion=2,
        tracingConfig="Active",
        httpSuccessFeedbackSampleRate=10,
        tags={"owner": "platform"},
    )
    live = attributes(life)
    assert (live["KmsMasterKeyId"], live["DisplayName"]) == (KEY, "Alerts")
    assert (live["SignatureVersion"], live["TracingConfig"], live["HTTPSuccessFeedbackSampleRate"]) == ("2", "Active", "10")
    assert life.refresh() == []
    life.update(name="alerts", displayName="All alerts", signatureVersion=2, tracingConfig="PassThrough", tags={"owner": "security"})
    live = attributes(life)
    assert (live["DisplayName"], live["TracingConfig"], "KmsMasterKeyId" in live) == ("All alerts", "PassThrough", False)
    assert life.boto("sns").list_tags_for_resource(ResourceArn=ARN)["Tags"] == [{"Key": "owner", "Value": "security"}]
    assert life.refresh() == []
    assert life.imported()[0]["displayName"] == "All alerts"
    assert life.replaced_by(name="others") == {"name"}
    life.delete()
    assert life.gone()


def test_drift_of_a_topic_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(TOPIC, name="alerts", kmsMasterKeyId=KEY)
    life.boto("sns").set_topic_attributes(TopicArn=ARN, AttributeName="KmsMasterKeyId", AttributeValue="")
    assert [change.path for change in life.refresh()] == ["kmsMasterKeyId"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"name": "alerts.fifo"}, "only then"),
        ({"name": "alerts", "fifoTopic": True}, "ends in .fifo"),
        ({"name": "alerts", "policy": "{}"}, "at least one Statement"),
    ],
)
def test_a_topic_that_would_be_refused_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(TOPIC).check(**inputs)


def test_a_topic_policy_lives_as_declared_and_leaves_the_default_behind(workbench: Workbench) -> None:
    topic = workbench.made(TOPIC, name="alerts")
    before = json.loads(attributes(topic)["Policy"])
    life = workbench.made(POLICY, arn=ARN, policy=policy("events.amazonaws.com"))
    assert json.loads(attributes(life)["Policy"]) == json.loads(policy("events.amazonaws.com"))
    assert life.refresh() == []
    assert topic.refresh() == [], "a policy of its own is no drift of the topic"
    life.update(arn=ARN, policy=policy("cloudwatch.amazonaws.com"))
    assert json.loads(attributes(life)["Policy"]) == json.loads(policy("cloudwatch.amazonaws.com"))
    assert life.imported()[0]["arn"] == ARN
    life.boto("sns").set_topic_attributes(TopicArn=ARN, AttributeName="Policy", AttributeValue=policy("s3.amazonaws.com"))
    assert [change.path for change in life.refresh()] == ["policy"]
    life.delete()
    assert json.loads(attributes(topic)["Policy"]) == before
    assert life.gone()


def test_a_topic_policy_moves_with_its_topic_and_must_be_a_policy(workbench: Workbench) -> None:
    workbench.made(TOPIC, name="alerts")
    life = workbench.made(POLICY, arn=ARN, policy=policy("events.amazonaws.com"))
    assert life.replaced_by(arn=ARN.replace("alerts", "others"), policy=policy("events.amazonaws.com")) == {"arn"}
    with pytest.raises(InvalidInputs, match="must be JSON"):
        life.check(arn=ARN, policy="{")


def test_a_subscription_by_e_mail_waits_for_its_reader(workbench: Workbench) -> None:
    topic = workbench.made(TOPIC, name="alerts")
    life = workbench.made(SUBSCRIPTION, topic=ARN, protocol="email", endpoint="platform@example.com")
    assert life.outputs["pendingConfirmation"] is True
    [found] = topic.boto("sns").list_subscriptions_by_topic(TopicArn=ARN)["Subscriptions"]
    assert (found["Protocol"], found["Endpoint"]) == ("email", "platform@example.com")
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_published_alert_is_sent_to_no_address_of_the_outside(workbench: Workbench) -> None:
    topic = workbench.made(TOPIC, name="alerts")
    workbench.made(SUBSCRIPTION, topic=ARN, protocol="https", endpoint="https://127.0.0.1:1/refused")
    assert topic.boto("sns").publish(TopicArn=ARN, Message="a test")["MessageId"]


def test_a_subscription_of_a_queue_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(TOPIC, name="alerts")
    queue = "arn:aws:sqs:eu-west-1:123456789012:alerts"
    severe = json.dumps({"severity": ["HIGH"]})
    life = workbench.made(SUBSCRIPTION, topic=ARN, protocol="sqs", endpoint=queue, filterPolicy=severe, rawMessageDelivery=True)
    assert life.outputs["pendingConfirmation"] is False
    live = life.boto("sns").get_subscription_attributes(SubscriptionArn=life.id)["Attributes"]
    assert json.loads(live["FilterPolicy"]) == {"severity": ["HIGH"]}
    assert life.refresh() == []
    life.update(topic=ARN, protocol="sqs", endpoint=queue, filterPolicy=json.dumps({"severity": ["LOW"]}), filterPolicyScope="MessageBody")
    live = life.boto("sns").get_subscription_attributes(SubscriptionArn=life.id)["Attributes"]
    assert (json.loads(live["FilterPolicy"]), live["FilterPolicyScope"]) == ({"severity": ["LOW"]}, "MessageBody")
    assert life.refresh() == []
    assert life.imported()[0]["endpoint"] == queue
    assert life.replaced_by(topic=ARN, protocol="sqs", endpoint=f"{queue}-2") >= {"endpoint"}


def test_a_subscription_whose_topic_went_is_gone(workbench: Workbench) -> None:
    topic = workbench.made(TOPIC, name="alerts")
    life = workbench.made(SUBSCRIPTION, topic=ARN, protocol="email", endpoint="platform@example.com")
    topic.delete()
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(
    ("protocol", "endpoint", "reason"),
    [("https", "http://events.example.com", "must begin with https://"), ("email", "nobody", "must be an e-mail address")],
)
def test_an_address_that_does_not_fit_its_protocol_is_refused(workbench: Workbench, protocol: str, endpoint: str, reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(SUBSCRIPTION).check(topic=ARN, protocol=protocol, endpoint=endpoint)
