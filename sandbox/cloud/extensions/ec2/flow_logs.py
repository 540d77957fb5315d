"""Flow logs: folders in buckets, options of the delivery, log groups named by their ARN."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.ec2.models.flow_logs import FlowLogs as FlowLog
    from moto.ec2.models.flow_logs import FlowLogsBackend
    from moto.ec2.responses.flow_logs import FlowLogs

    FlowLog.destination_options = FlowLog.deliver_cross_account_role = None
    FlowLogsBackend.create_flow_logs = _create(FlowLogsBackend.create_flow_logs)
    FlowLogs.create_flow_logs = _with_options(FlowLogs.create_flow_logs)


def _create(original: Any) -> Any:
    @wraps(original)
    def create_flow_logs(self: Any, **asked: Any) -> Any:
        destination = asked["log_destination"]
        if asked["log_destination_type"] == "s3":
            asked["log_destination"] = destination.split("/", 1)[0]
        elif destination and ":log-group:" in destination:
            asked["log_group_name"] = destination.split(":log-group:")[1].removesuffix(":*")
        made, failed = original(self, **asked)
        for flow_log in made:
            flow_log.log_destination = destination
        return made, failed

    return create_flow_logs


def _with_options(original: Any) -> Any:
    @wraps(original)
    def create_flow_logs(self: Any) -> Any:
        answer = original(self)
        for flow_log in self.ec2_backend.describe_flow_logs(answer.result["FlowLogIds"] or [""]):
            flow_log.destination_options = self._get_param("DestinationOptions")
            flow_log.deliver_cross_account_role = self._get_param("DeliverCrossAccountRole")
        return answer

    return create_flow_logs
