"""ISO/IEC 27001:2022 Annex A."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from policies.pack import run

run("iso27001")
