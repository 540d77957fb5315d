"""What lets another worker take an execution again whose worker was killed (N8N-5, D5)."""

from dataclasses import dataclass

import pulumi
from pulumi_kubernetes.core.v1 import ConfigMap
from pulumi_kubernetes.meta.v1 import ObjectMetaArgs

from components._base import Component, Context
from components.platform.labels import labels
from components.products.automation.facts import REDELIVERY, REDELIVERY_FILE

_HOOK = """\
"use strict";
// n8n 2.x fails what a killed worker was executing, and overwrites its data with nothing. The queue itself can hand it to another worker.
const {{ createRequire }} = require("node:module");
const Queue = createRequire(process.argv[1])("bull");

const look = Queue.prototype.moveUnlockedJobsToWait;
if (typeof look !== "function") throw new Error("bull has no moveUnlockedJobsToWait: this hook is for another version of n8n");
Queue.prototype.moveUnlockedJobsToWait = function () {{
  this.settings.maxStalledCount = {times};
  return look.call(this);
}};
module.exports = {{}};
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class RedeliveryArgs:
    """How often.

    Raises ValueError unless times is 0 to 5.
    """

    namespace: pulumi.Input[str]
    times: int = 1
    """How many workers an execution may outlive; 0 is what n8n does by itself: it is lost, and never runs twice."""

    def __post_init__(self) -> None:
        if not 0 <= self.times <= 5:
            raise ValueError(f"times must be 0 to 5: what kills worker after worker must come to an end (got {self.times})")


class Redelivery(Component, token="products:Redelivery"):
    """A file that n8n's workers load, which has the queue deliver an execution again when its worker died (N8N-5).

    An execution that is taken again begins anew, with the request it came from: what it did before the fault, it does twice. n8n 2.x by
    itself marks it failed and keeps nothing that could be retried. A worker that ends in order finishes what it runs, and causes neither.
    Sources: https://docs.n8n.io/deploy/host-n8n/configure-n8n/basic-configuration/use-environment-variables (EXTERNAL_HOOK_FILES),
    https://github.com/OptimalBits/bull/blob/develop/REFERENCE.md (maxStalledCount), https://docs.n8n.io/2-0-breaking-changes/
    """

    config_map: pulumi.Output[str]

    def __init__(self, name: str, context: Context, args: RedeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, context, opts)
        made = ConfigMap(
            f"{name}-hook",
            metadata=ObjectMetaArgs(name=REDELIVERY, namespace=args.namespace, labels=labels(context, name)),
            data={REDELIVERY_FILE: hook(args.times)},
            opts=self.child(),
        )
        self.config_map = made.metadata.apply(lambda metadata: str(metadata.name))
        self.publish()


def hook(times: int) -> str:
    """Return the file."""
    return _HOOK.format(times=times)
