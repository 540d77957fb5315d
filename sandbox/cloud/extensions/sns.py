"""SNS: a topic tells every attribute it was given, and people confirm their subscriptions themselves."""

from __future__ import annotations

from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept

_CONFIRMED_BY_THEIR_OWNER = ("email", "email-json", "http", "https")


def install() -> None:
    """Adds it to moto."""
    from moto.sns.models import SNSBackend, Subscription
    from moto.sns.responses import SNSResponse

    SNSResponse.create_topic = _creating(SNSResponse.create_topic)
    SNSResponse.set_topic_attributes = _setting(SNSResponse.set_topic_attributes)
    SNSResponse.get_topic_attributes = _telling(SNSResponse.get_topic_attributes)
    SNSBackend.subscribe = _waiting(SNSBackend.subscribe)
    Subscription.publish = _only_if_confirmed(Subscription.publish)


def _creating(original: Any) -> Any:
    @wraps(original)
    def create_topic(self: Any) -> Any:
        answer = original(self)
        topic = self.backend.topics[answer.result["TopicArn"]]
        if not kept(topic, "given"):
            kept(topic, "given").update(self._get_attributes() or {})
        return answer

    return create_topic


def _setting(original: Any) -> Any:
    @wraps(original)
    def set_topic_attributes(self: Any) -> Any:
        answer = original(self)
        kept(self.backend.get_topic(self._get_param("TopicArn")), "given")[self._get_param("AttributeName")] = self._get_param(
            "AttributeValue"
        )
        return answer

    return set_topic_attributes


def _telling(original: Any) -> Any:
    @wraps(original)
    def get_topic_attributes(self: Any) -> Any:
        answer = original(self)
        given = kept(self.backend.get_topic(self._get_param("TopicArn")), "given")
        answer.result["Attributes"] = {**{name: value for name, value in given.items() if value}, **answer.result["Attributes"]}
        return answer

    return get_topic_attributes


def _waiting(original: Any) -> Any:
    @wraps(original)
    def subscribe(self: Any, topic_arn: str, endpoint: str, protocol: str) -> Any:
        subscription = original(self, topic_arn, endpoint, protocol)
        if protocol in _CONFIRMED_BY_THEIR_OWNER and not subscription.confirmed:
            subscription.attributes |= {"PendingConfirmation": True, "ConfirmationWasAuthenticated": False}
        return subscription

    return subscribe


def _only_if_confirmed(original: Any) -> Any:
    # What is published here never leaves the machine: nobody can confirm an address of the outside.
    @wraps(original)
    def publish(self: Any, *message: Any, **more: Any) -> None:
        if not self.attributes.get("PendingConfirmation"):
            original(self, *message, **more)

    return publish
