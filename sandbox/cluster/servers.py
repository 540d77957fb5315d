"""The five programs of a control plane and how each is started: everything on 127.0.0.1, the API as EKS has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.cluster.build import Programs
from sandbox.cluster.certificates import SERVICE_DOMAIN, SERVICE_RANGE, Keys

SERVERS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
"""In the order of starting; they are ended the other way round, as all others write to etcd."""

ADMISSION = ("NodeRestriction", "ExtendedResourceToleration")
"""What EKS enables beyond the defaults of Kubernetes, which bring PodSecurity, ResourceQuota, LimitRanger and the like.

Source: https://docs.aws.amazon.com/eks/latest/userguide/platform-versions.html lists the admission controllers of each version.
"""

AUTHENTICATION = """apiVersion: apiserver.config.k8s.io/v1
kind: AuthenticationConfiguration
anonymous:
  enabled: true
  conditions: [{path: /livez}, {path: /readyz}, {path: /healthz}]
"""
"""EKS answers strangers about its health and nothing else.

Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html (changes of 1.32).
"""

_FAST = ("--kube-api-qps=500", "--kube-api-burst=1000", "--profiling=false")


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the servers listen on 127.0.0.1."""

    api: int
    etcd: int
    peer: int
    controllers: int
    scheduler: int
    kwok: int

    @property
    def server(self) -> str:
        """The URL of the API."""
        return f"https://127.0.0.1:{self.api}"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where one control plane keeps its things."""

    folder: Path

    @property
    def keys(self) -> Keys:
        """Keys and certificates."""
        return Keys(self.folder / "keys")

    @property
    def data(self) -> Path:
        """What etcd holds."""
        return self.folder / "etcd"

    @property
    def logs(self) -> Path:
        """What each program prints."""
        return self.folder / "logs"

    @property
    def authentication(self) -> Path:
        """Whom the API server answers unasked for a name."""
        return self.folder / "authentication.yaml"

    @property
    def stages(self) -> Path:
        """How kwok plays nodes, pods, volumes and load balancers."""
        return self.folder / "stages.yaml"

    def kubeconfig(self, client: str) -> Path:
        """How a program of the control plane reaches the API."""
        return self.folder / "keys" / f"{client}.kubeconfig"


def command(name: str, programs: Programs, layout: Layout, ports: Ports) -> list[str]:
    """The command line of one of SERVERS."""
    arguments = {
        "etcd": _etcd,
        "kube-apiserver": _api_server,
        "kube-controller-manager": _controllers,
        "kube-scheduler": _scheduler,
        "kwok": _kwok,
    }[name](layout, ports)
    return [str(programs.path(name)), *arguments]


def _etcd(layout: Layout, ports: Ports) -> Sequence[str]:
    keys = layout.keys
    client, peer = f"https://127.0.0.1:{ports.etcd}", f"https://127.0.0.1:{ports.peer}"
    certificate, key, authority = keys.certificate("server"), keys.key("server"), keys.certificate("authority")
    return (
        "--name=sandbox",
        f"--data-dir={layout.data}",
        "--log-level=warn",
        # What the machine itself loses at a power cut may be lost; a killed process loses nothing.
        "--unsafe-no-fsync",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--cert-file={certificate}",
        f"--key-file={key}",
        f"--trusted-ca-file={authority}",
        "--client-cert-auth",
        f"--listen-peer-urls={peer}",
        f"--initial-advertise-peer-urls={peer}",
        f"--initial-cluster=sandbox={peer}",
        f"--peer-cert-file={certificate}",
        f"--peer-key-file={key}",
        f"--peer-trusted-ca-file={authority}",
        "--peer-client-cert-auth",
    )


def _api_server(layout: Layout, ports: Ports) -> Sequence[str]:
    keys = layout.keys
    return (
        "--bind-address=127.0.0.1",
        f"--secure-port={ports.api}",
        "--advertise-address=127.0.0.1",
        # A loopback address is none that Endpoints may hold.
        "--endpoint-reconciler-type=none",
        f"--etcd-servers=https://127.0.0.1:{ports.etcd}",
        f"--etcd-cafile={keys.certificate('authority')}",
        f"--etcd-certfile={keys.certificate('server')}",
        f"--etcd-keyfile={keys.key('server')}",
        f"--tls-cert-file={keys.certificate('server')}",
        f"--tls-private-key-file={keys.key('server')}",
        f"--client-ca-file={keys.certificate('authority')}",
        f"--authentication-config={layout.authentication}",
        "--authorization-mode=Node,RBAC",
        f"--enable-admission-plugins={','.join(ADMISSION)}",
        "--allow-privileged=true",
        f"--service-cluster-ip-range={SERVICE_RANGE}",
        f"--service-account-issuer=https://kubernetes.default.svc.{SERVICE_DOMAIN}",
        f"--service-account-key-file={keys.key('service-accounts')}",
        f"--service-account-signing-key-file={keys.key('service-accounts')}",
        "--profiling=false",
    )


def _controllers(layout: Layout, ports: Ports) -> Sequence[str]:
    keys = layout.keys
    return (
        *_component(layout, "kube-controller-manager", ports.controllers),
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={keys.key('service-accounts')}",
        f"--root-ca-file={keys.certificate('authority')}",
    )


def _scheduler(layout: Layout, ports: Ports) -> Sequence[str]:
    return _component(layout, "kube-scheduler", ports.scheduler)


def _component(layout: Layout, name: str, port: int) -> tuple[str, ...]:
    keys = layout.keys
    return (
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        f"--kubeconfig={layout.kubeconfig(name)}",
        f"--tls-cert-file={keys.certificate('server')}",
        f"--tls-private-key-file={keys.key('server')}",
        "--leader-elect=false",
        *_FAST,
    )


def _kwok(layout: Layout, ports: Ports) -> Sequence[str]:
    keys = layout.keys
    return (
        # Nothing is asked of it there but whether it plays.
        f"--server-address=127.0.0.1:{ports.kwok}",
        f"--tls-cert-file={keys.certificate('server')}",
        f"--tls-private-key-file={keys.key('server')}",
        f"--kubeconfig={layout.kubeconfig('administrator')}",
        f"--config={layout.stages}",
        "--manage-all-nodes=true",
        "--node-ip=127.0.0.1",
        "--node-port=0",
        "--cidr=10.244.0.0/16",
        "--node-lease-duration-seconds=40",
    )
