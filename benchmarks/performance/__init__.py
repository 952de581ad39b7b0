"""``docs/performance.md`` and ``docs/scale.md``: their figures, from ``benchmarks/results``.

``python -m benchmarks.performance`` fills what stands between the pages' markers anew (``<!--
generated: NAME -->`` … ``<!-- end -->``); a test tells when it was forgotten. Prose is the pages'
own. Nothing is measured here: each benchmark keeps its results in ``benchmarks/results``.

::

    results/*.json ─tables, growth, deployment→ parts by name ─pages→ docs/*.md
"""
