import json
import string

import pulumi

from components._base import Component
from components.data.credential import new_password, stored_credential
from tests.kit.contexts import a_context
from tests.kit.recorder import UNKNOWN, Graph, record

VERSION = "aws:secretsmanager/secretVersion:SecretVersion"


class Store(Component, token="test:CredentialStore"):
    arn: pulumi.Output[str]
    password: pulumi.Output[str]

    def __init__(self, protect: bool) -> None:
        super().__init__("store", a_context())
        credential = stored_credential(
            self, "store-master", username="root_of_all", facts={"engine": "postgres", "port": 5432}, key_arn="arn:key", protect=protect
        )
        self.arn = credential.arn
        self.password = credential.password
        self.publish()


def _graph(protect: bool = True) -> Graph:
    return record(lambda: Store(protect))


def _published(graph: Graph) -> dict[str, object]:
    return graph.outputs_of(graph.one("morefocus:test:CredentialStore"))


def test_a_password_is_long_random_and_needs_no_escaping() -> None:
    passwords = {new_password() for _ in range(100)}
    assert len(passwords) == 100
    assert all(len(each) == 40 and set(each) <= set(string.ascii_letters + string.digits) for each in passwords)


def test_the_store_is_given_the_password_that_the_secret_holds() -> None:
    graph = _graph()
    content = json.loads(graph.one(VERSION).inputs["secretString"])
    assert content == {"engine": "postgres", "port": 5432, "username": "root_of_all", "password": _published(graph)["password"]}


def test_a_preview_names_no_password_so_that_its_plan_can_be_applied() -> None:
    assert record(lambda: Store(protect=True), preview=True).one(VERSION).inputs["secretString"] == UNKNOWN


def test_the_secret_has_its_own_key_and_can_be_brought_back() -> None:
    secret = _graph().one("aws:secretsmanager/secret:Secret")
    assert secret.inputs["kmsKeyId"] == "arn:key"
    assert secret.inputs["recoveryWindowInDays"] == 30
    assert secret.inputs["tags"]["data-class"] == "credentials"
    assert secret.protect


def test_without_protection_the_name_is_free_at_once() -> None:
    secret = _graph(protect=False).one("aws:secretsmanager/secret:Secret")
    assert secret.inputs["recoveryWindowInDays"] == 0
    assert not secret.protect


def test_a_later_run_does_not_replace_the_stored_password() -> None:
    assert _graph().one(VERSION).ignore_changes == ("secretString",)


def test_the_password_leaves_the_component_as_a_secret() -> None:
    is_secret: list[bool] = []

    async def note(output: pulumi.Output[str]) -> None:
        is_secret.append(await output.is_secret())

    def program() -> pulumi.Output[None]:
        store = Store(True)
        return pulumi.Output.from_input(note(store.password))

    record(program)
    assert is_secret == [True]
