"""The shipped configuration as plain data, to be bent in tests and written to a folder of their own."""

import copy
from pathlib import Path
from typing import Any

import yaml

from config.load import ROOT

STACKS = ("eu-west-1", "sa-east-1", "staging", "us-east-1")
Documents = dict[str, Any]


def shipped() -> Documents:
    """Return every shipped config file by its path from the root; each call gives a copy of its own."""
    names = [f"Pulumi.{stack}.yaml" for stack in STACKS]
    shared = ("estate", "transfers", "integrations", "people", "software", "software.lock")
    return {name: copy.deepcopy(_parsed(name)) for name in (*names, *(f"config/{each}.yaml" for each in shared))}


def write(documents: Documents, root: Path) -> Path:
    """Write the documents under `root`, which is then as good as a checkout for `load`."""
    for name, document in documents.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.dump(document, Dumper=yaml.CSafeDumper), encoding="utf-8")
    return root


def stack(documents: Documents, name: str) -> dict[str, Any]:
    """Return the `config` of one stack's file."""
    config: dict[str, Any] = documents[f"Pulumi.{name}.yaml"]["config"]
    return config


def with_a_fourth_region() -> Documents:
    """Return the shipped documents and what a region in ap-southeast-2 takes: its file, its rows, and a wider range."""
    documents = shipped()
    small = {"min": 0, "desired": 1, "max": 1}
    documents["Pulumi.ap-southeast-2.yaml"] = {
        "config": stack(documents, "eu-west-1")
        | {
            "aws:region": "ap-southeast-2",
            "morefocus:law": "none",
            "morefocus:markets": [],
            "morefocus:copies": [],
            "morefocus:database": stack(documents, "eu-west-1")["morefocus:database"] | {"standby_region": None, "backups_region": None},
            "morefocus:network": {"cidr": "10.4.0.0/16", "zones": ["ap-southeast-2a", "ap-southeast-2b"], "asn": 64516},
            "morefocus:cluster": {
                "standard": {"instance_type": "t3.large", **small},
                "intensive": {"instance_type": "c5.xlarge", **small},
            },
        }
    }
    documents["config/estate.yaml"]["instances"]["max"] += 2
    for other in ("us-east-1", "eu-west-1", "sa-east-1"):
        for source, destination in (("ap-southeast-2", other), (other, "ap-southeast-2")):
            row = {"data": "operational", "from": source, "to": destination, "mechanism": "no-personal-data"}
            documents["config/transfers.yaml"]["transfers"].append(row)
    return documents


_cache: Documents = {}


def _parsed(name: str) -> Any:
    if name not in _cache:
        _cache[name] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return _cache[name]
