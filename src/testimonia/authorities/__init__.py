"""Authority files: lists of persons, bodies, places and events, each with an identifier, as RDF.

RDF comes as it is, tables (CSV, TSV) and extracts of Wikidata's dump become SKOS concepts. Files
are read as a stream, once to see whether all is well and once to be stored; what is wrong is told
with the number of its line.
"""

from __future__ import annotations

from testimonia.authorities.reading import FORMATS, Bad, File, detect, read
from testimonia.authorities.tables import TARGETS, parse_columns

__all__ = ["FORMATS", "TARGETS", "Bad", "File", "detect", "parse_columns", "read"]
