"""Registers FLOOR_RESOURCES flat resources: what SDK and engine cost when there are no components, no facts and no cloud."""

import os

import pulumi

for number in range(int(os.environ["FLOOR_RESOURCES"])):
    pulumi.CustomResource(
        "floor:index:Item",
        f"item-{number}",
        {
            "name": f"item-{number}",
            "description": "a resource of the usual size",
            "enabled": True,
            "size": 20,
            "zones": ["a", "b", "c"],
            "settings": {"encrypted": True, "retention": 30, "class": "standard"},
            "tags": {"Name": f"item-{number}", "owner": "platform", "environment": "production", "component": "floor"},
        },
    )
