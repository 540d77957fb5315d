"""Groups and users of caches against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

SUBNETS = "aws:elasticache/subnetGroup:SubnetGroup"
PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup"
USER = "aws:elasticache/user:User"
USERS = "aws:elasticache/userGroup:UserGroup"
READER: dict[str, Any] = {
    "userId": "reader",
    "userName": "reader",
    "engine": "redis",
    "accessString": "on ~* +@read",
    "authenticationMode": {"type": "password", "passwords": ["sixteen-or-more-letters"]},
}


def subnets(life: Life) -> list[str]:
    return [subnet["SubnetId"] for subnet in life.boto("ec2").describe_subnets()["Subnets"]][:3]


def tags(life: Life) -> dict[str, str]:
    found = life.boto("elasticache").list_tags_for_resource(ResourceName=life.outputs["arn"])["TagList"]
    return {tag["Key"]: tag["Value"] for tag in found}


def test_a_subnet_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(SUBNETS)
    ids = subnets(life)
    assert life.preview(name="data", subnetIds=ids)["arn"] == "arn:aws:elasticache:eu-west-1:123456789012:subnetgroup:data"

    life.create(name="data", subnetIds=ids[:2], tags={"owner": "data"})
    group = life.boto("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName="data")["CacheSubnetGroups"][0]
    assert {item["SubnetIdentifier"] for item in group["Subnets"]} == set(ids[:2])
    assert life.refresh() == []

    life.update(name="data", subnetIds=ids, description="Isolated", tags={"owner": "platform"})
    group = life.boto("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName="data")["CacheSubnetGroups"][0]
    assert {item["SubnetIdentifier"] for item in group["Subnets"]} == set(ids)
    assert (group["CacheSubnetGroupDescription"], tags(life)) == ("Isolated", {"owner": "platform"})
    assert life.replaced_by(name="other", subnetIds=ids) == {"name"}
    inputs, _ = life.imported()
    assert sorted(inputs["subnetIds"]) == sorted(ids)

    life.delete()
    assert life.gone()


def test_a_parameter_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(PARAMETERS)
    given: dict[str, Any] = {"name": "sessions", "family": "redis7"}
    arn = "arn:aws:elasticache:eu-west-1:123456789012:parametergroup:sessions"
    assert life.preview(**given)["arn"] == arn
    eviction, notice = {"name": "maxmemory-policy", "value": "noeviction"}, {"name": "notify-keyspace-events", "value": "Ex"}
    life.create(**given, parameters=[eviction, notice], tags={"owner": "data"})
    assert (life.id, life.outputs["arn"]) == ("sessions", arn)
    assert life.refresh() == []

    life.update(**given, parameters=[{**eviction, "value": "volatile-lru"}], tags={"owner": "platform"})
    live = life.boto("elasticache").describe_cache_parameters(CacheParameterGroupName="sessions", Source="user")["Parameters"]
    assert [(item["ParameterName"], item["ParameterValue"]) for item in live] == [("maxmemory-policy", "volatile-lru")]
    assert tags(life) == {"owner": "platform"}
    assert life.refresh() == []
    life.boto("elasticache").modify_cache_parameter_group(
        CacheParameterGroupName="sessions", ParameterNameValues=[{"ParameterName": "maxmemory-policy", "ParameterValue": "allkeys-lru"}]
    )
    assert [change.path for change in life.refresh()] == ["parameters[0].value"]
    assert life.replaced_by(**given | {"family": "valkey8"}) == {"family"}
    inputs, _ = life.imported()
    assert (inputs["family"], inputs["tags"]) == ("redis7", {"owner": "platform"})
    life.delete()
    assert life.gone()


def test_a_parameter_without_a_value_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="value"):
        workbench.life(PARAMETERS).check(name="sessions", family="redis7", parameters=[{"name": "maxmemory-policy"}])


def test_a_user_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(USER)
    assert life.preview(**READER)["arn"] == "arn:aws:elasticache:eu-west-1:123456789012:user:reader"
    life.create(**READER, tags={"owner": "data"})
    user = life.boto("elasticache").describe_users(UserId="reader")["Users"][0]
    assert (user["AccessString"], user["Authentication"]["Type"]) == ("on ~* +@read", "password")
    assert life.refresh() == []

    life.update(**READER | {"accessString": "on ~app::* +@read", "authenticationMode": {"type": "iam"}}, tags={"owner": "data"})
    user = life.boto("elasticache").describe_users(UserId="reader")["Users"][0]
    assert (user["AccessString"], user["Authentication"]["Type"]) == ("on ~app::* +@read", "iam")
    assert life.refresh() == []
    inputs, _ = life.imported()
    assert (inputs["userName"], inputs["tags"]) == ("reader", {"owner": "data"})
    assert life.replaced_by(**READER | {"userName": "other"}) == {"userName"}

    life.delete()
    assert life.gone()


def test_a_wider_access_string_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(USER, **READER)
    life.boto("elasticache").modify_user(UserId="reader", AccessString="on ~* +@all")
    assert [change.path for change in life.refresh()] == ["accessString"]


def test_the_case_of_the_engine_is_no_difference(workbench: Workbench) -> None:
    life = workbench.made(USER, **READER)
    assert life.diff(**READER | {"engine": "REDIS"}) == []


def test_a_user_needs_one_way_to_sign_in(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="exactly one"):
        workbench.life(USER).check(**READER, noPasswordRequired=True)
    with pytest.raises(InvalidInputs, match="exactly one"):
        workbench.life(USER).check(**{key: value for key, value in READER.items() if key != "authenticationMode"})


def test_a_user_group_lives_as_declared(workbench: Workbench) -> None:
    workbench.made(USER, logical="reader", **READER)
    life = workbench.life(USERS)
    given: dict[str, Any] = {"userGroupId": "apps", "engine": "redis", "userIds": ["default", "reader"]}
    assert life.preview(**given)["arn"] == "arn:aws:elasticache:eu-west-1:123456789012:usergroup:apps"
    life.create(**given, tags={"owner": "data"})
    assert life.boto("elasticache").describe_user_groups(UserGroupId="apps")["UserGroups"][0]["UserIds"] == ["default", "reader"]
    assert life.refresh() == []
    assert life.diff(**given | {"userIds": ["reader", "default"]}, tags={"owner": "data"}) == []
    life.update(**given | {"userIds": ["default"]}, tags={"owner": "platform"})
    assert life.boto("elasticache").describe_user_groups(UserGroupId="apps")["UserGroups"][0]["UserIds"] == ["default"]
    assert tags(life) == {"owner": "platform"}
    assert life.replaced_by(**given | {"userGroupId": "b"}) == {"userGroupId"}
    life.boto("elasticache").modify_user_group(UserGroupId="apps", UserIdsToAdd=["reader"])
    assert {change.path for change in life.refresh()} == {"userIds"}
    inputs, _ = life.imported()
    assert inputs["userIds"] == ["default", "reader"]
    life.delete()
    assert life.gone()


@pytest.mark.parametrize(("users", "reason"), [(["reader"], "DefaultUserRequired"), (["default", "ghost"], "UserNotFound")])
def test_a_user_group_that_elasticache_refuses_is_refused(workbench: Workbench, users: list[str], reason: str) -> None:
    workbench.made(USER, logical="reader", **READER)
    with pytest.raises(Exception, match=reason):
        workbench.made(USERS, userGroupId="apps", engine="redis", userIds=users)


def test_an_unknown_engine_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match="engine"):
        workbench.life(USERS).check(userGroupId="apps", engine="memcached")
