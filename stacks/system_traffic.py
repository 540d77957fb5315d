"""Traffic of what every cluster has from its beginning: DNS, metrics and drivers of volumes reach what they need, and no more (SEC-7)."""

from components.platform.flow import Addresses, Pods
from components.platform.system_namespace import NAMES, SystemNamespace, SystemNamespaceArgs
from stacks.site import ClusterSite

_SYSTEM = "kube-system"
_DNS = Pods(namespace=_SYSTEM, match={"k8s-app": "kube-dns"})
_METRICS = Pods(namespace=_SYSTEM, match={"app.kubernetes.io/name": "metrics-server"})
_DRIVERS = {
    "volumes": {"app.kubernetes.io/name": "aws-ebs-csi-driver"},
    "files": {"app.kubernetes.io/name": "aws-efs-csi-driver"},
}
"""Labels of the add-ons' pods.

Sources: https://github.com/kubernetes-sigs/aws-ebs-csi-driver/tree/master/charts,
https://github.com/kubernetes-sigs/aws-efs-csi-driver/tree/master/charts
"""
_METRICS_PORTS = (10250, 10251)
"""What metrics-server answers at: its own default, and that of the add-on of EKS."""
_KUBELET = 10250


def build_system_traffic(site: ClusterSite) -> None:
    """Close the namespaces that nobody makes, and allow what EKS's add-ons need; what is on the node's own network needs nothing."""
    for name in NAMES:
        SystemNamespace(f"closed-{name}", site.context, SystemNamespaceArgs(namespace=name), opts=site.opts())
    site.flow("dns-to-resolver", _DNS, _resolver(site), [53], "UDP")
    site.flow("dns-to-resolver-long", _DNS, _resolver(site), [53])
    site.to_kubernetes("system", Pods(namespace=_SYSTEM))
    site.from_kubernetes("metrics-server", _METRICS, _METRICS_PORTS)
    site.flow("metrics-server-to-kubelets", _METRICS, site.control_plane, [_KUBELET])
    for name, match in _DRIVERS.items():
        site.to_aws(f"{name}-driver", Pods(namespace=_SYSTEM, match=match))


def _resolver(site: ClusterSite) -> Addresses:
    """Return the VPC's own resolver: the network's address plus two.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html
    """
    return Addresses(cidrs=(f"{site.settings.plan.network.cidr.network_address + 2}/32",))
