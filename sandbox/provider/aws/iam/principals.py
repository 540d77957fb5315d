"""What lets others act as a role: instance profiles, identity providers, roles of AWS's own services."""

from __future__ import annotations

from sandbox.provider import naming, tagging
from sandbox.provider.aws.iam.roles import HOME
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import UNKNOWN, Properties, moment


class InstanceProfile(Handler):
    """What carries a role to EC2 instances."""

    token = "aws:iam/instanceProfile:InstanceProfile"
    create_only = frozenset({"name", "namePrefix", "path"})
    defaults = {"path": "/"}
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("iam", "CreateInstanceProfile", {"InstanceProfileName": naming.predicted(inputs), "Path": inputs["path"]})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("iam", f"instance-profile{inputs['path']}{naming.predicted(inputs)}", region=""),
            "namePrefix": inputs.get("namePrefix", ""),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        iam, name = call.client("iam", HOME), naming.chosen(call, inputs)
        profile = iam.create_instance_profile(InstanceProfileName=name, Path=inputs["path"], Tags=tagging.pairs(inputs["tagsAll"]))[
            "InstanceProfile"
        ]
        if inputs.get("role"):
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=inputs["role"])
        return name, {"namePrefix": inputs.get("namePrefix", ""), **self._identity(profile)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        profile = call.client("iam", HOME).get_instance_profile(InstanceProfileName=resource_id)["InstanceProfile"]
        return {
            **self._identity(profile),
            "namePrefix": state.get("namePrefix", ""),
            "path": profile["Path"],
            "role": next((role["RoleName"] for role in profile["Roles"]), ""),
            "tags": tagging.mapping(profile.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        iam = call.client("iam", HOME)
        profile = iam.get_instance_profile(InstanceProfileName=resource_id)["InstanceProfile"]
        live, wanted = {role["RoleName"] for role in profile["Roles"]}, {new["role"]} if new.get("role") else set()
        for role in sorted(live - wanted):
            iam.remove_role_from_instance_profile(InstanceProfileName=resource_id, RoleName=role)
        for role in sorted(wanted - live):
            iam.add_role_to_instance_profile(InstanceProfileName=resource_id, RoleName=role)
        tagging.retag(iam, resource_id, old, new, "InstanceProfile")
        return {"namePrefix": new.get("namePrefix", ""), **self._identity(profile)}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        iam = call.client("iam", HOME)
        profile = iam.get_instance_profile(InstanceProfileName=resource_id)["InstanceProfile"]
        for role in profile["Roles"]:
            iam.remove_role_from_instance_profile(InstanceProfileName=resource_id, RoleName=role["RoleName"])
        iam.delete_instance_profile(InstanceProfileName=resource_id)

    def _identity(self, profile: Properties) -> Properties:
        return {
            "name": profile["InstanceProfileName"],
            "arn": profile["Arn"],
            "uniqueId": profile["InstanceProfileId"],
            "createDate": moment(profile["CreateDate"]),
        }


class OpenIdConnectProvider(Handler):
    """An issuer whose tokens IAM accepts."""

    token = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
    create_only = frozenset({"url"})
    unordered = frozenset({"clientIdLists"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        url = inputs.get("url")
        if isinstance(url, str) and not url.startswith("https://"):
            return [Failure("url", f"an issuer's address begins with https:// (got {url!r})")]
        return []

    def preview(self, call: Call, inputs: Properties) -> Properties:
        issuer = inputs["url"]
        if issuer is UNKNOWN:
            return {}
        return {
            "arn": call.arn("iam", f"oidc-provider/{issuer.removeprefix('https://')}", region=""),
            "thumbprintLists": inputs.get("thumbprintLists", []),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        pinned = {"ThumbprintList": inputs["thumbprintLists"]} if inputs.get("thumbprintLists") else {}
        made = call.client("iam", HOME).create_open_id_connect_provider(
            Url=inputs["url"], ClientIDList=inputs["clientIdLists"], Tags=tagging.pairs(inputs["tagsAll"]), **pinned
        )
        return made["OpenIDConnectProviderArn"], self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("iam", HOME).get_open_id_connect_provider(OpenIDConnectProviderArn=resource_id)
        return {
            "arn": resource_id,
            "url": f"https://{found['Url']}",
            "clientIdLists": found["ClientIDList"],
            "thumbprintLists": found["ThumbprintList"],
            "tags": tagging.mapping(found.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        iam, pinned = call.client("iam", HOME), new.get("thumbprintLists")
        live = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=resource_id)["ClientIDList"]
        for client in sorted(set(new["clientIdLists"]) - set(live)):
            iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=resource_id, ClientID=client)
        for client in sorted(set(live) - set(new["clientIdLists"])):
            iam.remove_client_id_from_open_id_connect_provider(OpenIDConnectProviderArn=resource_id, ClientID=client)
        if pinned and pinned != old.get("thumbprintLists"):
            iam.update_open_id_connect_provider_thumbprint(OpenIDConnectProviderArn=resource_id, ThumbprintList=pinned)
        tagging.retag(iam, resource_id, old, new, "OpenIDConnectProvider")
        return {"thumbprintLists": old["thumbprintLists"] if pinned is None else pinned}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("iam", HOME).delete_open_id_connect_provider(OpenIDConnectProviderArn=resource_id)


class ServiceLinkedRole(Handler):
    """The role that an AWS service makes for itself; AWS names it after the service."""

    token = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
    create_only = frozenset({"awsServiceName", "customSuffix"})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        iam = call.client("iam", HOME)
        optional = {"Description": "description", "CustomSuffix": "customSuffix"}
        role = iam.create_service_linked_role(
            AWSServiceName=inputs["awsServiceName"],
            **{parameter: inputs[key] for parameter, key in optional.items() if inputs.get(key)},
        )["Role"]
        if inputs["tagsAll"]:
            iam.tag_role(RoleName=role["RoleName"], Tags=tagging.pairs(inputs["tagsAll"]))
        return role["Arn"], self._identity(role)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        role = call.client("iam", HOME).get_role(RoleName=_role_name(resource_id))["Role"]
        return {
            **self._identity(role),
            "awsServiceName": role["Path"].split("/")[2],
            "customSuffix": state.get("customSuffix", ""),
            "description": role.get("Description", ""),
            "tags": tagging.mapping(role.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        iam, name = call.client("iam", HOME), _role_name(resource_id)
        if old.get("description") != new.get("description"):
            iam.update_role_description(RoleName=name, Description=new.get("description", ""))
        tagging.retag(iam, name, old, new, "Role")
        return {key: old[key] for key in ("name", "arn", "path", "uniqueId", "createDate")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("iam", HOME).delete_service_linked_role(RoleName=_role_name(resource_id))

    def _identity(self, role: Properties) -> Properties:
        return {
            "name": role["RoleName"],
            "arn": role["Arn"],
            "path": role["Path"],
            "uniqueId": role["RoleId"],
            "createDate": moment(role["CreateDate"]),
        }


def _role_name(arn: str) -> str:
    return arn.rpartition("/")[2]
