"""Each function may do what it is for, on what it is for, and nothing else."""

import json
import re

import pytest

from components._base import document
from components.products.scheduling.duties import Reach, duties
from components.products.scheduling.functions import FUNCTIONS
from config.load import ROOT
from tests.kit.contexts import ACCOUNT
from tests.kit.policy_judge import Request, allowed

PLACE = f"us-east-1:{ACCOUNT}"
COMMAND = re.compile(r"\b(\w+)Command\b")
OPERATIONS = {
    "AdminDeleteUser": ("cognito-idp:AdminDeleteUser", "pool"),
    "ChangeMessageVisibilityBatch": ("sqs:ChangeMessageVisibility", "dead"),
    "DeleteMessage": ("sqs:DeleteMessage", "dead"),
    "DeleteObjects": ("s3:DeleteObjectVersion", "file"),
    "DeleteSuppressedDestination": ("ses:DeleteSuppressedDestination", "any"),
    "GetObject": ("s3:GetObjectVersion", "file"),
    "GetSuppressedDestination": ("ses:GetSuppressedDestination", "any"),
    "ListObjectVersions": ("s3:ListBucketVersions", "bucket"),
    "ListUsers": ("cognito-idp:ListUsers", "pool"),
    "PutObject": ("s3:PutObject", "file"),
    "ReceiveMessage": ("sqs:ReceiveMessage", "dead"),
    "SendEmail": ("ses:SendEmail", "identity"),
    "SendMessage": ("sqs:SendMessage", "queue"),
}
"""Command of the SDK to the action that it takes, and on what; a command that is not here is a question to whoever uses it."""
TABLE, KEY = f"arn:aws:dynamodb:{PLACE}:table/scheduling", f"arn:aws:kms:{PLACE}:key/personal"
STREAM = f"{TABLE}/stream/2026-11-22T00:00:00.000"
QUEUE, DEAD = f"arn:aws:sqs:{PLACE}:jobs", f"arn:aws:sqs:{PLACE}:jobs-dead"
POOL, FILES = f"arn:aws:cognito-idp:{PLACE}:userpool/us-east-1_a", "arn:aws:s3:::files"
IDENTITY = f"arn:aws:ses:{PLACE}:identity/mail.use1.example.com"
REACH = Reach(
    region="us-east-1",
    table_name="scheduling",
    table_arn=TABLE,
    stream_arn=STREAM,
    queue_arn=QUEUE,
    dead_letter_arn=DEAD,
    files_bucket_arn=FILES,
    user_pool_arn=POOL,
    mail_identity_arn=IDENTITY,
    mail_configuration_arn=f"arn:aws:ses:{PLACE}:configuration-set/mail",
    key_arn=KEY,
)
WITH_TABLE = sorted(set(FUNCTIONS) - {"tokens"})


def may(function: str, action: str, resource: str, **context: str) -> bool:
    policy = document(*duties(REACH)[function])
    assert isinstance(policy, str)
    facts = {key.replace("__", ":"): value for key, value in context.items()}
    return allowed(policy, Request(action=action, resource=resource, principal=f"arn:aws:iam::{ACCOUNT}:role/{function}", context=facts))


def key(function: str, service: str, context: str, value: str) -> bool:
    policy = document(*duties(REACH)[function])
    assert isinstance(policy, str)
    facts = {"kms:ViaService": f"{service}.us-east-1.amazonaws.com", f"kms:EncryptionContext:{context}": value}
    return allowed(policy, Request(action="kms:Decrypt", resource=KEY, principal=f"arn:aws:iam::{ACCOUNT}:role/{function}", context=facts))


def test_every_function_has_its_duties_and_adding_a_tenant_to_a_token_takes_none() -> None:
    assert set(duties(REACH)) == set(FUNCTIONS) and not duties(REACH)["tokens"]


@pytest.mark.parametrize("function", WITH_TABLE)
def test_items_are_read_and_written_under_the_key_of_this_table_alone(function: str) -> None:
    for action in ("GetItem", "PutItem", "Query", "UpdateItem", "DeleteItem", "ConditionCheckItem"):
        assert may(function, f"dynamodb:{action}", TABLE), action
        assert not may(function, f"dynamodb:{action}", f"{TABLE}-other"), action
    assert may(function, "dynamodb:Query", f"{TABLE}/index/by-time")
    assert not may(function, "dynamodb:DeleteTable", TABLE)
    assert key(function, "dynamodb", "aws:dynamodb:tableName", "scheduling")
    assert not key(function, "dynamodb", "aws:dynamodb:tableName", "other")
    assert not key(function, "rds", "aws:dynamodb:tableName", "scheduling")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_call_that_a_handler_makes_is_allowed(function: str) -> None:
    places = {"any": "*", "bucket": FILES, "file": f"{FILES}/t/c/a.pdf", "identity": IDENTITY, "pool": POOL, "queue": QUEUE, "dead": DEAD}
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "services" / "scheduling" / function).rglob("*.mjs")]
    assert sources
    for command in {name for text in sources for name in COMMAND.findall(text)}:
        action, place = OPERATIONS[command]
        assert may(function, action, places[place]), command


def test_only_an_erasure_looks_through_all_items() -> None:
    assert [each for each in WITH_TABLE if may(each, "dynamodb:Scan", TABLE)] == ["privacy"]


def test_jobs_are_put_on_the_queue_by_the_outbox_and_the_worker_and_by_nobody_else() -> None:
    assert [each for each in WITH_TABLE if may(each, "sqs:SendMessage", QUEUE)] == ["audit", "messages"]
    assert [each for each in WITH_TABLE if may(each, "sqs:SendMessage", DEAD)] == ["messages"]
    assert [each for each in WITH_TABLE if may(each, "sqs:ReceiveMessage", QUEUE)] == ["messages"]
    assert not may("messages", "sqs:PurgeQueue", QUEUE)
    assert [each for each in WITH_TABLE if may(each, "sqs:DeleteMessage", DEAD)] == ["privacy"]
    assert key("privacy", "sqs", "aws:sqs:arn", DEAD) and not key("privacy", "sqs", "aws:sqs:arn", QUEUE)
    assert key("audit", "sqs", "aws:sqs:arn", QUEUE) and not key("audit", "sqs", "aws:sqs:arn", DEAD)
    assert key("messages", "sqs", "aws:sqs:arn", DEAD)


def test_only_an_erasure_deletes_users_and_every_version_of_files() -> None:
    for action, resource in (("cognito-idp:AdminDeleteUser", POOL), ("s3:DeleteObjectVersion", f"{FILES}/t/c/a.pdf")):
        assert [each for each in WITH_TABLE if may(each, action, resource)] == ["privacy"]
    assert may("privacy", "ses:DeleteSuppressedDestination", "*") and may("privacy", "s3:ListBucketVersions", FILES)
    assert not may("privacy", "s3:DeleteBucket", FILES) and not may("privacy", "cognito-idp:DeleteUserPool", POOL)
    assert key("privacy", "s3", "aws:s3:arn", FILES) and not key("privacy", "s3", "aws:s3:arn", f"{FILES}-backups")


def test_mail_is_sent_by_the_worker_from_this_domain_alone() -> None:
    assert [each for each in WITH_TABLE if may(each, "ses:SendEmail", IDENTITY)] == ["messages"]
    assert not may("messages", "ses:SendEmail", f"arn:aws:ses:{PLACE}:identity/other.example.com")


def test_changes_are_read_by_the_audit_log_alone() -> None:
    assert [each for each in WITH_TABLE if may(each, "dynamodb:GetRecords", STREAM)] == ["audit"]


def test_every_statement_that_names_no_resource_is_one_that_aws_gives_none() -> None:
    wide = {
        action
        for statements in duties(REACH).values()
        if statements
        for each in json.loads(str(document(*statements)))["Statement"]
        if each["Resource"] == "*"
        for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
    }
    assert wide == {
        "dynamodb:ListStreams",
        *(f"ses:{verb}SuppressedDestination" for verb in ("Delete", "Get")),
    }
