"""The reports: comparisons, dossiers, voices, events in time and space; as pages, JSON and RDF.

``asked`` what a request selects; ``queries``, ``event_queries``, ``voice_queries`` SPARQL;
``gather`` and ``tellings`` answers to values; one module a report; ``rdf`` and ``models`` their
other forms; ``pages`` and ``api`` the routes, ``written`` the command line's.
"""
