"""Words that a field takes, where the published schemas say only "text".

Source: https://kubernetes.io/docs/reference/kubernetes-api/ and the validation of each kind in
https://github.com/kubernetes/kubernetes/tree/master/pkg/apis (constants of the types in https://github.com/kubernetes/api).
"""

from __future__ import annotations

from collections.abc import Mapping

_CORE = "io.k8s.api.core.v1."
_PULL = ("Always", "IfNotPresent", "Never")
_PROTOCOLS = ("SCTP", "TCP", "UDP")
_SCHEMES = ("HTTP", "HTTPS")
_MODES = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_POLICIES = ("Cluster", "Local")

WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    f"{_CORE}Container": {"imagePullPolicy": _PULL, "terminationMessagePolicy": ("FallbackToLogsOnError", "File")},
    f"{_CORE}ContainerPort": {"protocol": _PROTOCOLS},
    f"{_CORE}EmptyDirVolumeSource": {"medium": ("", "HugePages", "HugePages-1Gi", "HugePages-2Mi", "Memory")},
    f"{_CORE}HTTPGetAction": {"scheme": _SCHEMES},
    f"{_CORE}LimitRangeItem": {"type": ("Container", "PersistentVolumeClaim", "Pod")},
    f"{_CORE}NodeSelectorRequirement": {"operator": ("DoesNotExist", "Exists", "Gt", "In", "Lt", "NotIn")},
    f"{_CORE}PersistentVolumeClaimSpec": {"volumeMode": ("Block", "Filesystem")},
    f"{_CORE}PersistentVolumeSpec": {
        "persistentVolumeReclaimPolicy": ("Delete", "Recycle", "Retain"),
        "volumeMode": ("Block", "Filesystem"),
    },
    f"{_CORE}PodSpec": {
        "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
        "preemptionPolicy": ("Never", "PreemptLowerPriority"),
        "restartPolicy": ("Always", "Never", "OnFailure"),
    },
    f"{_CORE}PodSecurityContext": {"fsGroupChangePolicy": ("Always", "OnRootMismatch"), "supplementalGroupsPolicy": ("Merge", "Strict")},
    f"{_CORE}SeccompProfile": {"type": ("Localhost", "RuntimeDefault", "Unconfined")},
    f"{_CORE}AppArmorProfile": {"type": ("Localhost", "RuntimeDefault", "Unconfined")},
    f"{_CORE}SecurityContext": {"procMount": ("Default", "Unmasked")},
    f"{_CORE}ServicePort": {"protocol": _PROTOCOLS},
    f"{_CORE}ServiceSpec": {
        "externalTrafficPolicy": _POLICIES,
        "internalTrafficPolicy": _POLICIES,
        "ipFamilyPolicy": ("PreferDualStack", "RequireDualStack", "SingleStack"),
        "sessionAffinity": ("ClientIP", "None"),
        "type": ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    },
    f"{_CORE}Taint": {"effect": ("NoExecute", "NoSchedule", "PreferNoSchedule")},
    f"{_CORE}Toleration": {"effect": ("", "NoExecute", "NoSchedule", "PreferNoSchedule"), "operator": ("Equal", "Exists", "Gt", "Lt")},
    f"{_CORE}TopologySpreadConstraint": {
        "nodeAffinityPolicy": ("Honor", "Ignore"),
        "nodeTaintsPolicy": ("Honor", "Ignore"),
        "whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
    },
    "io.k8s.api.apps.v1.DaemonSetUpdateStrategy": {"type": ("OnDelete", "RollingUpdate")},
    "io.k8s.api.apps.v1.DeploymentStrategy": {"type": ("Recreate", "RollingUpdate")},
    "io.k8s.api.apps.v1.StatefulSetSpec": {"podManagementPolicy": ("OrderedReady", "Parallel")},
    "io.k8s.api.apps.v1.StatefulSetUpdateStrategy": {"type": ("OnDelete", "RollingUpdate")},
    "io.k8s.api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy": {
        "whenDeleted": ("Delete", "Retain"),
        "whenScaled": ("Delete", "Retain"),
    },
    "io.k8s.api.autoscaling.v2.MetricSpec": {"type": ("ContainerResource", "External", "Object", "Pods", "Resource")},
    "io.k8s.api.autoscaling.v2.MetricTarget": {"type": ("AverageValue", "Utilization", "Value")},
    "io.k8s.api.autoscaling.v2.HPAScalingPolicy": {"type": ("Percent", "Pods")},
    "io.k8s.api.autoscaling.v2.HPAScalingRules": {"selectPolicy": ("Disabled", "Max", "Min")},
    "io.k8s.api.batch.v1.CronJobSpec": {"concurrencyPolicy": ("Allow", "Forbid", "Replace")},
    "io.k8s.api.batch.v1.JobSpec": {
        "completionMode": ("Indexed", "NonIndexed"),
        "podReplacementPolicy": ("Failed", "TerminatingOrFailed"),
    },
    "io.k8s.api.networking.v1.HTTPIngressPath": {"pathType": ("Exact", "ImplementationSpecific", "Prefix")},
    "io.k8s.api.networking.v1.NetworkPolicyPort": {"protocol": _PROTOCOLS},
    "io.k8s.api.policy.v1.PodDisruptionBudgetSpec": {"unhealthyPodEvictionPolicy": ("AlwaysAllow", "IfHealthyBudget")},
    "io.k8s.api.rbac.v1.Subject": {"kind": ("Group", "ServiceAccount", "User")},
    "io.k8s.api.scheduling.v1.PriorityClass": {"preemptionPolicy": ("Never", "PreemptLowerPriority")},
    "io.k8s.api.storage.v1.StorageClass": {
        "reclaimPolicy": ("Delete", "Retain"),
        "volumeBindingMode": ("Immediate", "WaitForFirstConsumer"),
    },
    "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelectorRequirement": {"operator": ("DoesNotExist", "Exists", "In", "NotIn")},
}
"""By the schema's name and its member."""

LISTED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    f"{_CORE}PersistentVolumeClaimSpec": {"accessModes": _MODES},
    f"{_CORE}PersistentVolumeSpec": {"accessModes": _MODES},
    "io.k8s.api.networking.v1.NetworkPolicySpec": {"policyTypes": ("Egress", "Ingress")},
}
"""The same for members that are lists of words."""
