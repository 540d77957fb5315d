"""ENC-07: queues and topics are encrypted with keys of our own and refuse requests without TLS."""

from collections.abc import Iterable

from policies.control import Control, Need, Severity, clauses, ruled
from policies.graph import Graph
from policies.scope import own_key, refuses_plaintext
from policies.values import ABSENT, any_of
from policies.verdict import Ruling

QUEUE, QUEUE_POLICY = "aws:sqs/queue:Queue", "aws:sqs/queuePolicy:QueuePolicy"
TOPIC, TOPIC_POLICY = "aws:sns/topic:Topic", "aws:sns/topicPolicy:TopicPolicy"
_KINDS = (
    (QUEUE, QUEUE_POLICY, "queueUrl", ("sqs:*", "SQS:*", "*")),
    # Topics allow no `sns:*` in a policy; what carries content is publishing.
    (TOPIC, TOPIC_POLICY, "arn", ("sns:Publish", "SNS:Publish", "sns:*", "*")),
)


def check(graph: Graph) -> Iterable[Ruling]:
    """Judge each queue, dead-letter queues too, and each topic: its key, and its policy, split off or inline."""
    for type_, policy_type, path, actions in _KINDS:
        for channel in graph.of(type_):
            split = graph.attached(channel, policy_type, path)
            documents = [policy.look("policy") for policy in split.resources]
            if channel.look("policy") is not ABSENT:
                documents.append(channel.look("policy"))
            closed = any_of([refuses_plaintext(documents, actions=actions), False if split.certain else None])
            wanted = f"a policy that denies {actions[0]} where aws:SecureTransport is false"
            yield ruled(channel, own_key(graph, channel, "kmsMasterKeyId"), Need("", closed, wanted))


CONTROL = Control(
    id="ENC-07",
    title="Queues and topics are encrypted with keys of our own, and refuse requests without TLS",
    severity=Severity.HIGH,
    why="Messages carry the data of bookings, and lie for days where they could not be delivered.",
    fix="set kms_master_key_id, and add a QueuePolicy or TopicPolicy that denies requests where aws:SecureTransport is false",
    clauses=clauses(gdpr="32", lgpd="46", soc2="PI1.4", iso27001="5.33 8.24", pci="3.5.1"),
    governs=(QUEUE, TOPIC),
    check=check,
)
