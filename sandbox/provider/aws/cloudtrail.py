"""CloudTrail: trails, which record what is done in an account."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, known

_APART = frozenset({"insightSelectors"})
_SELECTORS = Translation("cloudtrail", "PutEventSelectors", apart=_APART)
_INSIGHTS = Translation("cloudtrail", "PutInsightSelectors")
_TEXTS = {
    "S3BucketName": "s3BucketName",
    "S3KeyPrefix": "s3KeyPrefix",
    "SnsTopicName": "snsTopicName",
    "CloudWatchLogsLogGroupArn": "cloudWatchLogsGroupArn",
    "CloudWatchLogsRoleArn": "cloudWatchLogsRoleArn",
    "KmsKeyId": "kmsKeyId",
}
_SWITCHES = {
    "IncludeGlobalServiceEvents": "includeGlobalServiceEvents",
    "IsMultiRegionTrail": "isMultiRegionTrail",
    "IsOrganizationTrail": "isOrganizationTrail",
    "EnableLogFileValidation": "enableLogFileValidation",
}
_UNTOLD = [{"readWriteType": "All", "includeManagementEvents": True}]
"""What a trail without selectors records: all management events."""
_EVENTS = ("eventSelectors", "advancedEventSelectors")


class Trail(Handler):
    """A trail."""

    token = "aws:cloudtrail/trail:Trail"
    create_only = frozenset({"name"})
    defaults = {
        "enableLogFileValidation": False,
        "enableLogging": True,
        "includeGlobalServiceEvents": True,
        "isMultiRegionTrail": False,
        "isOrganizationTrail": False,
    }
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        found = []
        if inputs["isMultiRegionTrail"] is True and inputs["includeGlobalServiceEvents"] is False:
            found.append(Failure("includeGlobalServiceEvents", "a trail of all regions always has global events: set it to true"))
        if all(inputs.get(key) for key in _EVENTS):
            found.append(Failure("eventSelectors", "give either eventSelectors or advancedEventSelectors"))
        if bool(inputs.get("cloudWatchLogsGroupArn")) != bool(inputs.get("cloudWatchLogsRoleArn")):
            found.append(Failure("cloudWatchLogsRoleArn", "delivery to a log group takes both the group's ARN and a role's"))
        group = inputs.get("cloudWatchLogsGroupArn")
        if group and known(group) and not group.endswith(":*"):
            found.append(Failure("cloudWatchLogsGroupArn", f"must end in :* (got {group!r})"))
        for selector in self._advanced(inputs):
            fields = selector.get("fieldSelectors", [])
            if known(fields) and not any(each.get("field") == "eventCategory" for each in fields):
                found.append(Failure("advancedEventSelectors", f"selector {selector.get('name', '')!r} must say its eventCategory"))
        name = inputs["name"]
        events = {key: inputs[key] for key in _EVENTS if inputs.get(key)}
        if events:
            found += _SELECTORS.failures(events, TrailName=name)
        if inputs.get("insightSelectors"):
            found += _INSIGHTS.failures({"insightSelectors": inputs["insightSelectors"]}, TrailName=name)
        return found + refusals("cloudtrail", "CreateTrail", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        topic = inputs.get("snsTopicName")
        return {
            "arn": call.arn("cloudtrail", f"trail/{inputs['name']}"),
            "homeRegion": call.region,
            "snsTopicArn": UNKNOWN if topic is UNKNOWN else call.arn("sns", topic) if topic else "",
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        cloudtrail, name = call.client("cloudtrail"), inputs["name"]
        cloudtrail.create_trail(**self._request(inputs), **tagging.parameter(inputs["tagsAll"], "TagsList"))
        self._select(cloudtrail, name, {}, inputs)
        if inputs["enableLogging"]:
            cloudtrail.start_logging(Name=name)
        made = self.preview(call, inputs)
        return made["arn"], made

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        cloudtrail, name = call.client("cloudtrail"), resource_id.rpartition("/")[2]
        live = cloudtrail.get_trail(Name=name)["Trail"]
        events = _SELECTORS.properties(self.token, cloudtrail.get_event_selectors(TrailName=name))
        if events.get("eventSelectors") == _UNTOLD and not state.get("eventSelectors"):
            events["eventSelectors"] = []
        insights = cloudtrail.get_insight_selectors(TrailName=name) if live["HasInsightSelectors"] else {}
        found = {
            **{key: live.get(member) or "" for member, key in _TEXTS.items()},
            **{key: live.get(member, False) for member, key in _SWITCHES.items() if member != "EnableLogFileValidation"},
        }
        return {
            **found,
            **{key: aligned(state.get(key, []), events.get(key, [])) for key in _EVENTS},
            "insightSelectors": _INSIGHTS.properties(self.token, insights).get("insightSelectors", []),
            "enableLogFileValidation": live["LogFileValidationEnabled"],
            "enableLogging": cloudtrail.get_trail_status(Name=name)["IsLogging"],
            "name": name,
            **self.preview(call, {"name": name, **found}),
            "tags": tagging.mapping(cloudtrail.list_tags(ResourceIdList=[resource_id])["ResourceTagList"][0]["TagsList"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cloudtrail, name = call.client("cloudtrail"), new["name"]
        emptied = {member: "" for member, key in _TEXTS.items() if old.get(key) and not new.get(key)}
        cloudtrail.update_trail(**self._request(new), **emptied)
        self._select(cloudtrail, name, old, new)
        if new["enableLogging"] != old["enableLogging"]:
            (cloudtrail.start_logging if new["enableLogging"] else cloudtrail.stop_logging)(Name=name)
        setting, removing = tagging.changed(old, new)
        if removing:
            cloudtrail.remove_tags(ResourceId=resource_id, TagsList=[{"Key": key, "Value": old["tagsAll"][key]} for key in removing])
        if setting:
            cloudtrail.add_tags(ResourceId=resource_id, TagsList=tagging.pairs(setting))
        return self.preview(call, new)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("cloudtrail").delete_trail(Name=resource_id.rpartition("/")[2])

    def _request(self, inputs: Properties) -> Properties:
        return {"Name": inputs["name"], **parameters(inputs, **_TEXTS), **{member: inputs[key] for member, key in _SWITCHES.items()}}

    def _select(self, cloudtrail: Any, name: str, old: Properties, new: Properties) -> None:
        events = {key: new[key] for key in _EVENTS if new.get(key)}
        if any(old.get(key, []) != new.get(key, []) for key in _EVENTS):
            request = _SELECTORS.request(events or {"eventSelectors": _UNTOLD})
            cloudtrail.put_event_selectors(TrailName=name, **request)
        if old.get("insightSelectors", []) != new.get("insightSelectors", []):
            request = _INSIGHTS.request({"insightSelectors": new.get("insightSelectors", [])})
            cloudtrail.put_insight_selectors(TrailName=name, **request)

    def _advanced(self, inputs: Properties) -> list[Properties]:
        selectors = inputs.get("advancedEventSelectors", [])
        return [] if selectors is UNKNOWN else [each for each in selectors if each is not UNKNOWN]
