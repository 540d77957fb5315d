"""Queues, and what is declared apart from them, against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

QUEUE = "aws:sqs/queue:Queue"
POLICY = "aws:sqs/queuePolicy:QueuePolicy"
REDRIVE = "aws:sqs/redrivePolicy:RedrivePolicy"
ALLOW = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy"
ARN = "arn:aws:sqs:eu-west-1:123456789012:jobs"
DEAD = "arn:aws:sqs:eu-west-1:123456789012:dead"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012"


def attributes(life: Life, url: str) -> dict[str, str]:
    found: dict[str, str] = life.boto("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return found


def policy(action: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": action, "Resource": ARN}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def redrive(times: Any = 3, target: str = DEAD) -> str:
    return json.dumps({"deadLetterTargetArn": target, "maxReceiveCount": times})


def test_a_queue_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(QUEUE, logical="dead", name="dead", messageRetentionSeconds=1_209_600)
    life = workbench.life(QUEUE)
    assert (life.preview(name="jobs")["arn"], life.preview(name="jobs")["url"]) == (ARN, UNKNOWN)
    wanted: dict[str, Any] = {
        "name": "jobs",
        "kmsMasterKeyId": KEY,
        "kmsDataKeyReusePeriodSeconds": 600,
        "visibilityTimeoutSeconds": 360,
        "receiveWaitTimeSeconds": 20,
        "maxMessageSize": 1_048_576,
        "redrivePolicy": redrive(),
        "policy": policy("sqs:SendMessage"),
    }
    life.create(**wanted, tags={"owner": "platform"})
    live = attributes(life, life.id)
    assert (live["KmsMasterKeyId"], live["KmsDataKeyReusePeriodSeconds"], live["SqsManagedSseEnabled"]) == (KEY, "600", "false")
    assert (live["VisibilityTimeout"], live["ReceiveMessageWaitTimeSeconds"], live["MaximumMessageSize"]) == ("360", "20", "1048576")
    assert (json.loads(live["RedrivePolicy"]), json.loads(live["Policy"])) == (json.loads(redrive()), json.loads(policy("sqs:SendMessage")))
    assert (life.outputs["url"], life.outputs["arn"]) == (life.id, ARN)
    assert life.refresh() == []
    life.update(
        name="jobs", visibilityTimeoutSeconds=90, redrivePolicy=redrive(5), policy=policy("sqs:ReceiveMessage"), tags={"owner": "ops"}
    )
    live = attributes(life, life.id)
    assert (live["VisibilityTimeout"], live["ReceiveMessageWaitTimeSeconds"], "KmsMasterKeyId" in live) == ("90", "0", False)
    assert (json.loads(live["RedrivePolicy"])["maxReceiveCount"], json.loads(live["Policy"])) == (
        5,
        json.loads(policy("sqs:ReceiveMessage")),
    )
    assert life.boto("sqs").list_queue_tags(QueueUrl=life.id)["Tags"] == {"owner": "ops"}
    assert life.refresh() == []
    assert life.imported()[0]["visibilityTimeoutSeconds"] == 90
    assert life.replaced_by(name="others") == {"name"}
    life.delete()
    assert life.gone()


def test_a_fifo_queue_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(QUEUE)
    life.create(name="jobs.fifo", fifoQueue=True, contentBasedDeduplication=True, deduplicationScope="messageGroup")
    live = attributes(life, life.id)
    assert (live["FifoQueue"], live["ContentBasedDeduplication"], live["DeduplicationScope"]) == ("true", "true", "messageGroup")
    assert life.refresh() == []
    life.update(name="jobs.fifo", fifoQueue=True, fifoThroughputLimit="perMessageGroupId", deduplicationScope="messageGroup")
    live = attributes(life, life.id)
    assert (live["ContentBasedDeduplication"], live["FifoThroughputLimit"]) == ("false", "perMessageGroupId")
    assert life.refresh() == []


def test_drift_of_a_queue_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(QUEUE, name="jobs", kmsMasterKeyId=KEY)
    life.boto("sqs").set_queue_attributes(QueueUrl=life.id, Attributes={"KmsMasterKeyId": "", "VisibilityTimeout": "1"})
    assert [change.path for change in life.refresh()] == ["kmsMasterKeyId", "visibilityTimeoutSeconds"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"name": "jobs.fifo"}, "only then"),
        ({"name": "jobs", "fifoQueue": True}, "ends in .fifo"),
        ({"name": "jobs", "contentBasedDeduplication": True}, "FIFO queues only"),
        ({"name": "jobs", "visibilityTimeoutSeconds": 50_000}, "50000"),
        ({"name": "jobs", "messageRetentionSeconds": 30}, "30"),
        ({"name": "jobs", "kmsMasterKeyId": KEY, "sqsManagedSseEnabled": True}, "leave one of them out"),
        ({"name": "jobs", "redrivePolicy": redrive("3")}, "not in quotes"),
        ({"name": "jobs", "redrivePolicy": "{}"}, "deadLetterTargetArn and maxReceiveCount"),
        ({"name": "jobs", "redriveAllowPolicy": json.dumps({"redrivePermission": "byQueue"})}, "and only then"),
        ({"name": "jobs", "policy": "{}"}, "at least one Statement"),
    ],
)
def test_a_queue_that_would_be_refused_is_refused(workbench: Workbench, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidInputs, match=reason):
        workbench.life(QUEUE).check(**inputs)


def test_what_is_declared_apart_is_no_drift_of_its_queue(workbench: Workbench) -> None:
    workbench.made(QUEUE, logical="dead", name="dead")
    queue = workbench.made(QUEUE, name="jobs")
    said = workbench.made(POLICY, queueUrl=queue.id, policy=policy("sqs:SendMessage"))
    sent = workbench.made(REDRIVE, queueUrl=queue.id, redrivePolicy=redrive())
    allowed = workbench.made(ALLOW, queueUrl=queue.id, redriveAllowPolicy=json.dumps({"redrivePermission": "denyAll"}))
    live = attributes(queue, queue.id)
    assert json.loads(live["Policy"]) == json.loads(policy("sqs:SendMessage"))
    assert (json.loads(live["RedrivePolicy"]), json.loads(live["RedriveAllowPolicy"])) == (
        json.loads(redrive()),
        {"redrivePermission": "denyAll"},
    )
    assert [life.refresh() for life in (queue, said, sent, allowed)] == [[], [], [], []]
    queue.update(name="jobs", visibilityTimeoutSeconds=60)
    assert json.loads(attributes(queue, queue.id)["Policy"]) == json.loads(policy("sqs:SendMessage"))
    assert [life.refresh() for life in (said, sent, allowed)] == [[], [], []]


def test_a_queue_policy_lives_as_declared_and_moves_with_its_queue(workbench: Workbench) -> None:
    queue = workbench.made(QUEUE, name="jobs")
    life = workbench.made(POLICY, queueUrl=queue.id, policy=policy("sqs:SendMessage"))
    life.update(queueUrl=queue.id, policy=policy("sqs:ReceiveMessage"))
    assert json.loads(attributes(queue, queue.id)["Policy"]) == json.loads(policy("sqs:ReceiveMessage"))
    assert life.imported()[0]["queueUrl"] == queue.id
    life.boto("sqs").set_queue_attributes(QueueUrl=queue.id, Attributes={"Policy": policy("sqs:PurgeQueue")})
    assert [change.path for change in life.refresh()] == ["policy"]
    assert life.replaced_by(queueUrl=f"{queue.id}2", policy=policy("sqs:SendMessage")) == {"queueUrl"}
    with pytest.raises(InvalidInputs, match="must be JSON"):
        life.check(queueUrl=queue.id, policy="{")
    life.delete()
    assert life.gone()
    queue.delete()
    assert life.gone()


def test_dead_letter_queues_declared_apart_live_as_declared(workbench: Workbench) -> None:
    dead = workbench.made(QUEUE, logical="dead", name="dead")
    queue = workbench.made(QUEUE, name="jobs")
    sent = workbench.made(REDRIVE, queueUrl=queue.id, redrivePolicy=redrive())
    sent.update(queueUrl=queue.id, redrivePolicy=redrive(7))
    assert json.loads(attributes(queue, queue.id)["RedrivePolicy"])["maxReceiveCount"] == 7
    by_queue = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [ARN]})
    allowed = workbench.made(ALLOW, queueUrl=dead.id, redriveAllowPolicy=json.dumps({"redrivePermission": "allowAll"}))
    allowed.update(queueUrl=dead.id, redriveAllowPolicy=by_queue)
    assert json.loads(attributes(dead, dead.id)["RedriveAllowPolicy"]) == json.loads(by_queue)
    for life, key in ((sent, "redrivePolicy"), (allowed, "redriveAllowPolicy")):
        assert life.imported()[0][key]
        assert life.replaced_by(**life.inputs | {"queueUrl": "https://127.0.0.1/123456789012/others"}) == {"queueUrl"}
        life.delete()
        assert life.gone()
