"""The reports: comparisons, dossiers, voices, events in time and space; as pages, JSON and RDF.

``asked`` what a request selects; ``queries`` SPARQL; ``gather`` answers to values; one module a
report; ``pages`` and ``api`` the routes.
"""
