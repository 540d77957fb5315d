"""Whom the client of a store's entries asks, and how it signs."""

from typing import Any

import boto3
import pytest

from scripts.publish_web import place
from scripts.publish_web.build import PublishError

ARN = "arn:aws:cloudfront::123456789012:key-value-store/abc"


def _session() -> boto3.Session:
    return boto3.Session(region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")


def test_where_nothing_can_sign_as_aws_asks_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(place, "HAS_CRT", False)
    with pytest.raises(PublishError, match=r"pip install 'botocore\[crt\]'"):
        place.entries(_session())


def test_an_emulated_cloud_is_asked_under_its_one_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5000")
    client = place.entries(_session())
    asked: list[str] = []

    def seen(request: Any, **_: Any) -> None:
        asked.append(request.url)
        raise ConnectionAbortedError

    client.meta.events.register("before-send", seen)
    with pytest.raises(ConnectionAbortedError):
        client.get_key(KvsARN=ARN, Key="release")
    assert asked[0].startswith("http://127.0.0.1:5000/key-value-stores/")
