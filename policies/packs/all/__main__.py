"""Every control of MoreFocus, of all frameworks."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from policies.pack import run

run("all")
