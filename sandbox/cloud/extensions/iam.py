"""IAM: clients of an identity provider can be added and removed, users have boundaries, nothing in use is deleted, AWS's own policies
are read once."""

from __future__ import annotations

import copy
from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.iam.models import IAMBackend
    from moto.iam.responses import IamResponse

    IamResponse.add_client_id_to_open_id_connect_provider = _add_client
    IamResponse.remove_client_id_from_open_id_connect_provider = _remove_client
    IamResponse.create_user = _with_boundary(IamResponse.create_user)
    IamResponse.put_user_permissions_boundary = _put_user_boundary
    IamResponse.delete_user_permissions_boundary = _delete_user_boundary
    IAMBackend.delete_policy = _unless_in_use(IAMBackend.delete_policy)
    IAMBackend.delete_user = _unless_it_has_something(IAMBackend.delete_user)
    IAMBackend.delete_group = _unless_not_empty(IAMBackend.delete_group)
    IAMBackend._init_aws_policies = _read_once(IAMBackend._init_aws_policies)


def _add_client(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    clients = _clients(self)
    if self._get_param("ClientID") not in clients:
        clients.append(self._get_param("ClientID"))
    return EmptyResult()


def _remove_client(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    clients = _clients(self)
    if self._get_param("ClientID") in clients:
        clients.remove(self._get_param("ClientID"))
    return EmptyResult()


def _clients(response: Any) -> Any:
    return response.backend.get_open_id_connect_provider(response._get_param("OpenIDConnectProviderArn")).client_id_list


def _with_boundary(original: Any) -> Any:
    @wraps(original)
    def create_user(self: Any) -> Any:
        answer = original(self)
        if boundary := self._get_param("PermissionsBoundary"):
            _bound(self, boundary)
        return answer

    return create_user


def _put_user_boundary(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    _bound(self, self._get_param("PermissionsBoundary"))
    return EmptyResult()


def _delete_user_boundary(self: Any) -> Any:
    from moto.core.responses import EmptyResult

    _bound(self, None)
    return EmptyResult()


def _bound(response: Any, boundary: str | None) -> None:
    user = response.backend.get_user(response._get_param("UserName"))
    # In the answer's own spelling, as a role's boundary is.
    user.permissions_boundary = boundary and {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": boundary}


def _unless_it_has_something(original: Any) -> Any:
    @wraps(original)
    def delete_user(self: Any, user_name: str) -> None:
        from moto.iam.exceptions import DeleteConflictException

        user = self.get_user(user_name)
        left = {
            "remove users from group": self.get_groups_for_user(user_name),
            "delete login profile": user.password,
            "delete access keys": user.access_keys,
            "deactivate MFA devices": user.mfa_devices,
        }
        for remedy, something in left.items():
            if something:
                raise DeleteConflictException(f"Cannot delete entity, must {remedy} first.")
        original(self, user_name)

    return delete_user


def _unless_not_empty(original: Any) -> Any:
    @wraps(original)
    def delete_group(self: Any, group_name: str) -> None:
        from moto.iam.exceptions import DeleteConflictException

        group = self.get_group(group_name)
        if group.users:
            raise DeleteConflictException("Cannot delete entity, must remove users from group first.")
        if group.managed_policies or group.policies:
            raise DeleteConflictException("Cannot delete entity, must detach all policies first.")
        original(self, group_name)

    return delete_group


def _unless_in_use(original: Any) -> Any:
    @wraps(original)
    def delete_policy(self: Any, policy_arn: str) -> None:
        from moto.iam.exceptions import DeleteConflictException

        holders = (*self.roles.values(), *self.users.values(), *self.groups.values())
        if any(policy_arn in holder.managed_policies for holder in holders):
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        original(self, policy_arn)

    return delete_policy


def _read_once(original: Any) -> Any:
    """moto parses the text of all of AWS's policies for each account in each partition, and again at each reset: seconds each time."""
    read: dict[str, list[Any]] = {}

    @wraps(original)
    def init_aws_policies(self: Any) -> list[Any]:
        if self.region_name not in read:
            read[self.region_name] = original(self)
        copies = [copy.copy(policy) for policy in read[self.region_name]]
        for policy in copies:
            # All else of such a policy is the same for every account, and no account can change it.
            policy.account_id, policy.attachment_count = self.account_id, 0
        return copies

    return init_aws_policies
