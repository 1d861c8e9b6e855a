"""The programs that referee our documents; they run on Node."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def node() -> Path:
    """Return the folder with the installed referees; what its lock file pins is fetched once."""
    if shutil.which("npm") is None and not os.environ.get("CI"):
        pytest.skip("needs Node")
    if not (NODE / "node_modules" / "@stoplight" / "spectral-cli").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=NODE, check=True, timeout=110)
    return NODE
