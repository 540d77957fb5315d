"""Auto Scaling: policies and scheduled actions belong to a group that exists; two groups may use the same names."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.autoscaling.models import AutoScalingBackend
    from moto.autoscaling.responses import AutoScalingResponse

    AutoScalingBackend.put_scheduled_update_group_action = _put_action(AutoScalingBackend.put_scheduled_update_group_action)
    AutoScalingBackend.delete_scheduled_action = _delete_action
    AutoScalingResponse.put_scaling_policy = _put_policy(AutoScalingResponse.put_scaling_policy)
    AutoScalingResponse.delete_policy = _delete_policy


def _put_action(original: Any) -> Any:
    @wraps(original)
    def put_scheduled_update_group_action(self: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        _require_group(self, name)
        action = original(self, name, *args, **kwargs)
        key = (name, action.scheduled_action_name)
        before = self.scheduled_actions.get(key)
        self.scheduled_actions[key] = self.scheduled_actions.pop(action.scheduled_action_name)
        action.scheduled_action_arn = before.scheduled_action_arn if before else _arn(self, "scheduledUpdateGroupAction", *key)
        return action

    return put_scheduled_update_group_action


def _arn(backend: Any, kind: str, group: str, action: str) -> str:
    where = f"{backend.region_name}:{backend.account_id}"
    return f"arn:aws:autoscaling:{where}:{kind}:{uuid.uuid4()}:autoScalingGroupName/{group}:scheduledActionName/{action}"


def _delete_action(self: Any, auto_scaling_group_name: str, scheduled_action_name: str) -> None:
    if self.scheduled_actions.pop((auto_scaling_group_name, scheduled_action_name), None) is None:
        raise _invalid("Scheduled action name not found")


def _put_policy(original: Any) -> Any:
    @wraps(original)
    def put_scaling_policy(self: Any) -> Any:
        from moto.core.responses import ActionResult

        backend, group, name = self.autoscaling_backend, self._get_param("AutoScalingGroupName"), self._get_param("PolicyName")
        _require_group(backend, group)
        original(self)
        policy = backend.policies.pop(name)
        policy.enabled = self._get_bool_param("Enabled", True)
        backend.policies[(group, name)] = policy
        # moto spells it PolicyArn, which no client reads.
        return ActionResult({"PolicyARN": policy.arn})

    return put_scaling_policy


def _delete_policy(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    self.autoscaling_backend.policies.pop((self._get_param("AutoScalingGroupName"), self._get_param("PolicyName")), None)
    return EmptyResult()


def _require_group(backend: Any, name: str) -> None:
    if name not in backend.autoscaling_groups:
        raise _invalid(f"Group {name} not found")


def _invalid(message: str) -> Any:
    from moto.autoscaling.exceptions import ValidationError

    return ValidationError(message)
