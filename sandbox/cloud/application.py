"""The emulated cloud as one application: the sandbox's own API, then faults, kept answers, and moto behind them."""

from __future__ import annotations

import json
import logging
import os
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from sandbox.cloud import aws_errors, aws_request
from sandbox.cloud.code import fingerprint
from sandbox.cloud.faults import Faults, InvalidRuleError
from sandbox.cloud.kubernetes import Clusters, ObjectHeldError, Place, UnknownClusterError
from sandbox.cloud.messages import Answer, Application, Environ
from sandbox.cloud.operations import Operations, UnknownOperationError

_PREFIX = "/sandbox-api/"
_ACCOUNT_AS_KEY = re.compile(r"Credential=(\d{12})/")
# The page of moto's web framework for addresses that moto does not serve; AWS's own errors never look so.
_NO_ROUTE = b"<title>404 Not Found</title>"
_log = logging.getLogger(__name__)


class Cloud:
    """One emulated cloud, from its start (or its last reset) to its end. `wsgi` is moto's application."""

    def __init__(self, wsgi: Callable[[Environ, Any], Iterable[bytes]]) -> None:
        self._wsgi = wsgi
        # moto's models are not written for concurrent calls; under one interpreter lock, taking turns costs nothing.
        self._turn = threading.Lock()
        self._operations = Operations()
        self._faults = Faults()
        self._clusters = Clusters()
        self._began()

    def __call__(self, environ: Environ) -> Answer:
        """Answers one request."""
        path = environ["PATH_INFO"]
        if path.startswith(_PREFIX):
            return self._own(environ["REQUEST_METHOD"], path.removeprefix(_PREFIX), environ)
        if path.rstrip("/") == "/moto-api/reset":
            answer = self._moto(environ)
            self._operations.clear()
            self._clusters.clear()
            self._began()
            return answer
        return self._faults.around(environ, lambda: self._once(environ))

    def _began(self) -> None:
        self._instance = uuid.uuid4().hex
        self._code = fingerprint()
        self._since = time.time()

    def _once(self, environ: Environ) -> Answer:
        key = environ.get("HTTP_X_SANDBOX_IDEMPOTENCY")
        return self._operations.once(key, lambda: self._moto(environ)) if key else self._moto(environ)

    def _moto(self, environ: Environ) -> Answer:
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
            started[:] = [status, tuple(headers)]

        # An access key that is an account id acts in that account; keys of assumed roles act where moto says.
        if found := _ACCOUNT_AS_KEY.search(environ.get("HTTP_AUTHORIZATION", "")):
            environ["HTTP_X_MOTO_ACCOUNT_ID"] = found[1]
        try:
            with self._turn:
                chunks = self._wsgi(environ, start_response)
                try:
                    body = b"".join(chunks)
                finally:
                    getattr(chunks, "close", lambda: None)()
        except NotImplementedError as error:
            return _cannot(environ, "NotImplemented", str(error) or "not implemented")
        except Exception as error:
            _log.exception("moto failed")
            return _cannot(environ, "InternalFailure", f"{type(error).__name__}: {error}")
        if _NO_ROUTE in body[:200]:
            return _cannot(environ, "NotImplemented", f"no {environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
        return Answer(started[0], started[1], body)

    def _own(self, method: str, path: str, environ: Environ) -> Answer:
        route = _ROUTES.get((method, path))
        if route is None:
            return Answer.json({"error": f"no such endpoint: {method} {_PREFIX}{path}"}, "404 Not Found")
        try:
            content = json.loads(environ["wsgi.input"].read() or b"{}")
            return Answer.json(route(self, content))
        except UnknownClusterError as error:
            return Answer.json({"unknown_cluster": str(error.args[0])})
        except ObjectHeldError as error:
            return Answer.json({"held_by": str(error)})
        except KeyError as error:
            missing = f"unknown operation {error}" if isinstance(error, UnknownOperationError) else f"missing field {error}"
            return Answer.json({"error": missing}, "400 Bad Request")
        except (InvalidRuleError, json.JSONDecodeError, TypeError) as error:
            return Answer.json({"error": str(error)}, "400 Bad Request")

    def _describe(self, _content: dict[str, Any]) -> dict[str, Any]:
        return {"instance": self._instance, "since": self._since, "pid": os.getpid(), "code": self._code}

    def _begin(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"operation": self._operations.begin(content["urn"], content["token"], content["inputs"])}

    def _complete(self, content: dict[str, Any]) -> dict[str, Any]:
        self._operations.complete(content["operation"], content["resource_id"])
        return {}

    def _acknowledge(self, content: dict[str, Any]) -> dict[str, Any]:
        self._operations.acknowledge(content["urn"], content["resource_id"])
        return {}

    def _forget(self, content: dict[str, Any]) -> dict[str, Any]:
        self._operations.forget(content["operation"])
        return {}

    def _list(self, _content: dict[str, Any]) -> dict[str, Any]:
        return {"operations": self._operations.unacknowledged()}

    def _cluster(self, content: dict[str, Any]) -> dict[str, Any]:
        return self._clusters.describe(content["server"])

    def _put_object(self, content: dict[str, Any]) -> dict[str, Any]:
        place = Place(**content["place"])
        return {"object": self._clusters.put(content["server"], place, content["object"], content["owner"], new=bool(content["new"]))}

    def _get_object(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"object": self._clusters.get(content["server"], Place(**content["place"]))}

    def _delete_object(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"deleted": self._clusters.delete(content["server"], Place(**content["place"]))}

    def _list_objects(self, content: dict[str, Any]) -> dict[str, Any]:
        return {"objects": self._clusters.list(content["server"], tuple(content.get("kinds", ())), content.get("namespace"))}

    def _set_faults(self, content: dict[str, Any]) -> dict[str, Any]:
        self._faults.set(content["rules"])
        return self._list_faults(content)

    def _list_faults(self, _content: dict[str, Any]) -> dict[str, Any]:
        return {"rules": self._faults.described()}

    def _clear_faults(self, content: dict[str, Any]) -> dict[str, Any]:
        self._faults.set([])
        return self._list_faults(content)


def _cannot(environ: Environ, code: str, message: str) -> Answer:
    # 501, because SDKs repeat a 500: what moto cannot do now it cannot do in a second either.
    environ["wsgi.input"].seek(0)
    return aws_errors.error(aws_request.read(environ), "501 Not Implemented", code, f"moto: {message}")


_ROUTES: dict[tuple[str, str], Callable[[Cloud, dict[str, Any]], dict[str, Any]]] = {
    ("GET", "instance"): Cloud._describe,
    ("GET", "operations"): Cloud._list,
    ("POST", "operations/begin"): Cloud._begin,
    ("POST", "operations/complete"): Cloud._complete,
    ("POST", "operations/acknowledge"): Cloud._acknowledge,
    ("POST", "operations/forget"): Cloud._forget,
    ("POST", "kubernetes/cluster"): Cloud._cluster,
    ("POST", "kubernetes/put"): Cloud._put_object,
    ("POST", "kubernetes/get"): Cloud._get_object,
    ("POST", "kubernetes/delete"): Cloud._delete_object,
    ("POST", "kubernetes/list"): Cloud._list_objects,
    ("GET", "faults"): Cloud._list_faults,
    ("POST", "faults"): Cloud._set_faults,
    ("DELETE", "faults"): Cloud._clear_faults,
}


def with_moto() -> Application:
    """The emulated cloud on moto itself. Importing moto takes a second."""
    from moto.server import DomainDispatcherApplication, create_backend_app

    from sandbox.cloud import extensions

    extensions.install()
    return Cloud(DomainDispatcherApplication(create_backend_app))
