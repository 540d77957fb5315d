"""Answers to risks, and logs of pools, against the emulated cloud."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider.errors import InvalidInputs
from tests.kit.provider import Workbench

POOL = "aws:cognito/userPool:UserPool"
RISK = "aws:cognito/riskConfiguration:RiskConfiguration"
LOGS = "aws:cognito/logDeliveryConfiguration:LogDeliveryConfiguration"
GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/users"
BLOCK = {"compromisedCredentialsRiskConfiguration": {"actions": {"eventAction": "BLOCK"}, "eventFilters": ["SIGN_IN", "SIGN_UP"]}}


def guarded(workbench: Workbench) -> str:
    return workbench.made(POOL, logical="pool", userPoolTier="PLUS", userPoolAddOns={"advancedSecurityMode": "ENFORCED"}).id


def test_a_risk_configuration_lives_as_declared(workbench: Workbench) -> None:
    pool = guarded(workbench)
    given: dict[str, Any] = {
        "userPoolId": pool,
        **BLOCK,
        "accountTakeoverRiskConfiguration": {
            "actions": {
                "lowAction": {"eventAction": "NO_ACTION", "notify": False},
                "highAction": {"eventAction": "BLOCK", "notify": True},
            },
            "notifyConfiguration": {
                "sourceArn": "arn:aws:ses:eu-west-1:123456789012:identity/morefocus.example",
                "from": "no-reply@morefocus.example",
                "blockEmail": {"subject": "Blocked", "htmlBody": "<p>Blocked</p>", "textBody": "Blocked"},
            },
        },
    }
    life = workbench.made(RISK, **given)
    cognito = life.boto("cognito-idp")
    live = cognito.describe_risk_configuration(UserPoolId=pool)["RiskConfiguration"]
    assert live["AccountTakeoverRiskConfiguration"]["Actions"]["HighAction"] == {"EventAction": "BLOCK", "Notify": True}
    assert life.id == pool
    assert life.refresh() == []
    life.update(userPoolId=pool, **BLOCK)
    assert "AccountTakeoverRiskConfiguration" not in cognito.describe_risk_configuration(UserPoolId=pool)["RiskConfiguration"]
    assert life.refresh() == []
    life.delete()
    assert life.gone()


def test_a_pool_without_threat_protection_takes_no_risk_configuration(workbench: Workbench) -> None:
    pool = workbench.made(POOL, logical="pool").id
    with pytest.raises(ClientError, match="UserPoolAddOnNotEnabled"):
        workbench.life(RISK).create(userPoolId=pool, **BLOCK)


def test_logs_go_where_they_are_declared_to_go(workbench: Workbench) -> None:
    pool = guarded(workbench)
    mail = {"eventSource": "userNotification", "logLevel": "ERROR", "cloudWatchLogsConfiguration": {"logGroupArn": GROUP}}
    acts = {"eventSource": "userAuthEvents", "logLevel": "INFO", "cloudWatchLogsConfiguration": {"logGroupArn": GROUP}}
    life = workbench.made(LOGS, userPoolId=pool, logConfigurations=[mail, acts])
    live = life.boto("cognito-idp").get_log_delivery_configuration(UserPoolId=pool)["LogDeliveryConfiguration"]["LogConfigurations"]
    assert [item["EventSource"] for item in live] == ["userNotification", "userAuthEvents"]
    assert life.refresh() == []
    life.update(userPoolId=pool, logConfigurations=[acts])
    assert life.refresh() == []
    with pytest.raises(InvalidInputs, match="must be INFO"):
        life.check(userPoolId=pool, logConfigurations=[{**acts, "logLevel": "ERROR"}])
    life.delete()
    assert life.gone()
