"""What a stack says of its monitoring, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from config.errors import ConfigError
from config.load import load
from tests.kit.plans import shipped, stack, write


def bent(root: Path, name: str, **changes: Any) -> None:
    """Load the shipped configuration with other values of monitoring in one stack's file."""
    documents = shipped()
    platform = stack(documents, name).setdefault("morefocus:platform", {})
    platform.setdefault("monitoring", {}).update(changes)
    load("us-east-1", root=write(documents, root))


def test_the_shipped_figures_are_those_of_the_sources() -> None:
    plan = load("us-east-1").plan.platform.monitoring
    assert plan.thresholds.database_connections == 80
    assert (plan.objectives.availability, plan.objectives.p95_ms, plan.objectives.requests_per_second) == (0.999, 200, 1000)
    assert plan.objectives.concurrent_users == 10000
    assert (plan.mail.host, plan.mail.port, plan.mail.sender) == ("smtp.gmail.com", 587, "alerts@morefocus.com")


def test_production_is_watched_by_all_that_the_sources_name_and_staging_by_none() -> None:
    def on(name: str) -> list[str]:
        watchers = load(name).plan.platform.monitoring.watchers
        return [field for field in type(watchers).model_fields if getattr(watchers, field).enabled]

    assert on("us-east-1") == ["new_relic", "datadog", "sentry", "uptime_robot"]
    assert on("staging") == []


@pytest.mark.parametrize("name", ["eu-west-1", "sa-east-1"])
def test_figures_under_european_and_brazilian_law_go_to_sites_in_the_european_union(name: str) -> None:
    watchers = load(name).plan.platform.monitoring.watchers
    assert (watchers.new_relic.site, watchers.datadog.site) == ("eu", "datadoghq.eu")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"watchers": {"datadog": {"site": "datadoghq.com"}, "new_relic": {"site": "eu"}}}, r"datadog\.site"),
        ({"watchers": {"datadog": {"site": "datadoghq.eu"}, "new_relic": {"site": "us"}}}, r"new_relic\.site"),
        ({"mail": {"port": 25}}, "mail.port"),
        ({"emails": []}, "emails"),
        ({"escalation": {"page": {"tell": ["slack"], "after_minutes": 5}}}, "page.after_minutes"),
        ({"escalation": {"page": {"tell": ["pigeon"]}}}, "tell"),
        ({"external_apis": {"plain": "http://api.example.com"}}, "external_apis.plain"),
        ({"channels": {"page": "incidents"}}, "channels.page"),
        ({"retention_days": 0}, "retention_days"),
        ({"retension_days": 9}, "retension_days"),
        ({"objectives": {"availability": 1}}, "availability"),
    ],
)
def test_what_would_tell_nobody_or_leave_the_law_is_refused_by_its_name(changes: dict[str, Any], said: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=said):
        bent(tmp_path, "eu-west-1", **changes)


def test_a_watcher_that_is_off_may_have_any_site(tmp_path: Path) -> None:
    off = {"datadog": {"enabled": False, "site": "datadoghq.com"}, "new_relic": {"enabled": False, "site": "us"}}
    bent(tmp_path, "eu-west-1", watchers=off)
