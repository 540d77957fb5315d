"""EKS: what a cluster brings with it (its security group, issuer, defaults), its changes, add-ons, access entries, pod identity."""

from __future__ import annotations


def install() -> None:
    """Adds it to moto."""
    from moto.eks.urls import response, url_paths

    from sandbox.cloud.extensions.eks import access, add_ons, clusters, node_groups, pod_identity, scaling_groups, tags

    for module in (clusters, node_groups, scaling_groups, add_ons, access, pod_identity, tags):
        module.install()
    # Which operation is meant, moto finds out itself; it only has to be asked.
    url_paths["{0}/clusters/(?P<name>[^/]+)/(?P<rest>.+)$"] = response.dispatch
