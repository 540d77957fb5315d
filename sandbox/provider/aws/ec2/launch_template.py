"""Launch templates."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from sandbox.provider import tagging
from sandbox.provider.aws.ec2.common import given, retag, tagged
from sandbox.provider.aws.ec2.translation import Translation
from sandbox.provider.errors import Failure
from sandbox.provider.facts import sdk, service_model
from sandbox.provider.handler import Call, Handler
from sandbox.provider.values import UNKNOWN, Properties, canonical, known

# Inputs about the template itself; every other is part of what a version holds.
_ABOUT = frozenset({"name", "namePrefix", "description", "defaultVersion", "updateDefaultVersion", "tags", "tagsAll", "region"})
_NAMES = Translation(
    {
        "securityGroupNames": "SecurityGroups",
        "vpcSecurityGroupIds": "SecurityGroupIds",
        "networkInterfaces.securityGroups": "Groups",
        "networkInterfaces.ipv4AddressCount": "SecondaryPrivateIpAddressCount",
        "networkInterfaces.ipv4Addresses": "PrivateIpAddresses",
    }
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
        asked = {"LaunchTemplateName": UNKNOWN, **self._request(inputs)}
        problems = service_model.check_request("ec2", "CreateLaunchTemplate", asked, UNKNOWN)
        return failures + [Failure(_wire_path(problem.path), problem.message) for problem in problems]

    def preview(self, call: Call, inputs: Properties) -> Properties:
        options = inputs.get("metadataOptions", {})
        return {"metadataOptions": options} if inputs.get("namePrefix") else {"metadataOptions": options, "namePrefix": ""}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = inputs.get("name") or f"{inputs['namePrefix']}{call.token().replace('-', '')[:26]}"
        made = call.client("ec2").create_launch_template(
            **self._request(inputs | {"name": name}), **tagged("launch-template", inputs["tagsAll"])
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
            asked = self._request(new)
            made = ec2.create_launch_template_version(
                LaunchTemplateId=resource_id,
                LaunchTemplateData=asked["LaunchTemplateData"],
                **given(VersionDescription=asked.get("VersionDescription")),
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

    def _request(self, inputs: Properties) -> Properties:
        """CreateLaunchTemplate's parameters, but for the tags."""
        # Not a client's model: a preview asks for this, and needs no client otherwise.
        _, shapes = service_model.input_shapes("ec2", "CreateLaunchTemplate")
        data = {name: value for name, value in inputs.items() if name not in _ABOUT}
        asked = {"LaunchTemplateData": _NAMES.to_api(data, shapes, "RequestLaunchTemplateData")}
        return asked | given(LaunchTemplateName=inputs.get("name"), VersionDescription=inputs.get("description"))

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
    fields = {name: field for name, field in sdk.resource(LaunchTemplate.token).inputs.items() if name not in _ABOUT}
    return {name: value for name, value in _NAMES.members(version["LaunchTemplateData"], fields).items() if value not in ("", [], {})}


def _wire_path(path: str) -> str:
    """Where a finding about the request stands in the inputs."""
    return ".".join(f"{step[:1].lower()}{step[1:]}" for step in path.removeprefix("LaunchTemplateData.").split("."))


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
