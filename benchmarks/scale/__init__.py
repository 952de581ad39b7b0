"""How an archive grows: seconds, memory, disk and the latencies of queries, by its documents.

``python -m benchmarks.scale [--read | --bulk | --straight] [--documents N] [--sentences N] …``

Documents are synthetic (``benchmarks.corpus``). With ``--read`` their texts are read; else each has
the reading that it was written from, so that everything after the reading is measured at sizes that
would take hours to read. Four ways into the store:

- as it comes, and with ``--read``: one after another, the whole way; measures at 1,000, 2,000,
  5,000, 10,000 … documents;
- ``--bulk``: that of ``testimonia ingest --bulk``, with several readers;
- ``--straight``: shards made by several processes that know nothing of one another, then loaded:
  nothing is recorded, validated or compared, for sizes that would take the record hours.

``--keep DIR`` keeps the archive, which ``--again --keep DIR`` asks once more.

::

    corpus ─extractor→ growing, bulk, straight → seconds, memory, disk ─asking→ latencies → results
"""
