"""Nanopublications: one for each statement, in TriG (Nanopublication Guidelines, 2015).

``<statement>/nanopublication`` is its IRI, and stays as long as the statement's does; its graphs
are ``#head``, ``#assertion``, ``#provenance`` and ``#pubinfo``. What is asserted is that the
document has somebody say so: the content itself is a literal, never a fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, Final

from testimonia import rdf
from testimonia.exchange import told
from testimonia.exchange.holdings import Holdings
from testimonia.exchange.told import Told, ToldDocument
from testimonia.terms import Graph, Term, Triple, iri, literal
from testimonia.vocabulary import DCTERMS, PREFIXES, PROV, RDF, TST

_NP: Final = "http://www.nanopub.org/nschema#"
_DERIVED: Final = iri(PREFIXES["prov"] + "wasDerivedFrom")
_PREFIXES: Final = {**PREFIXES, "np": _NP}


def write(holdings: Holdings, output: BinaryIO) -> None:
    """All statements as nanopublications; equal stores give equal bytes.

    Raises:
        OSError: ``output`` cannot be written.
    """
    runs = _Runs(holdings)
    for document in told.documents(holdings):
        if document.statements:
            output.write(_trig(document, document.statements, runs))


def of_statement(holdings: Holdings, document: ToldDocument, statement: Told) -> bytes:
    """The nanopublication of one statement, as TriG."""
    return _trig(document, [statement], _Runs(holdings))


def _trig(document: ToldDocument, statements: Iterable[Told], runs: _Runs) -> bytes:
    graphs: dict[str, Graph] = {}
    for statement in statements:
        graphs.update(nanopublication(document, statement, runs))
    return rdf.trig(graphs, _PREFIXES)


class _Runs:
    """What is known of the runs of the software, each asked for once."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._known: dict[str, Graph] = {}

    def of(self, run: str) -> Graph:
        """The triples of a run, without what it used."""
        if run not in self._known:
            found = self._holdings.view.match(iri(run), None, None)
            self._known[run] = frozenset(each for _, each in found if each[1] != PROV.used)
        return self._known[run]


def nanopublication(document: ToldDocument, statement: Told, runs: _Runs) -> Mapping[str, Graph]:
    """The four graphs of one statement's nanopublication, by their IRIs."""
    own = f"{statement.iri}/nanopublication"
    head, assertion, provenance, pubinfo = (
        f"{own}#{part}" for part in ("head", "assertion", "provenance", "pubinfo")
    )
    made = [triple for run in document.runs for triple in runs.of(run)]
    return {
        head: frozenset(
            {
                (iri(own), RDF.type, _np("Nanopublication")),
                (iri(own), _np("hasAssertion"), iri(assertion)),
                (iri(own), _np("hasProvenance"), iri(provenance)),
                (iri(own), _np("hasPublicationInfo"), iri(pubinfo)),
            }
        ),
        assertion: statement.triples,
        provenance: frozenset(_provenance(document, statement, assertion)) | frozenset(made),
        pubinfo: frozenset(_publication(document, own, made)),
    }


def _provenance(document: ToldDocument, statement: Told, assertion: str) -> Iterator[Triple]:
    """Where the assertion comes from: the words, the document, the run that read them."""
    node = iri(assertion)
    yield node, _DERIVED, iri(document.iri)
    for mention in {subject for subject, _, _ in statement.evidence}:
        yield node, _DERIVED, mention
    yield from statement.evidence
    yield iri(document.iri), TST.textHash, literal(document.record.text_hash)
    if title := document.record.metadata.title:
        yield iri(document.iri), DCTERMS.title, literal(title)
    for run in document.runs:
        yield node, PROV.wasGeneratedBy, iri(run)


def _publication(document: ToldDocument, own: str, made: list[Triple]) -> Iterator[Triple]:
    """When it was made, from which software; whose rights the words are."""
    yield iri(own), DCTERMS.source, iri(document.iri)
    for _, predicate, value in made:
        if predicate == PROV.endedAtTime:
            yield iri(own), DCTERMS.created, value
        elif predicate == TST.softwareVersion:
            yield iri(own), TST.softwareVersion, value
    if rights := document.record.metadata.rights:
        yield iri(own), DCTERMS.rights, literal(rights)


def _np(name: str) -> Term:
    return iri(_NP + name)
