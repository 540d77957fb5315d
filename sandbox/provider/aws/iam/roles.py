"""Roles, their inline policies and what is attached to them."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider import documents, naming, tagging
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import UNKNOWN, Properties, canonical, moment

HOME = "us-east-1"
"""IAM is one for all regions; its clients speak from here."""


class Role(Handler):
    """A role. Inline and managed policies declared on the role itself are exclusive: others are removed."""

    token = "aws:iam/role:Role"
    create_only = frozenset({"name", "namePrefix", "path"})
    unordered = frozenset({"managedPolicyArns"})
    documents = frozenset({"assumeRolePolicy"})
    defaults = {"path": "/", "maxSessionDuration": 3600, "forceDetachPolicies": False}
    autoname = "name"
    autoname_limit = 64

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "assumeRolePolicy")
        found = documents.failures("assumeRolePolicy", inputs.get("assumeRolePolicy"), documents.TRUST)
        inline = inputs.get("inlinePolicies")
        for position, item in enumerate(inline if isinstance(inline, list) else []):
            if item is not UNKNOWN:
                path = f"inlinePolicies[{position}].policy"
                found += documents.failures(path, item.get("policy"), documents.INLINE)
        return found or refusals("iam", "CreateRole", self._request(inputs, naming.predicted(inputs)))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("iam", f"role{inputs['path']}{naming.predicted(inputs)}", region=""),
            "namePrefix": inputs.get("namePrefix", ""),
            "inlinePolicies": inputs.get("inlinePolicies", []),
            "managedPolicyArns": inputs.get("managedPolicyArns", []),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        iam, name = call.client("iam", HOME), naming.chosen(call, inputs)
        role = iam.create_role(**self._request(inputs, name), Tags=tagging.pairs(inputs["tagsAll"]))["Role"]
        for policy, document in _inline(inputs).items():
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)
        for arn in inputs.get("managedPolicyArns", []):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)
        return name, {**self.preview(call, {**inputs, "name": name}), **_identity(role)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        iam = call.client("iam", HOME)
        role = iam.get_role(RoleName=resource_id)["Role"]
        return {
            **_identity(role),
            "namePrefix": state.get("namePrefix", ""),
            "path": role["Path"],
            "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
            "description": role.get("Description", ""),
            "maxSessionDuration": role["MaxSessionDuration"],
            "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn", ""),
            "inlinePolicies": [{"name": name, "policy": document} for name, document in sorted(_live_inline(iam, resource_id).items())],
            "managedPolicyArns": sorted(_live_attached(iam, resource_id)),
            "tags": tagging.mapping(role.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        iam = call.client("iam", HOME)
        if old["assumeRolePolicy"] != new["assumeRolePolicy"]:
            iam.update_assume_role_policy(RoleName=resource_id, PolicyDocument=new["assumeRolePolicy"])
        if any(old.get(key) != new.get(key) for key in ("description", "maxSessionDuration")):
            iam.update_role(
                RoleName=resource_id,
                Description=new.get("description", ""),
                MaxSessionDuration=new["maxSessionDuration"],
            )
        self._bound(iam, resource_id, old.get("permissionsBoundary"), new.get("permissionsBoundary"))
        if "inlinePolicies" in new:
            self._keep_only_inline(iam, resource_id, _inline(new))
        if "managedPolicyArns" in new:
            self._keep_only_attached(iam, resource_id, set(new["managedPolicyArns"]))
        tagging.retag(iam, resource_id, old, new, "Role")
        return self.preview(call, {**new, "name": resource_id})

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        iam = call.client("iam", HOME)
        for profile in iam.list_instance_profiles_for_role(RoleName=resource_id)["InstanceProfiles"]:
            iam.remove_role_from_instance_profile(InstanceProfileName=profile["InstanceProfileName"], RoleName=resource_id)
        owned = state.get("inlinePolicies") or state.get("managedPolicyArns")
        if state.get("forceDetachPolicies") or owned or call.teardown:
            self._keep_only_inline(iam, resource_id, {})
            self._keep_only_attached(iam, resource_id, set())
        iam.delete_role(RoleName=resource_id)

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "inlinePolicies":
            return _comparable(old) == _comparable(new)
        return super().equal(path, old, new)

    def _request(self, inputs: Properties, name: str) -> Properties:
        return {
            "RoleName": name,
            "AssumeRolePolicyDocument": documents.text(inputs["assumeRolePolicy"]),
            **parameters(
                inputs,
                Path="path",
                MaxSessionDuration="maxSessionDuration",
                Description="description",
                PermissionsBoundary="permissionsBoundary",
            ),
        }

    def _bound(self, iam: Any, name: str, old: str | None, new: str | None) -> None:
        if new and new != old:
            iam.put_role_permissions_boundary(RoleName=name, PermissionsBoundary=new)
        if old and not new:
            iam.delete_role_permissions_boundary(RoleName=name)

    def _keep_only_inline(self, iam: Any, name: str, wanted: dict[str, str]) -> None:
        for policy in _live_inline(iam, name).keys() - wanted.keys():
            iam.delete_role_policy(RoleName=name, PolicyName=policy)
        for policy, document in wanted.items():
            iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=document)

    def _keep_only_attached(self, iam: Any, name: str, wanted: set[str]) -> None:
        live = _live_attached(iam, name)
        for arn in sorted(live - wanted):
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
        for arn in sorted(wanted - live):
            iam.attach_role_policy(RoleName=name, PolicyArn=arn)


class RolePolicy(Handler):
    """An inline policy of a role."""

    token = "aws:iam/rolePolicy:RolePolicy"
    create_only = frozenset({"name", "namePrefix", "role"})
    documents = frozenset({"policy"})
    autoname = "name"
    autoname_limit = 128

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        named = {"RoleName": inputs["role"], "PolicyName": naming.predicted(inputs), "PolicyDocument": documents.text(inputs["policy"])}
        return documents.failures("policy", inputs["policy"], documents.INLINE) or refusals("iam", "PutRolePolicy", named)

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"namePrefix": inputs.get("namePrefix", "")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = naming.chosen(call, inputs)
        self._put(call, inputs["role"], name, inputs["policy"])
        return f"{inputs['role']}:{name}", {"name": name, "namePrefix": inputs.get("namePrefix", "")}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        role, _, name = resource_id.partition(":")
        found = call.client("iam", HOME).get_role_policy(RoleName=role, PolicyName=name)
        return {
            "role": role,
            "name": name,
            "namePrefix": state.get("namePrefix", ""),
            "policy": json.dumps(found["PolicyDocument"]),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        role, _, name = resource_id.partition(":")
        self._put(call, role, name, new["policy"])
        return {"name": name, "namePrefix": new.get("namePrefix", "")}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        role, _, name = resource_id.partition(":")
        call.client("iam", HOME).delete_role_policy(RoleName=role, PolicyName=name)

    def _put(self, call: Call, role: str, name: str, policy: str) -> None:
        call.client("iam", HOME).put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=policy)


class RolePolicyAttachment(Handler):
    """A managed policy attached to a role."""

    token = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    create_only = frozenset({"role", "policyArn"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("iam", "AttachRolePolicy", {"RoleName": inputs["role"], "PolicyArn": inputs["policyArn"]})

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("iam", HOME).attach_role_policy(RoleName=inputs["role"], PolicyArn=inputs["policyArn"])
        return f"{inputs['role']}/{inputs['policyArn']}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        role, _, arn = resource_id.partition("/")
        if arn not in _live_attached(call.client("iam", HOME), role):
            return None
        return {"role": role, "policyArn": arn}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        raise NotImplementedError("every input of a policy attachment replaces it")

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        role, _, arn = resource_id.partition("/")
        call.client("iam", HOME).detach_role_policy(RoleName=role, PolicyArn=arn)


def _identity(role: Properties) -> Properties:
    return {
        "name": role["RoleName"],
        "arn": role["Arn"],
        "uniqueId": role["RoleId"],
        "createDate": moment(role["CreateDate"]),
    }


def _inline(inputs: Properties) -> dict[str, str]:
    """Name to document; one entry without a name stands for none at all."""
    return {item["name"]: item["policy"] for item in inputs.get("inlinePolicies") or [] if item.get("name")}


def _comparable(inline: Any) -> list[str]:
    return sorted(canonical([item["name"], json.loads(item["policy"])]) for item in inline if item.get("name"))


def _live_inline(iam: Any, role: str) -> dict[str, str]:
    return {
        name: json.dumps(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
        for page in iam.get_paginator("list_role_policies").paginate(RoleName=role)
        for name in page["PolicyNames"]
    }


def _live_attached(iam: Any, role: str) -> set[str]:
    return {
        policy["PolicyArn"]
        for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=role)
        for policy in page["AttachedPolicies"]
    }
