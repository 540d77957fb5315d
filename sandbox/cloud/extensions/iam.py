"""IAM: clients of an identity provider can be added and removed, and a policy in use is not deleted."""

from __future__ import annotations

from functools import wraps
from typing import Any


def install() -> None:
    """Adds it to moto."""
    from moto.iam.models import IAMBackend
    from moto.iam.responses import IamResponse

    IamResponse.add_client_id_to_open_id_connect_provider = _add_client
    IamResponse.remove_client_id_from_open_id_connect_provider = _remove_client
    IAMBackend.delete_policy = _unless_in_use(IAMBackend.delete_policy)


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


def _unless_in_use(original: Any) -> Any:
    @wraps(original)
    def delete_policy(self: Any, policy_arn: str) -> None:
        from moto.iam.exceptions import DeleteConflictException

        holders = (*self.roles.values(), *self.users.values(), *self.groups.values())
        if any(policy_arn in holder.managed_policies for holder in holders):
            raise DeleteConflictException("Cannot delete a policy attached to entities.")
        original(self, policy_arn)

    return delete_policy
