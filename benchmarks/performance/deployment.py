"""What archives of 10^5, 10^7 and 10^9 documents need: each number from a measured one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.performance.growth import LOADED, Run, largest
from benchmarks.performance.markdown import bytes_of, number, short, table

Results = Mapping[str, Any]
SIZES: Final[Mapping[int, int]] = {10**5: 1, 10**7: 7, 10**9: 30}
"""Documents, and within how many days they are to be there."""
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Measured:
    """What is counted on; times are of one core's processor. ``characters`` is a document of
    ``ingest.json``; quads and bytes of record a character are those of texts that were read."""

    characters: float
    reading_ms: float
    reader_megabytes: float
    quads_per_character: float
    record_bytes_per_character: float
    linking_us: float
    loading_us: float
    indexing_us: float
    bytes_per_quad: float
    index_bytes_per_quad: float
    shard_bytes_per_quad: float
    loader_megabytes: float

    @property
    def quads(self) -> float:
        """Of a document, with its image in the view."""
        return self.characters * self.quads_per_character


@dataclass(frozen=True, slots=True)
class Deployment:
    """What so many documents need."""

    documents: int
    days: int
    quads: float
    reading_hours: float
    linking_hours: float
    loading_hours: float
    archives: int
    cores: int
    memory_megabytes: float
    disk_megabytes: float
    spool_megabytes: float

    @property
    def hours(self) -> float:
        """All core-hours."""
        return self.reading_hours + self.linking_hours + self.loading_hours


def basis(results: Results) -> Measured:
    """What was measured, in the units of the derivation."""
    ingest = results["ingest"]["workers"]["2"]
    read = largest(results, "read").found["steps"][-1]
    bulk, loaded = _runs(results)
    taken, parts = loaded.found["taken"], loaded.found["taken"]["megabytes"]
    characters = 1e6 * read["megabytes"]["originals"]
    return Measured(
        characters=ingest["characters"] / ingest["documents"],
        reading_ms=ingest["whole_cpu_ms"] - ingest["writer_cpu_ms"],
        reader_megabytes=ingest["reader_megabytes"],
        quads_per_character=read["quads"] / characters,
        record_bytes_per_character=1e6
        * (read["megabytes"]["record"] + read["megabytes"]["originals"])
        / characters,
        linking_us=1e6
        * sum(bulk.phases[name]["processor_seconds"] for name in _LINKING)
        / bulk.found["taken"]["quads"],
        loading_us=1e6 * loaded.phases["loading"]["processor_seconds"] / taken["quads"],
        indexing_us=1e6 * loaded.processor("indexing") / taken["quads"],
        bytes_per_quad=1e6 * parts["graph"] / taken["quads"],
        index_bytes_per_quad=1e6 * (parts["full text"] + parts["names"]) / taken["quads"],
        shard_bytes_per_quad=1e6 * taken["shard_megabytes"] / taken["quads"],
        loader_megabytes=max(loaded.peaks),
    )


def _runs(results: Results) -> tuple[Run, Run]:
    """The largest that was linked in the record, and that was loaded."""
    return largest(results, "bulk"), largest(results, *LOADED)


_LINKING: Final = ("deriving and linking", "making the shards")


def deployment(documents: int, days: int, measured: Measured) -> Deployment:
    """What so many documents need, to be there within so many days."""
    quads = documents * measured.quads
    reading = documents * measured.reading_ms / 1000 / _HOUR
    linking = quads * measured.linking_us / 1e6 / _HOUR
    loading = quads * (measured.loading_us + measured.indexing_us) / 1e6 / _HOUR
    # One archive has one writer, which links one document after another, and then loads.
    archives = math.ceil((linking + loading) / (24 * days))
    cores = math.ceil((reading + linking + loading) / (24 * days))
    record = documents * measured.characters * measured.record_bytes_per_character
    graph = quads * (measured.bytes_per_quad + measured.index_bytes_per_quad)
    return Deployment(
        documents,
        days,
        quads,
        reading,
        linking,
        loading,
        archives,
        max(cores, 2),
        max(cores, 2) * measured.reader_megabytes + archives * measured.loader_megabytes,
        (record + graph) / 1e6,
        quads * measured.shard_bytes_per_quad / 1e6,
    )


def measured(results: Results) -> str:
    """The table of what is counted on."""
    found = basis(results)
    read, runs_ = largest(results, "read"), _runs(results)
    of_read = f"`scale.json`, {read.found['steps'][-1]['documents']:,} documents read"
    of_bulk, of_loaded = (
        f"`scale.json`, {run.documents:,} documents {'in bulk' if run.way == 'bulk' else run.way}"
        for run in runs_
    )
    rows = [
        ("characters of a document", number(found.characters), "`ingest.json`"),
        ("reading, mapping, inference, validation", f"{found.reading_ms:,.0f} ms a document",
         "`ingest.json`, two workers: the whole without its writer"),
        ("a reader", bytes_of(found.reader_megabytes), "`ingest.json`"),
        ("quads", f"{found.quads_per_character:.2f} a character", of_read),
        ("record and originals", f"{found.record_bytes_per_character:.1f} bytes a character",
         of_read),
        ("linking in the record, writing shards", f"{found.linking_us:.1f} µs a quad", of_bulk),
        ("loading", f"{found.loading_us:.1f} µs a quad", of_loaded),
        ("indexing words and names, a checkpoint", f"{found.indexing_us:.1f} µs a quad",
         of_loaded),
        ("the graph", f"{found.bytes_per_quad:.0f} bytes a quad", of_loaded),
        ("the indexes", f"{found.index_bytes_per_quad:.1f} bytes a quad", of_loaded),
        ("shards, while loading", f"{found.shard_bytes_per_quad:.0f} bytes a quad", of_loaded),
        ("the loader's peak", bytes_of(found.loader_megabytes), of_loaded),
    ]  # fmt: skip
    lines = ["| | measured | where |", "| --- | ---: | --- |"]
    return "\n".join([*lines, *(f"| {' | '.join(each)} |" for each in rows)])


def deployments(results: Results) -> str:
    """The table of deployments."""
    found = [deployment(size, days, basis(results)) for size, days in SIZES.items()]
    rows = [
        ("done within", *(f"{each.days} day{'s' * (each.days > 1)}" for each in found)),
        ("quads", *(short(each.quads) for each in found)),
        ("reading, core-hours", *(short(each.reading_hours) for each in found)),
        ("linking, core-hours", *(short(each.linking_hours) for each in found)),
        ("loading and indexing, core-hours", *(short(each.loading_hours) for each in found)),
        ("**all, core-hours**", *(f"**{short(each.hours)}**" for each in found)),
        ("**cores**", *(f"**{each.cores:,}**" for each in found)),
        ("archives, each with one writer", *(f"{each.archives:,}" for each in found)),
        ("documents of an archive", *(short(each.documents / each.archives) for each in found)),
        ("memory, readers and writers", *(bytes_of(each.memory_megabytes) for each in found)),
        ("**disk**", *(f"**{bytes_of(each.disk_megabytes)}**" for each in found)),
        ("disk for shards, meanwhile", *(bytes_of(each.spool_megabytes) for each in found)),
    ]
    power = {10**exponent: f"10^{exponent}" for exponent in range(12)}
    return table(("", *(power[each.documents] for each in found)), rows)


def derivation(results: Results) -> str:
    """How the numbers of each deployment follow."""
    return "\n".join(_derived(results))


def _derived(results: Results) -> Iterator[str]:
    of = basis(results)
    yield (
        f"- A document: {of.characters:,.0f} characters × {of.quads_per_character:.2f} quads ="
        f" {of.quads:,.0f} quads."
    )
    for size, days in SIZES.items():
        yield _follows(deployment(size, days, of), of)


def _follows(each: Deployment, of: Measured) -> str:
    n, hours, quads = f"10^{len(str(each.documents)) - 1}", 24 * each.days, short(each.quads)
    reading, linking = short(each.reading_hours), short(each.linking_hours)
    loading, all_ = short(each.loading_hours), short(each.hours)
    cores = math.ceil(each.hours / hours)
    least = "" if cores >= each.cores else " (two, so that one reads while the other writes)"
    return (
        f"- {n}: reading {n} × {of.reading_ms:,.0f} ms = {reading} core-hours; quads"
        f" {n} × {of.quads:,.0f} = {quads}; linking {quads} × {of.linking_us:.1f} µs = {linking};"
        f" loading and indexing {quads} × {of.loading_us + of.indexing_us:.1f} µs = {loading};"
        f" together {all_}, in {hours} hours ⌈{all_} / {hours}⌉ = {cores:,} cores{least};"
        f" archives ⌈({linking} + {loading}) / {hours}⌉ = {each.archives:,};"
        f" memory {each.cores:,} × {bytes_of(of.reader_megabytes)} +"
        f" {each.archives:,} × {bytes_of(of.loader_megabytes)} ="
        f" {bytes_of(each.memory_megabytes)};"
        f" disk {quads} × ({of.bytes_per_quad:.0f} + {of.index_bytes_per_quad:.1f}) +"
        f" {n} × {of.characters:,.0f} × {of.record_bytes_per_character:.1f} bytes ="
        f" {bytes_of(each.disk_megabytes)}."
    )
