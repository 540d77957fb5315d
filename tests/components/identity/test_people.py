import json

import pytest

from components.identity.people import People, PeopleArgs
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import Graph, record

REGIONS = [Region.US_EAST_1, Region.EU_WEST_1]
GUARD = "arn:aws:iam::123456789012:policy/people/people-mfa-guard"
GROUPS = {
    "operators": ["arn:aws:iam::123456789012:role/platform-operator"],
    "auditors": ["arn:aws:iam::123456789012:role/platform-auditor"],
    "break-glass": ["arn:aws:iam::123456789012:role/platform-break-glass"],
}


def made(people: dict[str, list[str]]) -> Graph:
    return record(lambda: People("people", a_context(), PeopleArgs(guard_policy_arn=GUARD, groups=GROUPS, regions=REGIONS, people=people)))


def test_every_group_has_the_guard_and_the_way_into_its_own_roles_only() -> None:
    graph = made({})
    attached = {
        (each.inputs["group"], each.inputs["policyArn"]) for each in graph.of_type("aws:iam/groupPolicyAttachment:GroupPolicyAttachment")
    }
    assert {group for group, policy in attached if policy == GUARD} == set(GROUPS)
    for group, roles in GROUPS.items():
        (statement,) = json.loads(graph.named(f"people-{group}-entry").inputs["policy"])["Statement"]
        assert (statement["Action"], statement["Resource"]) == ("sts:AssumeRole", roles[0])
    assert len(attached) == 2 * len(GROUPS)


@pytest.mark.parametrize(("region", "entered"), [("us-east-1", True), ("eu-west-1", True), ("ap-south-1", False)])
def test_roles_are_taken_on_only_where_somebody_is_told(region: str, entered: bool) -> None:
    (role,) = GROUPS["operators"]
    request = Request(action="sts:AssumeRole", resource=role, principal="123456789012", context={"aws:RequestedRegion": region})
    assert allowed(made({}).named("people-operators-entry").inputs["policy"], request) is entered


def test_a_person_is_a_user_with_groups_and_leaves_nothing_behind() -> None:
    graph = made({"first-last": ["auditors", "operators"]})
    user = graph.one("aws:iam/user:User").inputs
    assert (user["name"], user["path"], user["forceDestroy"]) == ("first-last", "/people/", True)
    assert graph.one("aws:iam/userGroupMembership:UserGroupMembership").inputs["groups"] == ["auditors", "operators"]


def test_whoever_may_break_the_glass_stands_apart() -> None:
    user = made({"first-last": ["break-glass", "operators"]}).one("aws:iam/user:User").inputs
    assert user["path"] == "/people/break-glass/"


def test_a_person_has_no_key_no_password_in_the_state_and_no_policy_of_its_own() -> None:
    types = {each.type for each in made({"first-last": ["auditors"]}).resources if each.custom}
    assert not types & {"aws:iam/accessKey:AccessKey", "aws:iam/userLoginProfile:UserLoginProfile", "aws:iam/userPolicy:UserPolicy"}


def test_whoever_is_named_no_more_is_gone_and_groups_stay() -> None:
    before, after = made({"first-last": ["auditors"]}), made({})
    gone = {each.name for each in before.resources} - {each.name for each in after.resources}
    assert gone == {"people-first-last", "people-first-last-groups"}


def test_strange_groups_and_names_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must be in at least one of operators, auditors, break-glass \(got owners\)"):
        PeopleArgs(guard_policy_arn=GUARD, groups=GROUPS, regions=REGIONS, people={"me": ["owners"]})
    with pytest.raises(ValueError, match="got none"):
        PeopleArgs(guard_policy_arn=GUARD, groups=GROUPS, regions=REGIONS, people={"me": []})
    with pytest.raises(ValueError, match="regions must name at least one"):
        PeopleArgs(guard_policy_arn=GUARD, groups=GROUPS, regions=[], people={})
    with pytest.raises(ValueError, match="lower-case words"):
        PeopleArgs(guard_policy_arn=GUARD, groups=GROUPS, regions=REGIONS, people={"Me Too": ["auditors"]})
