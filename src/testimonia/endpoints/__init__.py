"""Stores that answer by SPARQL 1.1 over HTTP, from their client's side.

``address`` says where one is, ``kinds`` how the known ones differ, ``detection`` asks one which it
is, ``client`` talks to it, ``target`` is what is remembered of it in an archive's folder.
"""
