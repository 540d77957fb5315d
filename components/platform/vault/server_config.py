"""The configuration that each of Vault's servers starts with, as JSON.

Source: https://developer.hashicorp.com/vault/docs/configuration
"""

import json
from typing import Any

from components.platform.vault.names import API_PORT, CLUSTER_PORT, RELEASE, TLS_FOLDER

DATA_FOLDER = "/vault/data"


def server_config(*, replicas: int, region: str, key_alias: str) -> str:
    """Return the servers' configuration: Raft among `replicas`, opened by a KMS key, over TLS 1.3 alone.

    Raises ValueError for a number of servers that cannot outvote one that is lost.
    """
    if replicas < 3 or replicas % 2 == 0:
        raise ValueError(f"replicas must be odd and at least 3, so that a majority is left when one is lost (got {replicas})")
    document: dict[str, Any] = {
        "ui": False,
        # Raft's storage is mapped into memory, which cannot be locked as a whole; EKS nodes have no swap that memory could go to.
        # https://developer.hashicorp.com/vault/docs/configuration#disable_mlock
        "disable_mlock": True,
        "log_format": "json",
        "default_lease_ttl": "1h",
        "max_lease_ttl": "24h",
        "listener": [{"tcp": _listener()}],
        "storage": {"raft": {"path": DATA_FOLDER, "retry_join": [_peer(number) for number in range(replicas)]}},
        "seal": {"awskms": {"region": region, "kms_key_id": key_alias}},
        "service_registration": {"kubernetes": {}},
        "telemetry": {"prometheus_retention_time": "24h", "disable_hostname": True},
    }
    return json.dumps(document, sort_keys=True)


def _listener() -> dict[str, Any]:
    return {
        "address": f"[::]:{API_PORT}",
        "cluster_address": f"[::]:{CLUSTER_PORT}",
        "tls_cert_file": f"{TLS_FOLDER}/tls.crt",
        "tls_key_file": f"{TLS_FOLDER}/tls.key",
        "tls_min_version": "tls13",
        # Metrics hold no secret; who reaches them is for network policies to say.
        "telemetry": {"unauthenticated_metrics_access": True},
    }


def _peer(number: int) -> dict[str, str]:
    host = f"{RELEASE}-{number}.{RELEASE}-internal"
    return {"leader_api_addr": f"https://{host}:{API_PORT}", "leader_ca_cert_file": f"{TLS_FOLDER}/ca.crt", "leader_tls_servername": host}


def server_names(replicas: int, namespace: str) -> list[str]:
    """Return the names that the servers' certificate must have: as peers, as members, and as the one that is active."""
    services = [RELEASE, f"{RELEASE}-active", f"{RELEASE}-standby", f"{RELEASE}-internal"]
    names = [f"{service}.{namespace}.svc" for service in services]
    names += [f"{service}.{namespace}.svc.cluster.local" for service in services]
    for number in range(replicas):
        host = f"{RELEASE}-{number}.{RELEASE}-internal"
        names += [host, f"{host}.{namespace}.svc"]
    return [*names, "localhost"]
