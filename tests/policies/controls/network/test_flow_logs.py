"""VPCs without flow logs, or with some that nobody keeps."""

import pytest

from tests.kit.policies import Mutation, catches, lets_pass

LOG = "aws:ec2/flowLog:FlowLog"
GROUP = "aws:cloudwatch/logGroup:LogGroup"

CAUGHT = [
    Mutation("nothing is said of what is logged", lambda draft: draft.one(LOG).drop("trafficType")),
    Mutation(
        "logs go to a group of somebody",
        lambda draft: draft.one(LOG).set("logDestination", "arn:aws:logs:eu-west-1:210987654321:log-group:x"),
    ),
    Mutation("there is no flow log", lambda draft: draft.remove(LOG)),
    Mutation("only what is refused is logged", lambda draft: draft.one(LOG).set("trafficType", "REJECT")),
    Mutation("the log group has no key", lambda draft: draft.one(GROUP, "network-flow-logs-group").drop("kmsKeyId")),
    Mutation("a month is kept", lambda draft: draft.one(GROUP, "network-flow-logs-group").set("retentionInDays", 30)),
]
SPARED = [
    Mutation("all is kept for ever", lambda draft: draft.one(GROUP, "network-flow-logs-group").drop("retentionInDays")),
    Mutation("ten years are kept", lambda draft: draft.one(GROUP, "network-flow-logs-group").set("retentionInDays", 3653)),
    Mutation("logs go to a bucket", lambda draft: draft.one(LOG).set("logDestination", "arn:aws:s3:eu-west-1:123456789012:logs-bucket")),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("NET-06", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("NET-06", mutation)
