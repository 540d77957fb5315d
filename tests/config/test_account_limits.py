"""What an account may have is counted by account, over all its stacks."""

from config.account_limits import LIMITS, TenancyFacts, counted, notices, problems

ROLES = next(limit for limit in LIMITS if limit.key == "role_quota")
FACTS = TenancyFacts(bucket_quota=10_000, role_quota=1000)


def test_each_stack_and_each_tenant_counts_in_its_own_account() -> None:
    assert counted(ROLES, ["a", "a", "b"], ["a"]) == {"a": 2 * ROLES.own + 1, "b": ROLES.own}


def test_a_thousand_tenants_need_more_roles_than_aws_grants_unasked_and_buckets_enough() -> None:
    (problem,) = problems(FACTS, ["a"], ["a"] * 1000)
    assert problem.key == "tenancy.role_quota" and "L-FE177D64" in problem.remedy
    assert not problems(TenancyFacts(bucket_quota=10_000, role_quota=5000), ["a"], ["a"] * 1000)


def test_what_comes_to_its_end_is_said_of_this_account_alone() -> None:
    many = ["a"] * 800
    assert [notice.urgent for notice in notices("a", FACTS, ["a", "b"], many)] == [True]
    assert not notices("b", FACTS, ["a", "b"], many)
