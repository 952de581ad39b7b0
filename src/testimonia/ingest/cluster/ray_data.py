"""Ray, and nothing but Ray: connecting, asking each machine, and a round of Ray Data."""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Any, Final

from testimonia.errors import ClusterError, UsageError
from testimonia.sparql.limits import cores as own_cores

LOCAL: Final = "local"
AUTO: Final = "auto"
_CONNECT_SECONDS: Final = 5.0
# A machine that reads for the first time makes its index of places: half a minute.
_ASK_SECONDS: Final = 300.0
# One document may take minutes; a cluster may have to wait for machines.
_IDLE_SECONDS: Final = 3600.0
# Ray takes a third of the memory else; a round's results pass through, 0.1 MB a document.
_LOCAL_STORE: Final = 300_000_000
# Ray tells its makers how it is used, shows bars, and a page of its own.
_QUIET: Final = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DATA_DISABLE_PROGRESS_BARS": "1"}

# Else Ray takes 127.0.0.1 for the machine's address in its network, and listens on all of them:
# whoever reaches it may run programs. It is read when Ray is loaded.
_LOOPBACK: Final = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
_LOOPBACK_CONSTANT: Final = ("ray._private.ray_constants", "ENABLE_RAY_CLUSTER")

Rows = Sequence[tuple[int, bytes]]
_INSTALL: Final = "--ray needs the extra: pip install 'testimonia[ray]'"


@contextlib.contextmanager
def connected(address: str, workers: int | None) -> Iterator[None]:
    """A cluster, for as long as the context: the one at ``address`` (HOST:PORT, or ``auto`` for the
    one that this machine belongs to), or ``local``, one of this machine alone with as many
    processes as ``workers`` say.

    Raises:
        UsageError: Ray is not installed.
        ClusterError: there is no cluster, or it does not take this machine.
    """
    _set_unless_set(_QUIET)
    folder = None
    with _on_loopback() if address == LOCAL else contextlib.nullcontext():
        try:
            import ray
            import ray.data
        except ImportError as error:
            raise UsageError(_INSTALL) from error
        for name in ("ray", "ray.data"):
            logging.getLogger(name).setLevel(logging.ERROR)
        if address == LOCAL:
            folder = tempfile.mkdtemp(prefix="testimonia-ray-")
        with _joined(ray, address, workers, folder):
            yield


@contextlib.contextmanager
def _joined(ray: Any, address: str, workers: int | None, folder: str | None) -> Iterator[None]:
    try:
        _connect(ray, address, workers, folder)
        _settle(ray)
        yield
    finally:
        ray.shutdown()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def _set_unless_set(values: Mapping[str, str]) -> None:
    os.environ.update({key: os.environ.get(key, value) for key, value in values.items()})


@contextlib.contextmanager
def _on_loopback() -> Iterator[None]:
    """Ray, started in this context, talks on the loopback alone, and to who knows a secret: there
    may be other users on this machine. Whether it has one, Ray asks when it is first used, for as
    long as the process lives: who used it before has decided."""
    module, name = _LOOPBACK_CONSTANT
    if module not in sys.modules:
        _set_unless_set({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)})
    constants, before = sys.modules.get(module), os.environ.get(_LOOPBACK)
    os.environ[_LOOPBACK] = "0"
    if constants is not None:
        setattr(constants, name, False)
    try:
        yield
    finally:
        if before is None:
            del os.environ[_LOOPBACK]
        else:
            os.environ[_LOOPBACK] = before
        if (constants := sys.modules.get(module)) is not None:
            setattr(constants, name, True)


def _connect(ray: Any, address: str, workers: int | None, folder: str | None) -> None:
    options: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if folder is not None:
        options |= {
            "address": LOCAL,
            "num_cpus": workers or own_cores(),
            "include_dashboard": False,
            "object_store_memory": _LOCAL_STORE,
            "_node_ip_address": "127.0.0.1",
            "_temp_dir": folder,
        }
    else:
        _require_answer(address)
        options["address"] = address
    try:
        ray.init(**options)
    except (ConnectionError, RuntimeError, ValueError, OSError, TimeoutError) as error:
        where = "no cluster of this machine alone" if folder else f"no cluster at {address}"
        raise ClusterError(f"{where}: {_first_line(error)}") from error
    if folder is not None and not ray.util.get_node_ip_address().startswith("127."):
        raise ClusterError("Ray would listen beyond this machine, and was not used")


def _require_answer(address: str) -> None:
    """Ray tries for minutes."""
    if address == AUTO:
        return
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
    except (OSError, OverflowError) as error:
        raise ClusterError(
            f"no cluster at {address}: {error}; is it running (`ray start --head`), and is the"
            " address that of its head, with the port 6379 or the one it was started with?"
        ) from error


def _settle(ray: Any) -> None:
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.execution_no_progress_timeout_s = _IDLE_SECONDS


def cores() -> int:
    """How many documents the cluster can read at a time."""
    import ray

    return max(1, int(ray.cluster_resources().get("CPU", 0)))


def refusals(given: bytes) -> list[str]:
    """Asks each machine whether it can read as ``given``, and what those say that cannot.

    Raises:
        ClusterError: one does not answer.
    """
    import ray
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    asked = ray.remote(num_cpus=0, max_retries=0)(_asking())
    answers = [
        (
            node["NodeManagerHostname"],
            asked.options(
                scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            ).remote(given),
        )
        for node in ray.nodes()
        if node["Alive"] and node["Resources"].get("CPU")
    ]
    told = []
    for host, answer in answers:
        try:
            if refused := ray.get(answer, timeout=_ASK_SECONDS):
                told.append(f"{host}: {refused}")
        except ray.exceptions.RayError as error:
            raise ClusterError(f"{host} does not answer: {_first_line(error)}") from error
    return told


def read(given: bytes, blocks: Sequence[Rows]) -> Generator[dict[str, Any], None, None]:
    """The rows that ``node.read`` gives for all ``blocks``, in any order, as soon as they are
    there: a round of Ray Data, each block a task of its own. What a machine that goes had in hand
    is read by others.

    Raises:
        ClusterError: the cluster is gone.
    """
    import pyarrow
    import ray

    tables = [
        pyarrow.table({"number": [n for n, _ in rows], "task": [task for _, task in rows]})
        for rows in blocks
    ]
    try:
        data = ray.data.from_arrow(tables).map_batches(
            _reading(given), batch_size=None, batch_format="pyarrow", num_cpus=1
        )
        for batch in data.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=0):
            yield from batch.to_pylist()
    except (ray.exceptions.RayError, RuntimeError, OSError, TimeoutError) as error:
        raise ClusterError(f"the cluster ended a round: {_first_line(error)}") from error


# Functions within functions are sent as they are, where others are looked up by name: a machine
# without Testimonia can say so.


def _asking() -> Callable[[bytes], str]:
    def asked(given: bytes) -> str:
        try:
            from testimonia.ingest.cluster.node import refusal
        except ImportError as error:
            return f"Testimonia cannot be loaded there: {error}"
        return refusal(given)

    return asked


def _reading(given: bytes) -> Callable[[Any], Iterator[Any]]:
    def read(batch: Any) -> Iterator[Any]:
        import pyarrow

        numbers, tasks = batch["number"].to_pylist(), batch["task"].to_pylist()
        try:
            from testimonia.ingest.cluster import node
        except ImportError as error:
            why = f"Testimonia cannot be loaded there: {error}"
            empty = {"quads": b"", "rest": b"", "error": b"", "refused": why}
            yield pyarrow.Table.from_pylist([{"number": each, **empty} for each in numbers])
            return
        for row in node.read(given, zip(numbers, tasks, strict=True)):
            yield pyarrow.Table.from_pylist([row])

    return read


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
