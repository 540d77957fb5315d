"""A digest is what a registry says and gives; whatever else happens, there is none."""

import pytest

from scripts.pin_images.registry import Reference, Registry
from scripts.pin_images.web import NoAnswerError, Web, WrongAnswerError
from tests.scripts.pin_images.standin import DIGEST, TOKEN, Behaviour, standing

OTHER = "sha256:" + "0" * 64


def _digest(behaviour: Behaviour, reference: str = "team/tool:1.2.3", waited: list[float] | None = None) -> str:
    sleep = (waited if waited is not None else []).append
    with standing(behaviour) as host:
        return Registry(Web(timeout=5, sleep=sleep)).digest(Reference.parse(f"{host}/{reference}"))


def test_a_digest_is_asked_for_by_tag_and_verified_by_what_it_names() -> None:
    behaviour = Behaviour()
    assert _digest(behaviour) == DIGEST
    assert [(method, path) for method, path, _ in behaviour.asked] == [
        ("HEAD", "/v2/team/tool/manifests/1.2.3"),
        ("GET", f"/v2/team/tool/manifests/{DIGEST}"),
    ]


def test_a_registry_that_wants_a_token_is_asked_with_the_one_that_it_gives() -> None:
    behaviour = Behaviour(tokens=True)
    assert _digest(behaviour) == DIGEST
    tokens = [path for _, path, _ in behaviour.asked if path.startswith("/token")]
    assert tokens[0] == "/token?scope=repository%3Ateam%2Ftool%3Apull&service=registry"
    assert behaviour.asked[-1][2] == f"Bearer {TOKEN}"


def test_a_registry_that_wants_a_password_gives_no_digest() -> None:
    with pytest.raises(NoAnswerError, match=r"wants credentials \(Basic\)"):
        _digest(Behaviour(basic=True))


def test_a_token_is_never_asked_for_without_tls() -> None:
    with pytest.raises(WrongAnswerError, match="an address must begin with https://"):
        _digest(Behaviour(tokens=True, realm="http://tokens.example.org/token"))


def test_a_tag_that_is_not_there_is_told_by_name() -> None:
    with pytest.raises(NoAnswerError, match=r"has no team/tool:9\.9\.9"):
        _digest(Behaviour(), "team/tool:9.9.9")


def test_a_busy_registry_is_asked_again_after_the_time_it_names() -> None:
    waited: list[float] = []
    assert _digest(Behaviour(busy=2), waited=waited) == DIGEST
    assert waited == [7.0, 7.0]


def test_nobody_waits_for_hours_because_a_registry_says_so() -> None:
    waited: list[float] = []
    assert _digest(Behaviour(busy=1, retry_after="86400"), waited=waited) == DIGEST
    assert waited == [60.0]


def test_a_registry_that_is_always_busy_gives_no_digest() -> None:
    waited: list[float] = []
    with pytest.raises(NoAnswerError, match="answers 429 each of 4 times"):
        _digest(Behaviour(busy=99, retry_after="soon"), waited=waited)
    assert waited == [2.0, 4.0, 8.0]


def test_a_registry_that_says_another_digest_than_it_gives_is_not_believed() -> None:
    with pytest.raises(WrongAnswerError, match=f"says {OTHER}.* and gives what has {DIGEST}"):
        _digest(Behaviour(told=OTHER))


@pytest.mark.parametrize("told", ["sha512:" + "0" * 128, "latest", "sha256:xyz"])
def test_what_is_no_digest_is_not_believed(told: str) -> None:
    with pytest.raises(WrongAnswerError, match="is no sha256 digest"):
        _digest(Behaviour(told=told))


def test_a_registry_that_says_none_is_computed() -> None:
    assert _digest(Behaviour(told="")) == DIGEST


def test_a_token_is_not_carried_to_where_a_registry_sends_its_readers() -> None:
    elsewhere = Behaviour()
    with standing(elsewhere) as other:
        behaviour = Behaviour(tokens=True, redirect=f"http://{other}")
        assert _digest(behaviour) == DIGEST
    assert elsewhere.asked and not any(authorization for _, _, authorization in elsewhere.asked)


def test_nobody_at_the_address_is_told_in_one_line() -> None:
    with standing(Behaviour()) as host:
        pass
    with pytest.raises(NoAnswerError, match=rf"{host} cannot be reached: "):
        Registry(Web(timeout=2)).digest(Reference.parse(f"{host}/team/tool:1.2.3"))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("docker.io/n8nio/n8n:2.40.5", "https://registry-1.docker.io/v2/n8nio/n8n/manifests/2.40.5"),
        ("docker.io/redis:7.4.1", "https://registry-1.docker.io/v2/library/redis/manifests/7.4.1"),
        ("quay.io/jetstack/cert-manager-webhook:v1.21.1", "https://quay.io/v2/jetstack/cert-manager-webhook/manifests/v1.21.1"),
        ("oci://public.ecr.aws/karpenter/karpenter:1.14.1", "https://public.ecr.aws/v2/karpenter/karpenter/manifests/1.14.1"),
        ("oci://ghcr.io/charts/tool:1.2.3+build.4", "https://ghcr.io/v2/charts/tool/manifests/1.2.3_build.4"),
        ("127.0.0.1:5000/team/tool:1.2.3", "http://127.0.0.1:5000/v2/team/tool/manifests/1.2.3"),
    ],
)
def test_a_reference_is_asked_for_where_its_registry_answers(text: str, url: str) -> None:
    assert Reference.parse(text).manifest_url() == url


@pytest.mark.parametrize("text", ["n8n", "docker.io/n8nio/n8n", "docker.io:5000/n8nio/n8n", ""])
def test_a_reference_without_tag_or_registry_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a reference must be registry/name:tag"):
        Reference.parse(text)
