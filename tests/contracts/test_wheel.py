"""The wheel has all it needs: built, installed in a new environment, used there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from testimonia.web import editor


@pytest.mark.slow
def test_the_wheel_ingests_a_document_in_a_new_environment(tmp_path: Path, root: Path) -> None:
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*build, tmp_path, root], check=True, capture_output=True, timeout=120)
    (wheel,) = tmp_path.glob("testimonia-*.whl")
    if editor.installed():
        files = zipfile.ZipFile(wheel).namelist()
        assert "testimonia/web/static/yasgui/yasgui.min.js" in files
    home = tmp_path / "environment"
    venv.create(home, with_pip=False)
    own = Path(sysconfig.get_path("purelib", vars={"base": str(home), "platbase": str(home)}))
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--target", own, wheel], check=True, capture_output=True, timeout=120)
    # The dependencies are those of this environment; its editable Testimonia is not among them,
    # since a .pth file that is reached by a path entry is not read.
    (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def run(*words: str) -> str:
        python = home / "bin" / "python"
        done = subprocess.run(
            [python, *words], cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run("-c", "import testimonia; print(testimonia.__file__)").strip()
    assert Path(where).is_relative_to(own)
    letter = "The mayor said that soldiers attacked Springfield on Friday."
    (tmp_path / "letter.txt").write_text(letter)
    assert os.environ.get("PYTHONPATH") is None
    run("-m", "testimonia", "ingest", "letter.txt")
    query = "SELECT (COUNT(*) AS ?n) { ?s tst:cue ?c . ?t a tst:Account ; a sem:Event }"
    answer = json.loads(run("-m", "testimonia", "query", query, "-f", "json"))
    assert int(answer["results"]["bindings"][0]["n"]["value"]) >= 1
