"""What the rotation function may do: exact actions on exact secrets (SEC-1, SEC-2)."""

from collections.abc import Mapping, Sequence

import pulumi

from components._base import Context, Statement, allow, document
from components._base.function import writes_log
from components._base.policy_document import Document
from components.security.secret_row import SecretRow

_LOOK = ("secretsmanager:DescribeSecret", "secretsmanager:ListSecretVersionIds")
_RENEW = ("secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue", "secretsmanager:UpdateSecretVersionStage")


def rotation_statements(
    context: Context,
    function: str,
    *,
    rows: Mapping[str, SecretRow],
    key_arn: pulumi.Input[str],
    namespace: str,
    databases: Sequence[str],
) -> Document:
    """Return the policy of the role of the function `function`; it can read no value that it does not renew.

    Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html
    """
    renewed = [name for name, row in sorted(rows.items()) if row.generated or row.rotates]
    statements: list[Statement] = [
        allow(*_LOOK, on=_arns(context, sorted(rows)), sid="LookAtAll"),
        allow(*_RENEW, on=_arns(context, renewed), sid="RenewItsOwn"),
        allow(
            *("kms:Decrypt", "kms:GenerateDataKey"),
            on=[key_arn],
            when={"StringEquals": {"kms:ViaService": f"secretsmanager.{context.region}.amazonaws.com"}},
            sid="UseTheKeyForSecrets",
        ),
        writes_log(context, function),
        # CloudWatch has no ARN for metrics; the namespace is what narrows it down.
        allow("cloudwatch:PutMetricData", on=["*"], when={"StringEquals": {"cloudwatch:namespace": namespace}}, sid="CountFindings"),
    ]
    if databases:
        statements.append(
            allow(
                *("rds:DescribeDBInstances", "rds:ModifyDBInstance"),
                on=[context.arn("rds", f"db:{identifier}") for identifier in databases],
                sid="SetMasterPasswords",
            )
        )
    return document(*statements)


def _arns(context: Context, names: Sequence[str]) -> list[pulumi.Input[str]]:
    """Secrets Manager adds a hyphen and six characters of its own to each name."""
    return [context.arn("secretsmanager", f"secret:{name}-??????") for name in names]
