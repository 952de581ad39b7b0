"""What users write themselves: SPARQL updates and graphs, applied by processes of their own.

Nothing of a user's update or RDF is parsed in the server. ``plain`` is a dataset that is its
users' alone; ``archive`` lets them write graphs of their own beside the managed ones.
"""
