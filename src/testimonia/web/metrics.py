"""The operator's figures, in Prometheus's text format: one registry an application, no globals."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

from testimonia import __version__
from testimonia.sparql.pool import Pool

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


@dataclass(slots=True)
class StoreFigures:
    """What is known of the store; ``None``: not yet."""

    quads: int | None = None
    bytes: int | None = None


class _Latencies:
    """A histogram."""

    __slots__ = ("_counts", "total")

    def __init__(self) -> None:
        self._counts = [0] * (len(_SECONDS) + 1)
        self.total = 0.0

    def observe(self, seconds: float) -> None:
        """One more."""
        self._counts[bisect_left(_SECONDS, seconds)] += 1
        self.total += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """How many took at most so long, by that bound."""
        bounds = [*map(floatToGoString, _SECONDS), "+Inf"]
        return list(zip(bounds, accumulate(self._counts), strict=True))


class Metrics:
    """All figures of one application."""

    def __init__(self, pool: Pool) -> None:
        self.store = StoreFigures()
        self.registry = CollectorRegistry(auto_describe=True)
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._latencies: dict[str, _Latencies] = {}
        self.in_progress = 0
        self.registry.register(_Requests(self))
        self.registry.register(_PoolFigures(pool, self.store))
        ProcessCollector(registry=self.registry)

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request has been answered. Routes are patterns, so that there are few of them."""
        self._requests[method if method in _METHODS else "other", route, status] += 1
        latencies = self._latencies.get(route)
        if latencies is None:
            latencies = self._latencies[route] = _Latencies()
        latencies.observe(seconds)

    @property
    def requests(self) -> Mapping[tuple[str, str, int], int]:
        """How many there were, by method, route and status."""
        return self._requests

    @property
    def latencies(self) -> Mapping[str, _Latencies]:
        """How long they took, by route."""
        return self._latencies

    def exposition(self, accept: str) -> tuple[str, bytes]:
        """The media type and the text of all figures."""
        encoder, media_type = choose_encoder(accept)
        return media_type, encoder(self.registry)


class _Requests(Collector):
    """The requests, counted by the event loop alone: the library's own counters take a lock for
    each, which costs as much as the rest of a small request's bookkeeping."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterator[Metric]:
        """All of it."""
        answered = CounterMetricFamily(
            "testimonia_http_requests",
            "Requests that were answered.",
            labels=["method", "route", "status"],
        )
        for (method, route, status), count in sorted(self._metrics.requests.items()):
            answered.add_metric([method, route, str(status)], count)
        yield answered
        taken = HistogramMetricFamily(
            "testimonia_http_request_seconds",
            "From a request to the end of its answer.",
            labels=["route"],
        )
        for route, latencies in sorted(self._metrics.latencies.items()):
            taken.add_metric([route], latencies.buckets(), latencies.total)
        yield taken
        yield _gauge(
            "testimonia_http_requests_in_progress",
            "Requests that are being answered.",
            self._metrics.in_progress,
        )


class _PoolFigures(Collector):
    """What the pool knows already; looked up when somebody asks."""

    def __init__(self, pool: Pool, store: StoreFigures) -> None:
        self._pool = pool
        self._store = store

    def collect(self) -> Iterator[Metric]:
        """All of it."""
        pool, counters = self._pool, self._pool.counters
        yield _labelled("testimonia_info", "The software.", "version", {__version__: 1})
        yield _gauge("testimonia_queries_running", "Queries at work.", pool.lanes.running)
        yield _gauge(
            "testimonia_queries_queued",
            "Queries that wait for a start, or are stopped for others.",
            pool.lanes.queued,
        )
        yield _counter("testimonia_queries", "Queries that were asked.", counters.queries)
        yield _counter(
            "testimonia_result_cache_hits",
            "Queries whose result was known already.",
            counters.cached,
        )
        yield _gauge("testimonia_result_cache_bytes", "Size of known results.", pool.cache.size)
        ended = CounterMetricFamily(
            "testimonia_queries_ended",
            "Queries that went to a worker, or were refused one, by how they ended.",
            labels=["outcome"],
        )
        for outcome, count in sorted(counters.outcomes.items()):
            ended.add_metric([outcome], count)
        yield ended
        killed = CounterMetricFamily(
            "testimonia_worker_kills",
            "Worker processes that were killed or crashed, by the query's outcome.",
            labels=["reason"],
        )
        for outcome, count in sorted(counters.kills.items()):
            killed.add_metric([outcome], count)
        yield killed
        yield _gauge("testimonia_workers", "Worker processes.", len(pool.workers))
        yield _counter("testimonia_workers_spawned", "Started so far.", counters.spawned)
        yield _counter(
            "testimonia_worker_seconds", "Time that queries had workers.", counters.seconds
        )
        yield from self._of_store()

    def _of_store(self) -> Iterator[Metric]:
        if (generation := self._pool.generation) is not None:
            yield _gauge("testimonia_store_generation", "What queries read now.", generation)
        if self._store.quads is not None:
            yield _gauge("testimonia_store_quads", "Quads, when last counted.", self._store.quads)
        if self._store.bytes is not None:
            yield _gauge("testimonia_store_bytes", "Size on disk.", self._store.bytes)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _counter(name: str, text: str, value: float) -> Metric:
    return CounterMetricFamily(name, text, value=value)


def _labelled(name: str, text: str, label: str, values: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family
