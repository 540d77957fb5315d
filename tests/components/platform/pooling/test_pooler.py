"""The poolers as Kubernetes gets them."""

from typing import Any

import pytest

from components.platform.pooling.configuration import PoolDatabase
from components.platform.pooling.pooler import Pooler, PoolerArgs
from tests.components.platform.made import an_image, assert_restricted, assert_sized
from tests.kit.contexts import a_context
from tests.kit.recorder import Graph, record, resolved

DATABASE = PoolDatabase(name="main-starter", host="db.example.org", database="morefocus", mode="transaction", pool=2, most=100)
DEPLOYMENT = "kubernetes:apps/v1:Deployment"


def _made(**more: Any) -> Graph:
    args = {
        "namespace": "pgbouncer",
        "image": an_image("pgbouncer"),
        "exporter_image": an_image("exporter"),
        "databases": [DATABASE],
        "roots": "PEM",
        "store": "secrets-manager",
        "issuer": "internal-ca",
        "auth_secret": "pgbouncer-auth",
        "priority_class": "serving",
    }
    return record(lambda: Pooler("pgbouncer", a_context(), PoolerArgs(**{**args, **more})))


def test_three_stand_over_the_zones_and_one_at_a_time_may_go() -> None:
    graph = _made()
    spec = graph.one(DEPLOYMENT).inputs["spec"]
    assert spec["replicas"] == 3 and spec["strategy"]["rollingUpdate"] == {"maxSurge": 1, "maxUnavailable": 0}
    (spread,) = spec["template"]["spec"]["topologySpreadConstraints"]
    assert spread["topologyKey"] == "topology.kubernetes.io/zone"
    assert graph.one("kubernetes:policy/v1:PodDisruptionBudget").inputs["spec"]["maxUnavailable"] == 1


def test_its_pods_may_do_little_and_say_what_they_take() -> None:
    pod = _made().one(DEPLOYMENT).inputs["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False and pod["terminationGracePeriodSeconds"] == 120
    for container in pod["containers"]:
        assert_restricted(pod["securityContext"], container["securityContext"])
        assert_sized(container["resources"])
        assert container["startupProbe"] and container["readinessProbe"] and container["livenessProbe"]


def test_every_mount_has_its_volume_and_every_file_that_is_named_is_mounted() -> None:
    graph = _made()
    pod = graph.one(DEPLOYMENT).inputs["spec"]["template"]["spec"]
    mounts = {mount["mountPath"]: mount["name"] for container in pod["containers"] for mount in container.get("volumeMounts", [])}
    assert set(mounts.values()) == {volume["name"] for volume in pod["volumes"]}
    data = graph.named("pgbouncer-files").inputs["data"]
    (secret,) = [each["secret"]["secretName"] for each in pod["volumes"] if each["name"] == "tls"]
    assert graph.named("pgbouncer-certificate").inputs["spec"]["secretName"] == secret
    files = {"config": set(data), "roots": set(data), "users": {"userlist.txt"}, "tls": {"tls.crt", "tls.key"}}
    for line in data["pgbouncer.ini"].splitlines():
        key, _, path = line.partition(" = ")
        if key.endswith("_file"):
            folder, _, name = path.removeprefix("/etc/pgbouncer/").partition("/")
            assert f"/etc/pgbouncer/{folder}" in mounts and name in files[folder], line


def test_the_address_of_the_server_is_known_only_when_it_is_and_then_written_down() -> None:
    assert "host=db.example.org" in _made().named("pgbouncer-files").inputs["data"]["pgbouncer.ini"]


def test_the_password_that_looks_logins_up_comes_from_its_secret() -> None:
    graph = _made()
    spec = graph.named("pgbouncer-users").inputs["spec"]
    assert spec["data"] == [{"secretKey": "password", "remoteRef": {"key": "pgbouncer-auth", "property": "password"}}]
    assert spec["target"]["template"]["data"]["userlist.txt"] == '"pgbouncer" "{{ .password }}"\n'
    (exporter,) = [each for each in graph.one(DEPLOYMENT).inputs["spec"]["template"]["spec"]["containers"] if each["name"] == "exporter"]
    reference = exporter["env"][0]["valueFrom"]["secretKeyRef"]
    assert reference["name"] == spec["target"]["name"] and reference["key"] in spec["target"]["template"]["data"]


def test_pods_of_every_tenants_namespace_come_in_by_one_rule() -> None:
    spec = _made().named("pgbouncer-tenants-in").inputs["spec"]
    (rule,) = spec["ingress"]
    assert rule["from"] == [{"namespaceSelector": {"matchExpressions": [{"key": "morefocus.com/tenant", "operator": "Exists"}]}}]
    assert rule["ports"] == [{"port": 5432, "protocol": "TCP"}]


def test_clients_are_told_a_name_that_the_certificate_has() -> None:
    graph = record(lambda: _pooler().host)
    assert resolved(graph.result) in graph.named("pgbouncer-certificate").inputs["spec"]["dnsNames"]


def _pooler() -> Pooler:
    args = PoolerArgs(
        namespace="pgbouncer",
        image=an_image(),
        exporter_image=an_image(),
        databases=[DATABASE],
        roots="PEM",
        store="s",
        issuer="i",
        auth_secret="a",
        priority_class="p",
    )
    return Pooler("pgbouncer", a_context(), args)


def test_without_a_database_there_is_nothing_to_pool() -> None:
    with pytest.raises(ValueError, match="databases must name one"):
        _made(databases=[])
