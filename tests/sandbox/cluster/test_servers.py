"""How the programs of a control plane are started."""

import re
from pathlib import Path

import pytest

from sandbox.cluster.build import Programs
from sandbox.cluster.servers import SERVERS, Layout, Ports, command

PORTS = Ports(api=1, etcd=2, peer=3, controllers=4, scheduler=5, kwok=6)


def line(name: str) -> str:
    return " ".join(command(name, Programs(Path("/programs")), Layout(Path("/plane")), PORTS))


@pytest.mark.parametrize("name", SERVERS)
def test_a_program_comes_from_the_cache_and_names_no_address_but_loopback(name: str) -> None:
    told = line(name)
    assert told.startswith(f"/programs/{name} ")
    addresses = re.findall(r"\b\d+\.\d+\.\d+\.\d+\b(?!/)", told)
    assert set(addresses) <= {"127.0.0.1"}


@pytest.mark.parametrize("name", ["kube-apiserver", "kube-controller-manager", "kube-scheduler"])
def test_what_would_listen_everywhere_by_default_is_bound_to_loopback(name: str) -> None:
    assert "--bind-address=127.0.0.1" in line(name)


def test_etcd_answers_nobody_without_a_certificate() -> None:
    told = line("etcd")
    assert "--client-cert-auth" in told and "--peer-client-cert-auth" in told
    assert "http://" not in told


def test_the_api_enforces_what_eks_enforces() -> None:
    told = line("kube-apiserver")
    assert "--enable-admission-plugins=NodeRestriction,ExtendedResourceToleration" in told
    assert "--authorization-mode=Node,RBAC" in told
    assert "--disable-admission-plugins" not in told
