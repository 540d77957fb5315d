"""Key policies judged by what they allow to whom."""

import json

import botocore.session
import pytest

from components.security.key_policy import KEY_SERVICES, key_policy
from config.vocabulary import DataClass, Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed

CONTEXT = a_context(Region.SA_EAST_1)
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
NODES = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"
CRYPTOGRAPHY = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom")


def _policy(data_class: DataClass) -> str:
    policy = key_policy(CONTEXT, data_class)
    assert isinstance(policy, str), "a key policy holds nothing that is unknown at preview"
    return policy


def _allows(data_class: DataClass, principal: str, action: str, facts: dict[str, str] | None = None) -> bool:
    request = Request(action=action, resource="*", principal=principal, context=facts or {})
    return allowed(_policy(data_class), request)


def _via(service: str) -> dict[str, str]:
    return {"kms:ViaService": f"{service}.sa-east-1.amazonaws.com", "kms:GrantIsForAWSResource": "true"}


@pytest.mark.parametrize("data_class", KEY_SERVICES)
def test_the_account_administers_every_key(data_class: DataClass) -> None:
    for action in ("kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:CancelKeyDeletion", "kms:RotateKeyOnDemand"):
        assert _allows(data_class, ROOT, action)


@pytest.mark.parametrize("action", [*CRYPTOGRAPHY, "kms:CreateGrant"])
@pytest.mark.parametrize("data_class", KEY_SERVICES)
def test_nobody_uses_a_key_directly(data_class: DataClass, action: str) -> None:
    assert not _allows(data_class, ROOT, action)


@pytest.mark.parametrize(("data_class", "service"), [(each, service) for each in KEY_SERVICES for service in KEY_SERVICES[each]])
def test_the_account_uses_a_key_through_the_services_of_its_class(data_class: DataClass, service: str) -> None:
    for action in (*CRYPTOGRAPHY, "kms:CreateGrant"):
        assert _allows(data_class, ROOT, action, _via(service))


@pytest.mark.parametrize(
    ("data_class", "service"),
    [
        (DataClass.CREDENTIALS, "ec2"),
        (DataClass.CREDENTIALS, "dynamodb"),
        (DataClass.PERSONAL, "secretsmanager"),
        (DataClass.LOGS, "rds"),
        (DataClass.OPERATIONAL, "eks"),
    ],
)
def test_other_services_cannot_use_it(data_class: DataClass, service: str) -> None:
    assert not _allows(data_class, ROOT, "kms:Decrypt", _via(service))


def test_a_service_of_another_region_cannot_use_it() -> None:
    assert not _allows(DataClass.PERSONAL, ROOT, "kms:Decrypt", {"kms:ViaService": "s3.us-east-1.amazonaws.com"})


@pytest.mark.parametrize("data_class", KEY_SERVICES)
def test_another_account_can_do_nothing(data_class: DataClass) -> None:
    stranger = "arn:aws:iam::999999999999:root"
    facts = _via(KEY_SERVICES[data_class][0]) | {"aws:PrincipalArn": "arn:aws:iam::999999999999:role/any"}
    assert not any(_allows(data_class, stranger, action, facts) for action in (*CRYPTOGRAPHY, "kms:CreateGrant", "kms:PutKeyPolicy"))


def test_auto_scaling_starts_nodes_whose_volumes_are_encrypted() -> None:
    facts = {"aws:PrincipalArn": NODES}
    assert _allows(DataClass.OPERATIONAL, NODES, "kms:GenerateDataKeyWithoutPlaintext", facts)
    assert _allows(DataClass.OPERATIONAL, NODES, "kms:CreateGrant", facts | {"kms:GrantIsForAWSResource": "true"})
    assert not _allows(DataClass.OPERATIONAL, NODES, "kms:CreateGrant", facts | {"kms:GrantIsForAWSResource": "false"})
    assert not _allows(DataClass.CREDENTIALS, NODES, "kms:Decrypt", facts)


def test_a_cluster_may_encrypt_secrets_with_the_key_of_credentials() -> None:
    eks = {"kms:ViaService": "eks.sa-east-1.amazonaws.com"}
    assert _allows(DataClass.CREDENTIALS, ROOT, "kms:CreateGrant", eks), "EKS says of no grant that it is for an AWS resource"
    assert _allows(DataClass.CREDENTIALS, ROOT, "kms:DescribeKey", eks)


def test_log_groups_of_this_account_and_region_alone_use_the_key_of_logs() -> None:
    logs = "logs.sa-east-1.amazonaws.com"
    own = {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:sa-east-1:{ACCOUNT}:log-group:any"}
    foreign = {"kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:sa-east-1:999999999999:log-group:any"}
    assert _allows(DataClass.LOGS, logs, "kms:GenerateDataKey", own)
    assert not _allows(DataClass.LOGS, logs, "kms:GenerateDataKey", foreign)
    assert not _allows(DataClass.PERSONAL, logs, "kms:GenerateDataKey", own)


def test_detectors_of_this_account_and_region_alone_encrypt_findings_with_the_key_of_logs() -> None:
    detectors = "guardduty.amazonaws.com"
    own = {"aws:SourceAccount": ACCOUNT, "aws:SourceArn": f"arn:aws:guardduty:sa-east-1:{ACCOUNT}:detector/any"}
    foreign = {"aws:SourceAccount": "999999999999", "aws:SourceArn": "arn:aws:guardduty:sa-east-1:999999999999:detector/any"}
    assert _allows(DataClass.LOGS, detectors, "kms:GenerateDataKey", own)
    assert not _allows(DataClass.LOGS, detectors, "kms:GenerateDataKey", foreign)
    assert not _allows(DataClass.LOGS, detectors, "kms:Decrypt", own)
    assert not _allows(DataClass.PERSONAL, detectors, "kms:GenerateDataKey", own)


def test_every_action_named_is_one_that_kms_has() -> None:
    operations = set(botocore.session.get_session().get_service_model("kms").operation_names)
    for data_class in KEY_SERVICES:
        for statement in json.loads(_policy(data_class))["Statement"]:
            actions = statement["Action"]
            for action in [actions] if isinstance(actions, str) else actions:
                name = action.removeprefix("kms:")
                assert name in operations or (name.endswith("*") and any(each.startswith(name[:-1]) for each in operations)), action


@pytest.mark.parametrize(
    ("data_class", "services"),
    [
        (DataClass.PERSONAL, ("rds", "elasticache", "s3", "elasticfilesystem", "ec2", "backup")),
        (DataClass.CREDENTIALS, ("secretsmanager", "backup")),
        (DataClass.OPERATIONAL, ("ec2", "s3", "backup")),
        (DataClass.LOGS, ("s3",)),
    ],
)
def test_databases_storage_backups_and_logs_each_have_a_key_that_they_may_use(data_class: DataClass, services: tuple[str, ...]) -> None:
    for service in services:
        assert _allows(data_class, ROOT, "kms:GenerateDataKey", _via(service)), f"{service} keeps {data_class} data"
        assert _allows(data_class, ROOT, "kms:Decrypt", _via(service)), f"{service} gives {data_class} data back"


def test_public_data_has_no_key() -> None:
    assert DataClass.PUBLIC not in KEY_SERVICES
    assert set(KEY_SERVICES) == set(DataClass) - {DataClass.PUBLIC}
