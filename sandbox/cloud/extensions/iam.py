"""IAM: clients of an identity provider can be added and removed, a policy in use is not deleted, AWS's own policies are read once."""

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
    IAMBackend.delete_policy = _unless_in_use(IAMBackend.delete_policy)
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
