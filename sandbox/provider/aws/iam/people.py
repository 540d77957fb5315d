"""Users and groups: people, and what is attached to their groups."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sandbox.provider import naming, tagging
from sandbox.provider.aws.iam.roles import HOME
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties


class Group(Handler):
    """A group of users; it has no tags."""

    token = "aws:iam/group:Group"
    defaults = {"path": "/"}
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("iam", "CreateGroup", {"GroupName": naming.predicted(inputs), "Path": inputs["path"]})

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("iam", f"group{inputs['path']}{naming.predicted(inputs)}", region="")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("iam", HOME).create_group(GroupName=inputs["name"], Path=inputs["path"])["Group"]
        return made["GroupName"], {"arn": made["Arn"], "uniqueId": made["GroupId"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("iam", HOME).get_group(GroupName=resource_id)["Group"]
        return {"name": found["GroupName"], "path": found["Path"], "arn": found["Arn"], "uniqueId": found["GroupId"]}

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # On AWS both change in place and the id changes with the name; the emulated cloud would lose the members' membership.
        return path in ("name", "path")

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        return {"arn": old["arn"], "uniqueId": old["uniqueId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("iam", HOME).delete_group(GroupName=resource_id)


class GroupPolicyAttachment(Handler):
    """A managed policy attached to a group."""

    token = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
    create_only = frozenset({"group", "policyArn"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("iam", "AttachGroupPolicy", {"GroupName": inputs["group"], "PolicyArn": inputs["policyArn"]})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("iam", HOME).attach_group_policy(GroupName=inputs["group"], PolicyArn=inputs["policyArn"])
        return f"{inputs['group']}/{inputs['policyArn']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        group, _, arn = resource_id.partition("/")
        pages = call.client("iam", HOME).get_paginator("list_attached_group_policies").paginate(GroupName=group)
        attached = {policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]}
        return {"group": group, "policyArn": arn} if arn in attached else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        raise NotImplementedError("every input of a policy attachment replaces it")

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        group, _, arn = resource_id.partition("/")
        call.client("iam", HOME).detach_group_policy(GroupName=group, PolicyArn=arn)


class User(Handler):
    """A user. With `forceDestroy` its end takes along what was given to it outside the program."""

    token = "aws:iam/user:User"
    defaults = {"path": "/", "forceDestroy": False}
    autoname = "name"
    autoname_limit = 64

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("iam", "CreateUser", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"arn": call.arn("iam", f"user{inputs['path']}{naming.predicted(inputs)}", region="")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        made = call.client("iam", HOME).create_user(**self._request(inputs), Tags=tagging.pairs(inputs["tagsAll"]))["User"]
        return made["UserName"], {"arn": made["Arn"], "uniqueId": made["UserId"]}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        iam = call.client("iam", HOME)
        found = iam.get_user(UserName=resource_id)["User"]
        return {
            "name": found["UserName"],
            "path": found["Path"],
            "arn": found["Arn"],
            "uniqueId": found["UserId"],
            "permissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "tags": tagging.mapping(found.get("Tags")),
        }

    def replaces(self, path: str, old: Properties, new: Properties) -> bool:
        # On AWS a user can be renamed; the emulated cloud keeps the old one's tags under the old ARN.
        return path in ("name", "path")

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        iam = call.client("iam", HOME)
        before, after = old.get("permissionsBoundary"), new.get("permissionsBoundary")
        if after and after != before:
            iam.put_user_permissions_boundary(UserName=resource_id, PermissionsBoundary=after)
        if before and not after:
            iam.delete_user_permissions_boundary(UserName=resource_id)
        tagging.retag(iam, resource_id, old, new, "User")
        return {"arn": old["arn"], "uniqueId": old["uniqueId"]}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        iam = call.client("iam", HOME)
        if state.get("forceDestroy") or call.teardown:
            _strip(iam, resource_id)
        iam.delete_user(UserName=resource_id)

    def _request(self, inputs: Properties) -> Properties:
        return {"UserName": naming.predicted(inputs), **parameters(inputs, Path="path", PermissionsBoundary="permissionsBoundary")}


class UserGroupMembership(Handler):
    """Some of a user's groups; others that it is in are left alone."""

    token = "aws:iam/userGroupMembership:UserGroupMembership"
    create_only = frozenset({"user"})
    unordered = frozenset({"groups"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        groups = inputs["groups"] if isinstance(inputs["groups"], list) else []
        return [
            failure for group in groups for failure in refusals("iam", "AddUserToGroup", {"GroupName": group, "UserName": inputs["user"]})
        ]

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        iam = call.client("iam", HOME)
        for group in inputs["groups"]:
            iam.add_user_to_group(GroupName=group, UserName=inputs["user"])
        return f"{inputs['user']}/{'/'.join(sorted(inputs['groups']))}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        user, *groups = resource_id.split("/")
        wanted = set(state.get("groups", groups))
        live = sorted(wanted & _groups(call.client("iam", HOME), user))
        return {"user": user, "groups": live} if live else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        iam, user = call.client("iam", HOME), new["user"]
        live = _groups(iam, user)
        for group in sorted(set(new["groups"]) - live):
            iam.add_user_to_group(GroupName=group, UserName=user)
        for group in sorted((set(old["groups"]) - set(new["groups"])) & live):
            iam.remove_user_from_group(GroupName=group, UserName=user)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        iam, user = call.client("iam", HOME), state["user"]
        for group in sorted(set(state["groups"]) & _groups(iam, user)):
            iam.remove_user_from_group(GroupName=group, UserName=user)


class AccountPasswordPolicy(Handler):
    """What passwords of the account's users must be; one for each account."""

    token = "aws:iam/accountPasswordPolicy:AccountPasswordPolicy"
    defaults = {"allowUsersToChangePassword": True, "minimumPasswordLength": 6}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("iam", "UpdateAccountPasswordPolicy", self._request(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        unset = {"hardExpiry": False, "maxPasswordAge": 0, "passwordReusePrevention": 0}
        unset |= {f"require{kind}": False for kind in ("LowercaseCharacters", "Numbers", "Symbols", "UppercaseCharacters")}
        return {**unset, **inputs, "expirePasswords": bool(inputs.get("maxPasswordAge"))}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("iam", HOME).update_account_password_policy(**self._request(inputs))
        return "iam-account-password-policy", self.preview(call, inputs)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        found = call.client("iam", HOME).get_account_password_policy()["PasswordPolicy"]
        return {f"{member[0].lower()}{member[1:]}": value for member, value in found.items()}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        # What is not said falls back to the service's default: AWS replaces the whole policy.
        return self.create(call, new)[1]

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("iam", HOME).delete_account_password_policy()

    def _request(self, inputs: Properties) -> Properties:
        members = (
            *("allowUsersToChangePassword", "hardExpiry", "maxPasswordAge", "minimumPasswordLength", "passwordReusePrevention"),
            *("requireLowercaseCharacters", "requireNumbers", "requireSymbols", "requireUppercaseCharacters"),
        )
        return {f"{key[0].upper()}{key[1:]}": inputs[key] for key in members if inputs.get(key) is not None}


def _groups(iam: Any, user: str) -> set[str]:
    pages = iam.get_paginator("list_groups_for_user").paginate(UserName=user)
    return {group["GroupName"] for page in pages for group in page["Groups"]}


def _strip(iam: Any, user: str) -> None:
    """Takes away what keeps a user from being deleted: groups, password, keys and MFA devices, policies given by hand."""
    for group in sorted(_groups(iam, user)):
        iam.remove_user_from_group(GroupName=group, UserName=user)
    for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]:
        iam.delete_access_key(UserName=user, AccessKeyId=key["AccessKeyId"])
    for key in iam.list_ssh_public_keys(UserName=user)["SSHPublicKeys"]:
        iam.delete_ssh_public_key(UserName=user, SSHPublicKeyId=key["SSHPublicKeyId"])
    for certificate in iam.list_signing_certificates(UserName=user)["Certificates"]:
        iam.delete_signing_certificate(UserName=user, CertificateId=certificate["CertificateId"])
    for device in iam.list_mfa_devices(UserName=user)["MFADevices"]:
        iam.deactivate_mfa_device(UserName=user, SerialNumber=device["SerialNumber"])
        if device["SerialNumber"].startswith("arn:"):
            iam.delete_virtual_mfa_device(SerialNumber=device["SerialNumber"])
    for name in iam.list_user_policies(UserName=user)["PolicyNames"]:
        iam.delete_user_policy(UserName=user, PolicyName=name)
    for policy in iam.list_attached_user_policies(UserName=user)["AttachedPolicies"]:
        iam.detach_user_policy(UserName=user, PolicyArn=policy["PolicyArn"])
    with suppress(iam.exceptions.NoSuchEntityException):  # whoever never had a password
        iam.delete_login_profile(UserName=user)
