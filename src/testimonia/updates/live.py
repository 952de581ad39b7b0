"""The process that has a plain dataset's store open: ``python -m testimonia.updates.live``.

It alone writes there, and it may be killed at any moment: what it has not finished was never
there (RocksDB), and what it has not published nobody has seen.
"""

from __future__ import annotations

import argparse
import socket
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import Store

from testimonia.errors import StoreError
from testimonia.sparql import frames, limits
from testimonia.sparql.policy import Reach
from testimonia.sparql.worker import reach, serve
from testimonia.updates import operations


def main() -> None:
    """Serve requests until the socket is closed."""
    parser = argparse.ArgumentParser(description="Writes a plain dataset for Testimonia.")
    parser.add_argument("--channel", type=int, required=True, help="the socket's descriptor")
    parser.add_argument("--memory", type=int, required=True, help="bytes beyond the open store")
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--service", action="append", default=[], help="IRIs that may be called")
    arguments = parser.parse_args()
    limits.die_with_parent()
    limits.forbid_core_dumps()
    may_reach = reach(arguments.service)
    try:
        store = Store(arguments.store)
    except (OSError, RuntimeError) as error:
        raise SystemExit(f"{arguments.store} cannot be opened: {error}") from error
    limits.limit_memory(arguments.memory)

    def answer(request: dict[str, Any], data: bytes, output: BinaryIO) -> None:
        output.write(frames.pack(frames.HEAD, _done(store, request, data, may_reach)))

    serve(socket.socket(fileno=arguments.channel), answer)


def _done(store: Store, request: dict[str, Any], data: bytes, may_reach: Reach) -> dict[str, Any]:
    match request["operation"]:
        case "update":
            operations.update(store, request, may_reach)
            return {}
        case "put":
            return {"created": operations.put(store, request["graph"], data, request)}
        case "drop":
            return {"existed": operations.drop(store, request["graph"])}
        case "publish":
            store.flush()
            store.backup(request["target"])
            return {}
        case other:
            raise StoreError(f"no operation {other!r}")


if __name__ == "__main__":
    main()
