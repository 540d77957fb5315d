"""Probes, asked as Kubernetes asks them."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Any


def passes(probe: Mapping[str, Any], container: Mapping[str, Any], address: str) -> bool:
    """Whether a container at the address passes its probe; one of a kind that is not known here passes."""
    if (asked := probe.get("httpGet")) is not None:
        return status(address, _port(asked["port"], container), asked.get("path", "/"), tls=asked.get("scheme") == "HTTPS") in range(
            200, 400
        )
    if (socket_ := probe.get("tcpSocket")) is not None:
        return answers(address, _port(socket_["port"], container))
    return True


def _port(port: int | str, container: Mapping[str, Any]) -> int:
    named = {each["name"]: each["containerPort"] for each in container.get("ports", ()) if "name" in each}
    return int(named.get(str(port), port))


def status(address: str, port: int, path: str, *, tls: bool) -> int:
    """The status of a GET, as a probe asks: certificates are not looked at. 0 when nobody answers."""
    # Probes skip verification: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/.
    context = ssl._create_unverified_context() if tls else None  # noqa: S323
    made = (
        http.client.HTTPSConnection(address, port, timeout=5, context=context)
        if tls
        else http.client.HTTPConnection(address, port, timeout=5)
    )
    try:
        made.request("GET", path)
        return made.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        made.close()


def answers(address: str, port: int) -> bool:
    """Whether anybody takes a connection."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address, port)) == 0
