"""Mail of the emulated cloud, as any client sees it."""

from typing import Any

import pytest

from tests.kit.cloud import EmulatedCloud


@pytest.fixture
def ses(emulated_cloud: EmulatedCloud) -> Any:
    emulated_cloud.reset()
    return emulated_cloud.boto("sesv2")


def test_a_domain_signs_with_three_tokens_and_an_address_waits_for_its_reader(ses: Any) -> None:
    made = ses.create_email_identity(EmailIdentity="mail.example.com", Tags=[{"Key": "owner", "Value": "platform"}])
    live = ses.get_email_identity(EmailIdentity="mail.example.com")
    assert made["DkimAttributes"]["Tokens"] == live["DkimAttributes"]["Tokens"]
    assert (len(set(live["DkimAttributes"]["Tokens"])), live["VerifiedForSendingStatus"]) == (3, True)
    arn = "arn:aws:ses:eu-west-1:123456789012:identity/mail.example.com"
    assert ses.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "owner", "Value": "platform"}]
    assert ses.create_email_identity(EmailIdentity="a.reader@example.org")["VerifiedForSendingStatus"] is False
    with pytest.raises(ses.exceptions.AlreadyExistsException):
        ses.create_email_identity(EmailIdentity="mail.example.com")
    ses.delete_email_identity(EmailIdentity="a.reader@example.org")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_email_identity(EmailIdentity="a.reader@example.org")


def test_mail_returns_only_to_a_domain_below_the_identity(ses: Any) -> None:
    ses.create_email_identity(EmailIdentity="example.com")
    with pytest.raises(ses.exceptions.BadRequestException, match="not subdomain"):
        ses.put_email_identity_mail_from_attributes(EmailIdentity="example.com", MailFromDomain="bounce.example.org")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.put_email_identity_mail_from_attributes(EmailIdentity="example.net", MailFromDomain="bounce.example.net")


def test_a_suppressed_address_is_forgotten_on_request(ses: Any) -> None:
    ses.put_suppressed_destination(EmailAddress="a.reader@example.org", Reason="BOUNCE")
    found = ses.get_suppressed_destination(EmailAddress="a.reader@example.org")["SuppressedDestination"]
    assert found["Reason"] == "BOUNCE"
    assert [entry["EmailAddress"] for entry in ses.list_suppressed_destinations()["SuppressedDestinationSummaries"]] == [
        "a.reader@example.org"
    ]
    assert ses.list_suppressed_destinations(Reasons=["COMPLAINT"])["SuppressedDestinationSummaries"] == []
    ses.delete_suppressed_destination(EmailAddress="a.reader@example.org")
    with pytest.raises(ses.exceptions.NotFoundException):
        ses.get_suppressed_destination(EmailAddress="a.reader@example.org")
