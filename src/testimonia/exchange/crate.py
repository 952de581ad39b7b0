"""RO-Crate 1.1: texts, original bytes, graph and provenance, described in one JSON-LD file.

What is restricted (:mod:`testimonia.rights`) is described, but neither its text nor its bytes are
in the crate.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any, Final

from testimonia.catalog import Catalog, Record, State
from testimonia.exchange.files import Hashing, Target, of_bytes, of_file, package
from testimonia.exchange.snapshot import Snapshot
from testimonia.rights import is_restricted

METADATA: Final = "ro-crate-metadata.json"
_PROFILE: Final = "https://w3id.org/ro/crate/1.1"
_SOFTWARE: Final = "#testimonia"
_RIGHTS: Final = "#rights"
_GRAPH: Final = "graph.nq"
_NEVER: Final = "1970-01-01"

Entity = dict[str, Any]


def write(moment: Snapshot, catalog: Catalog, path: Path) -> None:
    """The archive as a crate at ``path``: a folder, or a ZIP where the name ends so.

    Raises:
        UsageError: it exists.
        ArchiveError: it cannot be written.
    """
    with package(path) as target:
        entities = [_compact(each) for each in _Crate(moment, catalog, target).entities()]
        document = {"@context": f"{_PROFILE}/context", "@graph": entities}
        body = json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
        target.write(METADATA, of_bytes(body))


def _compact(entity: Entity) -> Entity:
    """A single value stands for itself (RO-Crate 1.1, appendix on JSON-LD)."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in entity.items()
    }


class _Crate:
    def __init__(self, moment: Snapshot, catalog: Catalog, target: Target) -> None:
        self._moment = moment
        self._catalog = catalog
        self._iris = moment.view.iris
        self._target = target
        self._originals = dict(moment.record.execute("SELECT id, original FROM document"))

    def entities(self) -> Iterator[Entity]:
        """All that is described, the descriptor and the root first (RO-Crate 1.1, section 4)."""
        records = [each for each in self._records() if each.state is not State.REMOVED]
        graph = self._written(
            _GRAPH, lambda out: self._moment.view.export(out, "nquads", sort=True)
        )
        found = [entity for record in records for entity in self._document(record)]
        runs = list(self._runs())
        files = [each["@id"] for each in found if each["@type"] == "File"]
        yield {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _PROFILE},
            "about": {"@id": "./"},
        }
        yield {
            "@id": "./",
            "@type": "Dataset",
            "name": f"Testimonia archive {self._iris.base_iri}",
            "description": "Documents, and who says what in them, as RDF with its evidence.",
            "datePublished": max((each.added[:10] for each in records), default=_NEVER),
            "license": {"@id": _RIGHTS},
            "hasPart": [{"@id": each} for each in (_GRAPH, *files)],
            "mentions": [{"@id": self._iris.document(each.id)} for each in records]
            + [{"@id": each["@id"]} for each in runs if each["@type"] == "CreateAction"],
        }
        yield {
            "@id": _RIGHTS,
            "@type": "CreativeWork",
            "name": "Rights of the documents",
            "description": "Each document has the rights that are stated of it.",
        }
        yield {
            "@id": _GRAPH,
            "@type": "File",
            "name": "All graphs and the reading view",
            "encodingFormat": "application/n-quads",
            "conformsTo": {"@id": "https://w3id.org/testimonia#"},
            **graph,
        }
        yield from found
        yield from runs

    def _records(self) -> Iterator[Record]:
        """Those that the moment knows: the catalog may have more by now."""
        return (each for each in self._catalog.documents() if each.id in self._originals)

    def _document(self, record: Record) -> Iterator[Entity]:
        metadata, iri = record.metadata, self._iris.document(record.id)
        names = ("publisher", "issued", "language", "source", "identifier", "rights")
        keys = ("publisher", "datePublished", "inLanguage", "url", "identifier", "license")
        stated = {
            key: getattr(metadata, name)
            for key, name in zip(keys, names, strict=True)
            if getattr(metadata, name)
        }
        files = [] if is_restricted(metadata.rights) else list(self._files(record, iri))
        yield {
            "@id": iri,
            "@type": "CreativeWork",
            "name": metadata.title or PurePath(record.name).name or record.id,
            **({"creator": list(metadata.creator)} if metadata.creator else {}),
            **stated,
            **({"encoding": [{"@id": each["@id"]} for each in files]} if files else {}),
        }
        yield from files

    def _files(self, record: Record, iri: str) -> Iterator[Entity]:
        text = self._catalog.text(record).text.content.encode()
        name = f"texts/{record.id}.txt"
        yield {
            "@id": name,
            "@type": "File",
            "name": f"Frozen text of {record.id}",
            "encodingFormat": "text/plain",
            "about": {"@id": iri},
            **self._written(name, of_bytes(text)),
        }
        original = self._originals[record.id]
        name = f"originals/{record.id}"
        source = self._moment.folder / "originals" / original[:2] / original
        yield {
            "@id": name,
            "@type": "File",
            "name": PurePath(record.name).name or record.id,
            "encodingFormat": record.media_type,
            "about": {"@id": iri},
            **self._written(name, of_file(source)),
        }

    def _runs(self) -> Iterator[Entity]:
        """What made the graph: an action for each run of the software."""
        used: dict[str, list[str]] = {}
        for document, run in self._moment.record.execute(
            "SELECT id, run FROM document WHERE run IS NOT NULL AND state = 'stored' ORDER BY id"
        ):
            used.setdefault(run, []).append(self._iris.document(document))
        columns = "id, started, ended, extractor"
        rows = self._moment.record.execute(f"SELECT {columns} FROM run ORDER BY started, id")  # noqa: S608
        for run, started, ended, extractor in rows:
            yield {
                "@id": self._iris.run(run),
                "@type": "CreateAction",
                "name": f"Reading by {extractor}",
                "startTime": started,
                **({"endTime": ended} if ended else {}),
                "instrument": {"@id": _SOFTWARE},
                "object": [{"@id": each} for each in used.get(run, ())],
                "result": {"@id": _GRAPH},
            }
        yield {
            "@id": _SOFTWARE,
            "@type": "SoftwareApplication",
            "name": "Testimonia",
            "url": "https://w3id.org/testimonia",
        }

    def _written(self, name: str, fill: Any) -> Entity:
        written: Hashing = self._target.write(name, fill)
        return {"contentSize": str(written.size), "sha256": written.sha256}
