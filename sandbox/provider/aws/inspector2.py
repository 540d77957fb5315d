"""Inspector: what is scanned for known vulnerabilities."""

from __future__ import annotations

from sandbox.provider.errors import Failure
from sandbox.provider.handler import Call, Handler
from sandbox.provider.requests import refusals
from sandbox.provider.values import Properties

_STATES = {"EC2": "ec2", "ECR": "ecr", "LAMBDA": "lambda", "LAMBDA_CODE": "lambdaCode"}


class Enabler(Handler):
    """The kinds of resources that are scanned, account by account."""

    token = "aws:inspector2/enabler:Enabler"
    unordered = frozenset({"accountIds", "resourceTypes"})

    def check(self, call: Call, inputs: Properties) -> list[Failure]:
        return refusals("inspector2", "Enable", self._request(inputs))

    def create(self, call: Call, inputs: Properties) -> tuple[str, Properties]:
        call.client("inspector2").enable(**self._request(inputs), clientToken=call.token())
        return f"{':'.join(sorted(inputs['accountIds']))}-{':'.join(sorted(inputs['resourceTypes']))}", {}

    def read(self, call: Call, resource_id: str, state: Properties) -> Properties | None:
        accounts = state.get("accountIds") or resource_id.partition("-")[0].split(":")
        live = call.client("inspector2").batch_get_account_status(accountIds=accounts)["accounts"]
        enabled = {kind for kind in _STATES for account in live if account["resourceState"][_STATES[kind]]["status"] == "ENABLED"}
        return {"accountIds": sorted(account["accountId"] for account in live), "resourceTypes": sorted(enabled)} if enabled else None

    def update(self, call: Call, resource_id: str, old: Properties, new: Properties) -> Properties:
        inspector = call.client("inspector2")
        inspector.enable(**self._request(new), clientToken=call.token())
        dropped = sorted(set(old["resourceTypes"]) - set(new["resourceTypes"]))
        left = sorted(set(old["accountIds"]) - set(new["accountIds"]))
        if dropped:
            inspector.disable(accountIds=old["accountIds"], resourceTypes=dropped)
        if left:
            inspector.disable(accountIds=left, resourceTypes=old["resourceTypes"])
        return {}

    def delete(self, call: Call, resource_id: str, state: Properties) -> None:
        call.client("inspector2").disable(**self._request(state))

    def _request(self, inputs: Properties) -> Properties:
        return {"accountIds": inputs["accountIds"], "resourceTypes": inputs["resourceTypes"]}
