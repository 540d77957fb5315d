"""X-Ray: which requests are traced, and groups of traces. The emulated cloud traces nothing."""

from __future__ import annotations

import uuid

from sandbox.provider import tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Recorded
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties, known

_RULE = Translation(
    "xray", "CreateSamplingRule", below="SamplingRule", names={"host": "Host", "httpMethod": "HTTPMethod", "urlPath": "URLPath"}
)
_GROUP = Translation("xray", "CreateGroup")
_GAP = "the emulated cloud has no traces; the choice is in the state only"


class SamplingRule(Recorded):
    """Which share of the requests of some kind is traced."""

    token = "aws:xray/samplingRule:SamplingRule"
    gap = _GAP
    service = "xray"
    operation = "CreateSamplingRule"
    create_only = frozenset({"ruleName"})
    autoname = "ruleName"
    autoname_limit = 32

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        share = inputs["fixedRate"]
        if known(share) and not 0 <= share <= 1:
            return [Failure("fixedRate", f"a share is between 0 and 1 (got {share})")]
        return []

    def request(self, call: Call, inputs: Properties) -> Properties:
        return {
            "SamplingRule": _RULE.request(inputs),
            **(tagging.parameter(inputs["tags"]) if known(inputs.get("tags")) and inputs.get("tags") else {}),
        }

    def identify(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        return inputs["ruleName"], {"arn": call.arn("xray", f"sampling-rule/{inputs['ruleName']}")}


class Group(Recorded):
    """Traces that an expression picks, with metrics and findings of their own."""

    token = "aws:xray/group:Group"
    gap = _GAP
    service = "xray"
    operation = "CreateGroup"
    create_only = frozenset({"groupName"})

    def request(self, call: Call, inputs: Properties) -> Properties:
        return _GROUP.request(inputs)

    def identify(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{call.urn}/{inputs['groupName']}").hex[:26].upper()
        arn = call.arn("xray", f"group/{inputs['groupName']}/{identity}")
        return arn, {"arn": arn}
