"""Launch templates."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import given, retag, tagged
from sandbox.provider.errors import Failure
from sandbox.provider.facts import sdk
from sandbox.provider.handler import Call, Handler
from sandbox.provider.translation import Translation
from sandbox.provider.values import UNKNOWN, Properties, canonical, known

# Inputs about the template itself; every other is part of what a version holds.
_ABOUT = frozenset({"name", "namePrefix", "description", "defaultVersion", "updateDefaultVersion", "tags", "tagsAll", "region"})
_DATA = Translation(
    "ec2",
    "CreateLaunchTemplate",
    below="LaunchTemplateData",
    names={
        "securityGroupNames": "SecurityGroups",
        "vpcSecurityGroupIds": "SecurityGroupIds",
        "LaunchTemplateInstanceNetworkInterfaceSpecificationRequest.securityGroups": "Groups",
        "ipv4AddressCount": "SecondaryPrivateIpAddressCount",
        "ipv4Addresses": "PrivateIpAddresses",
    },
    apart=_ABOUT,
)


class LaunchTemplate(Handler):
    """A launch template; a change of what its instances get makes a new version."""

    token = "aws:ec2/launchTemplate:LaunchTemplate"
    create_only = frozenset({"name", "namePrefix"})
    unordered = frozenset({"securityGroupNames", "vpcSecurityGroupIds"})
    defaults = {"updateDefaultVersion": False}
    autoname = "name"
    autoname_limit = 125
    volatile = frozenset({"latestVersion", "defaultVersion"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        failures: list[Failure] = []
        if inputs.get("defaultVersion") and inputs["updateDefaultVersion"]:
            failures.append(Failure("updateDefaultVersion", "give either this or defaultVersion, not both"))
        failures += _base64_failures(inputs.get("userData"))
        about = {"LaunchTemplateName": inputs.get("name", UNKNOWN), **given(VersionDescription=inputs.get("description"))}
        return failures + _DATA.failures(inputs, **about)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        options = inputs.get("metadataOptions", {})
        return {"metadataOptions": options} if inputs.get("namePrefix") else {"metadataOptions": options, "namePrefix": ""}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = inputs.get("name") or f"{inputs['namePrefix']}{call.token().replace('-', '')[:26]}"
        made = call.client("ec2").create_launch_template(
            LaunchTemplateName=name,
            LaunchTemplateData=_DATA.request(inputs),
            **given(VersionDescription=inputs.get("description")),
            **tagged("launch-template", inputs["tagsAll"]),
        )["LaunchTemplate"]
        return made["LaunchTemplateId"], self._outputs(call, made, inputs) | {"namePrefix": inputs.get("namePrefix", "")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        template = self._describe(call, resource_id)
        if template is None:
            return None
        version = self._latest(call, resource_id)
        data = _data(version)
        fields = sdk.resource(self.token).inputs
        # A part that is remembered but gone must show as changed, not as unknown.
        lost = {name: _empty(fields[name].kind) for name in state if name in fields and name not in _ABOUT and name not in data}
        return {
            **lost,
            **self._outputs(call, template, data),
            **data,
            "description": version.get("VersionDescription", ""),
            "namePrefix": state.get("namePrefix", ""),
            "tags": tagging.mapping(template["Tags"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        ec2, template = call.client("ec2"), dict(self._describe(call, resource_id) or {})
        latest = self._latest(call, resource_id)
        wanted = {name: value for name, value in new.items() if name not in _ABOUT and value not in (None, "", [], {})}
        same = canonical(_data(latest)) == canonical(wanted)
        if not same or latest.get("VersionDescription", "") != new.get("description", ""):
            made = ec2.create_launch_template_version(
                LaunchTemplateId=resource_id,
                LaunchTemplateData=_DATA.request(new),
                **given(VersionDescription=new.get("description")),
            )["LaunchTemplateVersion"]
            template["LatestVersionNumber"] = made["VersionNumber"]
        default = template["LatestVersionNumber"] if new["updateDefaultVersion"] else new.get("defaultVersion")
        if default and default != template["DefaultVersionNumber"]:
            ec2.modify_launch_template(LaunchTemplateId=resource_id, DefaultVersion=str(default))
            template["DefaultVersionNumber"] = default
        retag(call, resource_id, old, new)
        return self._outputs(call, template, new) | {"namePrefix": old["namePrefix"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("ec2").delete_launch_template(LaunchTemplateId=resource_id)

    def _describe(self, call: Call, template_id: str) -> Properties | None:
        found = call.client("ec2").describe_launch_templates(LaunchTemplateIds=[template_id])["LaunchTemplates"]
        return found[0] if found else None

    def _latest(self, call: Call, template_id: str) -> Properties:
        versions = call.client("ec2").describe_launch_template_versions(LaunchTemplateId=template_id, Versions=["$Latest"])
        return dict(versions["LaunchTemplateVersions"][0])

    def _outputs(self, call: Call, template: Properties, data: Properties) -> Properties:
        return {
            "arn": call.arn("ec2", f"launch-template/{template['LaunchTemplateId']}"),
            "name": template["LaunchTemplateName"],
            "defaultVersion": template["DefaultVersionNumber"],
            "latestVersion": template["LatestVersionNumber"],
            "metadataOptions": data.get("metadataOptions", {}),
        }


def _data(version: Properties) -> Properties:
    """What a version holds, as a program writes it."""
    told = _DATA.properties(LaunchTemplate.token, version["LaunchTemplateData"])
    return {name: value for name, value in told.items() if value not in ("", [], {})}


def _empty(kind: str) -> Any:
    return {"array": [], "object": {}, "map": {}, "boolean": False, "integer": 0}.get(kind, "")


def _base64_failures(text: Any) -> list[Failure]:
    if not text or not known(text):
        return []
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return [Failure("userData", "must be encoded in base64")]
    return []
