from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from config.errors import ConfigError
from config.load import load
from config.platform import PlatformPlan
from tests.kit.plans import shipped, write


def _bent(**changes: Any) -> dict[str, Any]:
    platform: dict[str, Any] = shipped()["config/estate.yaml"]["defaults"]["platform"]
    platform["automation"].update(changes)
    return platform


def _problem(**changes: Any) -> tuple[str, str]:
    with pytest.raises(ValidationError) as error:
        PlatformPlan.model_validate(_bent(**changes))
    first = error.value.errors()[0]
    context = first.get("ctx", {})
    return ".".join([*map(str, first["loc"]), *([str(context["key"])] if "key" in context else [])]), str(first["msg"])


def test_what_is_shipped_is_what_the_sources_give() -> None:
    plan = load("us-east-1").plan.platform.automation
    assert plan.enabled and plan.profile == "community" and plan.licence is None
    assert (plan.mains.min, plan.mains.max) == (1, 1)
    assert (plan.webhook_processors.min, plan.workers.min) == (3, 3)
    assert plan.executions_per_day == 25_000


def test_two_mains_without_a_licence_would_fire_each_schedule_twice(tmp_path: Path) -> None:
    documents = shipped()
    documents["config/estate.yaml"]["defaults"]["platform"] = _bent(mains={"min": 1, "max": 2})
    with pytest.raises(ConfigError) as error:
        load("us-east-1", root=write(documents, tmp_path))
    said = str(error.value)
    assert "defaults.platform.automation.mains.max" in said
    assert "every schedule would fire once in each" in said
    assert "profile: enterprise and licence: n8n-licence" in said


def test_two_mains_with_a_licence_are_accepted() -> None:
    plan = _bent(profile="enterprise", licence="n8n-licence", mains={"min": 2, "max": 3}, workers={"min": 3, "max": 10})
    assert PlatformPlan.model_validate(plan).automation.mains.max == 3


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"profile": "enterprise"}, "profile", "enterprise with licence: n8n-licence, or community with licence: null"),
        ({"licence": "n8n-key"}, "licence", "n8n-licence, or null"),
        ({"profile": "enterprise", "licence": "n8n-licence"}, "mains.min", "2 or more with profile enterprise"),
        ({"workers": {"min": 3, "max": 2}}, "workers.max", "at least 3, which is min"),
        ({"workers": {"min": 1, "max": 1}}, "workers.max", "raise workers.max or concurrency"),
        ({"seconds_per_execution": 600}, "workers.max", "peaks included"),
        ({"concurrency": 4}, "concurrency", "greater than or equal to 5"),
        ({"time_zone": "America/Sao Paulo"}, "time_zone", "IANA"),
        ({"environment": {"N8N_BASIC_AUTH_ACTIVE": "true"}}, "environment", "protect nothing"),
        ({"environment": {"lower": "1"}}, "environment", "upper case"),
        ({"export": {"schedule": "@daily"}}, "export.schedule", "five cron fields"),
        ({"pool_size": 8}, "automation.pool_size", "raise pooling.n8n"),
        ({"queue": {"node_type": "r5.large", "replicas": 1, "snapshot_days": 1}}, "queue.node_type", "match pattern"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_what_to_do(changes: dict[str, Any], key: str, said: str) -> None:
    where, problem = _problem(**changes)
    assert where == (key if key.startswith("automation.") else f"automation.{key}")
    assert said in problem


def test_a_floating_tag_is_refused_with_the_reason(tmp_path: Path) -> None:
    documents = shipped()
    documents["config/software.yaml"]["software"]["n8n"]["version"] = "latest"
    with pytest.raises(ConfigError, match="its makers move this"):
        load("us-east-1", root=write(documents, tmp_path))
