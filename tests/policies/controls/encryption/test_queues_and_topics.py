"""Queues and topics that lie or travel in clear."""

import pytest

from policies.values import UNKNOWN
from tests.kit.policies import Draft, Mutation, catches, lets_pass

QUEUE, QUEUE_POLICY = "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"
TOPIC, TOPIC_POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"
DEAD = "scheduling-jobs-dead-queue"


def inline(draft: Draft) -> None:
    policy = draft.one(QUEUE_POLICY, "scheduling-jobs-dead-policy").properties["policy"]
    draft.one(QUEUE, DEAD).set("policy", policy)
    draft.remove(QUEUE_POLICY, "scheduling-jobs-dead-policy")


CAUGHT = [
    Mutation("a dead-letter queue is under SQS's key", lambda draft: draft.one(QUEUE, DEAD).drop("kmsMasterKeyId")),
    Mutation("a dead-letter queue has no policy", lambda draft: draft.remove(QUEUE_POLICY, "scheduling-jobs-dead-policy")),
    Mutation("a topic is under AWS's key", lambda draft: draft.one(TOPIC).set("kmsMasterKeyId", "alias/aws/sns")),
    Mutation("a topic takes messages in clear", lambda draft: draft.one(TOPIC_POLICY).set("policy", "{}")),
    Mutation("another queue has nothing", lambda draft: draft.add(QUEUE, "another", {"name": "another"})),
]
SPARED = [
    Mutation("a queue is under a key that is not known yet", lambda draft: draft.one(QUEUE, DEAD).set("kmsMasterKeyId", UNKNOWN)),
    Mutation("the policy stands in the queue", inline),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("ENC-07", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("ENC-07", mutation)
