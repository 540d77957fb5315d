"""What a tenant's pods may do in AWS, and what no other tenant's may: policies as pure functions of names."""

import pulumi

from components._base import Context, Principal, Statement, allow, deny, document
from components._base.policy_document import Document
from components.data.bucket_statements import bucket_arn

READERS = "-secret-reader"
"""How the name of a role ends that brings secrets into the cluster."""


def secret_folder(context: Context, tenant: str) -> str:
    """Return the beginning of the names of a tenant's secrets; the slash keeps `one` from reading what is `one-more`'."""
    return f"{context.prefix}-tenants/{tenant}/"


def role_arn(context: Context, name: str) -> str:
    """Return the ARN of the role of the pods of the tenant component `name`."""
    return context.arn("iam", f"role/{context.physical(f'{name}-pods', limit=64)}", region="")


def pods_policy(
    context: Context, name: str, tenant: str, *, key_arn: pulumi.Input[str], credentials_key_arn: pulumi.Input[str]
) -> Document:
    """Return what a tenant's pods may do: their bucket, their secrets, and the two keys for these alone.

    Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html (the context of a bucket's key is its ARN),
    https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html (that of a secret is the secret's ARN)
    """
    bucket, secrets = bucket_arn(context, name), context.arn("secretsmanager", f"secret:{secret_folder(context, tenant)}*")
    region = context.region.value
    return document(
        allow("s3:GetBucketLocation", "s3:ListBucket", on=[bucket], sid="SeeItsBucket"),
        allow("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:PutObject", on=[f"{bucket}/*"], sid="UseItsBucket"),
        allow("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", on=[secrets], sid="ReadItsSecrets"),
        allow(
            *("kms:Decrypt", "kms:GenerateDataKey"),
            on=[key_arn],
            when={"StringEquals": {"kms:ViaService": f"s3.{region}.amazonaws.com", "kms:EncryptionContext:aws:s3:arn": bucket}},
            sid="KeyOfItsBucket",
        ),
        allow(
            "kms:Decrypt",
            on=[credentials_key_arn],
            when={
                "StringEquals": {"kms:ViaService": f"secretsmanager.{region}.amazonaws.com"},
                "StringLike": {"kms:EncryptionContext:SecretARN": secrets},
            },
            sid="KeyOfItsSecrets",
        ),
    )


def others_out(context: Context, name: str) -> Statement:
    """Deny a tenant's bucket to the pods of every other tenant, whatever their own policies say one day."""
    bucket = bucket_arn(context, name)
    return deny(
        "s3:*",
        on=[bucket, f"{bucket}/*"],
        to=[Principal.everyone()],
        when={
            "ArnLike": {"aws:PrincipalArn": context.arn("iam", f"role/{context.prefix}-tenant-*", region="")},
            "ArnNotEquals": {"aws:PrincipalArn": role_arn(context, name)},
        },
        sid="OtherTenants",
    )


def secret_readers(context: Context, name: str) -> tuple[str, str]:
    """Return who may read a tenant's secrets: its own pods, and what brings its database's password to the migrations."""
    readers = context.arn("iam", f"role/{context.project}-{context.environment.short}-*{READERS}", region="")
    return role_arn(context, name), readers
