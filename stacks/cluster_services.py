"""What every workload of a cluster stands on: names, certificates, secrets, load balancing and scaling (SEC-2, SEC-5, SEC-7, CMP-4)."""

from dataclasses import dataclass

import pulumi

from components._base.policy_document import Document
from components.platform.cert_manager import CONTROLLER as CERTIFICATE_CONTROLLER
from components.platform.cert_manager import SERVICE_ACCOUNT as CERTIFICATES
from components.platform.cert_manager import WEBHOOK_PORT as CERTIFICATE_WEBHOOK
from components.platform.cert_manager import CertManager, CertManagerArgs, CertManagerImages
from components.platform.certificate_issuers import CertificateIssuers, CertificateIssuersArgs, proof_policy
from components.platform.external_dns import SERVICE_ACCOUNT as NAMES
from components.platform.external_dns import ExternalDns, ExternalDnsArgs, records_policy
from components.platform.external_secrets import CONTROLLER as SECRET_CONTROLLER
from components.platform.external_secrets import SERVICE_ACCOUNT as SECRETS
from components.platform.external_secrets import WEBHOOK_PORT as SECRET_WEBHOOK
from components.platform.external_secrets import ExternalSecrets, ExternalSecretsArgs, reader_policy
from components.platform.flow import Pods
from components.platform.keda import API_PORT, METRICS_SERVER, OPERATOR, OPERATOR_PORT, WEBHOOKS, Keda, KedaArgs
from components.platform.keda import WEBHOOK_PORT as SCALING_WEBHOOK
from components.platform.load_balancer_controller import SERVICE_ACCOUNT as TARGETS
from components.platform.load_balancer_controller import WEBHOOK_PORT as TARGET_WEBHOOK
from components.platform.load_balancer_controller import LoadBalancerController, LoadBalancerControllerArgs, controller_policy
from components.platform.priority_classes import PLATFORM, PriorityClasses
from components.platform.secret_store import SecretStore
from stacks.node_scaling import build_node_scaling
from stacks.secrets import READER
from stacks.site import ClusterSite


@dataclass(frozen=True, kw_only=True, slots=True)
class ClusterServices:
    """What others wait for before they use it."""

    priorities: PriorityClasses
    certificates: CertificateIssuers
    secrets: SecretStore
    targets: LoadBalancerController
    scaling: Keda


def build_cluster_services(site: ClusterSite) -> ClusterServices:
    """Build them, each in a namespace of its own, with the flows and the role in AWS that it needs and no other."""
    priorities = PriorityClasses("priorities", site.context, opts=site.opts())
    issuers = _certificates(site, priorities)
    _names(site, priorities)
    build_node_scaling(site, priorities)
    return ClusterServices(
        priorities=priorities,
        certificates=issuers,
        secrets=_secrets(site, priorities),
        targets=_targets(site, priorities, issuers),
        scaling=_pod_scaling(site, priorities),
    )


def _certificates(site: ClusterSite, priorities: PriorityClasses) -> CertificateIssuers:
    namespace = site.namespace("cert-manager")
    everyone = Pods(namespace=namespace.namespace)
    identity = _identity(site, "cert-manager", CERTIFICATES, proof_policy(site.zone_id))
    site.to_kubernetes("cert-manager", everyone)
    site.to_aws("cert-manager", Pods(namespace=namespace.namespace, match=CERTIFICATE_CONTROLLER))
    site.from_kubernetes("cert-manager", everyone, [CERTIFICATE_WEBHOOK])
    manager = CertManager(
        "cert-manager",
        site.context,
        CertManagerArgs(
            chart=site.chart("cert-manager-chart"),
            images=CertManagerImages(
                controller=site.image("cert-manager-controller"),
                webhook=site.image("cert-manager-webhook"),
                injector=site.image("cert-manager-cainjector"),
                startup_check=site.image("cert-manager-startupapicheck"),
                solver=site.image("cert-manager-acmesolver"),
            ),
            namespace=namespace.namespace,
            name_server=site.name_server,
            priority_class=PLATFORM,
        ),
        opts=site.opts(priorities, identity),
    )
    return CertificateIssuers(
        "certificate-issuers",
        site.context,
        CertificateIssuersArgs(namespace=namespace.namespace, domain=site.settings.domain, zone_id=site.zone_id),
        opts=site.opts(manager),
    )


def _names(site: ClusterSite, priorities: PriorityClasses) -> None:
    namespace = site.namespace("external-dns")
    pods = Pods(namespace=namespace.namespace)
    identity = _identity(site, "external-dns", NAMES, records_policy(site.context, site.settings.domain, site.zone_id))
    site.to_kubernetes("external-dns", pods)
    site.to_aws("external-dns", pods)
    ExternalDns(
        "external-dns",
        site.context,
        ExternalDnsArgs(
            chart=site.chart("external-dns-chart"),
            image=site.image("external-dns"),
            namespace=namespace.namespace,
            cluster_name=site.cluster_name,
            domain=site.settings.domain,
            zone_id=site.zone_id,
            priority_class=PLATFORM,
        ),
        opts=site.opts(priorities, identity),
    )


def _secrets(site: ClusterSite, priorities: PriorityClasses) -> SecretStore:
    namespace = site.namespace("external-secrets")
    everyone = Pods(namespace=namespace.namespace)
    policy = reader_policy(site.context, site.foundation.keys.credentials_arn, [site.region.database_secret_arn])
    # Policies of secrets let roles of this ending read them.
    identity = site.identity(f"external{READER}", namespace="external-secrets", service_account=SECRETS, policy=policy)
    site.to_kubernetes("external-secrets", everyone)
    site.to_aws("external-secrets", Pods(namespace=namespace.namespace, match=SECRET_CONTROLLER))
    site.from_kubernetes("external-secrets", everyone, [SECRET_WEBHOOK])
    operator = ExternalSecrets(
        "external-secrets",
        site.context,
        ExternalSecretsArgs(
            chart=site.chart("external-secrets-chart"),
            image=site.image("external-secrets"),
            namespace=namespace.namespace,
            priority_class=PLATFORM,
        ),
        opts=site.opts(priorities, identity),
    )
    return SecretStore("secret-store", site.context, opts=site.opts(operator))


def _targets(site: ClusterSite, priorities: PriorityClasses, issuers: CertificateIssuers) -> LoadBalancerController:
    namespace = site.namespace("load-balancing")
    pods = Pods(namespace=namespace.namespace)
    identity = _identity(site, "load-balancing", TARGETS, controller_policy(site.context))
    site.to_kubernetes("load-balancing", pods)
    site.to_aws("load-balancing", pods)
    site.from_kubernetes("load-balancing", pods, [TARGET_WEBHOOK])
    return LoadBalancerController(
        "load-balancing",
        site.context,
        LoadBalancerControllerArgs(
            chart=site.chart("aws-load-balancer-controller-chart"),
            image=site.image("aws-load-balancer-controller"),
            namespace=namespace.namespace,
            cluster_name=site.cluster_name,
            vpc_id=site.region.vpc_id,
            priority_class=PLATFORM,
        ),
        # Its webhook's certificate is cert-manager's.
        opts=site.opts(priorities, identity, issuers),
    )


def _pod_scaling(site: ClusterSite, priorities: PriorityClasses) -> Keda:
    namespace = site.namespace("keda").namespace
    everyone, operator = Pods(namespace=namespace), Pods(namespace=namespace, match=OPERATOR)
    site.to_kubernetes("keda", everyone)
    site.from_kubernetes("keda-webhooks", Pods(namespace=namespace, match=WEBHOOKS), [SCALING_WEBHOOK])
    site.from_kubernetes("keda-metrics", Pods(namespace=namespace, match=METRICS_SERVER), [API_PORT])
    site.flow("keda-metrics-to-operator", Pods(namespace=namespace, match=METRICS_SERVER), operator, [OPERATOR_PORT])
    return Keda(
        "keda",
        site.context,
        KedaArgs(
            chart=site.chart("keda-chart"),
            operator_image=site.image("keda-operator"),
            metrics_image=site.image("keda-metrics-apiserver"),
            webhooks_image=site.image("keda-admission-webhooks"),
            namespace=namespace,
            cluster_name=site.cluster_name,
            priority_class=PLATFORM,
        ),
        opts=site.opts(priorities),
    )


def _identity(site: ClusterSite, namespace: str, service_account: str, policy: Document) -> pulumi.Resource:
    return site.identity(f"{namespace}-identity", namespace=namespace, service_account=service_account, policy=policy)
