"""Events as CloudTrail writes them, reduced to what patterns read.

Source of the shapes: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from __future__ import annotations

from typing import Any


def call(source: str, name: str, **more: Any) -> dict[str, Any]:
    """A call that a role made."""
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/platform/name"},
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "eventType": "AwsApiCall",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.10",
        **more,
    }


def sign_in(*, kind: str = "IAMUser", mfa: str = "Yes", outcome: str = "Success") -> dict[str, Any]:
    """A sign-in to the console."""
    failed = {"errorMessage": "Failed authentication"} if outcome == "Failure" else {}
    return call(
        "signin",
        "ConsoleLogin",
        userIdentity={"type": kind, "userName": "name"},
        eventType="AwsConsoleSignIn",
        responseElements={"ConsoleLogin": outcome},
        additionalEventData={"MFAUsed": mfa},
        **failed,
    )
