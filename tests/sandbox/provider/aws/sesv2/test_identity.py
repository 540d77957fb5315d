"""Who mail is sent as, against the emulated cloud."""

import json
from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from sandbox.provider.values import UNKNOWN
from tests.kit.provider import Life, Workbench

IDENTITY = "aws:sesv2/emailIdentity:EmailIdentity"
MAIL_FROM = "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes"
FEEDBACK = "aws:sesv2/emailIdentityFeedbackAttributes:EmailIdentityFeedbackAttributes"
POLICY = "aws:sesv2/emailIdentityPolicy:EmailIdentityPolicy"
SET = "aws:sesv2/configurationSet:ConfigurationSet"
NAME = "mail.example.com"
ARN = f"arn:aws:ses:eu-west-1:123456789012:identity/{NAME}"


def shown(life: Life) -> dict[str, Any]:
    found: dict[str, Any] = life.boto("sesv2").get_email_identity(EmailIdentity=NAME)
    return found


def test_a_domain_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(SET, configurationSetName="bookings")
    life = workbench.life(IDENTITY)
    preview = life.preview(emailIdentity=NAME)
    assert (preview["arn"], preview["identityType"], preview["dkimSigningAttributes"]) == (ARN, "DOMAIN", UNKNOWN)
    life.create(emailIdentity=NAME, configurationSetName="bookings", tags={"owner": "platform"})
    signing = life.outputs["dkimSigningAttributes"]
    assert (len(signing["tokens"]), signing["signingAttributesOrigin"]) == (3, "AWS_SES")
    assert (signing["tokens"], shown(life)["ConfigurationSetName"]) == (shown(life)["DkimAttributes"]["Tokens"], "bookings")
    assert life.refresh() == []
    life.update(emailIdentity=NAME, dkimSigningAttributes={"nextSigningKeyLength": "RSA_1024_BIT"}, tags={"owner": "security"})
    assert ("ConfigurationSetName" in shown(life), shown(life)["DkimAttributes"]["NextSigningKeyLength"]) == (False, "RSA_1024_BIT")
    assert life.outputs["dkimSigningAttributes"]["tokens"] == signing["tokens"]
    assert life.boto("sesv2").list_tags_for_resource(ResourceArn=ARN)["Tags"] == [{"Key": "owner", "Value": "security"}]
    assert life.refresh() == []
    assert life.imported()[0]["emailIdentity"] == NAME
    assert life.replaced_by(emailIdentity="example.com") >= {"emailIdentity"}
    life.delete()
    assert life.gone()


def test_a_key_of_ones_own_signs(workbench: Workbench) -> None:
    own = {"domainSigningSelector": "sel1", "domainSigningPrivateKey": "bm90IGEga2V5"}
    life = workbench.made(IDENTITY, emailIdentity=NAME, dkimSigningAttributes=own)
    assert (shown(life)["DkimAttributes"]["SigningAttributesOrigin"], shown(life)["DkimAttributes"]["Tokens"]) == ("EXTERNAL", ["sel1"])
    assert life.refresh() == []
    with pytest.raises(InvalidInputs, match="domainSigningPrivateKey and domainSigningSelector"):
        life.check(emailIdentity=NAME, dkimSigningAttributes={"domainSigningSelector": "sel1"})


def test_drift_of_an_identity_shows_on_refresh(workbench: Workbench) -> None:
    workbench.made(SET, configurationSetName="bookings")
    life = workbench.made(IDENTITY, emailIdentity=NAME, configurationSetName="bookings")
    life.boto("sesv2").put_email_identity_configuration_set_attributes(EmailIdentity=NAME)
    assert [change.path for change in life.refresh()] == ["configurationSetName"]


def test_the_domain_that_mail_returns_to_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(IDENTITY, emailIdentity=NAME)
    life = workbench.made(MAIL_FROM, emailIdentity=NAME, mailFromDomain=f"bounce.{NAME}", behaviorOnMxFailure="REJECT_MESSAGE")
    live = shown(life)["MailFromAttributes"]
    assert (live["MailFromDomain"], live["BehaviorOnMxFailure"]) == (f"bounce.{NAME}", "REJECT_MESSAGE")
    assert life.refresh() == []
    life.update(emailIdentity=NAME, mailFromDomain=f"back.{NAME}")
    assert shown(life)["MailFromAttributes"]["MailFromDomain"] == f"back.{NAME}"
    assert life.refresh() == []
    assert life.imported()[0]["mailFromDomain"] == f"back.{NAME}"
    assert life.replaced_by(emailIdentity="example.com", mailFromDomain=f"back.{NAME}") == {"emailIdentity"}
    life.boto("sesv2").put_email_identity_mail_from_attributes(EmailIdentity=NAME, MailFromDomain=f"other.{NAME}")
    assert [change.path for change in life.refresh()] == ["mailFromDomain"]
    life.delete()
    assert life.gone()
    assert "MailFromAttributes" not in shown(life)


def test_forwarding_of_bounces_lives_as_declared(workbench: Workbench) -> None:
    identity = workbench.made(IDENTITY, emailIdentity=NAME)
    assert shown(identity)["FeedbackForwardingStatus"] is True
    life = workbench.made(FEEDBACK, emailIdentity=NAME)
    assert shown(life)["FeedbackForwardingStatus"] is False
    assert life.refresh() == []
    life.update(emailIdentity=NAME, emailForwardingEnabled=True)
    assert shown(life)["FeedbackForwardingStatus"] is True
    assert life.imported()[0]["emailForwardingEnabled"] is True
    life.boto("sesv2").put_email_identity_feedback_attributes(EmailIdentity=NAME, EmailForwardingEnabled=False)
    assert [change.path for change in life.refresh()] == ["emailForwardingEnabled"]
    identity.delete()
    assert life.gone()
    life.delete()


def test_a_policy_of_an_identity_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(IDENTITY, emailIdentity=NAME)

    def policy(action: str) -> str:
        statement = {"Effect": "Allow", "Principal": {"Service": "cognito-idp.amazonaws.com"}, "Action": action, "Resource": ARN}
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    life = workbench.made(POLICY, emailIdentity=NAME, policyName="users", policy=policy("ses:SendEmail"))
    assert life.refresh() == []
    life.update(emailIdentity=NAME, policyName="users", policy=policy("ses:SendRawEmail"))
    found = life.boto("sesv2").get_email_identity_policies(EmailIdentity=NAME)["Policies"]
    assert json.loads(found["users"]) == json.loads(policy("ses:SendRawEmail"))
    assert life.imported()[0]["policyName"] == "users"
    life.boto("sesv2").update_email_identity_policy(EmailIdentity=NAME, PolicyName="users", Policy=policy("ses:*"))
    assert [change.path for change in life.refresh()] == ["policy"]
    assert life.replaced_by(emailIdentity=NAME, policyName="others", policy=policy("ses:SendRawEmail")) == {"policyName"}
    with pytest.raises(InvalidInputs, match="must be JSON"):
        life.check(emailIdentity=NAME, policyName="users", policy="{")
    life.delete()
    assert life.gone()
