import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import botocore.session
import pytest

from components.messaging.mail import Mail, MailArgs
from components.security.key_policy import key_policy
from config.vocabulary import DataClass, Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, computed_outputs, record

IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity"
RULES = "aws:sesv2/configurationSet:ConfigurationSet"
RECORD = "aws:route53/record:Record"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/personal"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:alerts"
FEEDBACK = f"arn:aws:sns:eu-west-1:{ACCOUNT}:morefocus-prod-euw1-mail-feedback"
SET_ARN = f"arn:aws:ses:eu-west-1:{ACCOUNT}:configuration-set/morefocus-prod-euw1-mail"

ARGS = MailArgs(domain="mail.euw1.example.com", zone_id="Z1", key_arn=KEY, alert_topic_arn=TOPIC, dmarc_report_address="dmarc@example.com")


def _answers(type_: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    answers = computed_outputs(type_, name, inputs)
    if type_ == IDENTITY:
        answers["dkimSigningAttributes"] = {**inputs["dkimSigningAttributes"], "tokens": ["aaa", "bbb", "ccc"]}
    if type_ == "aws:sns/topic:Topic":
        answers["arn"] = f"arn:aws:sns:eu-west-1:{ACCOUNT}:{inputs['name']}"
    return answers


def _graph(args: MailArgs = ARGS, *, preview: bool = False) -> Graph:
    return record(lambda: Mail("mail", a_context(Region.EU_WEST_1), args), computed=_answers, preview=preview)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return _graph()


def _records(graph: Graph) -> dict[tuple[str, str], list[str]]:
    return {(each.inputs["name"], each.inputs["type"]): each.inputs["records"] for each in graph.of_type(RECORD)}


def test_mail_is_signed_by_long_keys_that_anybody_can_look_up(graph: Graph) -> None:
    assert graph.one(IDENTITY).inputs["dkimSigningAttributes"] == {"nextSigningKeyLength": "RSA_2048_BIT"}
    keys = {key: value for key, value in _records(graph).items() if "_domainkey" in key[0]}
    assert keys == {
        (f"{token}._domainkey.mail.euw1.example.com", "CNAME"): [f"{token}.dkim.amazonses.com"] for token in ("aaa", "bbb", "ccc")
    }
    assert len([each for each in _graph(preview=True).of_type(RECORD) if "-dkim-" in each.name]) == 3, "a preview shows all of them"


def test_the_envelopes_sender_is_below_the_domain_and_leads_back_to_the_region(graph: Graph) -> None:
    envelope = graph.one("aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes").inputs["mailFromDomain"]
    assert envelope.endswith(f".{ARGS.domain}")
    assert _records(graph)[envelope, "MX"] == ["10 feedback-smtp.eu-west-1.amazonses.com"]
    assert _records(graph)[envelope, "TXT"] == ["v=spf1 include:amazonses.com -all"]


def test_receivers_are_told_to_put_aside_what_only_pretends_to_be_ours(graph: Graph) -> None:
    (value,) = _records(graph)["_dmarc.mail.euw1.example.com", "TXT"]
    told = dict(each.strip().partition("=")[::2] for each in value.split(";"))
    assert value.startswith("v=DMARC1; p=quarantine")
    assert (told["sp"], told["adkim"], told["aspf"], told["rua"]) == ("quarantine", "s", "r", "mailto:dmarc@example.com")
    (strict,) = _records(_graph(replace(ARGS, dmarc_policy="reject", dmarc_report_address=None)))["_dmarc.mail.euw1.example.com", "TXT"]
    assert "p=reject" in strict and "rua" not in strict


def test_mail_goes_over_tls_only_and_not_to_who_bounced_or_complained(graph: Graph) -> None:
    rules = graph.one(RULES).inputs
    assert rules["deliveryOptions"] == {"tlsPolicy": "REQUIRE"}
    assert rules["suppressionOptions"] == {"suppressedReasons": ["BOUNCE", "COMPLAINT"]}
    assert rules["reputationOptions"] == {"reputationMetricsEnabled": True}
    assert graph.one(IDENTITY).inputs["configurationSetName"] == rules["configurationSetName"], "also for who names none"


def test_what_does_not_arrive_is_told_to_an_encrypted_topic_and_to_no_mailbox(graph: Graph) -> None:
    destination = graph.one("aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination")
    event = destination.inputs["eventDestination"]
    assert (event["enabled"], event["snsDestination"]) == (True, {"topicArn": FEEDBACK})
    known = botocore.session.get_session().get_service_model("sesv2").shape_for("EventType").enum
    assert set(event["matchingEventTypes"]) == {"BOUNCE", "COMPLAINT", "REJECT"} <= set(known)
    topic = graph.one("aws:sns/topic:Topic").inputs
    assert (topic["kmsMasterKeyId"], topic["tags"]["data-class"]) == (KEY, "personal")
    assert graph.one("aws:sns/topicPolicy:TopicPolicy").urn in destination.depends_on
    forwarding = graph.one("aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes").inputs
    assert forwarding["emailForwardingEnabled"] is False


def test_ses_alone_publishes_there_for_this_configuration_set_over_tls(graph: Graph) -> None:
    policy = graph.one("aws:sns/topicPolicy:TopicPolicy").inputs["policy"]
    facts = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": SET_ARN, "aws:SecureTransport": "true"}
    asked = Request(action="sns:Publish", resource=FEEDBACK, principal="ses.amazonaws.com", context=facts)
    assert allowed(policy, asked)
    for change in ({"aws:SourceAccount": "999999999999"}, {"aws:SourceArn": f"{SET_ARN}-other"}, {"aws:SecureTransport": "false"}):
        assert not allowed(policy, replace(asked, context={**facts, **change}))
    assert not allowed(policy, replace(asked, principal="sns.amazonaws.com"))
    assert SET_ARN.endswith(f"/{graph.one(RULES).inputs['configurationSetName']}")


def test_ses_may_use_the_key_of_personal_data_for_it_and_no_other() -> None:
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        asked = Request(action=action, resource="*", principal="ses.amazonaws.com")
        judged = {each: allowed(str(key_policy(a_context(), each)), asked) for each in (DataClass.PERSONAL, DataClass.CREDENTIALS)}
        assert judged == {DataClass.PERSONAL: True, DataClass.CREDENTIALS: False}


def test_a_rate_at_which_ses_looks_closer_is_told(graph: Graph) -> None:
    told = {each.inputs["metricName"]: each.inputs for each in graph.of_type(ALARM)}
    assert {metric: alarm["threshold"] for metric, alarm in told.items()} == {
        "Reputation.BounceRate": 0.05,
        "Reputation.ComplaintRate": 0.001,
    }
    for alarm in told.values():
        assert (alarm["namespace"], alarm["comparisonOperator"]) == ("AWS/SES", "GreaterThanOrEqualToThreshold")
        assert alarm["alarmActions"] == alarm["okActions"] == [TOPIC]
        assert "dimensions" not in alarm, "SES pauses an account, not a configuration set"


def test_whoever_sends_waits_for_the_records_and_for_the_news() -> None:
    from pulumi_aws.sns.topic import Topic

    def program() -> None:
        mail = Mail("mail", a_context(Region.EU_WEST_1), ARGS)
        Topic("sender", name="a", display_name=mail.identity_arn)
        Topic("writer", name="b", display_name=mail.configuration_set)

    graph = record(program, computed=_answers)
    needed = {each.urn for each in graph.of_type(RECORD)}
    assert needed <= set(graph.named("sender").depends_on)
    assert graph.named("mail-feedback").urn in graph.named("writer").depends_on


def test_it_publishes_what_senders_name(graph: Graph) -> None:
    published = graph.outputs_of(graph.one("morefocus:messaging:Mail"))
    assert published["sender_domain"] == "mail.euw1.example.com"
    assert published["configuration_set"] == "morefocus-prod-euw1-mail"
    assert published["feedback_topic_arn"] == FEEDBACK
    assert json.dumps(published)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda args: replace(args, domain="Example"), r"domain must be a lower-case domain name.*\(got 'Example'\)"),
        (lambda args: replace(args, dmarc_report_address="nobody"), r"dmarc_report_address must be an address.*\(got 'nobody'\)"),
        (lambda args: replace(args, dmarc_policy="none"), r"dmarc_policy must be quarantine or reject \(got 'none'\)"),
    ],
)
def test_what_would_let_others_write_in_our_name_is_refused_at_once(change: Callable[[MailArgs], MailArgs], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        change(ARGS)
