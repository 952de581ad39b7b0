"""How well Testimonia reads: one command that scores every corpus found.

``python -m benchmarks.quality [--corpora DIR] [--only polnear,gum] [--aside|--tuning|--all]``

::

    corpora ─predictions→ readings ─scoring→ counts a document ─intervals→ table, results, docs

The corpora and their scorer lie outside the repository and stay there: a folder with ``score.py``
and ``dev/*.jsonl``. What is kept of a run is numbers.
"""
