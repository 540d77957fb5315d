"""Tenant A's pods reach nothing of tenant B's in AWS: each attempt is judged by the policies that both sides have (TEN-1)."""

import pytest

from components._base import document
from components.products.tenant.permissions import others_out, pods_policy, role_arn, secret_folder, secret_readers
from components.security.secrets import secret_policy
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed, denied

CONTEXT = a_context()
KEY, CREDENTIALS = "arn:aws:kms:us-east-1:123456789012:key/personal", "arn:aws:kms:us-east-1:123456789012:key/credentials"
POLICY = pods_policy(CONTEXT, "tenant-acme", "acme", key_arn=KEY, credentials_key_arn=CREDENTIALS)
ACME, LABS = role_arn(CONTEXT, "tenant-acme"), role_arn(CONTEXT, "tenant-acme-labs")
BUCKET = "arn:aws:s3:::morefocus-prod-use1-tenant-acme"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:morefocus-prod-use1-tenants/{}/database-AbCdEf"


def may(action: str, resource: str, **context: str) -> bool:
    assert isinstance(POLICY, str)
    given = {key.replace("__", ":"): value for key, value in context.items()}
    return allowed(POLICY, Request(action=action, resource=resource, principal=ACME, context=given))


def test_its_own_bucket_and_secrets_are_the_tenants_to_use() -> None:
    assert may("s3:GetObject", f"{BUCKET}/file") and may("s3:PutObject", f"{BUCKET}/file") and may("s3:ListBucket", BUCKET)
    assert may("secretsmanager:GetSecretValue", SECRET.format("acme"))


@pytest.mark.parametrize(
    "action, resource",
    [
        ("s3:GetObject", f"{BUCKET}-labs/file"),
        ("s3:ListBucket", f"{BUCKET}-labs"),
        ("s3:PutObject", "arn:aws:s3:::morefocus-prod-use1-files/file"),
        ("s3:DeleteObjectVersion", f"{BUCKET}/file"),
        ("s3:PutBucketPolicy", BUCKET),
        ("s3:ListAllMyBuckets", "*"),
        ("secretsmanager:GetSecretValue", SECRET.format("acme-labs")),
        ("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:us-east-1:123456789012:secret:morefocus-prod-use1-stripe-AbCdEf"),
        ("secretsmanager:PutSecretValue", SECRET.format("acme")),
        ("secretsmanager:ListSecrets", "*"),
        ("sts:AssumeRole", LABS),
        ("rds-db:connect", "arn:aws:rds-db:us-east-1:123456789012:dbuser:*/tenant_acme_labs"),
    ],
)
def test_nothing_else_is(action: str, resource: str) -> None:
    assert not may(action, resource)


def test_the_keys_open_what_is_its_own_and_nothing_that_others_keep_under_them() -> None:
    s3, kept = "s3.us-east-1.amazonaws.com", "secretsmanager.us-east-1.amazonaws.com"
    assert may("kms:Decrypt", KEY, kms__ViaService=s3, **{"kms:EncryptionContext:aws:s3:arn": BUCKET})
    assert not may("kms:Decrypt", KEY, kms__ViaService=s3, **{"kms:EncryptionContext:aws:s3:arn": f"{BUCKET}-labs"})
    assert not may("kms:Decrypt", KEY, **{"kms:EncryptionContext:aws:s3:arn": BUCKET})
    assert may("kms:Decrypt", CREDENTIALS, kms__ViaService=kept, **{"kms:EncryptionContext:SecretARN": SECRET.format("acme")})
    assert not may("kms:Decrypt", CREDENTIALS, kms__ViaService=kept, **{"kms:EncryptionContext:SecretARN": SECRET.format("acme-labs")})


def test_a_bucket_keeps_other_tenants_out_whatever_they_are_allowed_one_day() -> None:
    policy = document(others_out(CONTEXT, "tenant-acme"))
    assert isinstance(policy, str)

    def out(who: str) -> bool:
        return denied(policy, Request(action="s3:GetObject", resource=f"{BUCKET}/x", principal=who, context={"aws:PrincipalArn": who}))

    assert out(LABS) and not out(ACME)
    assert not out("arn:aws:iam::123456789012:role/morefocus-prod-use1-backup")


def test_a_secret_keeps_everybody_out_but_its_tenant_and_the_migrations() -> None:
    policy = secret_policy(CONTEXT, secret_readers(CONTEXT, "tenant-acme"))
    assert isinstance(policy, str)

    def out(who: str) -> bool:
        context = {
            "aws:PrincipalArn": who,
            "aws:PrincipalAccount": "123456789012",
            "aws:SecureTransport": "true",
            "aws:PrincipalIsAWSService": "false",
        }
        return denied(
            policy, Request(action="secretsmanager:GetSecretValue", resource=SECRET.format("acme"), principal=who, context=context)
        )

    assert out(LABS) and out("arn:aws:iam::123456789012:role/platform-administrator")
    assert not out(ACME) and not out("arn:aws:iam::123456789012:role/morefocus-prod-use1-external-secret-reader")


def test_longest_names_are_still_told_apart() -> None:
    context = a_context(Region.AP_SOUTHEAST_2)
    one, other = (role_arn(context, f"tenant-{'a' * 29}{last}") for last in "bc")
    assert one != other and len(one.rpartition("/")[2]) <= 64
    assert secret_folder(context, "acme") == "morefocus-prod-apse2-tenants/acme/"
