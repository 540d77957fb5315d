"""CloudWatch Logs."""

from __future__ import annotations

from sandbox.provider import tagging
from sandbox.provider.handler import Call, Handler, Support
from sandbox.provider.values import Properties


class LogGroup(Handler):
    """A log group."""

    token = "aws:cloudwatch/logGroup:LogGroup"
    support = Support.PARTLY
    gap = "skipDestroy, logGroupClass and deletion protection are in the state only"
    create_only = frozenset({"name", "namePrefix", "logGroupClass"})
    defaults = {"retentionInDays": 0, "skipDestroy": False, "deletionProtectionEnabled": False}
    autoname = "name"
    autoname_limit = 512

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("logs", f"log-group:{inputs['name']}"), "namePrefix": ""}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        logs, name = call.client("logs"), inputs["name"]
        optional = {"kmsKeyId": inputs.get("kmsKeyId"), "tags": inputs["tagsAll"]}
        logs.create_log_group(logGroupName=name, **{key: value for key, value in optional.items() if value})
        self._retain(call, name, inputs["retentionInDays"])
        return name, self.preview(call, inputs) | {"logGroupClass": inputs.get("logGroupClass", "STANDARD")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        logs = call.client("logs")
        found = logs.describe_log_groups(logGroupNamePrefix=resource_id)["logGroups"]
        group = next((group for group in found if group["logGroupName"] == resource_id), None)
        if group is None:
            return None
        return {
            "name": resource_id,
            "arn": call.arn("logs", f"log-group:{resource_id}"),
            "retentionInDays": group.get("retentionInDays", 0),
            "kmsKeyId": group.get("kmsKeyId"),
            "logGroupClass": state.get("logGroupClass", "STANDARD"),
            "tags": logs.list_tags_log_group(logGroupName=resource_id)["tags"],
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        logs = call.client("logs")
        if old.get("retentionInDays") != new["retentionInDays"]:
            self._retain(call, resource_id, new["retentionInDays"])
        # The emulated cloud has no AssociateKmsKey: a changed key is in the state only.
        setting, removing = tagging.changed(old, new)
        if setting:
            logs.tag_log_group(logGroupName=resource_id, tags=setting)
        if removing:
            logs.untag_log_group(logGroupName=resource_id, tags=removing)
        return {"arn": old["arn"], "logGroupClass": old.get("logGroupClass", "STANDARD")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if state.get("skipDestroy") and not call.teardown:
            return
        call.client("logs").delete_log_group(logGroupName=resource_id)

    def _retain(self, call: Call, name: str, days: int) -> None:
        logs = call.client("logs")
        if days:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            logs.delete_retention_policy(logGroupName=name)
