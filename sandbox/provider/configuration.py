"""The provider's own configuration, as Pulumi sends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider.clients import AssumedRole
from sandbox.provider.errors import Failure, InvalidInputs
from sandbox.provider.values import Properties, known


@dataclass(frozen=True)
class Configuration:
    """Region, default tags, roles to assume, and which accounts may be touched."""

    region: str
    default_tags: Mapping[str, str] = field(default_factory=dict)
    ignored_tag_keys: frozenset[str] = frozenset()
    roles: tuple[AssumedRole, ...] = ()
    allowed_accounts: frozenset[str] = frozenset()
    forbidden_accounts: frozenset[str] = frozenset()

    @classmethod
    def parse(cls, properties: Properties) -> Configuration:
        """From the provider's inputs. Nested values arrive as JSON text; both spellings of their keys are taken.

        Raises InvalidInputs when no region is given or a nested value is not what it should be.
        """
        region = properties.get("region")
        if not isinstance(region, str) or not region:
            raise InvalidInputs(Failure("region", "no region: set `aws:region` in the stack's file, or `region` on the provider"))
        tags = _nested(properties, "defaultTags") or {}
        ignored = _nested(properties, "ignoreTags") or {}
        roles = _nested(properties, "assumeRoles") or []
        single = _nested(properties, "assumeRole")
        if single:
            roles = [single, *roles]
        return cls(
            region=region,
            default_tags=dict(tags.get("tags") or {}),
            ignored_tag_keys=frozenset(ignored.get("keys") or ()),
            roles=tuple(_role(role) for role in roles),
            allowed_accounts=frozenset(map(str, _nested(properties, "allowedAccountIds") or ())),
            forbidden_accounts=frozenset(map(str, _nested(properties, "forbiddenAccountIds") or ())),
        )

    def check_account(self, account: str) -> None:
        """Raises InvalidInputs when these credentials act in an account that the configuration does not allow."""
        if self.allowed_accounts and account not in self.allowed_accounts:
            allowed = ", ".join(sorted(self.allowed_accounts))
            raise InvalidInputs(Failure("allowedAccountIds", f"the credentials act in account {account}; allowed: {allowed}"))
        if account in self.forbidden_accounts:
            raise InvalidInputs(Failure("forbiddenAccountIds", f"the credentials act in forbidden account {account}"))


def _nested(properties: Properties, key: str) -> Any:
    value = properties.get(key)
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            raise InvalidInputs(Failure(key, f"must be a JSON value, got text that is none ({len(value)} characters)")) from None
    return value if known(value) else None


def _role(item: Mapping[str, Any]) -> AssumedRole:
    arn = item.get("roleArn") or item.get("role_arn")
    if not arn:
        raise InvalidInputs(Failure("assumeRoles", "each entry needs a roleArn"))
    return AssumedRole(
        arn=str(arn),
        session_name=str(item.get("sessionName") or item.get("session_name") or "pulumi"),
        external_id=item.get("externalId") or item.get("external_id"),
    )
