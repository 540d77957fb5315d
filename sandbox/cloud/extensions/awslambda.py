"""Lambda: all settings of a function are kept, changed and shown; a function's VPC is that of its subnets."""

from __future__ import annotations

from functools import wraps
from typing import Any

_KEPT = ("CapacityProviderConfig", "DeadLetterConfig", "DurableConfig", "FileSystemConfigs", "LoggingConfig", "TenancyConfig")
_ATTRIBUTES = {"KMSKeyArn": "kms_key_arn", "TracingConfig": "tracing_config"}
"""What moto shows but does not change."""


def install() -> None:
    """Adds it to moto."""
    from moto.awslambda.models import LambdaFunction

    LambdaFunction.__init__ = _made(LambdaFunction.__init__)
    LambdaFunction.get_configuration = _shown(LambdaFunction.get_configuration)
    LambdaFunction.update_configuration = _changed(LambdaFunction.update_configuration)
    LambdaFunction.update_function_code = _rebuilt(LambdaFunction.update_function_code)
    LambdaFunction.vpc_config = property(_placed)


def _made(original: Any) -> Any:
    @wraps(original)
    def make(self: Any, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1) -> None:
        original(self, account_id, spec, region, version)
        self.kept = {key: spec[key] for key in _KEPT if key in spec}
        self.snap_start = spec.get("SnapStart", {}).get("ApplyOn", "None")

    return make


def _shown(original: Any) -> Any:
    @wraps(original)
    def show(self: Any, on_create: bool = False) -> Any:
        logging = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{self.function_name}"} | self.kept.get("LoggingConfig", {})
        if logging["LogFormat"] == "JSON":
            logging = {"ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"} | logging
        shown = original(self, on_create) | self.kept | {"LoggingConfig": logging}
        return shown | {"SnapStart": {"ApplyOn": self.snap_start, "OptimizationStatus": "Off"}}

    return show


def _changed(original: Any) -> Any:
    @wraps(original)
    def change(self: Any, config_updates: dict[str, Any]) -> Any:
        self.kept |= {key: config_updates[key] for key in _KEPT if key in config_updates}
        if not self.kept.get("DeadLetterConfig", {}).get("TargetArn"):
            self.kept.pop("DeadLetterConfig", None)
        for key, attribute in _ATTRIBUTES.items():
            if key in config_updates:
                setattr(self, attribute, config_updates[key])
        if "EphemeralStorage" in config_updates:
            self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
        if "SnapStart" in config_updates:
            self.snap_start = config_updates["SnapStart"]["ApplyOn"]
        return original(self, config_updates)

    return change


def _rebuilt(original: Any) -> Any:
    @wraps(original)
    def rebuild(self: Any, updated_spec: dict[str, Any]) -> Any:
        if updated_spec.get("Architectures"):
            self.architectures = updated_spec["Architectures"]
        return original(self, updated_spec)

    return rebuild


def _placed(self: Any) -> dict[str, Any] | None:
    from moto.ec2.models import ec2_backends

    if not self._vpc_config or not self._vpc_config.get("SubnetIds"):
        return None
    subnet = ec2_backends[self.account_id][self.region].get_subnet(self._vpc_config["SubnetIds"][0])
    return {**self._vpc_config, "VpcId": subnet.vpc_id}
