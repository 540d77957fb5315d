"""Simple Notification Service: topics, their policies and who is told."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider import documents, naming, tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import Properties, known

POLICY = documents.Grammar("a topic policy", frozenset({"Action", "Resource", "Principal"}), 30_720, plain_sids=False)

_FEEDBACK = {
    f"{kind}{what}": f"{wire}{what}"
    for kind, wire in (("application", "Application"), ("firehose", "Firehose"), ("http", "HTTP"), ("lambda", "Lambda"), ("sqs", "SQS"))
    for what in ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
}
_ATTRIBUTES = {
    "archivePolicy": "ArchivePolicy",
    "contentBasedDeduplication": "ContentBasedDeduplication",
    "deliveryPolicy": "DeliveryPolicy",
    "displayName": "DisplayName",
    "fifoThroughputScope": "FifoThroughputScope",
    "fifoTopic": "FifoTopic",
    "kmsMasterKeyId": "KmsMasterKeyId",
    "maximumMessageSize": "MaximumMessageSize",
    "policy": "Policy",
    "signatureVersion": "SignatureVersion",
    "tracingConfig": "TracingConfig",
    **_FEEDBACK,
}
_NUMBERS = {"maximumMessageSize", "signatureVersion", *(key for key in _FEEDBACK if key.endswith("Rate"))}
_SWITCHES = {"contentBasedDeduplication", "fifoTopic", "rawMessageDelivery"}


class Topic(Handler):
    """A topic."""

    token = "aws:sns/topic:Topic"
    create_only = frozenset({"name", "namePrefix", "fifoTopic"})
    documents = frozenset({"policy", "deliveryPolicy", "archivePolicy"})
    defaults = {"fifoTopic": False, "contentBasedDeduplication": False}
    autoname = "name"
    autoname_limit = 256

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        found = documents.failures("policy", inputs.get("policy"), POLICY)
        name, fifo = inputs.get("name"), inputs["fifoTopic"]
        if known(name, fifo) and name is not None and str(name).endswith(".fifo") != bool(fifo):
            found.append(Failure("name", f"ends in .fifo for a FIFO topic, and only then (got {name!r}, fifoTopic {fifo})"))
        return found + refusals("sns", "CreateTopic", {"Name": naming.predicted(inputs)})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("sns", naming.predicted(inputs)),
            "namePrefix": inputs.get("namePrefix", ""),
            "owner": call.account,
            "signatureVersion": inputs.get("signatureVersion", 0),
            "tracingConfig": inputs.get("tracingConfig", ""),
            "fifoThroughputScope": inputs.get("fifoThroughputScope", ""),
            "maximumMessageSize": inputs.get("maximumMessageSize", 0),
            "beginningArchiveTime": "",
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        sns, name = call.client("sns"), naming.chosen(call, inputs)
        attributes = {wire: _text(inputs[key]) for key, wire in _ATTRIBUTES.items() if inputs.get(key) not in (None, "", False)}
        arn = sns.create_topic(Name=name, Attributes=attributes, **tagging.parameter(inputs["tagsAll"]))["TopicArn"]
        policy = inputs.get("policy") or default_policy(call, arn)
        return arn, {**self.preview(call, {**inputs, "name": name}), "name": name, "policy": policy}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        sns = call.client("sns")
        live = sns.get_topic_attributes(TopicArn=resource_id)["Attributes"]
        name = resource_id.rpartition(":")[2]
        told = {key: _plain(key, live[wire]) for key, wire in _ATTRIBUTES.items() if live.get(wire)}
        return {
            **{key: 0 if key in _NUMBERS else "" for key in ("displayName", "kmsMasterKeyId", *_FEEDBACK)},
            **self.preview(call, {"name": name, "namePrefix": state.get("namePrefix", "")}),
            **self.defaults,
            **told,
            "name": name,
            "tags": tagging.mapping(sns.list_tags_for_resource(ResourceArn=resource_id)["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        sns = call.client("sns")
        for key, wire in _ATTRIBUTES.items():
            # What a policy of its own says is not this resource's to take back.
            if old.get(key) != new.get(key) and (key in new or key not in ("policy", *self.preview(call, {"name": ""}))):
                sns.set_topic_attributes(TopicArn=resource_id, AttributeName=wire, AttributeValue=_text(new.get(key, "")))
        tagging.retag(sns, resource_id, old, new)
        name = resource_id.rpartition(":")[2]
        return {**self.preview(call, {**new, "name": name}), "name": name, "policy": new.get("policy", old.get("policy", ""))}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("sns").delete_topic(TopicArn=resource_id)


class TopicPolicy(Handler):
    """The policy of a topic; without it the topic has AWS's default policy again."""

    token = "aws:sns/topicPolicy:TopicPolicy"
    create_only = frozenset({"arn"})
    documents = frozenset({"policy"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        return documents.failures("policy", inputs.get("policy"), POLICY)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"owner": call.account}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs["arn"], inputs["policy"])
        return inputs["arn"], {"owner": call.account}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        policy = call.client("sns").get_topic_attributes(TopicArn=resource_id)["Attributes"]["Policy"]
        if json.loads(policy) == json.loads(default_policy(call, resource_id)):
            return None
        return {"arn": resource_id, "owner": call.account, "policy": policy}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, resource_id, new["policy"])
        return {"owner": call.account}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        self._put(call, resource_id, default_policy(call, resource_id))

    def _put(self, call: Call, arn: str, policy: str) -> None:
        call.client("sns").set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=policy)


_SUBSCRIPTION = {
    "deliveryPolicy": "DeliveryPolicy",
    # The scope comes first: what a filter may hold depends on it.
    "filterPolicyScope": "FilterPolicyScope",
    "filterPolicy": "FilterPolicy",
    "rawMessageDelivery": "RawMessageDelivery",
    "redrivePolicy": "RedrivePolicy",
    "subscriptionRoleArn": "SubscriptionRoleArn",
}


class TopicSubscription(Handler):
    """Someone who is told; people and outside addresses are told nothing before they confirm."""

    token = "aws:sns/topicSubscription:TopicSubscription"
    create_only = frozenset({"topic", "protocol", "endpoint"})
    documents = frozenset({"deliveryPolicy", "filterPolicy", "redrivePolicy"})
    defaults = {"endpointAutoConfirms": False, "rawMessageDelivery": False, "confirmationTimeoutInMinutes": 1}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        request = {"TopicArn": inputs["topic"], "Protocol": inputs["protocol"], "Endpoint": inputs["endpoint"]}
        protocol, endpoint = inputs["protocol"], inputs["endpoint"]
        if known(protocol, endpoint) and protocol in ("http", "https") and not str(endpoint).startswith(f"{protocol}://"):
            return [Failure("endpoint", f"must begin with {protocol}:// (got {endpoint!r})")]
        if known(protocol, endpoint) and str(protocol).startswith("email") and "@" not in str(endpoint):
            return [Failure("endpoint", f"must be an e-mail address (got {endpoint!r})")]
        return refusals("sns", "Subscribe", request)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        scope = inputs.get("filterPolicyScope", "MessageAttributes" if "filterPolicy" in inputs else "")
        return {"ownerId": call.account, "filterPolicyScope": scope}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        sns = call.client("sns")
        attributes = {wire: _text(inputs[key]) for key, wire in _SUBSCRIPTION.items() if inputs.get(key) not in (None, "", False)}
        arn = sns.subscribe(
            TopicArn=inputs["topic"],
            Protocol=inputs["protocol"],
            Endpoint=inputs["endpoint"],
            Attributes=attributes,
            ReturnSubscriptionArn=True,
        )["SubscriptionArn"]
        return arn, {**self.preview(call, inputs), **self._computed(sns, arn)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        sns = call.client("sns")
        live = sns.get_subscription_attributes(SubscriptionArn=resource_id)["Attributes"]
        told = {key: _plain(key, live[wire]) for key, wire in _SUBSCRIPTION.items() if live.get(wire)}
        return {
            **self.preview(call, told),
            **self.defaults,
            **told,
            **self._computed(sns, resource_id),
            "topic": live["TopicArn"],
            "protocol": live["Protocol"],
            "endpoint": live["Endpoint"],
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        sns = call.client("sns")
        for key, wire in _SUBSCRIPTION.items():
            if old.get(key) != new.get(key) and (key in new or key != "filterPolicyScope"):
                sns.set_subscription_attributes(SubscriptionArn=resource_id, AttributeName=wire, AttributeValue=_text(new.get(key, "")))
        return {**self.preview(call, new), **self._computed(sns, resource_id)}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("sns").unsubscribe(SubscriptionArn=resource_id)

    def _computed(self, sns: Any, arn: str) -> Properties:
        live = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
        return {
            "arn": arn,
            "confirmationWasAuthenticated": _true(live["ConfirmationWasAuthenticated"]),
            "pendingConfirmation": _true(live["PendingConfirmation"]),
        }


def default_policy(call: Call, arn: str) -> str:
    """What AWS gives a topic that is told nothing: the account's identities may do all with it."""
    actions = ("GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe")
    statement = {
        "Effect": "Allow",
        "Sid": "__default_statement_ID",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{action}" for action in (*actions, "ListSubscriptionsByTopic", "Publish")],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": call.account}},
    }
    return json.dumps({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}, separators=(",", ":"))


def _text(value: Any) -> str:
    """An attribute as SNS takes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


def _plain(key: str, value: Any) -> Any:
    """An attribute as the program writes it."""
    if key in _SWITCHES:
        return _true(value)
    return int(value) if key in _NUMBERS else value
