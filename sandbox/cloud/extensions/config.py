"""AWS Config: how often a recorder records, in which modes a rule evaluates, and a recorder that stops before it goes."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.config.models import ConfigBackend, ConfigRule

    ConfigBackend.put_configuration_recorder = _moded(ConfigBackend.put_configuration_recorder)
    ConfigBackend.describe_configuration_recorders = _with_mode(ConfigBackend.describe_configuration_recorders)
    ConfigBackend.put_config_rule = _tagged_once(ConfigBackend.put_config_rule)
    ConfigRule.modify_fields = _evaluated(ConfigRule.modify_fields)


def _moded(original: Any) -> Any:
    @wraps(original)
    def put(self: Any, config_recorder: dict[str, Any]) -> None:
        original(self, config_recorder)
        self.recorders[config_recorder["name"]]._mode = config_recorder.get("recordingMode") or {"recordingFrequency": "CONTINUOUS"}

    return put


def _with_mode(original: Any) -> Any:
    @wraps(original)
    def describe(self: Any, *args: Any, **kwargs: Any) -> Any:
        found = original(self, *args, **kwargs)
        return [{**recorder, "recordingMode": self.recorders[recorder["name"]]._mode} for recorder in found]

    return describe


def _evaluated(original: Any) -> Any:
    @wraps(original)
    def modify(self: Any, region: str, config_rule: dict[str, Any], tags: Any) -> None:
        original(self, region, config_rule, tags)
        self.evaluation_modes = config_rule.get("EvaluationModes") or [{"Mode": "DETECTIVE"}]

    return modify


def _tagged_once(original: Any) -> Any:
    """The tags of a rule are given when it is made; a later put leaves them, and moto would drop them."""

    @wraps(original)
    def put(self: Any, config_rule: dict[str, Any], tags: Any = None) -> Any:
        held = self.config_rules.get(config_rule.get("ConfigRuleName"))
        kept = dict(held.tags) if held else None
        answer = original(self, config_rule, tags)
        if held and kept is not None:
            held.tags = kept
        return answer

    return put
