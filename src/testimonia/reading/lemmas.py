"""Lemmas: those that the pipeline gets wrong, and those that a form may have."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files


@cache
def verb_lemmas() -> Mapping[str, str]:
    """By form, in lower case, the lemma of verbs whose lemma the pipeline gets wrong."""
    data = (files("testimonia.reading") / "data" / "lemmas.toml").read_text("utf-8")
    listed: dict[str, str] = tomllib.loads(data)["verbs"]
    return {form: lemma for lemma, forms in listed.items() for form in forms.split()}


def stems(form: str) -> Iterator[str]:
    """The form and what it may be a regular inflection of, likely and unlikely."""
    yield form
    for ending in ("s", "es", "d", "ed", "ing", "ly"):
        if form.endswith(ending) and len(form) > len(ending) + 2:
            stem = form.removesuffix(ending)
            yield from (stem, stem + "e")
            if stem[-1] == "i":
                yield stem[:-1] + "y"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
