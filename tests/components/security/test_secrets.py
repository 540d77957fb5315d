import json
from typing import Any

import pytest

from components.security.secret_row import SecretRow
from components.security.secrets import SEED, Kept, Secrets, SecretsArgs, secret_policy
from config.vocabulary import Region
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record

SECRET = "aws:secretsmanager/secret:Secret"
VERSION = "aws:secretsmanager/secretVersion:SecretVersion"
ROTATION = "aws:secretsmanager/secretRotation:SecretRotation"
READER = "arn:aws:iam::123456789012:role/reader"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:rotation"
ISSUED = Kept(row=SecretRow(days=90, generated=False, rotates=False, holds=("api_key",)), purpose="Payments", replicates=True)
SIGNING = Kept(row=SecretRow(days=30, generated=True, rotates=True, holds=("secret",)), purpose="Sessions")
MADE_ONCE = Kept(row=SecretRow(days=365, generated=True, rotates=False, holds=("key",)), purpose="Stored credentials")


def graph(**changes: Any) -> Graph:
    basic: dict[str, Any] = {
        "secrets": {"stripe": ISSUED, "sessions": SIGNING, "encryption": MADE_ONCE},
        "key_arn": "arn:key",
        "rotation_arn": FUNCTION,
        "readers": [READER],
        "replicas": {Region.EU_CENTRAL_1: "arn:key-there"},
    }
    return record(lambda: Secrets("secrets", a_context(Region.EU_WEST_1), SecretsArgs(**(basic | changes))), stack="eu-west-1")


def test_every_secret_is_encrypted_guarded_and_can_be_brought_back() -> None:
    for secret in graph().of_type(SECRET):
        assert secret.inputs["kmsKeyId"] == "arn:key"
        assert secret.inputs["name"] == f"morefocus-prod-euw1-{secret.name}"
        assert secret.inputs["recoveryWindowInDays"] == 30 and secret.protect
        assert secret.inputs["tags"]["data-class"] == "credentials"
        assert json.loads(secret.inputs["policy"]) == json.loads(str(secret_policy(a_context(Region.EU_WEST_1), [READER])))


def test_only_what_replicates_goes_to_the_regions_given_with_their_keys() -> None:
    made = graph()
    replicas = {secret.name: secret.inputs.get("replicas") for secret in made.of_type(SECRET)}
    assert replicas == {"stripe": [{"region": "eu-central-1", "kmsKeyId": "arn:key-there"}], "sessions": None, "encryption": None}
    assert all("replicas" not in secret.inputs for secret in graph(replicas={}).of_type(SECRET))


def test_what_the_function_renews_has_a_schedule_and_begins_at_once() -> None:
    rotation = graph().one(ROTATION)
    assert rotation.name == "sessions-rotation"
    assert rotation.inputs["rotationLambdaArn"] == FUNCTION
    assert rotation.inputs["rotationRules"] == {"automaticallyAfterDays": 30}
    assert rotation.inputs["rotateImmediately"] is True


def test_no_value_of_a_secret_is_in_the_program() -> None:
    (version,) = graph().of_type(VERSION)
    assert version.name == "sessions-seed"
    assert json.loads(version.inputs["secretString"]) == SEED
    assert set(SEED) & set(SIGNING.row.holds) == set(), "no reader can take it for a value"


def test_the_first_version_is_never_written_again_once_a_rotation_has_moved_on() -> None:
    (version,) = graph().of_type(VERSION)
    assert version.ignore_changes == ("secretString", "versionStages")
    assert "seed" in version.inputs["versionStages"]


def test_a_secret_of_another_component_is_renewed_when_its_time_comes_and_not_before() -> None:
    master = SecretRow(days=30, generated=False, rotates=True, kind="database")
    made = graph(secrets={}, rotated_elsewhere={"database-master": ("arn:master", master)})
    rotation = made.one(ROTATION)
    assert (rotation.inputs["secretId"], rotation.inputs["rotateImmediately"]) == ("arn:master", False)


def test_nobody_reads_a_value_without_tls_from_outside_or_without_being_named() -> None:
    document = json.loads(str(secret_policy(a_context(), [READER])))
    denials = {each["Sid"]: each for each in document["Statement"]}
    assert all(each["Effect"] == "Deny" and each["Principal"] == {"AWS": "*"} for each in denials.values())
    assert denials["TlsOnly"]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denials["ThisAccountOnly"]["Condition"]["StringNotEquals"] == {"aws:PrincipalAccount": "123456789012"}
    assert denials["ReadersOnly"]["Condition"]["ArnNotLike"] == {"aws:PrincipalArn": [READER]}
    assert "secretsmanager:GetSecretValue" in denials["ReadersOnly"]["Action"]
    assert "secretsmanager:PutSecretValue" not in denials["ReadersOnly"]["Action"], "a person has to fill issued secrets in"


def test_secrets_may_be_given_up_where_nothing_must_last() -> None:
    for secret in graph(protect=False).of_type(SECRET):
        assert secret.inputs["recoveryWindowInDays"] == 0 and not secret.protect


def test_secrets_without_readers_are_refused() -> None:
    with pytest.raises(ValueError, match="readers must name at least one role"):
        graph(readers=[])
