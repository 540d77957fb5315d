"""CloudWatch: alarms on alarms, whose state follows that of the alarms they name."""

from __future__ import annotations

import re
from functools import wraps
from typing import Any

from sandbox.cloud.extensions.common import kept, refused

_TERM = re.compile(r"\s*(?:(ALARM|OK|INSUFFICIENT_DATA)\(\s*\"?([^\")]+?)\"?\s*\)|(TRUE|FALSE)\b|(AND|OR|NOT)\b|([()]))")
_WORDS = {"AND": "and", "OR": "or", "NOT": "not", "TRUE": "True", "FALSE": "False"}
_KEPT = ("ActionsSuppressor", "ActionsSuppressorExtensionPeriod", "ActionsSuppressorWaitPeriod")


def install() -> None:
    """Adds it to moto."""
    from moto.cloudwatch.models import CloudWatchBackend
    from moto.cloudwatch.responses import CloudWatchResponse

    CloudWatchResponse.put_composite_alarm = _put
    CloudWatchResponse.describe_alarms = _described(CloudWatchResponse.describe_alarms)
    CloudWatchBackend.set_alarm_state = _followed(CloudWatchBackend.set_alarm_state)


def _put(self: Any) -> Any:
    name, rule = self._get_param("AlarmName"), self._get_param("AlarmRule")
    missing = sorted(set(_named(rule)) - self.cloudwatch_backend.alarms.keys())
    if missing:
        raise refused("ValidationError", f"AlarmRule of {name} names alarms that are not there: {', '.join(missing)}")
    _state(self.cloudwatch_backend, rule)
    made = self.put_metric_alarm()
    kept(self.cloudwatch_backend, "suppressors")[name] = {key: self._get_param(key) for key in _KEPT if self._get_param(key) is not None}
    _follow(self.cloudwatch_backend)
    return made


def _described(original: Any) -> Any:
    @wraps(original)
    def describe_alarms(self: Any) -> Any:
        from moto.core.responses import ActionResult

        found = original(self).result
        suppressors = kept(self.cloudwatch_backend, "suppressors")
        for alarm in found["CompositeAlarms"]:
            for key, value in suppressors.get(alarm.name, {}).items():
                setattr(alarm, re.sub(r"(?<!^)(?=[A-Z])", "_", key).lower(), value)
        kinds = self._get_param("AlarmTypes") or ["MetricAlarm"]
        return ActionResult({f"{kind}s": found[f"{kind}s"] for kind in kinds})

    return describe_alarms


def _followed(original: Any) -> Any:
    @wraps(original)
    def set_alarm_state(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        _follow(self)

    return set_alarm_state


def _follow(backend: Any) -> None:
    """Gives every composite alarm the state that its rule says; again until none changes, since they may name each other."""
    alarms = [alarm for alarm in backend.alarms.values() if alarm.rule]
    for _ in alarms:
        changed = [(alarm, state) for alarm in alarms if (state := _state(backend, alarm.rule)) != alarm.state_value]
        for alarm, state in changed:
            alarm.update_state(f"{alarm.name} follows its rule", "{}", state)
        if not changed:
            return


def _named(rule: str) -> list[str]:
    return [match[2] for match in _TERM.finditer(rule) if match[2]]


def _state(backend: Any, rule: str) -> str:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html (AlarmRule)."""
    position, words = 0, []
    while position < len(rule.rstrip()):
        match = _TERM.match(rule, position)
        if match is None:
            raise refused("ValidationError", f"AlarmRule cannot be read from {rule[position:]!r} on")
        position = match.end()
        state, alarm, *rest = match.groups()
        if state:
            held = backend.alarms.get(alarm)
            words.append(str(held is not None and held.state_value == state))
        else:
            word = next(each for each in rest if each)
            words.append(_WORDS.get(word, word))
    try:
        # Nothing but True, False, and, or, not and parentheses got this far.
        return "ALARM" if eval(" ".join(words), {"__builtins__": {}}) else "OK"  # noqa: S307
    except SyntaxError:
        raise refused("ValidationError", f"AlarmRule is no expression: {rule!r}") from None
