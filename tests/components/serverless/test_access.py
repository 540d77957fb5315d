"""An API admits CloudFront's servers, and health checkers to one route; nobody else, with or without a token."""

import json

import pytest

from components.serverless.access import LONGEST, admission, health_checkers
from config.vocabulary import Region

STAGE = "live"


def test_servers_reach_every_route_and_checkers_one() -> None:
    policy = admission(STAGE, servers=["203.0.113.0/24", "198.51.100.0/24"], checkers=["192.0.2.0/24"], health_route="/v1/health")
    servers, checkers = policy["Statement"]
    assert servers["Resource"] == "execute-api:/live/*"
    assert servers["Condition"]["IpAddress"]["aws:SourceIp"] == ["198.51.100.0/24", "203.0.113.0/24"]
    assert checkers["Resource"] == "execute-api:/live/GET/v1/health"
    assert checkers["Condition"]["IpAddress"]["aws:SourceIp"] == ["192.0.2.0/24"]
    for statement in policy["Statement"]:
        assert statement["Effect"] == "Allow"
        assert statement["Condition"]["Bool"] == {"aws:SecureTransport": "true"}


def test_a_policy_that_would_admit_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="servers must hold at least one network"):
        admission(STAGE, servers=[], checkers=["192.0.2.0/24"], health_route="/v1/health")
    with pytest.raises(ValueError, match="checkers must hold at least one network"):
        admission(STAGE, servers=["192.0.2.0/24"], checkers=[], health_route="/v1/health")


def test_as_many_networks_fit_as_cloudfront_has_and_too_many_are_refused() -> None:
    networks = [f"203.0.{part}.0/24" for part in range(256)]
    assert len(json.dumps(admission(STAGE, servers=networks[:120], checkers=networks[200:220], health_route="/v1/health"))) < LONGEST
    with pytest.raises(ValueError, match=r"at most 8192 characters"):
        admission(STAGE, servers=networks * 2, checkers=networks[:1], health_route="/v1/health")


def test_the_list_of_health_checkers_is_the_regions() -> None:
    assert health_checkers(Region.SA_EAST_1) == "com.amazonaws.sa-east-1.route53-healthchecks"
