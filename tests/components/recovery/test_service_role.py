import pytest

from components.recovery.service_role import ServiceRole, ServiceRoleArgs, Work
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record


@pytest.mark.parametrize(("work", "other"), [("backup", "Restore"), ("restore", "Backup")])
def test_who_backs_up_cannot_restore_and_the_other_way_round(work: Work, other: str) -> None:
    graph = record(lambda: ServiceRole("service", a_context(), ServiceRoleArgs(work=work)))
    attached = [each.inputs["policyArn"] for each in graph.of_type("aws:iam/rolePolicyAttachment:RolePolicyAttachment")]
    assert len(attached) == 2
    assert not [arn for arn in attached if other in arn.replace("AWSBackup", "")]


@pytest.mark.parametrize(("account", "let"), [(ACCOUNT, True), ("210987654321", False)])
def test_only_the_accounts_own_plans_take_the_role_on(account: str, let: bool) -> None:
    role = record(lambda: ServiceRole("service", a_context(), ServiceRoleArgs(work="backup"))).one("aws:iam/role:Role")
    request = Request(action="sts:AssumeRole", resource="*", principal="backup.amazonaws.com", context={"aws:SourceAccount": account})
    assert allowed(role.inputs["assumeRolePolicy"], request) is let


def test_a_role_for_anything_else_is_refused() -> None:
    with pytest.raises(ValueError, match="backup or restore"):
        ServiceRoleArgs(work="everything")  # type: ignore[arg-type]
