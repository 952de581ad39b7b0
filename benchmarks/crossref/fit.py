"""Estimates the weights of ``linking/data/entity_weights.toml`` with Splink, which is not among
our dependencies: ``pip install splink``, then ``python -m benchmarks.crossref.fit``.

Splink estimates u (how often two that are not one agree) from random pairs and m (how often two
that are one do) by expectation maximisation over the pairs that share a key. What a comparison is
stays ours: its level comes from a function that DuckDB calls.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from benchmarks.crossref.entities import Read, read_all
from benchmarks.crossref.pairs import canonical
from benchmarks.quality import corpora
from testimonia.crossref.candidates import surroundings
from testimonia.crossref.profiling import profiles
from testimonia.library import open_reader
from testimonia.linking.comparing import compare
from testimonia.linking.profiles import Kind, Profile
from testimonia.settings import Settings

CORPORA = ("ecbplus", "gum", "meantime")
LEVELS = {
    "surroundings": ("many", "two", "one", "none"),
    "roles": ("same", "other"),
    "country": ("same", "other"),
    "month": ("same", "year", "other"),
    "kinds": ("same", "other"),
}
_SHARE = 20
_FEW = 5


def rows(read: Sequence[Read]) -> list[dict[str, Any]]:
    """Every profile of the documents as a row, with the keys under which it is found."""
    made = [profiles(each.document, each.reading) for each in read]
    having = Counter(trait for each in made for trait in surroundings(each))
    limit = max(_FEW, len(made) // _SHARE)
    common = {trait for trait, count in having.items() if count > limit}
    found = []
    for each in made:
        for profile in each:
            traits = sorted(profile.traits - common)
            written = [profile.document, profile.key, profile.kind, profile.names, traits]
            unique = f"{profile.document} {profile.key}"
            row = {"unique_id": unique, "document": profile.document, "kind": str(profile.kind)}
            found.append({**row, "profile": json.dumps(written), "keys": sorted(profile.keys)})
    return found


@lru_cache(maxsize=100_000)
def _profile(written: str) -> Profile:
    document, key, kind, names, traits = json.loads(written)
    return Profile(document, key, Kind(kind), tuple(names), frozenset(traits))


@lru_cache(maxsize=1_000_000)
def _levels(one: str, other: str) -> tuple[str, dict[str, str]]:
    """The agreement of the names, and the level of each other comparison, whatever the names."""
    left, right = _profile(one), _profile(other)
    named = compare(left, canonical(right), frozenset()).name
    alike = Profile(left.document, left.key, right.kind, right.names, left.traits)
    levels = dict(compare(alike, canonical(right), frozenset()).levels)
    levels["kinds"] = "same" if left.kind is right.kind else "other"
    return str(named), levels


def level(comparison: str, one: str, other: str) -> str:
    """What DuckDB calls."""
    if _profile(one).document == _profile(other).document:
        return ""
    named, levels = _levels(one, other)
    return named if comparison == "name" else levels.get(comparison, "")


def fit(read: Sequence[Read]) -> Any:
    """The settings that Splink has learnt, as its own JSON."""
    import pyarrow
    import splink.comparison_level_library as cll
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    api = DuckDBAPI()
    api._con.create_function("tst_level", level, ["VARCHAR"] * 3, "VARCHAR")

    def comparison(name: str, levels: Sequence[str]) -> Any:
        call = f"tst_level('{name}', profile_l, profile_r)"
        made = [
            cll.CustomLevel(f"{call} = ''", label_for_charts="null").configure(is_null_level=True)
        ]
        made += [
            cll.CustomLevel(f"{call} = '{each}'", label_for_charts=each) for each in levels[:-1]
        ]
        return cl.CustomComparison(
            output_column_name=name,
            comparison_levels=[*made, cll.ElseLevel().configure(label_for_charts=levels[-1])],
        )

    names = (
        "same name",
        "other form of the name",
        "initials of the name",
        "other spelling",
        "part of the name",
        "same single name",
        "names that exclude each other",
        "other name",
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[comparison("name", names), *(comparison(n, v) for n, v in LEVELS.items())],
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        additional_columns_to_retain=["profile", "document"],
        max_iterations=40,
    )
    linker = Linker(api.register(pyarrow.Table.from_pylist(rows(read))), settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=3e5, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(
        "list_has_any(l.keys, r.keys)", fix_u_probabilities=True
    )
    return linker.misc.save_model_to_json()


def main() -> None:
    folder = corpora.check(corpora.default_folder())
    extractor = open_reader(Settings())
    documents = [
        gold for name in CORPORA for gold in corpora.part(corpora.read(folder, name), "tuning")
    ]
    print_model(fit(list(read_all(documents, extractor))))


def print_model(model: Any) -> None:
    """m and u of each level."""
    for each in model["comparisons"]:
        print(f"[{each['output_column_name']}]")
        for level_ in each["comparison_levels"]:
            if not level_.get("is_null_level"):
                m, u = level_.get("m_probability"), level_.get("u_probability")
                print(f"{level_['label_for_charts']!r} = [{m}, {u}]")


if __name__ == "__main__":
    main()
