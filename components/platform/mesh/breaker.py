"""When a caller stops calling: limits in flight and the ejection of failing pods, as arithmetic (SEC-10).

A proxy counts for itself: every limit of a destination holds for each calling pod, and says nothing of the sum over all of them.
Source: https://istio.io/latest/docs/reference/config/networking/destination-rule/
"""

import math
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What a service is built for, from which its circuit breaker follows.

    Raises ValueError when its pods cannot hold what its callers may send, naming how many pods could.
    """

    requests_per_second: float
    """Peak over all callers."""
    seconds: float
    """How long a request takes at its 95th percentile."""
    replicas: int
    """Pods behind the service."""
    requests_per_pod: int
    """Requests that one pod works at together before it slows down."""
    calling_pods: int = 3
    headroom: float = 2.0
    """How many times the expected load is still let through."""
    stay: int = 1
    """Pods that are never ejected, however they fail: a slow answer is better than none."""
    timeout_seconds: int = 15
    """A request that takes longer has failed."""

    def __post_init__(self) -> None:
        for name in ("requests_per_second", "seconds", "replicas", "requests_per_pod", "calling_pods", "timeout_seconds"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0 (got {getattr(self, name)})")
        if self.headroom < 1:
            raise ValueError(f"headroom must be at least 1, or the expected load would break the circuit (got {self.headroom})")
        if not 1 <= self.stay <= self.replicas:
            raise ValueError(f"stay must be 1 to {self.replicas}, the replicas (got {self.stay})")
        room, asked = self.replicas * self.requests_per_pod, self.requests_per_second * self.seconds
        if asked > room:
            raise ValueError(
                f"{asked:.0f} requests in flight ({self.requests_per_second:g} a second for {self.seconds:g} s) do not fit {self.replicas} "
                f"replicas of {self.requests_per_pod} each; give at least {math.ceil(asked / self.requests_per_pod)} replicas"
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Breaker:
    """What each calling pod's proxy keeps to."""

    in_flight: int
    """Requests, and over HTTP/1.1 connections, at the same time."""
    waiting: int
    """Requests that wait for a connection; one more is refused at once."""
    retries: int
    """Retries at the same time: few, since retries are what turns a slow service into a dead one."""
    ejected_percent: int
    """Share of the pods that may be ejected together; 0 ejects none."""
    healthy_percent: int
    """Below this share of healthy pods nothing is ejected any more."""


_PATIENCE = 1.0
"""Seconds of expected load that may wait."""
_RETRIED = 0.1
"""Share of requests in flight that may be retries."""


def breaker(limits: Limits) -> Breaker:
    """Return the circuit breaker of a service.

    Requests in flight are arrivals times duration (Little's law), shared by the callers, with headroom; never more than the pods can
    hold, so that callers together do not exceed it where each has its even share.
    """
    room = limits.replicas * limits.requests_per_pod
    wanted = min(limits.requests_per_second * limits.seconds * limits.headroom, room)
    in_flight = max(1, math.ceil(wanted / limits.calling_pods))
    return Breaker(
        in_flight=in_flight,
        waiting=max(1, math.ceil(limits.requests_per_second * _PATIENCE / limits.calling_pods)),
        retries=max(1, math.floor(in_flight * _RETRIED)),
        ejected_percent=100 * (limits.replicas - limits.stay) // limits.replicas,
        healthy_percent=100 * limits.stay // limits.replicas if limits.replicas > limits.stay else 0,
    )


def traffic_policy(limits: Limits) -> dict[str, Any]:
    """Return the trafficPolicy of a DestinationRule: mutual TLS, limits, and ejection after five failures in a row."""
    given = breaker(limits)
    return {
        "tls": {"mode": "ISTIO_MUTUAL"},
        "connectionPool": {
            "tcp": {"maxConnections": given.in_flight, "connectTimeout": "3s"},
            "http": {
                "http1MaxPendingRequests": given.waiting,
                "http2MaxRequests": given.in_flight,
                "maxRetries": given.retries,
                # A proxy that keeps a connection for ever never learns of pods that came later.
                "maxRequestsPerConnection": 1000,
                "idleTimeout": "60s",
            },
        },
        "outlierDetection": {
            "consecutive5xxErrors": 5,
            "splitExternalLocalOriginErrors": True,
            "consecutiveLocalOriginFailures": 5,
            "interval": "10s",
            "baseEjectionTime": "30s",
            "maxEjectionPercent": given.ejected_percent,
            "minHealthPercent": given.healthy_percent,
        },
    }
