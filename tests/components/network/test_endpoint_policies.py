import botocore.session
import pytest

from components.network.endpoint_policies import (
    GATEWAY_SERVICES,
    INTERFACE_SERVICES,
    check_interface_services,
    dynamodb_policy,
    interface_policy,
    s3_policy,
)
from config.vocabulary import Region
from tests.kit.contexts import ACCOUNT, a_context
from tests.kit.policy_judge import Request, allowed

OWN, FOREIGN = ACCOUNT, "999999999999"
CONTEXT = a_context(Region.EU_WEST_1)


def _allows(policy: object, action: str, facts: dict[str, str], resource: str = "any") -> bool:
    """Whether an endpoint policy allows a request with these condition keys; whose it is stands among the keys."""
    assert isinstance(policy, str), "an endpoint policy holds nothing that is unknown at preview"
    return allowed(policy, Request(action=action, resource=resource, principal="someone", context=facts))


@pytest.mark.parametrize("service", INTERFACE_SERVICES)
def test_own_identities_may_use_every_interface_endpoint_and_foreign_ones_none(service: str) -> None:
    policy = interface_policy(CONTEXT, service)
    action = f"{INTERFACE_SERVICES[service].iam_prefix}:Anything"
    assert _allows(policy, action, {"aws:PrincipalAccount": OWN})
    assert not _allows(policy, action, {"aws:PrincipalAccount": FOREIGN})
    assert not _allows(policy, action, {}), "an anonymous request"


@pytest.mark.parametrize("service", INTERFACE_SERVICES)
def test_an_interface_endpoint_serves_its_own_service_alone(service: str) -> None:
    assert not _allows(interface_policy(CONTEXT, service), "iam:CreateUser", {"aws:PrincipalAccount": OWN})


@pytest.mark.parametrize("service", ["kms", "secretsmanager", "logs", "sqs"])
def test_secrets_keys_logs_and_queues_of_another_account_cannot_be_reached(service: str) -> None:
    policy, action = interface_policy(CONTEXT, service), f"{service}:Anything"
    assert not _allows(policy, action, {"aws:PrincipalAccount": OWN, "aws:ResourceAccount": FOREIGN})
    assert _allows(policy, action, {"aws:PrincipalAccount": OWN, "aws:ResourceAccount": OWN})


def test_images_of_add_ons_which_aws_keeps_in_its_own_accounts_can_be_pulled() -> None:
    facts = {"aws:PrincipalAccount": OWN, "aws:ResourceAccount": "602401143452"}
    assert _allows(interface_policy(CONTEXT, "ecr.dkr"), "ecr:BatchGetImage", facts)


def test_s3_lets_own_identities_use_own_buckets_only() -> None:
    policy = s3_policy(CONTEXT, ())
    bucket = "arn:aws:s3:::some-bucket/key"
    own = {"aws:PrincipalAccount": OWN, "aws:SecureTransport": "true"}
    assert _allows(policy, "s3:PutObject", own | {"aws:ResourceAccount": OWN}, bucket)
    assert not _allows(policy, "s3:PutObject", own | {"aws:ResourceAccount": FOREIGN}, bucket)
    assert not _allows(policy, "s3:PutObject", {"aws:PrincipalAccount": FOREIGN, "aws:ResourceAccount": FOREIGN}, bucket)


@pytest.mark.parametrize("bucket", ["prod-eu-west-1-starport-layer-bucket", "al2023-repos-eu-west-1-de612dc2", "layers-of-a-registry"])
def test_s3_lets_anyone_read_and_not_write_published_files_over_tls(bucket: str) -> None:
    policy = s3_policy(CONTEXT, ["layers-of-a-registry"])
    foreign = {"aws:PrincipalAccount": FOREIGN, "aws:ResourceAccount": FOREIGN}
    key = f"arn:aws:s3:::{bucket}/layer"
    assert _allows(policy, "s3:GetObject", foreign | {"aws:SecureTransport": "true"}, key)
    assert not _allows(policy, "s3:GetObject", foreign | {"aws:SecureTransport": "false"}, key)
    assert not _allows(policy, "s3:PutObject", foreign | {"aws:SecureTransport": "true"}, key)


def test_dynamodb_lets_own_identities_use_own_tables_only() -> None:
    policy = dynamodb_policy(CONTEXT)
    assert _allows(policy, "dynamodb:PutItem", {"aws:PrincipalAccount": OWN, "aws:ResourceAccount": OWN})
    assert not _allows(policy, "dynamodb:PutItem", {"aws:PrincipalAccount": OWN, "aws:ResourceAccount": FOREIGN})


def test_every_iam_prefix_of_the_table_is_a_service_that_aws_has() -> None:
    session = botocore.session.get_session()
    # These two are services of IAM whose API has another name in the SDK or none.
    known = {"cloudwatch", "ssmmessages", *session.get_available_services()}
    signing = {"elasticfilesystem": "efs", "elasticloadbalancing": "elbv2"}
    for service in INTERFACE_SERVICES.values():
        assert signing.get(service.iam_prefix, service.iam_prefix) in known
    for prefix, name in signing.items():
        metadata = session.get_service_model(name).metadata
        assert prefix == metadata.get("signingName", metadata["endpointPrefix"])


@pytest.mark.parametrize(
    ("services", "message"),
    [
        (("s3",), "s3 always has its gateway endpoint: leave it out of interface_services"),
        (("ecr",), r"interface_services knows .*\(got 'ecr'; did you mean 'ec"),
        (("zzz",), r"interface_services knows .*\(got 'zzz'\)"),
        (("kms", "kms"), r"interface_services must differ \(got kms, kms\)"),
    ],
)
def test_services_that_cannot_have_an_interface_endpoint_are_refused(services: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        check_interface_services(services)


def test_gateway_services_are_never_interface_services_too() -> None:
    assert not set(GATEWAY_SERVICES) & set(INTERFACE_SERVICES)
