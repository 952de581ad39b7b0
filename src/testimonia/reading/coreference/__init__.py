"""Which mentions of one text denote the same actor: a sieve from precise to permissive.

The passes stand in ``resolve.py``; this package's root imports none of them, since actors and
coreference need each other's values.
"""
