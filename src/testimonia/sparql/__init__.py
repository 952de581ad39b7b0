"""SPARQL evaluation: negotiation, limits, workers. No web framework.

``evaluator.Evaluator`` is what others use. This package's root imports nothing, so that a worker
starts light.
"""
