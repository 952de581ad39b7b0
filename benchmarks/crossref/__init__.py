"""How well entities are linked across documents, and what it costs: ``python -m
benchmarks.crossref``."""
