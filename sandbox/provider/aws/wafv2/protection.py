"""What a web ACL protects, and what it writes down."""

from __future__ import annotations

import re

from sandbox.provider.alignment import aligned
from sandbox.provider.aws.wafv2.common import client_for
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import Properties

_LOGGING = Translation("wafv2", "PutLoggingConfiguration", below="LoggingConfiguration")
# https://docs.aws.amazon.com/waf/latest/developerguide/logging-destinations.html
_DESTINATION = re.compile(r"arn:[^:]+:(logs:[^:]+:\d+:log-group:|firehose:[^:]+:\d+:deliverystream/|s3:::)aws-waf-logs-[^:]*")


class WebAclAssociation(Handler):
    """A web ACL in front of a regional resource."""

    token = "aws:wafv2/webAclAssociation:WebAclAssociation"
    create_only = frozenset({"resourceArn", "webAclArn"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        resource = inputs["resourceArn"]
        if isinstance(resource, str) and ":cloudfront:" in resource:
            return [Failure("resourceArn", "a CloudFront distribution takes its web ACL as webAclId of the distribution itself")]
        return []

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("wafv2").associate_web_acl(WebACLArn=inputs["webAclArn"], ResourceArn=inputs["resourceArn"])
        return f"{inputs['webAclArn']},{inputs['resourceArn']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        wanted, resource = resource_id.split(",")
        found = call.client("wafv2").get_web_acl_for_resource(ResourceArn=resource).get("WebACL")
        return {"webAclArn": wanted, "resourceArn": resource} if found and found["ARN"] == wanted else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        waf, (wanted, resource) = call.client("wafv2"), resource_id.split(",")
        found = waf.get_web_acl_for_resource(ResourceArn=resource).get("WebACL")
        if found and found["ARN"] == wanted:
            waf.disassociate_web_acl(ResourceArn=resource)


class WebAclLoggingConfiguration(Handler):
    """Where a web ACL logs, and what of it."""

    token = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
    create_only = frozenset({"resourceArn"})
    unordered = frozenset({"logDestinationConfigs", "redactedFields"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        destinations = inputs["logDestinationConfigs"]
        found = [
            Failure(
                f"logDestinationConfigs[{position}]",
                f'must be the ARN of a log group, stream or bucket named aws-waf-logs-..., without ":*" (got "{arn}")',
            )
            for position, arn in enumerate(destinations if isinstance(destinations, list) else [])
            if isinstance(arn, str) and not _DESTINATION.fullmatch(arn)
        ]
        return found or _LOGGING.failures(inputs)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        return inputs["resourceArn"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = client_for(call, resource_id).get_logging_configuration(ResourceArn=resource_id)["LoggingConfiguration"]
        declared: Properties = {"redactedFields": [], "loggingFilter": {}}
        found = {name: empty for name, empty in declared.items() if state.get(name)} | _LOGGING.properties(self.token, live)
        return {name: aligned(state[name], value) if name in state else value for name, value in found.items()}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, new)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        client_for(call, resource_id).delete_logging_configuration(ResourceArn=resource_id)

    def _put(self, call: Call, inputs: Properties) -> None:
        client_for(call, inputs["resourceArn"]).put_logging_configuration(LoggingConfiguration=_LOGGING.request(inputs))
