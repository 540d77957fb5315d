from typing import Any

from components.platform.external_secrets import ExternalSecrets, ExternalSecretsArgs, reader_policy
from tests.components.platform.made import DIGEST, a_chart, an_image, assert_restricted, assert_sized, values_of
from tests.kit.contexts import a_context
from tests.kit.policy_judge import Request, allowed
from tests.kit.recorder import record

PARTS = ("webhook", "certController")
KEY = "arn:aws:kms:us-east-1:123456789012:key/credentials"
MASTER = "arn:aws:secretsmanager:us-east-1:123456789012:secret:rds!db-1"
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:morefocus-prod-use1-n8n-a1b2c3"


def _values() -> dict[str, Any]:
    args = ExternalSecretsArgs(chart=a_chart(), image=an_image(), namespace="external-secrets", priority_class="platform")
    return values_of(record(lambda: ExternalSecrets("external-secrets", a_context(), args)))


def test_two_replicas_of_each_program_choose_one_that_works() -> None:
    values = _values()
    assert values["leaderElect"] is True
    for part in (values, *(values[name] for name in PARTS)):
        assert part["replicaCount"] == 2
        assert part["podDisruptionBudget"] == {"enabled": True, "minAvailable": 1}
        assert part["livenessProbe"]["enabled"] and part["readinessProbe"]["enabled"]


def test_every_program_may_do_little_and_is_pinned() -> None:
    values = _values()
    for part in (values, *(values[name] for name in PARTS)):
        assert_restricted(part["podSecurityContext"], part["securityContext"])
        assert part["podSecurityContext"]["enabled"] and part["securityContext"]["enabled"]
        assert_sized(part["resources"])
        assert part["image"]["tag"] == f"1.2.3@{DIGEST}"


def test_it_asks_for_nobody_elses_token() -> None:
    assert _values()["rbac"]["serviceAccountTokenCreate"] is False


def _may(action: str, resource: str, **keys: str) -> bool:
    request = Request(
        action=action, resource=resource, principal="external-secrets", context={k.replace("_", ":"): v for k, v in keys.items()}
    )
    return allowed(str(reader_policy(a_context(), KEY, [MASTER])), request)


def test_its_role_reads_secrets_of_its_own_stack_and_those_named() -> None:
    assert _may("secretsmanager:GetSecretValue", SECRET)
    assert _may("secretsmanager:GetSecretValue", MASTER)
    assert not _may("secretsmanager:GetSecretValue", SECRET.replace("prod", "stg"))
    assert not _may("secretsmanager:GetSecretValue", SECRET.replace("use1", "euw1"))
    for action in ("PutSecretValue", "DeleteSecret", "ListSecrets", "UpdateSecret"):
        assert not _may(f"secretsmanager:{action}", SECRET)


def test_the_key_decrypts_through_secrets_manager_alone() -> None:
    assert _may("kms:Decrypt", KEY, kms_ViaService="secretsmanager.us-east-1.amazonaws.com")
    assert not _may("kms:Decrypt", KEY)
    assert not _may("kms:Encrypt", KEY, kms_ViaService="secretsmanager.us-east-1.amazonaws.com")
