"""Functions are those that the repository has handlers for, with secrets of their own and no others."""

import json
from dataclasses import replace

import pytest

from components._base import Component, Context
from components.products.scheduling.functions import FUNCTIONS, ROUTED, Bundle, Runtime, Size, build_function, secrets_of
from components.serverless.function_network import Egress, FunctionNetwork
from config.load import ROOT
from config.secrets_extension import layer_arn
from config.vocabulary import Region
from tests.components.products.scheduling.test_triggers import HASH, outputs
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.recorder import Graph, record

SECRETS = {name: f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:{name}" for name in ("WHATSAPP", "ADDRESS_KEY", "STRIPE_WEBHOOK")}
RUNTIME = Runtime(
    sizes={each: Size(memory_mb=256, timeout_seconds=10, reserved_concurrency=None) for each in FUNCTIONS},
    secrets=SECRETS,
    network=FunctionNetwork(vpc_id="vpc-1", subnet_ids=["subnet-1"], egress=[Egress(to="https", cidr="0.0.0.0/0")]),
    extension_layer_arn=layer_arn(Region.US_EAST_1),
    key_arn="arn:aws:kms:us-east-1:123456789012:key/personal",
    credentials_key_arn="arn:aws:kms:us-east-1:123456789012:key/credentials",
    log_key_arn="arn:aws:kms:us-east-1:123456789012:key/logs",
    log_retention_days=365,
    alert_topic_arn="arn:aws:sns:us-east-1:123456789012:alerts",
)


class Owner(Component, token="test:OwnerOfFunctions"):
    def __init__(self, context: Context) -> None:
        super().__init__("owner", context)
        for each in ("messages", "feedback", "tokens"):
            bundle = Bundle(bucket="releases", key="a.zip", source_hash=HASH)
            parked = f"arn:aws:sqs:us-east-1:{ACCOUNT}:dead"
            build_function(self, each, bundle, RUNTIME, statements=(), variables={}, parked_in=parked)
        self.publish()


@pytest.fixture(scope="module")
def graph() -> Graph:
    return record(lambda: Owner(a_context()), computed=outputs)


def test_every_folder_with_a_handler_is_a_function_and_every_function_has_one() -> None:
    assert {path.parent.name for path in (ROOT / "services" / "scheduling").glob("*/handler.mjs")} == set(FUNCTIONS)
    assert set(ROUTED) < set(FUNCTIONS)


def test_a_function_is_told_of_its_own_secrets_as_far_as_the_region_has_them() -> None:
    assert secrets_of("payments", SECRETS) == {"STRIPE_WEBHOOK_SECRET": SECRETS["STRIPE_WEBHOOK"]}
    assert set(secrets_of("messages", SECRETS)) == {"WHATSAPP_SECRET", "ADDRESS_KEY_SECRET"}
    assert not secrets_of("bookings", SECRETS) and not secrets_of("tokens", SECRETS)


def test_only_what_speaks_with_others_stands_in_the_network_and_only_what_reads_secrets_has_the_layer(graph: Graph) -> None:
    made = {each: graph.named(f"scheduling-{each}-function").inputs for each in ("messages", "feedback", "tokens")}
    assert {each for each, inputs in made.items() if inputs.get("vpcConfig")} == {"messages"}
    assert {each for each, inputs in made.items() if inputs.get("layers")} == {"messages", "feedback"}


def test_a_call_of_an_event_that_failed_is_parked_and_one_that_is_waited_for_is_not(graph: Graph) -> None:
    parked = graph.of_type("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig")
    assert [each.name for each in parked] == ["scheduling-feedback-failures"]
    assert "dead" in json.dumps(parked[0].inputs)


def test_a_function_without_a_size_is_refused() -> None:
    with pytest.raises(ValueError, match="sizes must be of audit, bookings"):
        replace(RUNTIME, sizes={"bookings": RUNTIME.sizes["bookings"]})
