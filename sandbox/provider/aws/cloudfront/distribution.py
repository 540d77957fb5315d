"""Distributions."""

from __future__ import annotations

from typing import Any

from sandbox.provider import tagging
from sandbox.provider.alignment import aligned
from sandbox.provider.aws.cloudfront import configuration
from sandbox.provider.aws.cloudfront.checks import distribution_failures
from sandbox.provider.aws.cloudfront.common import arn, live_tags, retag
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import with_blanks
from sandbox.provider.values import Properties

# Every distribution's: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-route53-aliastarget.html
HOSTED_ZONE = "Z2FDTNDATAQYW2"


class Distribution(Handler):
    """Content near to those who read it."""

    token = "aws:cloudfront/distribution:Distribution"
    create_only = frozenset({"staging"})
    unordered = frozenset({"aliases", "customErrorResponses", "originGroups", "origins"})
    defaults = {
        "httpVersion": "http2",
        "isIpv6Enabled": False,
        "priceClass": "PriceClass_All",
        "retainOnDelete": False,
        "staging": False,
        "waitForDeployment": True,
    }
    volatile = frozenset({"etag", "lastModifiedTime", "status", "inProgressValidationBatches"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return distribution_failures(inputs) or configuration.failures(inputs)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"hostedZoneId": HOSTED_ZONE, "loggingV1Enabled": bool((inputs.get("loggingConfig") or {}).get("bucket"))}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        config = configuration.request(inputs, call.token())
        asked: Properties = {"DistributionConfig": config, "Tags": {"Items": tagging.pairs(inputs["tagsAll"])}}
        answer = call.client("cloudfront").create_distribution_with_tags(DistributionConfigWithTags=asked)
        return answer["Distribution"]["Id"], self._outputs(call, inputs, answer)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        answer = call.client("cloudfront").get_distribution(Id=resource_id)
        live = answer["Distribution"]
        found = configuration.properties(self.token, live["DistributionConfig"])
        for name, value in found.items():
            if isinstance(state.get(name), dict | list):
                found[name] = aligned(state[name], value, defaults=configuration.DEFAULTS)
        # What was declared and is no longer there is drift, not a member that the answer leaves out.
        found = {name: empty for name, empty in configuration.EMPTY.items() if state.get(name)} | found
        return found | self._facts(call, answer) | {"tags": live_tags(call, live["ARN"])}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        cloudfront = call.client("cloudfront")
        answer = cloudfront.get_distribution(Id=resource_id)
        live = answer["Distribution"]["DistributionConfig"]
        wanted = configuration.request(new, live["CallerReference"])
        # The mark changes with every update: an update that was already made is not made again.
        if not configuration.same(self.token, wanted, live):
            answer = cloudfront.update_distribution(Id=resource_id, IfMatch=answer["ETag"], DistributionConfig=wanted)
        retag(call, old["arn"], old, new)
        return self._outputs(call, new, answer)

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        cloudfront = call.client("cloudfront")
        answer = cloudfront.get_distribution_config(Id=resource_id)
        mark, config = answer["ETag"], answer["DistributionConfig"]
        if config["Enabled"]:
            mark = cloudfront.update_distribution(Id=resource_id, IfMatch=mark, DistributionConfig={**config, "Enabled": False})["ETag"]
        if call.teardown or not state.get("retainOnDelete"):
            cloudfront.delete_distribution(Id=resource_id, IfMatch=mark)

    def _outputs(self, call: Call, inputs: Properties, answer: dict[str, Any]) -> Properties:
        return with_blanks(self.token, inputs, self._facts(call, answer))

    def _facts(self, call: Call, answer: dict[str, Any]) -> Properties:
        live = answer["Distribution"]
        config = live["DistributionConfig"]
        return {
            "arn": arn(call, f"distribution/{live['Id']}"),
            "callerReference": config["CallerReference"],
            "domainName": live["DomainName"],
            "etag": answer["ETag"],
            "hostedZoneId": HOSTED_ZONE,
            "inProgressValidationBatches": live["InProgressInvalidationBatches"],
            "lastModifiedTime": f"{live['LastModifiedTime']:%Y-%m-%d %H:%M:%S} +0000 UTC",
            "loggingV1Enabled": config.get("Logging", {}).get("Enabled", False),
            "status": live["Status"],
            "trustedKeyGroups": [{"enabled": live.get("ActiveTrustedKeyGroups", {}).get("Enabled", False), "items": []}],
            "trustedSigners": [{"enabled": live.get("ActiveTrustedSigners", {}).get("Enabled", False), "items": []}],
        }
