"""Registers the resources listed in FLOOR_RESOURCES flat: what SDK and engine cost when there are no components and no cloud.

Each is registered by the SDK's own class with the inputs that the estate gave it. Components, which are registered resources too, are
replaced by as many bare ones.
"""

import gc
import importlib
import importlib.metadata
import json
import os
from pathlib import Path

gc.disable()
import pulumi  # noqa: E402
from pulumi._types import input_type_py_to_pulumi_names  # noqa: E402

listed = json.loads(Path(os.environ["FLOOR_RESOURCES"]).read_text())
modules = {name: importlib.import_module(name) for name in sorted({resource["module"] for resource in listed})}
gc.freeze()
gc.enable()

version = importlib.metadata.version("pulumi_aws")
for number, resource in enumerate(listed):
    name, inputs = f"resource-{number}", resource["inputs"]
    kind = resource["type"].rpartition(":")[2]
    if kind == "Item":
        pulumi.CustomResource(resource["type"], name, inputs, opts=pulumi.ResourceOptions(version=version))
        continue
    module = modules[resource["module"]]
    if kind not in vars(module):
        # A custom resource of Kubernetes: one class for all.
        module.CustomResource(name, inputs["apiVersion"], inputs["kind"], inputs.get("spec"), inputs.get("metadata"))
        continue
    # An input type of the service that has the name already makes the SDK call the resource's own `InitArgs`.
    arguments = getattr(module, f"{kind}InitArgs", None) or getattr(module, f"{kind}Args")
    spelled = {wire: python for python, wire in input_type_py_to_pulumi_names(arguments).items()}
    getattr(module, kind)(name, **{spelled[key]: value for key, value in inputs.items() if key != "__defaults"})
