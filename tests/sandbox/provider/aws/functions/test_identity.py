"""Data sources about who is acting, against the emulated cloud."""

from sandbox.provider.clients import Clients
from sandbox.provider.facts import sdk
from sandbox.provider.handler import Call
from sandbox.provider.registry import functions
from tests.kit.provider import Workbench

TOKEN = "aws:index/getCallerIdentity:getCallerIdentity"


def test_the_caller_is_the_clouds_account(workbench: Workbench) -> None:
    clients = Clients(workbench.endpoint, {"aws_access_key_id": "test", "aws_secret_access_key": "test"})
    call = Call(urn=TOKEN, region="eu-west-1", account="123456789012", operation="", connect=clients.connect)
    answer = functions()[TOKEN].invoke(call, {})
    assert answer["accountId"] == answer["id"] == "123456789012"
    assert answer["arn"].startswith("arn:aws:sts::123456789012:")
    assert {name for name, known in sdk.function(TOKEN).outputs.items() if known.required} <= answer.keys()


def test_the_partition_is_the_commercial_one(workbench: Workbench) -> None:
    token = "aws:index/getPartition:getPartition"
    clients = Clients(workbench.endpoint, {"aws_access_key_id": "test", "aws_secret_access_key": "test"})
    answer = functions()[token].invoke(Call(urn=token, region="eu-west-1", account="1", operation="", connect=clients.connect), {})
    assert (answer["partition"], answer["dnsSuffix"]) == ("aws", "amazonaws.com")
    assert {name for name, known in sdk.function(token).outputs.items() if known.required} <= answer.keys()
