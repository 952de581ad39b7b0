"""The suites of SPARQL 1.1, each with its list of what is not passed."""

from __future__ import annotations

from conformance.w3c import Suite

_FORMATS = frozenset({"csv-tsv-res", "json-res"})
_SELECTED = frozenset({"QueryEvaluationTest", "CSVResultFormatTest"})

QUERY_EVALUATION = Suite(
    "query-evaluation",
    "Query evaluation",
    _SELECTED,
    not_folders=_FORMATS | {"entailment"},
)
QUERY_SYNTAX = Suite(
    "query-syntax", "Query syntax", frozenset({"PositiveSyntaxTest11", "NegativeSyntaxTest11"})
)
UPDATE_EVALUATION = Suite(
    "update-evaluation", "Update evaluation", frozenset({"UpdateEvaluationTest"})
)
UPDATE_SYNTAX = Suite(
    "update-syntax",
    "Update syntax",
    frozenset({"PositiveUpdateSyntaxTest11", "NegativeUpdateSyntaxTest11"}),
)
RESULTS_FORMATS = Suite("results-formats", "Results in CSV, TSV, JSON", _SELECTED, _FORMATS)
PROTOCOL = Suite("protocol", "Protocol", frozenset({"ProtocolTest"}))
GRAPH_STORE = Suite("graph-store", "Graph Store Protocol", frozenset({"GraphStoreProtocolTest"}))
SERVICE_DESCRIPTION = Suite(
    "service-description", "Service description", frozenset({"ServiceDescriptionTest"})
)
ENTAILMENT = Suite(
    "entailment", "Entailment: RDFS and OWL 2 RL", _SELECTED, frozenset({"entailment"})
)

SPARQL = (
    QUERY_EVALUATION,
    QUERY_SYNTAX,
    UPDATE_EVALUATION,
    UPDATE_SYNTAX,
    RESULTS_FORMATS,
    PROTOCOL,
    GRAPH_STORE,
    SERVICE_DESCRIPTION,
    ENTAILMENT,
)
