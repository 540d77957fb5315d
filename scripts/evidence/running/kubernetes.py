"""Objects of a cluster, as its API server has them."""

from collections.abc import Mapping
from threading import Lock
from typing import Any

from policies.graph import Resource
from policies.values import look
from scripts.evidence.running.cloud import GoneError, UnreadError

PREFIX = "kubernetes:"
_NEVER = frozenset({"Secret", "Release", "ConfigGroup", "ConfigFile", "Directory", "Chart"})
"""Kinds that are not asked for: what secrets hold stays where it is; the others are none of an API server's."""
_ABOUT = ("name", "namespace", "labels", "annotations")


class Cluster:
    """The API server of a kubeconfig; it only ever reads, and is safe for threads."""

    def __init__(self, api: Any) -> None:
        """Take an `ApiClient` of the kubernetes package."""
        self._api = api
        self._kinds: dict[str, dict[str, tuple[str, bool]]] = {}
        self._lock = Lock()

    def read(self, resource: Resource) -> Mapping[str, Any]:
        """Return an object's properties as it is; raises GoneError where it is not there, UnreadError where it cannot be asked for."""
        kind, name = resource.type.rpartition(":")[2], look(resource.properties, "metadata.name")
        if not isinstance(name, str):
            raise UnreadError(f"{resource.type}: the state does not know its metadata.name")
        root = _root(resource.type.split(":")[1])
        plural, namespaced = self._kind(resource.type, root, kind)
        namespace = look(resource.properties, "metadata.namespace")
        inside = f"/namespaces/{namespace if isinstance(namespace, str) else 'default'}" if namespaced else ""
        found = self._ask(resource.type, f"{root}{inside}/{plural}/{name}")
        if found is None:
            raise GoneError
        about = {key: value for key, value in found.get("metadata", {}).items() if key in _ABOUT}
        return {key: value for key, value in found.items() if key not in ("status", "metadata")} | {"metadata": about}

    def _kind(self, type_: str, root: str, kind: str) -> tuple[str, bool]:
        """Return what a kind is called in paths, and whether its objects are in namespaces; asked once for each API version."""
        with self._lock:
            if root not in self._kinds:
                listed = (self._ask(type_, root) or {}).get("resources", ())
                self._kinds[root] = {each["kind"]: (each["name"], each["namespaced"]) for each in listed if "/" not in each["name"]}
        if kind not in self._kinds[root]:
            raise UnreadError(f"{type_}: the cluster knows no such kind")
        return self._kinds[root][kind]

    def _ask(self, type_: str, path: str) -> Any:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            return self._api.call_api(path, "GET", response_type="object", auth_settings=["BearerToken"], _return_http_data_only=True)
        except ApiException as error:
            if error.status == 404:
                return None
            raise UnreadError(f"{type_}: the API server answers {error.status}") from None
        except HTTPError as error:
            raise UnreadError(f"{type_}: {type(error).__name__}") from None


def is_read(type_: str) -> bool:
    """Tell whether objects of a type are asked for."""
    return type_.startswith(PREFIX) and type_.rpartition(":")[2] not in _NEVER


def _root(version: str) -> str:
    """Return where an API version is: `core/v1` under /api, all others under /apis."""
    group, _, number = version.partition("/")
    return f"/api/{number}" if group == "core" else f"/apis/{version}"
