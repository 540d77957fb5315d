"""Customer managed policies."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider import documents, naming, tagging
from sandbox.provider.aws.iam.roles import HOME
from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters, refusals
from sandbox.provider.values import Properties

_MOST_VERSIONS = 5


class Policy(Handler):
    """A managed policy. A changed document becomes a new default version; IAM keeps five at most."""

    token = "aws:iam/policy:Policy"
    create_only = frozenset({"name", "namePrefix", "path", "description"})
    documents = frozenset({"policy"})
    defaults = {"path": "/"}
    autoname = "name"
    autoname_limit = 128
    volatile = frozenset({"attachmentCount"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        found = documents.failures("policy", inputs["policy"], documents.IDENTITY)
        return found or refusals("iam", "CreatePolicy", self._request(inputs, naming.predicted(inputs)))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {
            "arn": call.arn("iam", f"policy{inputs['path']}{naming.predicted(inputs)}", region=""),
            "namePrefix": inputs.get("namePrefix", ""),
        }

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        name = naming.chosen(call, inputs)
        policy = call.client("iam", HOME).create_policy(**self._request(inputs, name), Tags=tagging.pairs(inputs["tagsAll"]))["Policy"]
        return policy["Arn"], {"namePrefix": inputs.get("namePrefix", ""), **_identity(policy)}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        iam = call.client("iam", HOME)
        policy = iam.get_policy(PolicyArn=resource_id)["Policy"]
        return {
            **_identity(policy),
            "namePrefix": state.get("namePrefix", ""),
            "path": policy["Path"],
            "description": policy.get("Description", ""),
            "policy": json.dumps(_document(iam, resource_id, policy["DefaultVersionId"])),
            "tags": tagging.mapping(policy.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        iam = call.client("iam", HOME)
        if json.loads(old["policy"]) != json.loads(new["policy"]):
            self._release(iam, resource_id, new["policy"])
        tagging.retag(iam, resource_id, old, new, "Policy")
        return {"namePrefix": new.get("namePrefix", ""), **_identity(iam.get_policy(PolicyArn=resource_id)["Policy"])}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        iam = call.client("iam", HOME)
        for version in iam.list_policy_versions(PolicyArn=resource_id)["Versions"]:
            if not version["IsDefaultVersion"]:
                iam.delete_policy_version(PolicyArn=resource_id, VersionId=version["VersionId"])
        iam.delete_policy(PolicyArn=resource_id)

    def _request(self, inputs: Properties, name: str) -> Properties:
        optional = parameters(inputs, Path="path", Description="description")
        return {"PolicyName": name, "PolicyDocument": documents.text(inputs["policy"]), **optional}

    def _release(self, iam: Any, arn: str, document: str) -> None:
        versions = iam.list_policy_versions(PolicyArn=arn)["Versions"]
        default = next(version["VersionId"] for version in versions if version["IsDefaultVersion"])
        if _document(iam, arn, default) == json.loads(document):
            return
        others = sorted((version["VersionId"] for version in versions if version["VersionId"] != default), key=_number)
        for version in others[: max(0, len(versions) - _MOST_VERSIONS + 1)]:
            iam.delete_policy_version(PolicyArn=arn, VersionId=version)
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document, SetAsDefault=True)


def _identity(policy: Properties) -> Properties:
    return {
        "name": policy["PolicyName"],
        "arn": policy["Arn"],
        "policyId": policy["PolicyId"],
        "attachmentCount": policy["AttachmentCount"],
    }


def _document(iam: Any, arn: str, version: str) -> Any:
    return iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]


def _number(version: str) -> int:
    return int(version.removeprefix("v"))
