"""What each function of the scheduling service may do: exact actions on exact resources, as pure functions of names (SCH-7, SEC-1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components._base import Statement, allow

_READ = ("dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem", "dynamodb:Query")
_WRITE = ("dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem")
_STREAM = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
_CONSUME = ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """What there is to be used, by ARN; the KMS key is that of personal data."""

    region: str
    table_name: pulumi.Input[str]
    table_arn: pulumi.Input[str]
    stream_arn: pulumi.Input[str]
    queue_arn: pulumi.Input[str]
    dead_letter_arn: pulumi.Input[str]
    files_bucket_arn: str
    user_pool_arn: pulumi.Input[str]
    mail_identity_arn: pulumi.Input[str]
    mail_configuration_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]


def duties(reach: Reach) -> Mapping[str, Sequence[Statement]]:
    """Return the statements of each function's role, by the function's name.

    Adding the tenant to a token takes nothing of AWS: all of it stands in the event.
    """
    return {
        "bookings": _uses_table(reach),
        "privacy": [
            *_uses_table(reach),
            _finds_nothing_left(reach),
            *_erases_files(reach),
            _erases_users(reach),
            _forgets_addresses(),
            *_empties_dead_letters(reach),
        ],
        "payments": _uses_table(reach),
        "messages": [*_uses_table(reach), *_works_jobs(reach), _sends_mail(reach)],
        "tokens": [],
        "feedback": _uses_table(reach),
        "audit": [*_reads_stream(reach), *_uses_table(reach), *_sends_jobs(reach)],
    }


def _key(reach: Reach, service: str, *actions: str, context: str, value: pulumi.Input[str], sid: str) -> Statement:
    """Allow the use of the key through one service, for one resource of it."""
    via = {"kms:ViaService": f"{service}.{reach.region}.amazonaws.com", f"kms:EncryptionContext:{context}": value}
    return allow(*actions, on=[reach.key_arn], when={"StringEquals": via}, sid=sid)


def _uses_table(reach: Reach) -> list[Statement]:
    """Reads by key and partition, and never all tenants' items at once; a transaction takes the actions of its parts.

    Sources: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html,
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html (context of the key).
    """
    index = (
        pulumi.Output.concat(reach.table_arn, "/index/*") if isinstance(reach.table_arn, pulumi.Output) else f"{reach.table_arn}/index/*"
    )
    return [
        allow(*_READ, *_WRITE, on=[reach.table_arn], sid="UseTheTable"),
        allow("dynamodb:Query", on=[index], sid="UseItsIndexes"),
        _key(
            reach,
            "dynamodb",
            *("kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
            context="aws:dynamodb:tableName",
            value=reach.table_name,
            sid="KeyOfTheTable",
        ),
    ]


def _finds_nothing_left(reach: Reach) -> Statement:
    """An erasure ends with a scan of the whole table that must find nothing of the person (SCH-8)."""
    return allow("dynamodb:Scan", on=[reach.table_arn], sid="FindNothingLeft")


def _reads_stream(reach: Reach) -> list[Statement]:
    """Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html (execution role)."""
    return [
        allow(*_STREAM, on=[reach.stream_arn], sid="ReadChanges"),
        allow("dynamodb:ListStreams", on=["*"], sid="FindStreams"),
    ]


def _sends_jobs(reach: Reach) -> list[Statement]:
    """Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html (both actions)."""
    return [
        allow("sqs:SendMessage", on=[reach.queue_arn], sid="SendJobs"),
        _key(
            reach,
            "sqs",
            *("kms:Decrypt", "kms:GenerateDataKey"),
            context="aws:sqs:arn",
            value=reach.queue_arn,
            sid="KeyOfTheQueue",
        ),
    ]


def _works_jobs(reach: Reach) -> list[Statement]:
    """Takes jobs, puts off what a provider limits, and parks what can never be sent with its reason."""
    return [
        allow(*_CONSUME, on=[reach.queue_arn], sid="WorkJobs"),
        allow("sqs:SendMessage", on=[reach.queue_arn, reach.dead_letter_arn], sid="RetryAndPark"),
        allow(
            *("kms:Decrypt", "kms:GenerateDataKey"),
            on=[reach.key_arn],
            when={
                "StringEquals": {
                    "kms:ViaService": f"sqs.{reach.region}.amazonaws.com",
                    "kms:EncryptionContext:aws:sqs:arn": [reach.queue_arn, reach.dead_letter_arn],
                }
            },
            sid="KeyOfTheQueues",
        ),
    ]


def _empties_dead_letters(reach: Reach) -> list[Statement]:
    """Takes a person's messages out of the dead-letter queue, where nothing else would remove them (SCH-8)."""
    return [
        allow("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage", on=[reach.dead_letter_arn], sid="EraseMessages"),
        _key(reach, "sqs", "kms:Decrypt", context="aws:sqs:arn", value=reach.dead_letter_arn, sid="KeyOfDeadLetters"),
    ]


def _sends_mail(reach: Reach) -> Statement:
    """Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html"""
    return allow("ses:SendEmail", on=[reach.mail_identity_arn, reach.mail_configuration_arn], sid="SendMail")


def _forgets_addresses() -> Statement:
    """The account's list has no ARN of its own; SES itself puts addresses on it."""
    return allow("ses:DeleteSuppressedDestination", "ses:GetSuppressedDestination", on=["*"], sid="ForgetAddresses")


def _erases_files(reach: Reach) -> list[Statement]:
    """Every version of an object goes: a delete marker would leave the file (SCH-8)."""
    bucket = reach.files_bucket_arn
    return [
        allow("s3:ListBucketVersions", on=[bucket], sid="FindFiles"),
        allow("s3:DeleteObjectVersion", "s3:GetObjectVersion", "s3:PutObject", on=[f"{bucket}/*"], sid="ExportAndEraseFiles"),
        _key(
            reach,
            "s3",
            *("kms:Decrypt", "kms:GenerateDataKey"),
            context="aws:s3:arn",
            value=bucket,
            sid="KeyOfTheFiles",
        ),
    ]


def _erases_users(reach: Reach) -> Statement:
    return allow("cognito-idp:AdminDeleteUser", "cognito-idp:ListUsers", on=[reach.user_pool_arn], sid="FindAndEraseUsers")
