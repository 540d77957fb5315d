"""A function may do what it has, and no more."""

from components._base import document
from components._base.policy_document import Statement
from components.serverless.function_statements import own_statements, reads_secrets, stands_in_network, tells_of_failures
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed

NAME = "morefocus-prod-use1-bookings"
KEY, OTHER_KEY = (f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{each}" for each in ("operational", "credentials"))
SECRET = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:stripe-AbCdEf"
QUEUE = f"arn:aws:sqs:us-east-1:{ACCOUNT}:failures"


def _may(statements: list[Statement], action: str, resource: str, **context: str) -> bool:
    policy = document(*statements)
    assert isinstance(policy, str)
    keys = {name.replace("__", ":"): value for name, value in context.items()}
    return allowed(policy, Request(action=action, resource=resource, principal="arn:role", context=keys))


def test_every_function_traces_and_opens_its_own_environment() -> None:
    own = own_statements(a_context(), NAME, key_arn=KEY)
    assert _may(own, "xray:PutTraceSegments", "*")
    assert _may(own, "kms:Decrypt", KEY)
    assert not _may(own, "kms:Decrypt", OTHER_KEY)
    assert not _may(own, "kms:Encrypt", KEY)


def test_secrets_are_read_one_by_one_and_their_key_through_secrets_manager_alone() -> None:
    reading = reads_secrets(a_context(), {"STRIPE_SECRET": SECRET}, OTHER_KEY)
    assert _may(reading, "secretsmanager:GetSecretValue", SECRET)
    assert not _may(reading, "secretsmanager:GetSecretValue", SECRET.replace("stripe", "paypal"))
    assert not _may(reading, "secretsmanager:PutSecretValue", SECRET)
    assert _may(reading, "kms:Decrypt", OTHER_KEY, kms__ViaService="secretsmanager.us-east-1.amazonaws.com")
    assert not _may(reading, "kms:Decrypt", OTHER_KEY, kms__ViaService="dynamodb.us-east-1.amazonaws.com")
    assert reads_secrets(a_context(), {}, OTHER_KEY) == []


def test_failures_go_to_the_one_queue() -> None:
    telling = tells_of_failures(QUEUE, KEY)
    assert _may(telling, "sqs:SendMessage", QUEUE)
    assert not _may(telling, "sqs:ReceiveMessage", QUEUE)
    assert tells_of_failures(None, KEY) == []


def test_lambda_makes_the_interfaces_and_the_functions_code_none() -> None:
    standing = stands_in_network(a_context(), NAME)
    by_code = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:{NAME}"
    assert _may(standing, "ec2:CreateNetworkInterface", "*")
    assert not _may(standing, "ec2:CreateNetworkInterface", "*", lambda__SourceFunctionArn=by_code)
