"""What several sources say, set side by side: comparisons, dossiers, voices, events in time and
space. Values from rows of answers, without a store and without a web framework.

=============  ==================================================================================
values         what the views are made of: voices, sayings, tellings, moments, quantities
comparing      tellings of one event: which agree, which exclude each other, aspect by aspect
fitting        which values of two tellings can mean the same
wording        values of tellings in words
voices         who is quoted, how directly, how many without a name
dossier        one actor: what it says, what is said about it, over time
chronicle      events on a line of time
periods        counts by day, month or year
cube           counts as RDF (the Data Cube vocabulary)
svg, charts    pictures: bars, columns
earth          maps
=============  ==================================================================================
"""
