"""Roles and what they may do; also what was given to them past the program."""

import json
from collections.abc import Iterable
from typing import Any

from policies.graph import Resource
from scripts.evidence.running.cloud import Place, given, one, text, told
from scripts.evidence.running.reader import Reader, unmanaged

_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_GROUP_ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
_GONE = ("NoSuchEntity", "NoSuchEntityException")
_PASSWORDS = {
    "minimumPasswordLength": "MinimumPasswordLength",
    "requireLowercaseCharacters": "RequireLowercaseCharacters",
    "requireUppercaseCharacters": "RequireUppercaseCharacters",
    "requireNumbers": "RequireNumbers",
    "requireSymbols": "RequireSymbols",
}


def role(place: Place, resource: Resource) -> dict[str, Any]:
    """Read who may assume a role, what bounds it, and policies written in it that no resource of its own says."""
    name = text(resource, "name", "id")
    found = place.everywhere("iam", "get_role", RoleName=name)["Role"]
    said = {policy.look("name") for policy in _of(place, resource, _ROLE_POLICY)}
    names = [each for each in place.everywhere("iam", "list_role_policies", RoleName=name)["PolicyNames"] if each not in said]
    return {
        "assumeRolePolicy": json.dumps(found["AssumeRolePolicyDocument"], sort_keys=True),
        "permissionsBoundary": found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "maxSessionDuration": found.get("MaxSessionDuration"),
        "inlinePolicies": [{"name": each, "policy": _inline(place, name, each)} for each in names] or None,
    }


def given_to_role(place: Place, resource: Resource) -> Iterable[Resource]:
    """Give an attachment for each policy of the role that none of the graph's attachments names."""
    name = text(resource, "name", "id")
    answer = place.everywhere("iam", "list_attached_role_policies", RoleName=name)
    declared = resource.look("managedPolicyArns")
    said = {each.look("policyArn") for each in _of(place, resource, _ATTACHMENT)} | set(declared if isinstance(declared, list) else ())
    for each in answer["AttachedPolicies"]:
        if each["PolicyArn"] not in said:
            yield unmanaged(resource, _ATTACHMENT, each["PolicyName"], {"role": name, "policyArn": each["PolicyArn"]})


def group(place: Place, resource: Resource) -> dict[str, Any]:
    """Read whether a group of people is there."""
    place.everywhere("iam", "get_group", GroupName=text(resource, "name", "id"))
    return {}


def given_to_group(place: Place, resource: Resource) -> Iterable[Resource]:
    """Give an attachment for each policy of the group that none of the graph's attachments names."""
    name = text(resource, "name", "id")
    said = {each.look("policyArn") for each in place.graph.attached(resource, _GROUP_ATTACHMENT, "group").resources}
    for each in place.everywhere("iam", "list_attached_group_policies", GroupName=name)["AttachedPolicies"]:
        if each["PolicyArn"] not in said:
            yield unmanaged(resource, _GROUP_ATTACHMENT, each["PolicyName"], {"group": name, "policyArn": each["PolicyArn"]})


def role_policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read a policy written in a role."""
    role_name, _, name = text(resource, "id").partition(":")
    return {"policy": _inline(place, role_name, name)}


def attachment(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether a policy is still attached."""
    answer = place.everywhere("iam", "list_attached_role_policies", RoleName=text(resource, "role"))
    arn = text(resource, "policyArn")
    return None if one(each for each in answer["AttachedPolicies"] if each["PolicyArn"] == arn) is None else {}


def policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read the version of a policy that is in force."""
    arn = text(resource, "arn", "id")
    version = place.everywhere("iam", "get_policy", PolicyArn=arn)["Policy"]["DefaultVersionId"]
    answer = place.everywhere("iam", "get_policy_version", PolicyArn=arn, VersionId=version)
    return {"policy": json.dumps(answer["PolicyVersion"]["Document"], sort_keys=True)}


def _of(place: Place, resource: Resource, type_: str) -> tuple[Resource, ...]:
    return place.graph.attached(resource, type_, "role").resources


def _inline(place: Place, role_name: str, name: str) -> str:
    answer = place.everywhere("iam", "get_role_policy", RoleName=role_name, PolicyName=name)
    return json.dumps(answer["PolicyDocument"], sort_keys=True)


def group_attachment(place: Place, resource: Resource) -> dict[str, Any] | None:
    """Read whether a policy is still attached to a group."""
    answer = place.everywhere("iam", "list_attached_group_policies", GroupName=text(resource, "group"))
    arn = text(resource, "policyArn")
    return None if one(each for each in answer["AttachedPolicies"] if each["PolicyArn"] == arn) is None else {}


def password_policy(place: Place, resource: Resource) -> dict[str, Any]:
    """Read what passwords of people must be."""
    del resource
    found = place.everywhere("iam", "get_account_password_policy")["PasswordPolicy"]
    return told(found, **_PASSWORDS) | given(found, passwordReusePrevention="PasswordReusePrevention", maxPasswordAge="MaxPasswordAge")


READERS = (
    Reader(
        type="aws:iam/role:Role",
        covers=("assumeRolePolicy", "permissionsBoundary", "maxSessionDuration", "inlinePolicies"),
        read=role,
        gone=_GONE,
        found=given_to_role,
    ),
    Reader(type=_ROLE_POLICY, covers=("policy",), read=role_policy, gone=_GONE),
    Reader(type=_ATTACHMENT, covers=(), read=attachment, gone=_GONE),
    Reader(type="aws:iam/policy:Policy", covers=("policy",), read=policy, gone=_GONE),
    Reader(type="aws:iam/group:Group", covers=(), read=group, gone=_GONE, found=given_to_group),
    Reader(type=_GROUP_ATTACHMENT, covers=(), read=group_attachment, gone=_GONE),
    Reader(
        type="aws:iam/accountPasswordPolicy:AccountPasswordPolicy",
        covers=(*_PASSWORDS, "passwordReusePrevention", "maxPasswordAge"),
        read=password_policy,
        gone=_GONE,
    ),
)
