"""Entities across documents: the fake extractor and everything else real."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import FakeReader
from testimonia.crossref import Changing, Constraints
from testimonia.errors import UsageError
from testimonia.ingest import Ingestion, Result, Source
from testimonia.library import Archive, open_archive
from testimonia.model import Actor, ActorType, MentionForm, Metadata, Reading, Text
from testimonia.settings import Settings
from testimonia.store.reading_view import reading_view
from testimonia.terms import iri, literal
from testimonia.vocabulary import RDFS, TST

A = "Gerasimov said it rained in Odense. Putin said so too."
B = "Gerasimov said the harbour of Odense is shut. Putin said nothing new."
C = "Smith said the cows are well."
D = "Smith said the ships are late."
E = "Wexcombe said that Tarrant left. Tarrant said he did not."


@dataclass
class NamedReader(FakeReader):
    """Reads as the fake one does, and knows the full names that some surnames stand for, and the
    bodies that speak, by the text."""

    full: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, text: Text) -> Reading:
        reading = super().read(text)
        names = self.full.get(text.content, {})
        actors = tuple(
            replace(actor, label=names[actor.label], names=(names[actor.label], *actor.names))
            if actor.type is ActorType.PERSON and actor.label in names
            else actor
            for actor in reading.actors
        )
        bodies = self.bodies.get(text.content, ())
        return replace(reading, actors=tuple(_body(actor, bodies) for actor in actors))


def _body(actor: Actor, names: tuple[str, ...]) -> Actor:
    """The body that a text names "UNF", or only describes as fishers."""
    if not names or actor.label not in {"UNF", "Fishers"}:
        return actor
    form = MentionForm.NAME if actor.label == "UNF" else MentionForm.NOMINAL
    mentions = tuple(replace(each, form=form) for each in actor.mentions)
    type_ = ActorType.ORGANIZATION
    return replace(actor, type=type_, label=names[0], names=names, mentions=mentions)


F = "UNF said the quay of Odense is full."
G = "Fishers said the quay of Odense is empty."
H = "UNF said the nets are torn."


READER = NamedReader(
    full={
        A: {"Gerasimov": "Valery Gerasimov", "Putin": "Vladimir Putin"},
        C: {"Smith": "John Smith"},
        D: {"Smith": "John Smith"},
        E: {"Wexcombe": "Ada Wexcombe", "Tarrant": "Ida Tarrant"},
    },
    bodies={
        F: ("UNF",),
        G: ("Union of Northern Fishers",),
        H: ("Union of Northern Fishers", "UNF"),
    },
)


def ingest(archive: Archive, *contents: str, reader: FakeReader = READER) -> list[str]:
    sources = [
        Source(each[:20], lambda c=each: (c.encode(), Text(c, Metadata(), "text/plain")))  # type: ignore[misc]
        for each in contents
    ]
    with ingestion(archive, reader) as one:
        outcomes = list(one.ingest(sources))
    assert {each.result for each in outcomes} <= {Result.STORED, Result.UNCHANGED}
    return [each.document or "" for each in outcomes]


class ingestion:  # noqa: N801 - used as a context manager alone
    def __init__(self, archive: Archive, reader: FakeReader = READER) -> None:
        self._archive, self._reader = archive, reader

    def __enter__(self) -> Ingestion:
        self._writer = self._archive.writer()
        writer = self._writer.__enter__()
        return Ingestion(
            self._archive.catalog, writer, self._reader, Settings(), around=lambda _: []
        )

    def __exit__(self, *error: object) -> None:
        self._writer.__exit__(None, None, None)


def canonical(archive: Archive, document: str, label: str) -> str:
    """The canonical path of the actor that bears a name in a document."""
    catalog = archive.catalog
    for key, profile in catalog.profiles(document).items():
        if label in profile.names:
            return catalog.identities(document)[key]
    raise AssertionError(f"no {label} in {document}")


def local(archive: Archive, document: str, label: str) -> tuple[str, str]:
    for key, profile in archive.catalog.profiles(document).items():
        if label in profile.names:
            return document, key
    raise AssertionError(f"no {label} in {document}")


def exported(archive: Archive) -> list[bytes]:
    output = io.BytesIO()
    archive.export(output, "nquads")
    runs = archive.iris.runs_graph.encode()
    return [line for line in output.getvalue().splitlines() if runs not in line]


def labels(archive: Archive) -> dict[str, str]:
    base = archive.iris.base_iri
    with archive.view() as view:
        found = [t for t in view.graph(archive.iris.entities_graph) if t[1] == RDFS.label]
    given_ = {s[1:-1].removeprefix(base): o for s, _, o in found}
    assert len(given_) == len(found), "an entity with two labels"
    return given_


def assert_view_is_image(archive: Archive) -> None:
    with archive.view() as view:
        graphs = {name: view.graph(name) for name in view.graphs()}
        assert view.graph("") == reading_view(graphs, archive.iris)


def test_a_name_that_few_bear_is_one_in_two_documents(archive: Archive) -> None:
    a, b = ingest(archive, A, B)
    assert canonical(archive, a, "Gerasimov") == canonical(archive, b, "Gerasimov")
    assert canonical(archive, a, "Putin") == canonical(archive, b, "Putin")
    assert canonical(archive, a, "Putin") != canonical(archive, a, "Gerasimov")
    assert_view_is_image(archive)


def test_two_of_a_common_name_are_two(archive: Archive) -> None:
    c, d = ingest(archive, C, D)
    assert canonical(archive, c, "John Smith") != canonical(archive, d, "John Smith")


def test_a_link_says_why_and_the_reading_view_does_not(archive: Archive) -> None:
    a, b = ingest(archive, A, B)
    iris = archive.iris
    node = iri(iris.entity_link(*local(archive, b, "Gerasimov")))
    path = canonical(archive, a, "Gerasimov")
    with archive.view() as view:
        told = {(p, o) for _, (_, p, o) in view.match(node, None, None)}
        assert (TST.linkTo, iri(iris.base_iri + path)) in told
        assert (TST.because, literal("part of the name: Gerasimov, Valery Gerasimov")) in told
        (confidence,) = (o for p, o in told if p == TST.confidence)
        assert 0.9 <= float(confidence.split('"')[1]) < 1
        assert not [t for t in view.graph("") if "#link>" in "".join(t)]
        first = iri(iris.entity_link(*local(archive, a, "Gerasimov")))
        assert not list(view.match(first, None, None))


def test_the_label_becomes_the_full_name_and_stays(archive: Archive) -> None:
    b, a = ingest(archive, B, A)
    path = canonical(archive, a, "Gerasimov")
    assert path == canonical(archive, b, "Gerasimov")
    assert labels(archive)[path] == '"Valery Gerasimov"'
    assert_view_is_image(archive)
    ingest(archive, B, reader=replace(READER, extractor="fake 2"))
    assert labels(archive)[path] == '"Valery Gerasimov"'


def test_a_rebuild_gives_the_same(archive: Archive) -> None:
    ingest(archive, A, B, C, D, E)
    before = exported(archive)
    with ingestion(archive) as one:
        assert len(list(one.rederive(archive.catalog.documents(), force=True))) == 5
    assert exported(archive) == before


def test_other_rules_link_all_anew_and_give_the_same(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testimonia.crossref import entities

    ingest(archive, A, B, C, D, E)
    before = exported(archive)
    monkeypatch.setattr(entities, "SCHEME", "other")
    with ingestion(archive) as one:
        one.entities.renew()
        assert not list(archive.catalog._db.execute("SELECT 1 FROM profile"))
        assert len(list(one.rederive(archive.catalog.documents(), force=True))) == 5
    assert exported(archive) == before


def test_whoever_sends_documents_to_an_older_archive_is_told(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    from testimonia.crossref import entities

    told: list[str] = []
    monkeypatch.setattr(archive, "_notice", told.append)
    ingest(archive, A)
    assert list(archive.ingest([])) == []
    assert told == []
    monkeypatch.setattr(entities, "SCHEME", "other")
    assert list(archive.ingest([])) == []
    assert [each for each in told if "testimonia rebuild" in each] == told
    assert len(told) == 1


def test_an_older_archive_is_linked_by_a_rebuild_and_old_ids_lead_on(archive: Archive) -> None:
    a, b = ingest(archive, A, B)
    with ingestion(archive) as one, archive.catalog.together():
        old = {}
        archive.catalog.clear_profiles()
        for document in (a, b):  # each its own, as they were before
            for key, path in archive.catalog.identities(document).items():
                if path.startswith("actor/"):
                    own = one.entities.new_path("actor", document, key)
                    archive.catalog.mint(own, "actor", key)
                    archive.catalog.move(document, key, own)
                    old[document, key] = own
    with ingestion(archive) as one:
        one.entities.renew()
        list(one.rederive(archive.catalog.documents(), force=True))
    path = canonical(archive, b, "Gerasimov")
    assert path == canonical(archive, a, "Gerasimov")
    gone = old[local(archive, b, "Gerasimov")]
    assert archive.catalog.retired(gone) == path
    assert_view_is_image(archive)


def test_removing_a_document_leaves_what_would_be_there_without_it(archive: Archive) -> None:
    ingest(archive, B, E)
    before = exported(archive)
    (a,) = ingest(archive, A)
    archive.remove(a)
    without_label = [line for line in exported(archive) if b"label" not in line]
    assert without_label == [line for line in before if b"label" not in line]
    assert archive.catalog.profiles(a) == {}
    assert_view_is_image(archive)


def test_removing_the_first_leaves_its_id_to_the_others_until_it_comes_back(
    archive: Archive,
) -> None:
    a, b = ingest(archive, A, B)
    path = canonical(archive, a, "Gerasimov")
    before = exported(archive)
    archive.remove(a)
    assert canonical(archive, b, "Gerasimov") == path
    assert labels(archive)[path] == '"Valery Gerasimov"'
    ingest(archive, A)
    assert canonical(archive, a, "Gerasimov") == path
    assert {line for line in exported(archive) if b"#link>" not in line} == {
        line for line in before if b"#link>" not in line
    }


def test_forgetting_takes_profiles_and_counts_along(archive: Archive) -> None:
    a, b = ingest(archive, A, B)
    archive.forget(a)
    archive.forget(b)
    for table in ("profile", "canonical", "canonical_trait", "canonical_key", "trait"):
        assert not list(
            archive.catalog._db.execute(f"SELECT * FROM {table}")
        )  # table names are ours


@pytest.mark.parametrize("removed", [False, True])
def test_a_name_that_only_the_forgotten_document_had_is_nowhere(
    archive: Archive, removed: bool
) -> None:
    a, b = ingest(archive, A, B)
    path = canonical(archive, b, "Gerasimov")
    assert labels(archive)[path] == '"Valery Gerasimov"'
    if removed:
        archive.remove(a)
    archive.forget(a)
    assert labels(archive)[path] == '"Gerasimov"'
    assert not [line for line in exported(archive) if b"Valery" in line or b"Vladimir" in line]
    dumped = "\n".join(archive.catalog._db.iterdump())
    assert "Valery" not in dumped
    assert "Vladimir" not in dumped
    assert_view_is_image(archive)


def test_two_are_merged_and_the_id_that_goes_leads_to_the_one_that_stays(
    archive: Archive,
) -> None:
    c, d = ingest(archive, C, D)
    first, second = (canonical(archive, each, "John Smith") for each in (c, d))
    with archive.view() as view:
        documents = {n: view.graph(n) for n in view.graphs() if "/document/" in n}
    with archive.writer() as writer:
        assert Changing(archive.catalog, writer).merge(second, first) == first
    assert canonical(archive, d, "John Smith") == first
    assert archive.catalog.retired(second) == first
    assert second not in labels(archive)
    with archive.view() as view:
        assert {n: view.graph(n) for n in documents} == documents
    assert_view_is_image(archive)
    before = exported(archive)
    ingest(archive, C, D, reader=replace(READER, extractor="fake 2"))
    assert {x for x in exported(archive) if b"#link>" in x} == {x for x in before if b"#link>" in x}


def test_what_was_merged_can_be_parted(archive: Archive) -> None:
    c, d = ingest(archive, C, D)
    before = exported(archive)
    first, second = (canonical(archive, each, "John Smith") for each in (c, d))
    with archive.writer() as writer:
        changing = Changing(archive.catalog, writer)
        changing.merge(first, second)
        assert changing.split(first, [local(archive, d, "John Smith")]) == second
    assert archive.catalog.retired(second) is None
    assert {x for x in exported(archive) if b"#link>" not in x} == set(before)
    assert_view_is_image(archive)


def test_the_first_can_be_parted_too(archive: Archive) -> None:
    a, b = ingest(archive, A, B)
    path = canonical(archive, a, "Gerasimov")
    with archive.writer() as writer:
        changing = Changing(archive.catalog, writer)
        other = changing.split(path, [local(archive, a, "Gerasimov")])
    assert canonical(archive, a, "Gerasimov") == other != path
    assert canonical(archive, b, "Gerasimov") == path
    assert_view_is_image(archive)


def test_constraints_rule_over_names(archive: Archive) -> None:
    a, b, c, d = ingest(archive, A, B, C, D)
    pair = (local(archive, a, "Gerasimov"), local(archive, b, "Gerasimov"))
    smiths = (local(archive, c, "John Smith"), local(archive, d, "John Smith"))
    decided = Constraints(same=frozenset({smiths}), apart=frozenset({pair}))
    with archive.writer() as writer:
        Changing(archive.catalog, writer).relink([pair[1], smiths[1]], decided)
    assert canonical(archive, a, "Gerasimov") != canonical(archive, b, "Gerasimov")
    assert canonical(archive, c, "John Smith") == canonical(archive, d, "John Smith")
    assert_view_is_image(archive)
    with archive.writer() as writer:
        Changing(archive.catalog, writer).relink([pair[1], smiths[1]], Constraints())
    assert canonical(archive, a, "Gerasimov") == canonical(archive, b, "Gerasimov")
    assert canonical(archive, c, "John Smith") != canonical(archive, d, "John Smith")
    assert_view_is_image(archive)


def test_a_document_that_has_both_names_shows_two_to_be_one(archive: Archive) -> None:
    f, g = ingest(archive, F, G)
    short, long = canonical(archive, f, "UNF"), canonical(archive, g, "Union of Northern Fishers")
    assert short != long
    (h,) = ingest(archive, H)
    assert canonical(archive, h, "UNF") == short == canonical(archive, f, "UNF")
    assert canonical(archive, g, "Union of Northern Fishers") == short
    assert archive.catalog.retired(long) == short
    assert labels(archive)[short] == '"Union of Northern Fishers"'
    assert_view_is_image(archive)


def test_not_where_they_were_decided_to_be_two(archive: Archive) -> None:
    f, g = ingest(archive, F, G)
    pair = (local(archive, f, "UNF"), local(archive, g, "Union of Northern Fishers"))
    decided = Constraints(apart=frozenset({pair}))
    with archive.writer() as writer:
        one = Ingestion(
            archive.catalog, writer, READER, Settings(), lambda _: [], constraints=lambda _: decided
        )
        text = Text(H, Metadata(), "text/plain")
        assert [o.result for o in one.ingest([Source("h", lambda: (b"", text))])] == ["stored"]
    assert canonical(archive, f, "UNF") != canonical(archive, g, "Union of Northern Fishers")


def test_what_cannot_be_merged_or_parted_is_refused(archive: Archive) -> None:
    a, _ = ingest(archive, A, B)
    path = canonical(archive, a, "Putin")
    with archive.writer() as writer:
        changing = Changing(archive.catalog, writer)
        with pytest.raises(UsageError, match="no entity that could be merged"):
            changing.merge(path, "place/geonames-2615876")
        with pytest.raises(UsageError, match="nothing was parted"):
            changing.split(path, [(a, "actor/999")])
        with pytest.raises(UsageError, match="nothing would be left"):
            changing.split(path, archive.catalog.locals_of(path))


def test_a_merge_that_was_cut_short_is_finished_by_the_next_ingestion(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    c, d = ingest(archive, C, D)
    paths = [canonical(archive, each, "John Smith") for each in (c, d)]
    with archive.writer() as writer, monkeypatch.context() as patched:
        patched.setattr(Changing, "_line_up", lambda *_: None)
        Changing(archive.catalog, writer).merge(paths[0], paths[1])
    assert paths[1] in labels(archive)
    ingest(archive, E)
    assert paths[1] not in labels(archive)
    assert archive.catalog.relinked() == []
    assert_view_is_image(archive)


TEXTS = [A, B, C, D, E]
steps = st.lists(
    st.tuples(st.sampled_from(["add", "remove", "merge", "split"]), st.sampled_from(TEXTS)),
    max_size=8,
)


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps)
def test_whatever_happens_the_view_is_the_image_and_sums_are_exact(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, str]]
) -> None:
    with open_archive(tmp_path_factory.mktemp("steps") / "archive", create=True) as archive:
        documents = {E: ingest(archive, E)[0]}
        for step, content in done:
            if step == "add":
                (documents[content],) = ingest(archive, content)
            elif step == "remove" and content in documents:
                archive.remove(documents.pop(content))
            elif step in {"merge", "split"}:
                _change(archive, step, documents.get(content))
        assert_view_is_image(archive)
        labels(archive)
        assert_sums(archive)


def _change(archive: Archive, step: str, document: str | None) -> None:
    profiles = archive.catalog.profiles(document) if document else {}
    paths = sorted({each.entity for each in profiles.values()})
    with archive.writer() as writer:
        changing = Changing(archive.catalog, writer)
        if step == "merge" and len(paths) > 1:
            changing.merge(paths[0], paths[1])
        elif paths and len(archive.catalog.locals_of(paths[0])) > 1:
            members = archive.catalog.members(paths[0])
            changing.split(paths[0], [(members[-1].document, members[-1].key)])


def assert_sums(archive: Archive) -> None:
    """What is kept of canonical entities is what their profiles add up to."""
    from collections import Counter

    from testimonia.crossref.candidates import as_profile, counted

    catalog = archive.catalog
    traits: Counter[tuple[str, str]] = Counter()
    keys: Counter[tuple[str, str]] = Counter()
    for document in catalog.documents():
        for kept in catalog.profiles(document.id).values():
            added = counted(as_profile(kept))
            traits.update((kept.entity, each) for each in added.traits)
            keys.update((kept.entity, each) for each in added.keys)
    for table, column, expected in (
        ("canonical_trait", "trait", traits),
        ("canonical_key", "key", keys),
    ):
        rows = catalog._db.execute(
            f"SELECT c.entity, t.{column}, t.members FROM {table} t"
            " JOIN canonical c ON c.number = t.canonical"
        )
        assert {(entity, value): n for entity, value, n in rows} == dict(expected)


def test_two_archives_of_the_same_record_in_the_same_order_are_equal(
    archive: Archive, tmp_path_factory: pytest.TempPathFactory
) -> None:
    ingest(archive, B, A, E, C, D)
    with open_archive(tmp_path_factory.mktemp("other") / "archive", create=True) as other:
        for content in (B, A, E, C, D):
            ingest(other, content)
        assert exported(other) == exported(archive)
