"""Documents for tests of scale: news-like texts whose vocabulary, names, places and dates grow as
they do in real corpora, and the reading that each was written from.

``python -m benchmarks.corpus write --documents 1000 --output DIR`` writes them (``--from FOLDER``
recombines the sentences of a folder of real texts instead), ``python -m benchmarks.corpus growth``
holds their growth against that of annotated corpora.

::

    seed, number ─stories→ Story ─writing→ Written (text, marks) ─readings→ Reading

Document ``n`` of a seed is the same whatever else is made, so that any part of a corpus can be made
alone, in any process.
"""
