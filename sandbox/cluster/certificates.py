"""Keys and certificates of one control plane: an authority of its own, and what each server and client shows."""

from __future__ import annotations

import base64
import ipaddress
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_VALID = timedelta(days=30)
_RENEWED_AFTER = timedelta(days=20)
SERVICE_DOMAIN = "cluster.local"
FIRST_SERVICE_ADDRESS = "10.100.0.1"
"""Where pods find the API: the first address of SERVICE_RANGE."""
SERVICE_RANGE = "10.100.0.0/16"
"""As EKS takes it unless told otherwise: https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html."""


@dataclass(frozen=True, slots=True)
class Client:
    """Who a certificate says one is; names and groups have meanings for Kubernetes' own access rules."""

    name: str
    user: str
    group: str | None = None


ADMINISTRATOR = Client("administrator", "sandbox-administrator", "system:masters")
CLIENTS = (
    ADMINISTRATOR,
    Client("kube-controller-manager", "system:kube-controller-manager"),
    Client("kube-scheduler", "system:kube-scheduler"),
)


@dataclass(frozen=True, slots=True)
class Keys:
    """The files of one control plane's folder, readable by their owner alone."""

    folder: Path

    def certificate(self, name: str) -> Path:
        """PEM certificate of `authority`, `server` or a client."""
        return self.folder / f"{name}.crt"

    def key(self, name: str) -> Path:
        """Its PEM private key; `service-accounts` has one without a certificate."""
        return self.folder / f"{name}.key"

    def make(self) -> None:
        """Makes what is not there, or about to expire. Tokens of service accounts stay valid: their key is kept."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self.key("service-accounts").exists():
            self._write(self.key("service-accounts"), _pem(ec.generate_private_key(ec.SECP256R1())))
        if self._fresh():
            return
        authority = ec.generate_private_key(ec.SECP256R1())
        subject = _name("sandbox-authority", None)
        usage = x509.KeyUsage(
            digital_signature=True,
            key_cert_sign=True,
            crl_sign=True,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            encipher_only=False,
            decipher_only=False,
        )
        own = _certificate(subject, subject, authority).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self._keep("authority", authority, own.add_extension(usage, critical=True).sign(authority, hashes.SHA256()))
        for client in CLIENTS:
            self._issue(authority, client.name, _name(client.user, client.group), [ExtendedKeyUsageOID.CLIENT_AUTH])
        # etcd shows its peers and the API server one certificate, as a server and as a client of itself.
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        self._issue(authority, "server", _name("sandbox-server", None), both, _addresses())

    def kubeconfig(self, client: Client, server: str, context: str) -> str:
        """What a client needs to reach the API at `server`, as one file with the keys in it."""
        user = {"client-certificate-data": _encoded(self.certificate(client.name)), "client-key-data": _encoded(self.key(client.name))}
        cluster = {"server": server, "certificate-authority-data": _encoded(self.certificate("authority"))}
        return json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": context,
                "clusters": [{"name": context, "cluster": cluster}],
                "users": [{"name": context, "user": user}],
                "contexts": [{"name": context, "context": {"cluster": context, "user": context}}],
            }
        )

    def _fresh(self) -> bool:
        # The server's is written last.
        if not self.certificate("server").exists():
            return False
        made = x509.load_pem_x509_certificate(self.certificate("server").read_bytes()).not_valid_before_utc
        return datetime.now(UTC) - made < _RENEWED_AFTER

    def _issue(
        self,
        authority: ec.EllipticCurvePrivateKey,
        name: str,
        subject: x509.Name,
        usages: list[x509.ObjectIdentifier],
        addresses: x509.SubjectAlternativeName | None = None,
    ) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        made = _certificate(subject, _name("sandbox-authority", None), key).add_extension(x509.ExtendedKeyUsage(usages), critical=False)
        if addresses is not None:
            made = made.add_extension(addresses, critical=False)
        self._keep(name, key, made.sign(authority, hashes.SHA256()))

    def _keep(self, name: str, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._write(self.key(name), _pem(key))
        self._write(self.certificate(name), certificate.public_bytes(serialization.Encoding.PEM))

    def _write(self, path: Path, content: bytes) -> None:
        write_private(path, content.decode())


def write_private(path: Path, content: str) -> None:
    """Replaces the file in one step by one that its owner alone may read."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(content)
    temporary.replace(path)


def _certificate(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + _VALID)
    )


def _name(user: str, group: str | None) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, user)]
    if group is not None:
        parts.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, group))
    return x509.Name(parts)


def _addresses() -> x509.SubjectAlternativeName:
    names = ["localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", f"kubernetes.default.svc.{SERVICE_DOMAIN}"]
    addresses = ["127.0.0.1", FIRST_SERVICE_ADDRESS]
    return x509.SubjectAlternativeName(
        [*(x509.DNSName(name) for name in names), *(x509.IPAddress(ipaddress.ip_address(address)) for address in addresses)]
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    # The form "EC PRIVATE KEY": what Kubernetes signs tokens with is read in this one.
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())


def _encoded(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()
