"""Keys of a control plane: whom they are signed by, who may read them, and when they are renewed."""

import base64
import json
import ssl
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from sandbox.cluster import certificates
from sandbox.cluster.certificates import ADMINISTRATOR, CLIENTS, Keys


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    made = Keys(tmp_path / "keys")
    made.make()
    return made


def read(keys: Keys, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(keys.certificate(name).read_bytes())


def test_every_certificate_is_signed_by_the_control_planes_own_authority(keys: Keys) -> None:
    authority = read(keys, "authority")
    for name in ("server", *(client.name for client in CLIENTS)):
        read(keys, name).verify_directly_issued_by(authority)
        ssl.create_default_context().load_cert_chain(keys.certificate(name), keys.key(name))


def test_two_control_planes_do_not_trust_each_other(keys: Keys, tmp_path: Path) -> None:
    other = Keys(tmp_path / "other")
    other.make()
    with pytest.raises(InvalidSignature):
        read(other, "server").verify_directly_issued_by(read(keys, "authority"))


def test_only_their_owner_may_read_keys_and_kubeconfigs(keys: Keys, tmp_path: Path) -> None:
    certificates.write_private(tmp_path / "kubeconfig", "content")
    for path in (*keys.folder.iterdir(), tmp_path / "kubeconfig"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700


def test_certificates_say_who_kubernetes_takes_a_client_for(keys: Keys) -> None:
    subject = read(keys, ADMINISTRATOR.name).subject
    assert subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == "system:masters"
    scheduler = read(keys, "kube-scheduler").subject
    assert scheduler.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "system:kube-scheduler"
    assert not scheduler.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)


def test_a_kubeconfig_holds_all_that_its_reader_needs(keys: Keys) -> None:
    content = json.loads(keys.kubeconfig(ADMINISTRATOR, "https://127.0.0.1:1", "west"))
    assert content["current-context"] == "west"
    assert content["clusters"][0]["cluster"]["server"] == "https://127.0.0.1:1"
    given = base64.b64decode(content["users"][0]["user"]["client-certificate-data"])
    assert given == keys.certificate(ADMINISTRATOR.name).read_bytes()


def test_fresh_keys_are_kept_and_old_ones_renewed_but_those_that_sign_tokens(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path.name: path.read_bytes() for path in keys.folder.iterdir()}
    keys.make()
    assert {path.name: path.read_bytes() for path in keys.folder.iterdir()} == before

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) + timedelta(days=21)

    monkeypatch.setattr(certificates, "datetime", Later)
    keys.make()
    after = {path.name: path.read_bytes() for path in keys.folder.iterdir()}
    assert {name for name in before if before[name] == after[name]} == {"service-accounts.key"}
