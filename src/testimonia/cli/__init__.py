"""The command line: a thin edge over :mod:`testimonia.library`.

Exit codes: 0 done; 1 done, with documents rejected or failed; 2 wrong use; 3 no archive, not an
archive, or locked; 130 interrupted.
"""

from __future__ import annotations

from testimonia.cli.main import app, main

__all__ = ["app", "main"]
