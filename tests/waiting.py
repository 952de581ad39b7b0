"""A writer whose readers take for ever: tells the processes it has started, and waits."""

from __future__ import annotations

import sys
import time

import deadly
from test_workers import MEMORY, children, task
from testimonia.ingest import Workers

if __name__ == "__main__":
    with Workers(deadly.make, "fake 1", 2, MEMORY) as readers:
        futures = [readers.submit(task(f"WAIT {number} Ada said so.")) for number in range(2)]
        while len(children()) < 3:
            time.sleep(0.05)
        time.sleep(0.2)
        sys.stdout.write(" ".join(map(str, children())) + "\n")
        sys.stdout.flush()
        futures[0].result()
