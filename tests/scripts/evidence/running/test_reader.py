"""Readers speak of properties that their types have, and read what the estate has none of yet as well."""

import json
from typing import Any

import pytest

from policies.graph import Graph, Resource
from sandbox.provider.facts import sdk
from scripts.evidence.running.cloud import Cloud
from scripts.evidence.running.layer import Coverage, running
from scripts.evidence.running.reader import Reader, readers
from tests.kit.policies import resource
from tests.kit.provider import Workbench
from tests.scripts.evidence.running.piece import REGION, tls_only


@pytest.mark.parametrize("reader", readers().values(), ids=lambda reader: reader.type)
def test_a_reader_covers_properties_that_its_type_has(reader: Reader) -> None:
    facts = sdk.resource(reader.type)
    assert set(reader.covers) <= facts.inputs.keys() | facts.outputs.keys()
    assert reader.read.__doc__ and len(set(reader.covers)) == len(reader.covers)


def read(bench: Workbench, *resources: Resource) -> tuple[dict[str, Resource], Coverage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", bench.endpoint)
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        graph, coverage = running(Graph(resources), Cloud())
    return {each.name: each for each in graph.resources}, coverage


def here(type_: str, name: str, /, **properties: Any) -> Resource:
    return resource(type_, name, provider_region=REGION, **properties)


def test_repositories_are_read_with_their_keys_lifecycles_and_policies(workbench: Workbench) -> None:
    life = workbench.life("aws:kms/key:Key")
    ecr, key = life.boto("ecr"), life.boto("kms").create_key()["KeyMetadata"]["Arn"]
    ecr.create_repository(
        repositoryName="app",
        imageTagMutability="MUTABLE",
        imageScanningConfiguration={"scanOnPush": True},
        encryptionConfiguration={"encryptionType": "KMS", "kmsKey": key},
    )
    ecr.create_repository(repositoryName="plain")
    rule = {
        "rulePriority": 1,
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 5},
        "action": {"type": "expire"},
    }
    ecr.put_lifecycle_policy(repositoryName="app", lifecyclePolicyText=json.dumps({"rules": [rule]}))
    token = "aws:ecr/repository:Repository"
    found, coverage = read(
        workbench,
        here(token, "app", name="app", imageTagMutability="IMMUTABLE"),
        here(token, "plain", name="plain", imageTagMutability="IMMUTABLE"),
        here(token, "gone", name="gone"),
        here("aws:ecr/lifecyclePolicy:LifecyclePolicy", "app-life", repository="app"),
        here("aws:ecr/lifecyclePolicy:LifecyclePolicy", "plain-life", repository="plain"),
        here("aws:ecr/repositoryPolicy:RepositoryPolicy", "plain-policy", repository="plain"),
    )
    assert found["app"].look("imageTagMutability") == "MUTABLE" and found["app"].look("imageScanningConfiguration.scanOnPush") is True
    assert found["app"].look("encryptionConfigurations") == [{"encryptionType": "KMS", "kmsKey": key}]
    assert found["plain"].look("encryptionConfigurations") == [{"encryptionType": "AES256"}]
    assert json.loads(found["app-life"].look("policy"))["rules"][0]["action"] == {"type": "expire"}
    assert {urn.rpartition("::")[2] for urn in coverage.gone} == {"gone", "plain-life", "plain-policy"} and not coverage.unread


def test_policies_that_are_resources_of_their_own_are_read(workbench: Workbench) -> None:
    life = workbench.life("aws:kms/key:Key")
    kms, secrets = life.boto("kms"), life.boto("secretsmanager")
    key = kms.create_key()["KeyMetadata"]
    arns = [secrets.create_secret(Name=name, SecretString="hidden")["ARN"] for name in ("one", "two", "three")]
    secrets.put_resource_policy(SecretId=arns[0], ResourcePolicy=tls_only("secretsmanager", arns[0]))
    secrets.delete_secret(SecretId=arns[2], RecoveryWindowInDays=7)
    found, coverage = read(
        workbench,
        here("aws:kms/keyPolicy:KeyPolicy", "key-policy", keyId=key["KeyId"]),
        here("aws:secretsmanager/secretPolicy:SecretPolicy", "one-policy", secretArn=arns[0]),
        here("aws:secretsmanager/secretPolicy:SecretPolicy", "two-policy", secretArn=arns[1]),
        here("aws:secretsmanager/secret:Secret", "one", arn=arns[0]),
        here("aws:secretsmanager/secret:Secret", "three", arn=arns[2]),
        here("aws:secretsmanager/secretRotation:SecretRotation", "one-rotation", secretId=arns[0]),
    )
    assert json.loads(found["key-policy"].look("policy"))["Statement"]
    assert json.loads(found["one-policy"].look("policy"))["Statement"][0]["Effect"] == "Deny"
    assert {urn.rpartition("::")[2] for urn in coverage.gone} == {"two-policy", "three", "one-rotation"}
    assert "hidden" not in str([each.properties for each in found.values()])


def test_a_key_that_waits_for_its_deletion_is_as_good_as_gone(workbench: Workbench) -> None:
    kms = workbench.life("aws:kms/key:Key").boto("kms")
    leaving, signing = (kms.create_key(**kind)["KeyMetadata"]["KeyId"] for kind in ({}, {"KeyUsage": "SIGN_VERIFY", "KeySpec": "RSA_2048"}))
    kms.schedule_key_deletion(KeyId=leaving)
    found, coverage = read(
        workbench,
        here("aws:kms/key:Key", "leaving", keyId=leaving),
        here("aws:kms/key:Key", "signing", keyId=signing, enableKeyRotation=True),
    )
    assert [urn.rpartition("::")[2] for urn in coverage.gone] == ["leaving"]
    assert (found["signing"].look("customerMasterKeySpec"), found["signing"].look("enableKeyRotation")) == ("RSA_2048", False)


def test_the_account_is_blocked_or_its_block_is_gone(workbench: Workbench) -> None:
    block = here("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", "account", blockPublicAcls=True)
    assert read(workbench, block)[1].gone == (block.urn,)
    made = workbench.made("aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock", blockPublicAcls=False, blockPublicPolicy=True)
    found, coverage = read(workbench, block)
    assert (found["account"].look("blockPublicAcls"), found["account"].look("blockPublicPolicy")) == (False, True), made.outputs
    assert not coverage.unread


def test_what_a_deleted_key_encrypted_is_not_gone_with_it(workbench: Workbench) -> None:
    sns = workbench.life("aws:kms/key:Key").boto("sns")
    key = f"arn:aws:kms:{REGION}:123456789012:key/00000000-0000-0000-0000-000000000000"
    arn = sns.create_topic(Name="alerts", Attributes={"KmsMasterKeyId": key})["TopicArn"]
    found, coverage = read(
        workbench, here("aws:sns/topic:Topic", "alerts", arn=arn), here("aws:sns/topic:Topic", "gone", arn=f"{arn}-gone")
    )
    assert found["alerts"].look("kmsMasterKeyId") == key
    assert [urn.rpartition("::")[2] for urn in coverage.gone] == ["gone"] and not coverage.unread
