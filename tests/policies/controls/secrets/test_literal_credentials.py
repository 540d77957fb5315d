"""Credentials written where settings are read. All of them are made up."""

import base64
import json
from typing import Any

import pytest

from policies.controls.secrets._credentials import literal
from policies.controls.secrets.literal_credentials import CONTROL
from policies.values import UNKNOWN
from policies.verdict import Verdict
from tests.kit.policies import Draft, Mutation, catches, lets_pass, lone, resource

FUNCTION, PARAMETER, TEMPLATE = "aws:lambda/function:Function", "aws:ssm/parameter:Parameter", "aws:ec2/launchTemplate:LaunchTemplate"
DATABASE, CLUSTER = "aws:rds/instance:Instance", "aws:rds/cluster:Cluster"
CACHE, CACHE_USER = "aws:elasticache/replicationGroup:ReplicationGroup", "aws:elasticache/user:User"
SECRET, VERSION = "aws:secretsmanager/secret:Secret", "aws:secretsmanager/secretVersion:SecretVersion"
DEPLOYMENT, RELEASE = "kubernetes:apps/v1:Deployment", "kubernetes:helm.sh/v3:Release"
CONFIG_MAP, K8S_SECRET = "kubernetes:core/v1:ConfigMap", "kubernetes:core/v1:Secret"
ACCESS_KEY = "AKIA" + "ABCDEFGHIJKLMNOP"
PRIVATE_KEY = "-----BEGIN " + "RSA PRIVATE KEY-----"
MASTER = "database-primary"


def variable(name: str, value: Any) -> Mutation:
    def change(draft: Draft) -> None:
        draft.one(FUNCTION, "scheduling-bookings-function").properties["environment"]["variables"][name] = value

    return Mutation(f"a function has the variable {name} with {value}", change)


def of_pods(name: str, value: Any, kind: str = "containers") -> Mutation:
    def change(draft: Draft) -> None:
        draft.one(DEPLOYMENT).set(f"spec.template.spec.{kind}", [{"name": "one", "env": [{"name": name, "value": value}]}])

    return Mutation(f"{kind} have the variable {name} with {value}", change)


def made(name: str, type_: str, /, **properties: Any) -> Mutation:
    return Mutation(name, lambda draft: draft.add(type_, "made", properties))


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def kept(draft: Draft) -> None:
    draft.add(VERSION, "made", {"secretString": json.dumps({"username": "one", "password": "hunter2"})})
    draft.add(CLUSTER, "made", {"masterPassword": "hunter2"})
    draft.add(CACHE_USER, "made", {"authenticationMode": {"type": "password", "passwords": ["hunter2"]}})


CAUGHT = [
    variable("DATABASE_PASSWORD", "hunter2"),
    variable("apiKey", "a1b2c3d4"),
    variable("ANYTHING", ACCESS_KEY),
    variable("ADDRESS", "postgres://app:hunter2@db.example.com/app"),
    made("a parameter is readable", PARAMETER, name="/app/password", type="String", value="hunter2"),
    made("a parameter is a list", PARAMETER, name="/app/keys", type="StringList", value=f"one,{ACCESS_KEY}"),
    Mutation("machines start with a key", lambda draft: draft.one(TEMPLATE).set("userData", encoded(f"export KEY={ACCESS_KEY}"))),
    of_pods("POSTGRES_PASSWORD", "hunter2"),
    of_pods("SESSION_SECRET", "hunter2", "initContainers"),
    made("a map has a password", CONFIG_MAP, metadata={"name": "m"}, data={"PGPASSWORD": "hunter2"}),
    made("a map has a key in a file", CONFIG_MAP, metadata={"name": "m"}, data={"file.pem": PRIVATE_KEY}),
    made("a cluster's secret is written out", K8S_SECRET, metadata={"name": "s"}, stringData={"password": "hunter2"}),
    made("a cluster's secret is written out in base64", K8S_SECRET, metadata={"name": "s"}, data={"password": encoded("hunter2")}),
    Mutation("a chart is given a key", lambda draft: draft.one(RELEASE).set("values.extra", [{"deep": {"key": ACCESS_KEY}}])),
    Mutation("a database has a password of the program", lambda draft: draft.one(DATABASE, MASTER).set("password", "hunter2")),
    made("a cluster of databases has one", CLUSTER, masterPassword="hunter2"),
    made("a cache has one", CACHE, authToken="hunter2"),
    made("a user of a cache has one", CACHE_USER, passwords=["hunter2"]),
    made("a user of a cache has one in its mode", CACHE_USER, authenticationMode={"passwords": ["hunter2"]}),
]
SPARED = [
    variable("DATABASE_PASSWORD_ARN", "morefocus/database"),
    variable("DATABASE_SECRET", "arn:aws:secretsmanager:eu-west-1:1:secret:database"),
    variable("GRAFANA_SECRET", "morefocus-prod-euw1-grafana-admin"),
    variable("TOKEN_MINUTES", "15"),
    variable("TOKENS", "true"),
    variable("PASSWORD_FILE", "run/password"),
    variable("SIGNING_SECRET", "/run/secrets/signing"),
    variable("TOKEN", "https://id.example.com/token"),
    variable("GREETING", "hunter2"),
    made("a parameter is a secret's place", PARAMETER, name="/app/password", type="SecureString", value="hunter2"),
    of_pods("POSTGRES_PASSWORD", None),
    of_pods("CONNECTION_STRING", "postgres://app:$(PASSWORD)@db/app"),
    made("a cluster's secret holds settings", K8S_SECRET, metadata={"name": "s"}, data={"roles": encoded("one: two")}),
    Mutation("stores have passwords that secrets keep", kept),
    made("RDS manages a password", CLUSTER, manageMasterUserPassword=True),
    made("a cache knows roles", CACHE_USER, authenticationMode={"type": "iam"}),
]


@pytest.mark.parametrize("mutation", CAUGHT, ids=str)
def test_a_change_for_the_worse_is_caught(mutation: Mutation) -> None:
    catches("SEC-02", mutation)


@pytest.mark.parametrize("mutation", SPARED, ids=str)
def test_a_change_that_is_right_passes(mutation: Mutation) -> None:
    lets_pass("SEC-02", mutation)


@pytest.mark.parametrize(
    "value",
    [
        ACCESS_KEY,
        PRIVATE_KEY,
        "ghp_" + "a" * 36,
        "github_pat_" + "a" * 30,
        "glpat-" + "a" * 20,
        "xoxb-" + "1234567890",
        "sk_live_" + "a" * 24,
        "sk-" + "a" * 40,
        "AIza" + "a" * 35,
        ".".join(["eyJ" + "a" * 10, "eyJ" + "b" * 10, "c" * 20]),
        "amqps://user" + ":pass@broker.example.com",
    ],
)
def test_credentials_are_told_by_their_shape(value: str) -> None:
    assert literal("ANYTHING", f"before {value}", ()) is True
    assert literal("ANYTHING", value[:6], ()) is False


def test_an_unknown_is_open_where_a_name_promises_a_credential_and_something_may_hold_one() -> None:
    secret, version = resource(SECRET, "secret"), resource(VERSION, "version", secretString=UNKNOWN)
    shown = {"environment": {"variables": {"API_SECRET": UNKNOWN, "TABLE": UNKNOWN}}}
    told = {
        "of-a-secret": (secret.urn,),
        "of-its-value": (secret.urn, version.urn),
        "of-nothing": (),
    }
    functions = [resource(FUNCTION, name, **shown, property_dependencies={"environment": urns}) for name, urns in told.items()]
    table = resource(FUNCTION, "another", environment={"variables": {"TABLE": UNKNOWN}})
    database = resource(DATABASE, "database", password=UNKNOWN, property_dependencies={"password": (version.urn,)})
    unclear = resource(DATABASE, "unclear", password=UNKNOWN)
    graph = lone(secret, version, table, database, unclear, *functions)
    assert {finding.urn.rpartition("::")[2]: finding.verdict for finding in CONTROL.evaluate(graph)} == {
        "another": Verdict.PASS,
        "database": Verdict.PASS,
        "unclear": Verdict.UNDECIDED,
        "of-a-secret": Verdict.PASS,
        "of-its-value": Verdict.UNDECIDED,
        "of-nothing": Verdict.UNDECIDED,
    }
