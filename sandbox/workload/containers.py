"""What a container would be started with: its environment, its files and its command, from the manifest and what it refers to."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox.workload.certificates import write_private
from sandbox.workload.objects import ManifestError, Object, Objects
from sandbox.workload.secrets import Secrets

_REFERENCE = re.compile(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)")
_AUTHORITIES = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Pod:
    """One pod of a workload: who it is and where its files lie."""

    name: str
    namespace: str
    template: Object
    address: str
    folder: Path

    @property
    def labels(self) -> Mapping[str, str]:
        """What Services and policies know it by."""
        return dict(self.template.get("metadata", {}).get("labels") or {})

    @property
    def spec(self) -> Mapping[str, Any]:
        """Its specification."""
        return dict(self.template["spec"])


@dataclass(slots=True)
class Launch:
    """One container, ready to be started as a process."""

    name: str
    image: str
    command: list[str]
    arguments: list[str]
    environment: dict[str, str]
    mounts: dict[str, Path]
    """Path in the container to folder (or file) on this machine."""
    folder: Path
    """Where it works."""
    differences: list[str] = field(default_factory=list)
    """What is not as in the container, in words."""

    def rewrite(self, text: str) -> str:
        """The text with this machine's folders in place of the container's paths."""
        if not self.mounts:
            return text
        # In one pass: a folder of this machine may begin like a path of the container's.
        paths = "|".join(re.escape(path.rstrip("/")) for path in sorted(self.mounts, key=len, reverse=True))
        places = {path.rstrip("/"): str(place) for path, place in self.mounts.items()}
        return re.sub(rf"(?<![\w./])({paths})(?=$|[/\s\"',:;)}}])", lambda match: places[match[1]], text)

    def set(self, why: str, **values: str) -> None:
        """Changes the environment, and says so."""
        for key, value in values.items():
            if self.environment.get(key) != value:
                shown = f"instead of {self.environment[key]!r}" if key in self.environment else "which the manifest leaves unset"
                self.differences.append(f"{key}={value} {shown}: {why}")
                self.environment[key] = value


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads containers of one cluster's manifests."""

    objects: Objects
    secrets: Secrets
    volumes: Path
    """Where claims on persistent volumes keep their files: shared by the pods that name them."""
    standing: tuple[str, ...] = ("PATH", "HOME", "LANG", "TZ", "TMPDIR")
    """Variables of this machine that an image would set its own values of."""

    def launch(self, pod: Pod, container: Mapping[str, Any]) -> Launch:
        """The container with all references resolved and its volumes laid out. ManifestError names what is missing."""
        name = str(container["name"])
        mounts = {mount["mountPath"]: self._mounted(pod, mount) for mount in container.get("volumeMounts", ())}
        _nest(mounts)
        folder = pod.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        own = {key: value for key, value in os.environ.items() if key in self.standing and key != "HOME"}
        launch = Launch(
            name=name,
            image=str(container["image"]),
            command=list(container.get("command", ())),
            arguments=list(container.get("args", ())),
            environment={**own, "HOME": str(folder)},
            mounts=mounts,
            folder=folder,
        )
        declared = self._environment(pod, container)
        launch.environment |= {key: launch.rewrite(_expanded(value, declared)) for key, value in declared.items()}
        launch.command = [launch.rewrite(_expanded(word, declared)) for word in launch.command]
        launch.arguments = [launch.rewrite(_expanded(word, declared)) for word in launch.arguments]
        self._rewrite_files(pod, container, launch)
        if mounts:
            launch.differences.append(f"volumes are folders under {pod.folder.parent}: {', '.join(sorted(mounts))}")
        return launch

    def _environment(self, pod: Pod, container: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for source in container.get("envFrom", ()):
            prefix = source.get("prefix", "")
            found |= {f"{prefix}{key}": value for key, value in self._whole(pod, source).items()}
        for each in container.get("env", ()):
            found[each["name"]] = _expanded(str(each.get("value") or ""), found) if "valueFrom" not in each else self._from(pod, each)
        return {key: value for key, value in found.items() if value != _ABSENT}

    def _whole(self, pod: Pod, source: Mapping[str, Any]) -> dict[str, str]:
        if reference := source.get("configMapRef"):
            return dict(self.objects.get("ConfigMap", pod.namespace, reference["name"]).get("data") or {})
        reference = source["secretRef"]
        if reference.get("optional") and self.objects.find("Secret", pod.namespace, reference["name"]) is None:
            # A pod starts without it, as before somebody puts a value in: a made-up one would have it call services outside.
            return {}
        values = self.secrets.values(pod.namespace, reference["name"], (pod.address,))
        return {key: value.decode() for key, value in values.items()}

    def _from(self, pod: Pod, each: Mapping[str, Any]) -> str:
        match each["valueFrom"]:
            case {"secretKeyRef": reference}:
                values = {key: value.decode() for key, value in self.secrets.values(pod.namespace, reference["name"]).items()}
            case {"configMapKeyRef": reference}:
                values = dict(self.objects.get("ConfigMap", pod.namespace, reference["name"]).get("data") or {})
            case {"fieldRef": {"fieldPath": path}}:
                return _field(pod, path)
            case other:
                raise ManifestError(f"{pod.name}: variable {each['name']} comes from {', '.join(other)}, which is not known here")
        if reference["key"] not in values:
            if reference.get("optional"):
                return _ABSENT
            raise ManifestError(f"{pod.name}: {reference['name']} has no key {reference['key']}; it has {', '.join(sorted(values))}")
        return values[reference["key"]]

    def _mounted(self, pod: Pod, mount: Mapping[str, Any]) -> Path:
        volume = next((each for each in pod.spec.get("volumes", ()) if each["name"] == mount["name"]), None)
        if volume is None:
            raise ManifestError(f"{pod.name} mounts {mount['name']}, which is none of its volumes")
        place = pod.folder / "volumes" / str(mount["name"])
        if claim := volume.get("persistentVolumeClaim"):
            place = self.volumes / pod.namespace / str(claim["claimName"])
        place.mkdir(parents=True, exist_ok=True)
        for file, content in self._files(pod, volume).items():
            (place / file).parent.mkdir(parents=True, exist_ok=True)
            write_private(place / file, self._trusting(content))
        if part := str(mount.get("subPath", "")):
            place = place / part
            if not place.exists():
                place.mkdir(parents=True)
        return place

    def _rewrite_files(self, pod: Pod, container: Mapping[str, Any], launch: Launch) -> None:
        """Scripts and settings of ConfigMaps name the container's paths."""
        brought = {volume["name"] for volume in pod.spec.get("volumes", ()) if "configMap" in volume}
        for mount in container.get("volumeMounts", ()):
            if mount["name"] in brought:
                for file in launch.mounts[mount["mountPath"]].rglob("*"):
                    if file.is_file() and (text := file.read_text()) != (rewritten := launch.rewrite(text)):
                        write_private(file, rewritten.encode())

    def _files(self, pod: Pod, volume: Mapping[str, Any]) -> dict[str, bytes]:
        match volume:
            case {"configMap": source}:
                data = self.objects.get("ConfigMap", pod.namespace, source["name"])
                return _items(source, {key: value.encode() for key, value in (data.get("data") or {}).items()})
            case {"secret": source}:
                return _items(source, self.secrets.values(pod.namespace, source["secretName"], (pod.address,)))
            case {"projected": {"sources": sources}}:
                files: dict[str, bytes] = {}
                for each in sources:
                    secret = each.get("secret")
                    files |= self._files(pod, {"secret": {**secret, "secretName": secret["name"]}} if secret else each)
                return files
        return {}

    def _trusting(self, content: bytes) -> bytes:
        """A bundle of authorities trusts the sandbox's as well: it stands for those of the cloud's servers."""
        if content.count(_AUTHORITIES) and b"PRIVATE KEY" not in content:
            return content.rstrip() + b"\n" + self.secrets.authority.certificate.read_bytes()
        return content


_ABSENT = "\0absent"


def _nest(mounts: Mapping[str, Path]) -> None:
    """A volume mounted inside another's path is found there by a link."""
    for path, place in mounts.items():
        outer = max((other for other in mounts if path.startswith(f"{other.rstrip('/')}/")), key=len, default=None)
        if outer is not None:
            link = mounts[outer] / path.removeprefix(outer).lstrip("/")
            link.parent.mkdir(parents=True, exist_ok=True)
            if not link.is_symlink():
                link.symlink_to(place)


def _items(source: Mapping[str, Any], data: Mapping[str, bytes]) -> dict[str, bytes]:
    if not source.get("items"):
        return dict(data)
    return {item["path"]: data[item["key"]] for item in source["items"]}


def _expanded(text: str, known: Mapping[str, str]) -> str:
    """`$(NAME)` is replaced where NAME is known and kept where it is not, as Kubernetes does."""
    return _REFERENCE.sub(lambda match: known.get(match[1], match[0]), text)


def _field(pod: Pod, path: str) -> str:
    known = {"metadata.name": pod.name, "metadata.namespace": pod.namespace, "status.podIP": pod.address, "status.hostIP": pod.address}
    known |= {f"metadata.labels['{key}']": value for key, value in pod.labels.items()}
    known |= {"spec.nodeName": "sandbox", "metadata.uid": pod.name, "spec.serviceAccountName": str(pod.spec.get("serviceAccountName", ""))}
    if path not in known:
        raise ManifestError(f"{pod.name}: field {path} is not known here; known: {', '.join(sorted(known))}")
    return known[path]


def is_sidecar(container: Mapping[str, Any]) -> bool:
    """True for an init container that runs along: https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/."""
    return container.get("restartPolicy") == "Always"
