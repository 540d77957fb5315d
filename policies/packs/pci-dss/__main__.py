"""PCI DSS 4.0.1."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from policies.pack import run

run("pci-dss")
