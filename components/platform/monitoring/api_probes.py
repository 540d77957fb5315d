"""Asks the APIs that workflows call, each minute, how fast they answer (OBS-3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import yaml
from pulumi_kubernetes.apiextensions import CustomResource
from pulumi_kubernetes.core.v1 import ServicePortArgs, ServiceSpecArgs
from pulumi_kubernetes.core.v1.Service import Service
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.flow import INTERNET
from components.platform.labels import labels
from components.platform.monitoring.exporter import CONFIG, EXPORTER_LABEL, Exporter, ExporterArgs, Reached
from components.platform.monitoring.scrape import NAMESPACE, SELECTED

PORT = 9115
MODULE = "answers"
ANSWERS = (200, 201, 202, 204, 301, 302, 307, 308, 400, 401, 403, 404, 405)
"""What shows that an API is there: without a key it refuses, and that is an answer too."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ApiProbesArgs:
    """Which APIs.

    Raises ValueError when there is none, or an address is not https.
    """

    image: str
    apis: Mapping[str, str]
    """Short name to https address."""

    def __post_init__(self) -> None:
        if not self.apis:
            raise ValueError("apis must name one API at least (got none): leave the component out instead")
        for api, address in self.apis.items():
            if not address.startswith("https://"):
                raise ValueError(f"api {api}: address must begin with https:// (got {address!r})")


class ApiProbes(Component, token="platform:ApiProbes"):
    """The blackbox exporter, and a probe for each API that workflows call (OBS-3).

    Source: https://github.com/prometheus/blackbox_exporter/blob/v0.28.0/CONFIGURATION.md,
    https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Probe
    """

    def __init__(self, name: str, context: Context, args: ApiProbesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        exporter = Exporter(
            name,
            context,
            ExporterArgs(
                image=args.image,
                port=PORT,
                arguments=[f"--config.file={CONFIG}/blackbox.yml"],
                files={"blackbox.yml": yaml.safe_dump(probe_config(), sort_keys=True)},
                reaches={"apis": Reached(to=INTERNET, ports=(443,))},
                health="/-/healthy",
            ),
            opts=self.child(),
        )
        meta = ObjectMetaArgs(name=name, namespace=NAMESPACE, labels={**labels(context, name), **SELECTED})
        Service(
            f"{name}-service",
            metadata=meta,
            spec=ServiceSpecArgs(selector={EXPORTER_LABEL: name}, ports=[ServicePortArgs(name="http", port=PORT, target_port=PORT)]),
            opts=self.child(depends_on=[exporter]),
        )
        for api, address in args.apis.items():
            CustomResource(
                f"{name}-{api}",
                api_version="monitoring.coreos.com/v1",
                kind="Probe",
                metadata=ObjectMetaArgs(name=f"api-{api}", namespace=NAMESPACE, labels={**labels(context, name), **SELECTED}),
                spec={
                    "jobName": "external-apis",
                    "interval": "60s",
                    "scrapeTimeout": "15s",
                    "module": MODULE,
                    "prober": {"url": f"{name}.{NAMESPACE}.svc:{PORT}"},
                    "targets": {"staticConfig": {"static": [address], "labels": {"api": api}}},
                },
                opts=self.child(),
            )
        self.publish()


def probe_config() -> dict[str, Any]:
    """Return how an API is asked: over TLS that holds, by IPv4, and any answer counts."""
    return {
        "modules": {
            MODULE: {
                "prober": "http",
                "timeout": "10s",
                "http": {
                    "method": "GET",
                    "valid_status_codes": list(ANSWERS),
                    "fail_if_not_ssl": True,
                    "preferred_ip_protocol": "ip4",
                    "follow_redirects": False,
                },
            }
        }
    }
