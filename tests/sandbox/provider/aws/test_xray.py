"""Sampling rules and groups of traces: checked, named as AWS names them, kept in the state."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

RULE = "aws:xray/samplingRule:SamplingRule"
GROUP = "aws:xray/group:Group"
SAMPLED: dict[str, Any] = {
    "ruleName": "bookings",
    "priority": 100,
    "reservoirSize": 1,
    "fixedRate": 0.05,
    "urlPath": "/v1/*",
    "host": "*",
    "httpMethod": "*",
    "serviceName": "*",
    "serviceType": "*",
    "resourceArn": "*",
    "version": 1,
}


def test_a_sampling_rule_is_known_by_its_name(workbench: Workbench) -> None:
    life = workbench.made(RULE, **SAMPLED, tags={"owner": "platform"})
    assert (life.id, life.outputs["arn"]) == ("bookings", "arn:aws:xray:eu-west-1:123456789012:sampling-rule/bookings")
    assert life.refresh() == []
    life.update(**SAMPLED | {"fixedRate": 0.1})
    assert life.outputs["fixedRate"] == 0.1
    assert life.replaced_by(**SAMPLED | {"ruleName": "other"}) == {"ruleName"}


def test_a_group_keeps_its_identity(workbench: Workbench) -> None:
    inputs: dict[str, Any] = {
        "groupName": "slow",
        "filterExpression": "responsetime > 1",
        "insightsConfiguration": {"insightsEnabled": True},
    }
    life = workbench.made(GROUP, **inputs)
    assert life.outputs["arn"].startswith("arn:aws:xray:eu-west-1:123456789012:group/slow/")
    before = life.outputs["arn"]
    life.update(**inputs | {"filterExpression": "responsetime > 2"})
    assert life.outputs["arn"] == before


@pytest.mark.parametrize(
    ("change", "path"), [({"fixedRate": 5}, "fixedRate"), ({"priority": 0}, "priority"), ({"httpMethod": "X" * 11}, "httpMethod")]
)
def test_a_rule_that_x_ray_would_refuse_is_refused(workbench: Workbench, change: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputs) as error:
        workbench.life(RULE).check(**SAMPLED | change)
    assert any(path.lower() in failure.path.lower() for failure in error.value.failures)
