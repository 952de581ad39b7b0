"""How an archive grows: seconds, memory, disk and the latencies of queries, by its documents.

``python -m benchmarks.scale [--documents N] [--read] [--minutes M] [--keep DIR]``

Documents are synthetic (``benchmarks.corpus``). With ``--read`` their texts are read; else each has
the reading that it was written from, so that everything after the reading is measured at sizes that
would take hours to read. Both go through the one way into the store: mapping, inference,
validation, linking, writing. Measures are taken at 1,000, 2,000, 5,000, 10,000 … documents.

::

    corpus ─extractor→ Ingestion ─growing→ Step (seconds, memory, disk) ─asking→ latencies → results
"""
