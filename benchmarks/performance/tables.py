"""The tables of ``docs/performance.md`` that are one benchmark's each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.performance.markdown import bytes_of, load, milliseconds, number, short, table

Results = Mapping[str, Any]


def ingestion(results: Results) -> str:
    """The whole ingestion beside bare ``nlp.pipe``."""
    found = results["ingest"]
    rows = [
        (
            f"{workers}",
            number(each["bare_documents_per_second"], 2),
            number(each["whole_documents_per_second"], 2),
            number(each["ratio"], 2),
            number(each["bare_cpu_ms"]),
            number(each["whole_cpu_ms"]),
            number(each["writer_cpu_ms"]),
            bytes_of(each["writer_megabytes"]),
            bytes_of(each["reader_megabytes"]),
        )
        for workers, each in found["workers"].items()
    ]
    head = ("workers", "bare, documents/s", "whole, documents/s", "ratio", "bare, ms", "whole, ms",
            "of it the writer", "writer's peak", "a reader's peak")  # fmt: skip
    one = found["workers"]["1"]
    told = (
        f"{one['documents']} texts of {one['characters'] / one['documents']:,.0f} characters;"
        f" {found['machine']}, {load(found)}; spaCy {found['versions']['spacy']}. Milliseconds are"
        " of processor time, a document."
    )
    return f"{table(head, rows)}\n\n{told}"


def stages(results: Results) -> str:
    """Where the time of a document goes."""
    found = dict(results["ingest"]["stages"])
    whole = found.pop("whole")
    rows = [
        (stage, number(ms, 1), f"{ms / whole:.0%}")
        for stage, ms in sorted(found.items(), key=lambda each: -each[1])
    ]
    return table(("stage", "ms", "share"), [*rows, ("all", number(whole, 1), "")])


def bulk(results: Results) -> str:
    """Bulk load beside ``oxigraph load``."""
    found = results["store"]
    rows = [
        (side, number(each["seconds"], 1), number(each["quads_per_second"]),
         number(each.get("ratio"), 2), number(each.get("processor_seconds"), 1),
         number(each.get("processor_ratio"), 2))
        for side, each in found["bulk"].items()
    ]  # fmt: skip
    head = ("", "seconds", "quads/s", "to `oxigraph load`", "processor, s", "to its")
    told = (
        f"{found['quads']:,} quads, medians of {found['rounds']} alternating rounds, {load(found)};"
        f" Oxigraph {found['versions']['oxigraph']}, pyoxigraph {found['versions']['pyoxigraph']}."
    )
    return f"{table(head, rows)}\n\n{told}"


def writing(results: Results) -> str:
    """What a write of a document costs in each store."""
    found = results["store"]
    rows = [
        (store, *(number(ms) for ms in each.values()))
        for store, each in found["milliseconds_per_document"].items()
        if each
    ]
    kinds = next(filter(None, found["milliseconds_per_document"].values()))
    told = f"Milliseconds for a document of {found['document_quads']:,} quads, at the median."
    return f"{table(('store', *kinds), rows)}\n\n{told}"


def serving(results: Results) -> str:
    """Queries a second beside ``oxigraph serve``."""
    found = results["serving"]

    def rows() -> Iterator[tuple[str, ...]]:
        for asked, each in found["compared"].items():
            ours, theirs = each["testimonia"], each["oxigraph"]
            yield (
                asked,
                number(ours["per_second"], 1),
                number(theirs["per_second"], 1),
                f"{ours['per_second'] / theirs['per_second']:.2f}",
                number(ours["median_ms"], 1),
                number(theirs["median_ms"], 1),
                number(ours["p95_ms"], 1),
                number(theirs["p95_ms"], 1),
            )

    head = ("query, clients", "queries/s", "Oxigraph's", "ratio", "median, ms", "Oxigraph's",
            "95th of 100, ms", "Oxigraph's")  # fmt: skip
    told = f"{found['quads']:,} quads, {load(found)}."
    return f"{table(head, rows())}\n\n{told}"


def full_text(results: Results) -> str:
    """``tst:matches`` beside ``CONTAINS``."""
    found = results["full_text"]
    rows = [
        (
            word,
            number(each["rows"]),
            milliseconds(each["matches_ms"]),
            milliseconds(each["contains_ms"]),
            number(each["ratio"], 1),
        )
        for word, each in found["queries"].items()
    ]
    head = ("word", "rows", "`tst:matches`", "`CONTAINS`", "times as fast")
    told = f"{found['literals']:,} literals; the index has {bytes_of(found['index_megabytes'])}."
    return f"{table(head, rows)}\n\n{told}"


def cross_reference(results: Results) -> str:
    """What one document more costs, beside how many there are."""
    rows = [
        (
            number(each["statements"]),
            number(each["pairs of accounts"]),
            number(each["pairs of statements"]),
            number(each["milliseconds"], 1),
        )
        for each in results["crossref_cost"]
    ]
    head = ("statements in the archive", "pairs of accounts", "pairs of statements", "ms")
    return table(head, rows)


def views(results: Results) -> str:
    """What reports cost."""
    found = results["views"]
    rows = [
        (report, milliseconds(each["median_ms"]), milliseconds(each["longest_ms"]),
         number(each["kilobytes"]))
        for report, each in found["requests"].items()
    ]  # fmt: skip
    told = (
        f"{found['documents']:,} documents, {found['statements']:,} statements,"
        f" {found['quads']:,} quads, {load(found)}."
    )
    return f"{table(('report', 'median', 'longest', 'KB'), rows)}\n\n{told}"


def long_documents(results: Results) -> str:
    """Time and memory of one long document."""
    rows = [
        (
            each["kind"],
            number(each["characters"]),
            number(each["statements"]),
            number(each["triples"]),
            short(sum(each["seconds"].values())),
            short(1e6 * sum(each["seconds"].values()) / each["characters"]),
            bytes_of(each["peak_megabytes"]),
        )
        for each in results["long_documents"]["documents"]
    ]
    head = ("kind", "characters", "statements", "triples", "seconds", "µs a character", "peak")
    return table(head, rows)
