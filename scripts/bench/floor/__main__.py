"""Registers the resources listed in FLOOR_RESOURCES flat: what SDK and engine cost when there are no components and no cloud.

Each is registered with the inputs that the estate gave it, after its SDK module is imported. Components, which are registered resources
too, are replaced by as many bare ones.
"""

import gc
import importlib
import importlib.metadata
import json
import os
from pathlib import Path

gc.disable()
import pulumi  # noqa: E402

listed = json.loads(Path(os.environ["FLOOR_RESOURCES"]).read_text())
for module in sorted({resource["module"] for resource in listed}):
    importlib.import_module(module)
gc.freeze()
gc.enable()

version = importlib.metadata.version("pulumi_aws")
for number, resource in enumerate(listed):
    pulumi.CustomResource(resource["type"], f"resource-{number}", resource["inputs"], opts=pulumi.ResourceOptions(version=version))
