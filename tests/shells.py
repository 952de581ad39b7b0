"""Commands as a page of the documentation shows them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def shell(script: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A block run by a shell that finds this environment's ``testimonia`` first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path}
    environment.pop("TESTIMONIA_ARCHIVE", None)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=180,
        env=environment,
        check=False,
    )
