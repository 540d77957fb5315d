"""Calls are made in the same words, under the same key, whenever the same creation is tried again."""

from typing import Any

import pytest

from sandbox.provider.clients import IDEMPOTENCY_HEADER, Clients

NAT = {"SubnetId": "subnet-12345678", "AllocationId": "eipalloc-12345678"}


class CaughtError(Exception):
    """Raised instead of sending."""


def sent(operation: str, service: str, method: str, *many: dict[str, Any]) -> list[tuple[str | None, bytes | str | None]]:
    """Key and body of what a fresh plugin would send for these calls in that operation."""
    clients = Clients("http://127.0.0.1:1", {"aws_access_key_id": "a", "aws_secret_access_key": "b"})
    client, seen = clients.connect(service, "eu-west-1"), []

    def catch(request: Any, **_rest: Any) -> None:
        key = request.headers.get(IDEMPOTENCY_HEADER)
        seen.append((key.decode() if isinstance(key, bytes) else key, request.body))
        raise CaughtError

    client.meta.events.register("before-send", catch)
    with clients.operation(operation):
        for arguments in many:
            with pytest.raises(CaughtError):
                getattr(client, method)(**arguments)
    return seen


def test_a_client_token_that_botocore_would_make_up_is_the_same_in_the_next_process() -> None:
    (first,) = sent("op-1", "ec2", "create_nat_gateway", NAT)
    (second,) = sent("op-1", "ec2", "create_nat_gateway", NAT)
    assert first == second
    assert b"ClientToken" in bytes(first[1] or b"") if isinstance(first[1], bytes) else "ClientToken" in str(first[1])
    assert sent("op-2", "ec2", "create_nat_gateway", NAT)[0] != first


def test_what_is_asked_and_how_often_is_part_of_the_key() -> None:
    keys = [key for key, _ in sent("op", "kms", "create_key", {"Description": "a"}, {"Description": "b"}, {"Description": "a"})]
    assert all(key is not None and key.startswith("op/") for key in keys)
    assert len(set(keys)) == 3


def test_reading_carries_no_key() -> None:
    assert sent("op", "kms", "list_keys", {})[0][0] is None
