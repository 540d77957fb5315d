"""Which pods go first when nodes run short."""

import pulumi
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs
from pulumi_kubernetes.scheduling.v1 import PriorityClass

from components._base import Component, Context
from components.platform.labels import labels

PLATFORM, SERVING, WORKING, BATCH = "platform", "serving", "working", "batch"
_CLASSES = {
    PLATFORM: (1_000_000, "PreemptLowerPriority", "What the cluster's own work stands on: operators, monitoring, secrets"),
    SERVING: (100_000, "PreemptLowerPriority", "What somebody waits for: web hooks, interfaces"),
    WORKING: (10_000, "PreemptLowerPriority", "What works from a queue, and catches up; also whatever says nothing"),
    BATCH: (1_000, "Never", "What can wait: exports, migrations, reports; it takes nobody's place"),
}
"""Far below the classes that Kubernetes keeps for itself (2,000,000,000), and apart, so that others fit in between."""


class PriorityClasses(Component, token="platform:PriorityClasses"):
    """Four classes of pods, so that a full cluster sheds what can wait and keeps what is waited for (BDR-7).

    Source: https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
    """

    names: pulumi.Output[list[str]]

    def __init__(self, name: str, context: Context, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = [
            PriorityClass(
                f"{name}-{kind}",
                metadata=ObjectMetaArgs(name=kind, labels=labels(context, name)),
                value=value,
                preemption_policy=preemption,
                description=description,
                # The API keeps no `false` here: declared, it would be drift at every refresh.
                global_default=True if kind == WORKING else None,
                # Its value cannot be changed.
                opts=self.child(delete_before_replace=True),
            )
            for kind, (value, preemption, description) in _CLASSES.items()
        ]
        self.names = pulumi.Output.all(*(each.metadata.apply(lambda metadata: str(metadata.name)) for each in made))
        self.publish()
