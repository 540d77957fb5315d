"""CloudWatch Logs: log groups and the policies that let services write to them."""

from __future__ import annotations

from typing import Any

from sandbox.provider import documents, naming, tagging
from sandbox.provider.differ import same_document
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties

_DELIVERY_DAYS = 2
"""What a group of class DELIVERY keeps, whatever it is told."""


class LogGroup(Handler):
    """A log group."""

    token = "aws:cloudwatch/logGroup:LogGroup"
    create_only = frozenset({"name", "namePrefix", "logGroupClass"})
    defaults = {"retentionInDays": 0, "skipDestroy": False}
    autoname = "name"
    autoname_limit = 512

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found, name, days = [], naming.predicted(inputs), inputs["retentionInDays"]
        if inputs.get("logGroupClass") == "DELIVERY" and days not in (0, _DELIVERY_DAYS, UNKNOWN):
            found.append(Failure("retentionInDays", f"a group of class DELIVERY keeps {_DELIVERY_DAYS} days (got {days})"))
        if days not in (0, UNKNOWN):
            found += [
                Failure("retentionInDays", failure.reason)
                for failure in refusals("logs", "PutRetentionPolicy", {"logGroupName": name, "retentionInDays": days})
                if failure.path == "retentionInDays"
            ]
        return found + refusals("logs", "CreateLogGroup", self._request(inputs, name))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("logs", f"log-group:{naming.predicted(inputs)}"),
            "namePrefix": inputs.get("namePrefix", ""),
            "logGroupClass": inputs.get("logGroupClass", "STANDARD"),
            "deletionProtectionEnabled": inputs.get("deletionProtectionEnabled", False),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        logs, name = call.client("logs"), naming.chosen(call, inputs)
        logs.create_log_group(**self._request(inputs, name), **tagging.whole(inputs))
        if inputs["retentionInDays"]:
            self._retain(logs, name, inputs["retentionInDays"])
        return name, {**self.preview(call, {**inputs, "name": name}), "name": name}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        logs = call.client("logs")
        found = logs.describe_log_groups(logGroupNamePrefix=resource_id)["logGroups"]
        group = next((group for group in found if group["logGroupName"] == resource_id), None)
        if group is None:
            return None
        arn = call.arn("logs", f"log-group:{resource_id}")
        return {
            "name": resource_id,
            "namePrefix": state.get("namePrefix", ""),
            "arn": arn,
            "retentionInDays": group.get("retentionInDays", 0),
            "kmsKeyId": group.get("kmsKeyId", ""),
            "logGroupClass": group.get("logGroupClass", "STANDARD"),
            "deletionProtectionEnabled": group.get("deletionProtectionEnabled", False),
            "tags": logs.list_tags_for_resource(resourceArn=arn)["tags"],
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        logs = call.client("logs")
        if old.get("retentionInDays") != new["retentionInDays"]:
            self._retain(logs, resource_id, new["retentionInDays"])
        if new.get("kmsKeyId") and new["kmsKeyId"] != old.get("kmsKeyId"):
            logs.associate_kms_key(logGroupName=resource_id, kmsKeyId=new["kmsKeyId"])
        elif old.get("kmsKeyId") and not new.get("kmsKeyId"):
            logs.disassociate_kms_key(logGroupName=resource_id)
        protected = new.get("deletionProtectionEnabled", old["deletionProtectionEnabled"])
        if protected != old["deletionProtectionEnabled"]:
            logs.put_log_group_deletion_protection(logGroupIdentifier=resource_id, deletionProtectionEnabled=protected)
        tagging.retag(logs, old["arn"], old, new)
        return {**self.preview(call, {**new, "name": resource_id}), "name": resource_id, "deletionProtectionEnabled": protected}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        if state.get("skipDestroy") and not call.teardown:
            return
        logs = call.client("logs")
        if state.get("deletionProtectionEnabled") and call.teardown:
            logs.put_log_group_deletion_protection(logGroupIdentifier=resource_id, deletionProtectionEnabled=False)
        logs.delete_log_group(logGroupName=resource_id)

    def _request(self, inputs: Properties, name: str) -> Properties:
        same = {key: key for key in ("kmsKeyId", "logGroupClass", "deletionProtectionEnabled")}
        return {"logGroupName": name, **parameters(inputs, **same)}

    def _retain(self, logs: Any, name: str, days: int) -> None:
        if days:
            logs.put_retention_policy(logGroupName=name, retentionInDays=days)
        else:
            logs.delete_retention_policy(logGroupName=name)


class LogResourcePolicy(Handler):
    """Who may write logs: to all groups of account and region, or to one of them."""

    token = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy"
    create_only = frozenset({"policyName", "resourceArn"})
    documents = frozenset({"policyDocument"})
    volatile = frozenset({"revisionId"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policyDocument")
        if ("policyName" in inputs) == ("resourceArn" in inputs):
            return [Failure("policyName", "give either policyName, for the whole account, or resourceArn, for one log group")]
        return documents.failures("policyDocument", inputs.get("policyDocument"), documents.LOGS)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"policyScope": "RESOURCE" if "resourceArn" in inputs else "ACCOUNT"}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return inputs.get("resourceArn") or inputs["policyName"], self._put(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        one = resource_id.startswith("arn:")
        narrowed = {"resourceArn": resource_id, "policyScope": "RESOURCE"} if one else {}
        pages = call.client("logs").get_paginator("describe_resource_policies").paginate(**narrowed)
        key = "resourceArn" if one else "policyName"
        for found in (item for page in pages for item in page["resourcePolicies"]):
            if found.get(key) == resource_id:
                return {
                    key: resource_id,
                    "policyDocument": found["policyDocument"],
                    "policyScope": found.get("policyScope", "ACCOUNT"),
                    "revisionId": found.get("revisionId", ""),
                }
        return None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        live = self.read(call, resource_id, old)
        # Every put makes a new revision, the one after an interruption as well.
        if live and same_document(live["policyDocument"], new["policyDocument"]):
            return {key: live[key] for key in ("policyScope", "revisionId")}
        return self._put(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        key = "resourceArn" if resource_id.startswith("arn:") else "policyName"
        call.client("logs").delete_resource_policy(**{key: resource_id})

    def _put(self, call: Call, inputs: Properties) -> Properties:
        same = {key: key for key in ("policyName", "resourceArn", "policyDocument")}
        answer = call.client("logs").put_resource_policy(**parameters(inputs, **same))
        return {**self.preview(call, inputs), "revisionId": answer.get("revisionId", "")}
