"""The provider's configuration, as the engine sends it."""

import json
import re

import pytest

from sandbox.provider.configuration import Configuration
from sandbox.provider.errors import InvalidInputs


def test_nested_values_arrive_as_json_text() -> None:
    configuration = Configuration.parse(
        {
            "region": "eu-west-1",
            "defaultTags": json.dumps({"tags": {"owner": "platform"}}),
            "allowedAccountIds": json.dumps(["123456789012"]),
            "assumeRoles": json.dumps([{"roleArn": "arn:aws:iam::210987654321:role/deploy", "sessionName": "ci"}]),
        }
    )
    assert configuration.default_tags == {"owner": "platform"}
    assert configuration.roles[0].arn.endswith("role/deploy")
    assert configuration.roles[0].session_name == "ci"


def test_roles_in_snake_case_are_taken_as_well() -> None:
    roles = json.dumps([{"role_arn": "arn:aws:iam::210987654321:role/deploy"}])
    assert Configuration.parse({"region": "eu-west-1", "assumeRoles": roles}).roles[0].session_name == "pulumi"


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({}, "set `aws:region`"),
        ({"region": "eu-west-1", "defaultTags": "{"}, "must be a JSON value"),
        ({"region": "eu-west-1", "assumeRoles": "[{}]"}, "needs a roleArn"),
    ],
)
def test_a_configuration_that_cannot_be_is_refused_with_what_to_do(properties: dict[str, str], message: str) -> None:
    with pytest.raises(InvalidInputs, match=re.escape(message)):
        Configuration.parse(properties)


def test_an_account_that_is_not_allowed_is_refused() -> None:
    guarded = Configuration.parse({"region": "eu-west-1", "allowedAccountIds": '["111111111111"]'})
    guarded.check_account("111111111111")
    with pytest.raises(InvalidInputs, match="act in account 222222222222; allowed: 111111111111"):
        guarded.check_account("222222222222")


def test_a_forbidden_account_is_refused() -> None:
    guarded = Configuration.parse({"region": "eu-west-1", "forbiddenAccountIds": '["111111111111"]'})
    with pytest.raises(InvalidInputs, match="forbidden account 111111111111"):
        guarded.check_account("111111111111")
