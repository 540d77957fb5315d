"""What a container would be started with."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.workload.addresses import with_addresses, with_own_loopback
from sandbox.workload.certificates import Authority
from sandbox.workload.containers import Launch, Pod, Reader
from sandbox.workload.objects import ManifestError, Objects
from sandbox.workload.secrets import Secrets

ADDRESS = "127.20.30.4"


def external(name: str, data: list[dict[str, Any]], **target: Any) -> dict[str, Any]:
    return {
        "kind": "ExternalSecret",
        "metadata": {"name": name, "namespace": "one"},
        "spec": {"data": data, "target": {"name": name, **target}},
    }


def entry(key: str, remote: str, part: str | None = None) -> dict[str, Any]:
    return {"secretKey": key, "remoteRef": {"key": remote, **({"property": part} if part else {})}}


def launched(tmp_path: Path, container: dict[str, Any], *objects: dict[str, Any], volumes: list[dict[str, Any]] | None = None) -> Launch:
    values = {"app": '{"password": "a:b"}', "whole": "text"}
    authority = Authority(tmp_path / "authority")
    authority.make()
    known = Objects.of(objects)
    template = {"metadata": {"labels": {"app": "x"}}, "spec": {"containers": [container], "volumes": volumes or []}}
    pod = Pod("x-0", "one", template, ADDRESS, tmp_path / "pods" / "x-0")
    secrets = Secrets(known, values.__getitem__, authority, {"upper": str.upper})
    return Reader(known, secrets, tmp_path / "claims").launch(pod, {"name": "c", "image": "i:1", **container})


def test_variables_come_from_values_maps_secrets_and_the_pod_itself(tmp_path: Path) -> None:
    container = {
        "envFrom": [{"configMapRef": {"name": "m"}, "prefix": "P_"}, {"secretRef": {"name": "s"}}],
        "env": [
            {"name": "ONE", "value": "1"},
            {"name": "BOTH", "value": "$(ONE)-$(P_a)-$(NOBODY)"},
            {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
            {"name": "LABEL", "valueFrom": {"fieldRef": {"fieldPath": "metadata.labels['app']"}}},
            {"name": "GONE", "valueFrom": {"secretKeyRef": {"name": "s", "key": "none", "optional": True}}},
        ],
    }
    config_map = {"kind": "ConfigMap", "metadata": {"name": "m", "namespace": "one"}, "data": {"a": "A"}}
    told = launched(tmp_path, container, config_map, external("s", [entry("word", "app", "password")])).environment
    assert {key: told[key] for key in ("ONE", "BOTH", "IP", "LABEL", "P_a", "word")} == {
        "ONE": "1",
        "BOTH": "1-A-$(NOBODY)",
        "IP": ADDRESS,
        "LABEL": "x",
        "P_a": "A",
        "word": "a:b",
    }
    assert "GONE" not in told


def test_volumes_are_folders_and_files_speak_of_them(tmp_path: Path) -> None:
    script = {
        "kind": "ConfigMap",
        "metadata": {"name": "m", "namespace": "one"},
        "data": {"run.sh": "cat ${A:-/etc/c/run.sh} /etc/cx /etc/c"},
    }
    mounts = [
        {"name": "v", "mountPath": "/etc/c"},
        {"name": "home", "mountPath": "/home"},
        {"name": "claim", "mountPath": "/home/.n8n/nodes"},
    ]
    volumes = [{"name": "v", "configMap": {"name": "m"}}, {"name": "home", "emptyDir": {}}]
    volumes.append({"name": "claim", "persistentVolumeClaim": {"claimName": "shared"}})
    made = launched(tmp_path, {"command": ["sh", "/etc/c/run.sh"], "volumeMounts": mounts}, script, volumes=volumes)
    folder = made.mounts["/etc/c"]
    assert made.command == ["sh", f"{folder}/run.sh"]
    assert (folder / "run.sh").read_text() == f"cat ${{A:-{folder}/run.sh}} /etc/cx {folder}"
    assert (made.mounts["/home"] / ".n8n" / "nodes").resolve() == (tmp_path / "claims" / "one" / "shared").resolve()
    assert "volumes are folders" in made.differences[0]


def test_templates_of_external_secrets_are_filled_and_what_they_cannot_is_refused(tmp_path: Path) -> None:
    data = [entry("password", "app", "password")]
    container = {"envFrom": [{"secretRef": {"name": "s"}}]}
    good = external("s", data, template={"data": {"line": '"u" "{{ .password | upper }}"'}})
    assert launched(tmp_path, container, good).environment["line"] == '"u" "A:B"'
    for text, said in (("{{ .other }}", "fetches password"), ("{{ .password | sha }}", "sha is not known"), ("{{ range . }}", "only")):
        with pytest.raises(ManifestError, match=said):
            launched(tmp_path, container, external("s", data, template={"data": {"line": text}}))


def test_a_certificate_is_issued_for_its_names_and_bundles_trust_the_same_authority(tmp_path: Path) -> None:
    issued = {
        "kind": "Certificate",
        "metadata": {"name": "t", "namespace": "one"},
        "spec": {"secretName": "tls", "dnsNames": ["a.one.svc"]},
    }
    bundle = {"kind": "ConfigMap", "metadata": {"name": "b", "namespace": "one"}, "data": {"ca.pem": "-----BEGIN CERTIFICATE-----\nx\n"}}
    mounts = [{"name": "t", "mountPath": "/tls"}, {"name": "b", "mountPath": "/ca"}]
    volumes = [{"name": "t", "secret": {"secretName": "tls"}}, {"name": "b", "configMap": {"name": "b"}}]
    made = launched(tmp_path, {"volumeMounts": mounts}, issued, bundle, volumes=volumes)
    authority = (tmp_path / "authority" / "authority.crt").read_text()
    assert (made.mounts["/tls"] / "ca.crt").read_text().count("BEGIN") >= 1
    assert (made.mounts["/tls"] / "tls.key").stat().st_mode & 0o077 == 0
    assert (made.mounts["/ca"] / "ca.pem").read_text().endswith(authority)


@pytest.mark.parametrize(
    ("container", "said"),
    [
        ({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "no", "key": "k"}}}]}, "gives the Secret one/no"),
        ({"envFrom": [{"configMapRef": {"name": "no"}}]}, "no ConfigMap one/no is rendered; there: none"),
        ({"volumeMounts": [{"name": "no", "mountPath": "/x"}]}, "none of its volumes"),
        ({"env": [{"name": "A", "valueFrom": {"fieldRef": {"fieldPath": "spec.none"}}}]}, "not known here"),
    ],
)
def test_a_reference_to_what_is_not_rendered_is_an_error_that_names_it(tmp_path: Path, container: dict[str, Any], said: str) -> None:
    with pytest.raises(ManifestError, match=said):
        launched(tmp_path, container)


def test_a_pods_loopback_is_its_own_and_networks_stay_as_they_are() -> None:
    assert (
        with_own_loopback("http://127.0.0.1:5679,0.0.0.0,127.0.0.0/8,0.0.0.0/8", ADDRESS)
        == f"http://{ADDRESS}:5679,{ADDRESS},127.0.0.0/8,0.0.0.0/8"
    )
    names = {"db.one.svc": "127.1.1.1", "b.db.one.svc": "127.1.1.2", "short": "127.1.1.3"}
    assert with_addresses("host=db.one.svc x=b.db.one.svc y=short", names) == "host=127.1.1.1 x=127.1.1.2 y=short"
