"""Secrets, and the policies that say who may read them."""

from __future__ import annotations

import re
from typing import Any

from sandbox.provider import documents, naming, tagging
from sandbox.provider.errors import Failure, HandlerError
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import parameters
from sandbox.provider.translation import Translation, with_blanks
from sandbox.provider.values import UNKNOWN, Properties, canonical

POLICY = documents.Grammar("a secret's policy", frozenset({"Action", "Resource", "Principal"}), 20_480, plain_sids=False)
_CREATE = Translation(
    "secretsmanager",
    "CreateSecret",
    apart=frozenset({"name", "namePrefix", "policy", "recoveryWindowInDays", "replicas"}),
)
_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
_DEFAULT_KEY = "alias/aws/secretsmanager"
_NONE = (None, "", "{}")
"""How a program says that a secret has no policy."""


class Secret(Handler):
    """A secret without its value. Its ARN ends in six letters drawn at random."""

    token = "aws:secretsmanager/secret:Secret"
    create_only = frozenset({"name", "namePrefix"})
    documents = frozenset({"policy"})
    unordered = frozenset({"replicas"})
    defaults = {"forceOverwriteReplicaSecret": False, "recoveryWindowInDays": 30}
    autoname = "name"
    autoname_limit = 512

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        found, window, name = [], inputs["recoveryWindowInDays"], inputs.get("name")
        if isinstance(window, int) and window != 0 and not 7 <= window <= 30:
            found.append(Failure("recoveryWindowInDays", f"must be 7 to 30, or 0 to delete at once (got {window})"))
        if isinstance(name, str) and not _NAME.fullmatch(name):
            found.append(Failure("name", f"at most 512 letters, digits and /_+=.@- (got {name!r})"))
        if inputs.get("policy") not in _NONE:
            found += documents.failures("policy", inputs.get("policy"), POLICY)
        return found + _CREATE.failures(inputs, Name=naming.predicted(inputs), **_regions(inputs))

    def preview(self, call: Call, inputs: Properties) -> Properties:
        return {"namePrefix": inputs.get("namePrefix", "")}

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        secrets, name = call.client("secretsmanager"), naming.chosen(call, inputs)
        asked = _CREATE.request(inputs) | _regions(inputs) | {"Name": name, "Tags": tagging.pairs(inputs["tagsAll"])}
        try:
            made = secrets.create_secret(**asked, ClientRequestToken=call.token())
        except Exception as error:
            if "scheduled for deletion" in str(error):
                raise _waits(name) from error
            raise
        if inputs.get("policy") not in _NONE:
            secrets.put_resource_policy(SecretId=made["ARN"], ResourcePolicy=inputs["policy"])
        computed = {"arn": made["ARN"], "name": name} | self.preview(call, inputs)
        if "replicas" in inputs:
            computed["replicas"] = _replicas(made.get("ReplicationStatus", []))
        return made["ARN"], with_blanks(self.token, inputs, computed)

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        secrets = call.client("secretsmanager")
        live = secrets.describe_secret(SecretId=resource_id)
        if live.get("DeletedDate"):
            return None
        return {
            "arn": live["ARN"],
            "name": live["Name"],
            "namePrefix": state.get("namePrefix", ""),
            "description": live.get("Description", ""),
            "kmsKeyId": live.get("KmsKeyId", ""),
            "policy": secrets.get_resource_policy(SecretId=resource_id).get("ResourcePolicy", ""),
            "replicas": _replicas(live.get("ReplicationStatus", [])),
            "type": live.get("Type", ""),
            "tags": tagging.mapping(live.get("Tags")),
        }

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        secrets = call.client("secretsmanager")
        self._replicate(call, resource_id, new)
        if any(old.get(key, "") != new.get(key, "") for key in ("description", "kmsKeyId", "type")):
            request = {"Description": new.get("description", "")} | _CREATE.request(
                {key: new[key] for key in ("kmsKeyId", "type") if key in new}
            )
            secrets.update_secret(SecretId=resource_id, ClientRequestToken=call.token(), **request)
        if "policy" in new and old.get("policy") != new["policy"]:
            _set_policy(secrets, resource_id, new["policy"])
        tagging.retag(secrets, resource_id, old, new)
        kept = {key: old[key] for key in ("name", "namePrefix", "policy") if key not in new}
        if "replicas" not in new:
            return kept
        return kept | {"replicas": _replicas(secrets.describe_secret(SecretId=resource_id).get("ReplicationStatus", []))}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        secrets = call.client("secretsmanager")
        at_once = call.teardown or state.get("recoveryWindowInDays") == 0
        live = secrets.describe_secret(SecretId=resource_id)
        if live.get("DeletedDate") and not at_once:
            return
        regions = [item["Region"] for item in live.get("ReplicationStatus", [])]
        if regions:
            secrets.remove_regions_from_replication(SecretId=resource_id, RemoveReplicaRegions=regions)
        window: Properties = {"RecoveryWindowInDays": state.get("recoveryWindowInDays") or 30}
        secrets.delete_secret(SecretId=resource_id, **({"ForceDeleteWithoutRecovery": True} if at_once else window))

    def equal(self, path: str, old: Any, new: Any) -> bool:
        if path == "policy" and old in _NONE and new in _NONE:
            return True
        if path == "replicas" and isinstance(old, list) and isinstance(new, list):
            return sorted(map(_place, old)) == sorted(map(_place, new))
        return super().equal(path, old, new)

    def _replicate(self, call: Call, resource_id: str, new: Properties) -> None:
        """Brings the replicas to what is declared, from whatever they are; undeclared ones stay if none are declared at all."""
        if "replicas" not in new:
            return
        secrets = call.client("secretsmanager")
        live = _replicas(secrets.describe_secret(SecretId=resource_id).get("ReplicationStatus", []))
        places, wanted = {_place(item) for item in live}, {_place(item) for item in new["replicas"]}
        gone = [item["region"] for item in live if _place(item) not in wanted]
        if gone:
            secrets.remove_regions_from_replication(SecretId=resource_id, RemoveReplicaRegions=gone)
        missing = [item for item in new["replicas"] if _place(item) not in places]
        if missing:
            forced = bool(new.get("forceOverwriteReplicaSecret"))
            secrets.replicate_secret_to_regions(SecretId=resource_id, ForceOverwriteReplicaSecret=forced, **_regions({"replicas": missing}))


class SecretPolicy(Handler):
    """Who may use a secret, said apart from the secret."""

    token = "aws:secretsmanager/secretPolicy:SecretPolicy"
    create_only = frozenset({"secretArn"})
    documents = frozenset({"policy"})
    defaults = {"blockPublicPolicy": False}

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        documents.normalise(inputs, "policy")
        return documents.failures("policy", inputs["policy"], POLICY)

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        self._put(call, inputs)
        return inputs["secretArn"], {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        live = call.client("secretsmanager").get_resource_policy(SecretId=resource_id)
        if not live.get("ResourcePolicy"):
            return None
        return {"secretArn": live["ARN"], "policy": live["ResourcePolicy"]}

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        self._put(call, new)
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("secretsmanager").delete_resource_policy(SecretId=resource_id)

    def _put(self, call: Call, inputs: Properties) -> None:
        call.client("secretsmanager").put_resource_policy(
            SecretId=inputs["secretArn"], ResourcePolicy=inputs["policy"], BlockPublicPolicy=inputs["blockPublicPolicy"]
        )


def _set_policy(secrets: Any, secret: str, policy: str) -> None:
    if policy in _NONE:
        secrets.delete_resource_policy(SecretId=secret)
    else:
        secrets.put_resource_policy(SecretId=secret, ResourcePolicy=policy)


def _regions(inputs: Properties) -> Properties:
    replicas = inputs.get("replicas")
    if not replicas:
        return {}
    if replicas is UNKNOWN:
        return {"AddReplicaRegions": UNKNOWN}
    return {"AddReplicaRegions": [parameters(item, Region="region", KmsKeyId="kmsKeyId") for item in replicas]}


def _replicas(live: list[dict[str, Any]]) -> list[Properties]:
    return [
        {
            "region": item["Region"],
            "kmsKeyId": item.get("KmsKeyId", ""),
            "lastAccessedDate": str(item.get("LastAccessedDate", "")),
            "status": item["Status"],
            "statusMessage": item.get("StatusMessage", ""),
        }
        for item in live
    ]


def _place(replica: Properties) -> str:
    return canonical([replica["region"], replica.get("kmsKeyId") or _DEFAULT_KEY])


def _waits(name: str) -> HandlerError:
    return HandlerError(
        f"a secret named {name!r} is scheduled for deletion, so the name is not free: bring it back with `aws secretsmanager "
        f"restore-secret --secret-id {name}` and import it, or delete it for good with `--force-delete-without-recovery`"
    )
