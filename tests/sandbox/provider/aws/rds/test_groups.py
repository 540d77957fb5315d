"""RDS subnet and parameter groups against the emulated cloud."""

from typing import Any

import pytest

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Life, Workbench

SUBNETS = "aws:rds/subnetGroup:SubnetGroup"
PARAMETERS = "aws:rds/parameterGroup:ParameterGroup"
FORCE_TLS = {"name": "rds.force_ssl", "value": "1"}


def subnets(life: Life) -> list[str]:
    """The ids of three subnets in three zones."""
    return [subnet["SubnetId"] for subnet in life.boto("ec2").describe_subnets()["Subnets"]][:3]


def live_parameters(life: Life) -> dict[str, str]:
    found = life.boto("rds").describe_db_parameters(DBParameterGroupName=life.id)["Parameters"]
    return {item["ParameterName"]: item.get("ParameterValue", "") for item in found}


def tags(life: Life) -> dict[str, str]:
    found = life.boto("rds").list_tags_for_resource(ResourceName=life.outputs["arn"])["TagList"]
    return {tag["Key"]: tag["Value"] for tag in found}


def test_a_subnet_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(SUBNETS)
    ids = subnets(life)
    promised = life.preview(name="data", subnetIds=ids[:2])
    assert promised["arn"] == "arn:aws:rds:eu-west-1:123456789012:subgrp:data"

    life.create(name="data", subnetIds=ids[:2], description="Isolated subnets", tags={"owner": "platform"})
    group = life.boto("rds").describe_db_subnet_groups(DBSubnetGroupName="data")["DBSubnetGroups"][0]
    assert {item["SubnetIdentifier"] for item in group["Subnets"]} == set(ids[:2])
    assert group["DBSubnetGroupDescription"] == "Isolated subnets"
    assert life.outputs["vpcId"] == group["VpcId"]
    assert life.refresh() == []

    life.update(name="data", subnetIds=ids, description="Isolated subnets", tags={"environment": "production"})
    group = life.boto("rds").describe_db_subnet_groups(DBSubnetGroupName="data")["DBSubnetGroups"][0]
    assert {item["SubnetIdentifier"] for item in group["Subnets"]} == set(ids)
    assert tags(life) == {"environment": "production"}
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_the_order_of_subnets_is_no_difference(workbench: Workbench) -> None:
    life = workbench.life(SUBNETS)
    ids = subnets(life)
    life.create(name="data", subnetIds=ids)
    assert life.diff(name="data", subnetIds=ids[::-1]) == []


def test_new_tags_alone_keep_the_subnet_group(workbench: Workbench) -> None:
    life = workbench.life(SUBNETS)
    ids = subnets(life)
    life.create(name="data", subnetIds=ids, tags={"owner": "platform", "tenant": "a"})
    life.update(name="data", subnetIds=ids, tags={"owner": "data"})
    assert tags(life) == {"owner": "data"}


def test_a_parameter_group_lives_as_declared(workbench: Workbench) -> None:
    life = workbench.life(PARAMETERS)
    shared: dict[str, Any] = {"name": "pg17", "family": "postgres17"}
    assert life.preview(**shared)["arn"] == "arn:aws:rds:eu-west-1:123456789012:pg:pg17"

    life.create(
        **shared, parameters=[FORCE_TLS, {"name": "log_statement", "value": "ddl", "applyMethod": "immediate"}], tags={"owner": "a"}
    )
    assert live_parameters(life) == {"rds.force_ssl": "1", "log_statement": "ddl"}
    assert life.refresh() == []

    life.update(**shared, parameters=[FORCE_TLS, {"name": "max_connections", "value": "500", "applyMethod": "pending-reboot"}])
    assert {name: value for name, value in live_parameters(life).items() if value} == {"rds.force_ssl": "1", "max_connections": "500"}
    assert tags(life) == {}
    assert life.refresh() == []

    life.delete()
    assert life.gone()


def test_a_switched_off_tls_requirement_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(PARAMETERS, name="pg17", family="postgres17", parameters=[FORCE_TLS])
    life.boto("rds").modify_db_parameter_group(
        DBParameterGroupName="pg17", Parameters=[{"ParameterName": "rds.force_ssl", "ParameterValue": "0", "ApplyMethod": "immediate"}]
    )
    assert [change.path for change in life.refresh()] == ["parameters[0].value"]


def test_a_parameter_set_by_hand_shows_on_refresh(workbench: Workbench) -> None:
    life = workbench.made(PARAMETERS, name="pg17", family="postgres17", parameters=[FORCE_TLS])
    life.boto("rds").modify_db_parameter_group(
        DBParameterGroupName="pg17", Parameters=[{"ParameterName": "log_statement", "ParameterValue": "none", "ApplyMethod": "immediate"}]
    )
    assert life.refresh()


@pytest.mark.parametrize(
    ("token", "before", "after", "path"),
    [
        (PARAMETERS, {"name": "a", "family": "postgres17"}, {"name": "b", "family": "postgres17"}, "name"),
        (PARAMETERS, {"name": "a", "family": "postgres17"}, {"name": "a", "family": "postgres18"}, "family"),
        (PARAMETERS, {"name": "a", "family": "postgres17"}, {"name": "a", "family": "postgres17", "description": "x"}, "description"),
    ],
)
def test_what_cannot_change_replaces(workbench: Workbench, token: str, before: Any, after: Any, path: str) -> None:
    life = workbench.made(token, **before)
    assert life.replaced_by(**after) == {path}


def test_groups_can_be_imported(workbench: Workbench) -> None:
    life = workbench.made(PARAMETERS, name="pg17", family="postgres17", parameters=[FORCE_TLS], tags={"owner": "data"})
    inputs, _ = life.imported()
    assert inputs["family"] == "postgres17"
    assert inputs["parameters"] == [{**FORCE_TLS, "applyMethod": "immediate"}]
    assert inputs["tags"] == {"owner": "data"}

    group = workbench.life(SUBNETS, name="other")
    ids = subnets(group)
    group.create(name="data", subnetIds=ids)
    inputs, outputs = group.imported()
    assert sorted(inputs["subnetIds"]) == sorted(ids)
    assert outputs["arn"] == group.outputs["arn"]


def test_an_unknown_apply_method_is_refused(workbench: Workbench) -> None:
    with pytest.raises(InvalidInputs, match=r"parameters\[0\].applyMethod"):
        workbench.life(PARAMETERS).check(name="a", family="postgres17", parameters=[{**FORCE_TLS, "applyMethod": "at-once"}])
