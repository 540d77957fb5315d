"""Who may do what with the key of each data class: plain policy documents (SEC-4).

The account administers every key, but may use it only through the services that keep data of its class; so a stolen
identity with `kms:Decrypt` on everything can decrypt nothing by itself. IAM policies still decide which identities of
the account the key policy speaks of.
Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html (kms:ViaService and its services).
"""

from collections.abc import Mapping

from components._base import Context, Principal, Statement, allow, document
from components._base.policy_document import Document
from config.vocabulary import DataClass

KEY_SERVICES: Mapping[DataClass, tuple[str, ...]] = {
    DataClass.PERSONAL: (
        *("backup", "dax", "dynamodb", "ec2", "elasticache", "elasticfilesystem"),
        *("lambda", "rds", "s3", "sns", "sqs"),
    ),
    DataClass.CREDENTIALS: ("backup", "dax", "eks", "elasticache", "rds", "s3", "secretsmanager", "ssm"),
    DataClass.OPERATIONAL: (
        *("backup", "dax", "dynamodb", "ec2", "ecr", "elasticache", "elasticfilesystem"),
        *("lambda", "rds", "s3", "sns", "sqs", "ssm"),
    ),
    DataClass.LOGS: ("firehose", "kinesis", "s3", "sns", "sqs"),
}
"""Services that may use the key of a class on behalf of the account's identities. ElastiCache needs `dax` beside it."""

_ADMINISTER = (
    *("kms:CancelKeyDeletion", "kms:CreateAlias", "kms:DeleteAlias", "kms:DescribeKey", "kms:DisableKey"),
    *("kms:DisableKeyRotation", "kms:EnableKey", "kms:EnableKeyRotation", "kms:GetKeyPolicy"),
    *("kms:GetKeyRotationStatus", "kms:ListAliases", "kms:ListGrants", "kms:ListKeyPolicies", "kms:ListKeyRotations"),
    *("kms:ListResourceTags", "kms:PutKeyPolicy", "kms:RevokeGrant", "kms:RotateKeyOnDemand"),
    *("kms:ScheduleKeyDeletion", "kms:TagResource", "kms:UntagResource", "kms:UpdateAlias", "kms:UpdateKeyDescription"),
)
"""All that keeps a key, and nothing that encrypts or decrypts."""

_USE = ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*")


def key_policy(context: Context, data_class: DataClass) -> Document:
    """Return the policy of the key of a class. Raises KeyError for `public`, which has no key."""
    statements = [_administer(context), _use(context, data_class), _grant(context, data_class)]
    if "eks" in KEY_SERVICES[data_class]:
        statements.append(_eks_grant(context))
    if "ec2" in KEY_SERVICES[data_class]:
        statements += _auto_scaling(context)
    if data_class is DataClass.OPERATIONAL:
        statements += _alerts(context)
    if data_class is DataClass.PERSONAL:
        statements.append(_mail_feedback())
    if data_class is DataClass.LOGS:
        statements += [_log_groups(context), _findings(context), *_trails(context)]
    return document(*statements)


def _account(context: Context) -> list[Principal]:
    return [Principal.aws(context.arn("iam", "root", region=""))]


def _administer(context: Context) -> Statement:
    return allow(*_ADMINISTER, on=["*"], to=_account(context), sid="AccountAdministers")


def _via(context: Context, *services: str) -> list[str]:
    return [f"{service}.{context.region}.amazonaws.com" for service in services]


def _use(context: Context, data_class: DataClass) -> Statement:
    return allow(
        *_USE,
        on=["*"],
        to=_account(context),
        when={"StringEquals": {"kms:ViaService": _via(context, *KEY_SERVICES[data_class])}},
        sid="AccountUsesThroughServices",
    )


def _grant(context: Context, data_class: DataClass) -> Statement:
    return allow(
        "kms:CreateGrant",
        on=["*"],
        to=_account(context),
        when={
            "StringEquals": {"kms:ViaService": _via(context, *KEY_SERVICES[data_class])},
            "Bool": {"kms:GrantIsForAWSResource": "true"},
        },
        sid="AccountLetsServicesKeepUsing",
    )


def _eks_grant(context: Context) -> Statement:
    """EKS says of no grant that it is for an AWS resource.

    Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html
    """
    return allow(
        "kms:CreateGrant",
        on=["*"],
        to=_account(context),
        when={"StringEquals": {"kms:ViaService": _via(context, "eks")}},
        sid="AccountLetsClustersEncryptSecrets",
    )


def _auto_scaling(context: Context) -> list[Statement]:
    """Nodes are started by a service-linked role, whose own policy names no key.

    Named by a condition and not as principal, since KMS refuses a principal that does not exist yet.
    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html
    """
    role = context.arn("iam", "role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling", region="")
    named = {"ArnEquals": {"aws:PrincipalArn": role}}
    return [
        allow(*_USE, on=["*"], to=[Principal.everyone()], when=named, sid="AutoScalingStartsNodes"),
        allow(
            "kms:CreateGrant",
            on=["*"],
            to=[Principal.everyone()],
            when=named | {"Bool": {"kms:GrantIsForAWSResource": "true"}},
            sid="AutoScalingAttachesVolumes",
        ),
    ]


def _alerts(context: Context) -> list[Statement]:
    """Let services publish to encrypted topics; on the account where the service's own page has that condition.

    Who may publish to which topic is the topic's policy to say.
    Sources: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html,
    https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
    """
    own = {"StringEquals": {"aws:SourceAccount": context.account_id}}
    actions = ("kms:Decrypt", "kms:GenerateDataKey*")
    publishers = [f"{service}.amazonaws.com" for service in ("backup", "cloudwatch", "events", "events.rds")]
    payers = [f"{service}.amazonaws.com" for service in ("budgets", "costalerts")]
    return [
        allow(*actions, on=["*"], to=[Principal.services(*publishers)], sid="ServicesPublishAlerts"),
        allow(*actions, on=["*"], to=[Principal.services(*payers)], when=own, sid="CostAlertsOfTheAccount"),
    ]


def _mail_feedback() -> Statement:
    """Let SES publish to encrypted topics what did not arrive; which topic, for which account, is the topic's policy to say.

    Source: https://docs.aws.amazon.com/ses/latest/dg/configure-sns-notifications.html
    """
    return allow(
        "kms:Decrypt", "kms:GenerateDataKey*", on=["*"], to=[Principal.services("ses.amazonaws.com")], sid="MailTellsWhatDidNotArrive"
    )


def _log_groups(context: Context) -> Statement:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"""
    return allow(
        *_USE,
        on=["*"],
        to=[Principal.services(f"logs.{context.region}.amazonaws.com")],
        when={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": context.arn("logs", "log-group:*")}},
        sid="LogGroupsOfThisAccount",
    )


def _findings(context: Context) -> Statement:
    """Source: https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html"""
    return allow(
        "kms:GenerateDataKey",
        on=["*"],
        to=[Principal.services("guardduty.amazonaws.com")],
        when={
            "StringEquals": {"aws:SourceAccount": context.account_id},
            "ArnLike": {"aws:SourceArn": context.arn("guardduty", "detector/*")},
        },
        sid="FindingsOfThisAccount",
    )


def _trails(context: Context) -> list[Statement]:
    """Let this account's trails of this region encrypt their records.

    Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    """
    service, trails = [Principal.services("cloudtrail.amazonaws.com")], context.arn("cloudtrail", "trail/*")
    own = {"ArnLike": {"aws:SourceArn": trails, "kms:EncryptionContext:aws:cloudtrail:arn": trails}}
    return [
        allow("kms:GenerateDataKey*", on=["*"], to=service, when=own, sid="TrailsOfThisAccount"),
        allow("kms:DescribeKey", on=["*"], to=service, when={"ArnLike": {"aws:SourceArn": trails}}, sid="TrailsFindTheKey"),
    ]
