"""A client of the entries of CloudFront's key-value stores, for an emulated cloud that has one name for all accounts."""

from typing import Any

import pytest

from scripts.publish_web import place
from tests.kit.cloud import EmulatedCloud


def entries_client(cloud: EmulatedCloud) -> Any:
    """Return it as who publishes makes it."""
    import boto3

    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("AWS_ENDPOINT_URL", cloud.endpoint)
        return place.entries(session)
