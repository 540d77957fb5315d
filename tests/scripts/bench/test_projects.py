"""The floor registers by the SDK's own classes what the estate registers."""

import importlib

import pytest

from scripts.bench.projects import _module


@pytest.mark.parametrize(
    ("token", "module"),
    [
        ("aws:ec2/vpcEndpoint:VpcEndpoint", "pulumi_aws.ec2.vpc_endpoint"),
        ("kubernetes:apps/v1:Deployment", "pulumi_kubernetes.apps.v1.Deployment"),
        ("kubernetes:core/v1:Secret", "pulumi_kubernetes.core.v1.Secret"),
        ("kubernetes:networking.k8s.io/v1:NetworkPolicy", "pulumi_kubernetes.networking.v1.NetworkPolicy"),
        ("kubernetes:helm.sh/v3:Release", "pulumi_kubernetes.helm.v3.Release"),
        ("kubernetes:keda.sh/v1alpha1:ScaledObject", "pulumi_kubernetes.apiextensions.CustomResource"),
        ("kubernetes:networking.istio.io/v1:VirtualService", "pulumi_kubernetes.apiextensions.CustomResource"),
    ],
)
def test_a_type_is_found_in_the_sdks_own_module(token: str, module: str) -> None:
    assert _module(token) == module
    assert importlib.import_module(module)
