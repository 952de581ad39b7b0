"""Decisions on a real archive: they rule, outlive readers and rebuilds, and can be taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fakes import FakeReader
from judged import TEXT, at
from testimonia.curating import Wish
from testimonia.decided import Decided
from testimonia.decisions import Decision, Kind, Standing
from testimonia.errors import UsageError
from testimonia.ingest import Result
from testimonia.model import Reading
from testimonia.store.embedded import EmbeddedWriter
from testimonia.terms import Graph
from testimonia.validation import validate

from .conftest import Desk, Scripted

FLED = "Bo Lind fled"


def correct(desk: Desk, thing: str, field: str, value: Any, **more: Any) -> Decision:
    wish = Wish(Kind.CORRECT, thing, "Nell", field=field, value=value, **more)
    return desk.archive.review.decide(wish)


def standing(desk: Desk, decision: Decision) -> set[str]:
    return {each.standing for each in desk.archive.review.show(decision.id).effects}


class Other(Scripted):
    """Another model: it finds Bo where there is Ada, and has other keys for all."""

    def read(self, text: Any) -> Reading:
        read = super().read(text)
        if text.content != TEXT:
            return read
        bo = f"actor/{at('Bo Lind').start}"
        second = replace(read.statements[1], speakers=(bo,), confidence=0.4)
        return replace(read, statements=(read.statements[0], second, *read.statements[2:]))


def test_a_correction_rules_another_model_and_the_rebuild_says_so(desk: Desk) -> None:
    desk.put()
    assert desk.speaker(FLED) == "Ada Brook"
    decision = correct(desk, desk.statement(FLED), "speaker", "officials", why="the minutes")
    assert desk.speaker(FLED) == "officials"
    desk.reader = Other("other model 2")
    (outcome,) = desk.rebuild()
    assert outcome.result is Result.STORED
    assert outcome.decided == 1
    assert outcome.changes is not None
    assert outcome.changes.changed == ()  # the machine says otherwise, the decision rules
    assert desk.speaker(FLED) == "officials"
    (effect,) = desk.archive.review.show(decision.id).effects
    assert effect.told == "speaker is officials, was read Bo Lind"
    assert effect.paths == (desk.statement(FLED),)
    (again,) = desk.rebuild()
    assert again.result is Result.UNCHANGED


def test_a_decision_taken_back_leaves_what_the_machine_read(desk: Desk) -> None:
    desk.put()
    before = desk.ask("SELECT ?s ?p ?o { ?s ?p ?o }")
    decision = correct(desk, desk.statement(FLED), "speaker", "officials")
    assert desk.ask("SELECT ?s ?p ?o { ?s ?p ?o }") != before
    desk.archive.review.undo(decision.id, "Ivy", "the minutes were wrong")
    assert desk.ask("SELECT ?s ?p ?o { ?s ?p ?o }") == before
    found = desk.archive.review.show(decision.id)
    assert found.decision.withdrawn is not None
    assert (found.decision.withdrawn.by, found.decision.withdrawn.why) == (
        "Ivy",
        "the minutes were wrong",
    )
    assert (found.effects, found.idle) == ((), "it was withdrawn")
    assert desk.archive.review.decisions() == []
    assert len(desk.archive.review.decisions(withdrawn=True)) == 1
    with pytest.raises(UsageError, match="was withdrawn by Ivy"):
        desk.archive.review.undo(decision.id, "Nell")


def test_a_confirmed_statement_is_there_though_another_model_misses_it(desk: Desk) -> None:
    desk.put()
    path = desk.statement(FLED)
    decision = desk.archive.review.decide(Wish(Kind.CONFIRM, path, "Nell"))
    assert standing(desk, decision) == {Standing.AGREED}

    class Blind(Scripted):
        def read(self, text: Any) -> Reading:
            read = super().read(text)
            return replace(read, statements=(read.statements[0], *read.statements[2:]))

    desk.reader = Blind("blind 3")
    (outcome,) = desk.rebuild()
    assert desk.statement(FLED) == path  # the same IRI: it was made of its cue
    assert desk.speaker(FLED) == "Ada Brook"
    assert outcome.changes is not None
    assert (outcome.changes.lost, outcome.decided) == ((), 1)
    assert standing(desk, decision) == {Standing.APPLIED}


def test_only_the_documents_of_the_text_are_derived_anew(desk: Desk) -> None:
    desk.put()
    desk.put("Cy said it rained.", "b.txt")
    runs = {each.id: each.run for each in desk.archive.catalog.documents()}
    correct(desk, desk.statement(FLED), "polarity", "negative")
    changed = [each.name for each in desk.archive.catalog.documents() if each.run != runs[each.id]]
    assert changed == ["a.txt"]


def test_it_holds_for_all_documents_of_the_text_unless_for_one_alone(desk: Desk) -> None:
    first = desk.put()
    desk.put(name="b.txt", source="https://b.example/")
    statements = desk.ask(f'SELECT ?s {{ ?s tst:content "{FLED}"@en }}')
    thing = next(
        row[0].strip("<>")
        for row in statements
        if (row[0], f"<{desk.archive.iris.document(first)}>")
        in desk.ask("SELECT ?s ?d { ?s tst:document ?d }")
    )
    correct(desk, thing, "speaker", "officials", only=True)
    query = f'SELECT ?l {{ ?s tst:content "{FLED}"@en ; tst:speaker/rdfs:label ?l }}'
    assert desk.ask(query) == [('"Ada Brook"',), ('"officials"',)]
    correct(desk, thing, "speaker", "officials")
    assert desk.ask(query) == [('"officials"',), ('"officials"',)]


def test_it_is_found_in_a_revision_by_its_words_or_told_to_have_no_effect(desk: Desk) -> None:
    source = "https://a.example/story"
    desk.put("Ada said it rained. Bo said so too.", source=source)
    decision = correct(desk, desk.statement("so too"), "speaker", "Ada")
    revised = desk.put("First a word. Ada said it rained. Bo said so too.", "r.txt", source=source)
    gone = desk.put("Ada said it rained. Cy said no.", "g.txt", source=source)
    shown = {each.document: each for each in desk.archive.review.show(decision.id).effects}
    assert shown[revised].standing is Standing.APPLIED
    assert shown[gone].standing is Standing.NONE
    assert shown[gone].told == "its words are not in this text any more"


def test_decisions_are_rdf_that_conforms_and_says_what_they_affect(desk: Desk) -> None:
    desk.put()
    decision = correct(desk, desk.statement(FLED), "speaker", "officials", why="the minutes")
    graph = f"<{desk.archive.iris.decisions_graph}>"
    told = desk.ask(
        f"""SELECT ?kind ?who ?why ?words ?s {{ GRAPH {graph} {{
            ?d tst:decisionKind ?kind ; prov:wasAssociatedWith/rdfs:label ?who ; tst:reason ?why ;
               tst:decidesOn/nif:anchorOf ?words ; tst:affects ?s }} }}"""
    )
    ((kind, who, why, words, affected),) = told
    assert kind.endswith("#Correct>")
    assert (who, why, words) == ('"Nell"', '"the minutes"', f'"{FLED}"')
    assert affected.endswith(f"/{desk.statement(FLED)}>")
    with desk.archive.view() as view:
        assert validate(view.graph(desk.archive.iris.decisions_graph)).conforms
    desk.archive.review.undo(decision.id, "Ivy", "no")
    told = desk.ask(
        f"""SELECT ?who ?because ?s {{ GRAPH {graph} {{
            ?d tst:withdrawnBy/rdfs:label ?who ; tst:withdrawnAt ?at ; tst:withdrawnBecause ?because
            OPTIONAL {{ ?d tst:affects ?s }} }} }}"""
    )
    assert told == [('"Ivy"', '"no"', "")]


def test_a_rebuild_from_the_record_alone_has_the_decisions(desk: Desk) -> None:
    from testimonia.store.embedded import discard

    desk.put()
    desk.put("Bo Lind said it rained.", "b.txt")
    correct(desk, desk.statement(FLED), "speaker", "officials")
    every = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(!STRENDS(STR(?g), '/runs')) }"
    before = desk.ask(every)
    discard(desk.archive.folder / "store")
    desk.rebuild(changed=False)
    assert desk.ask(every) == before


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("speaker", "Nobody At All", "is not in the text of a.txt"),
        ("polarity", "maybe", "polarity is one of Positive, Negative"),
        ("colour", "red", "no 'colour' can be corrected of a statement"),
        ("speaker", None, "a statement has a speaker"),
        ("speaker", "actor/nobody", "there is no 'actor/nobody'"),
        ("content", "the wall fell", "word for word"),
    ],
)
def test_what_has_no_meaning_is_refused_and_nothing_recorded(
    desk: Desk, field: str, value: Any, message: str
) -> None:
    desk.put()
    with pytest.raises(UsageError, match=message):
        correct(desk, desk.statement(FLED), field, value)
    assert not desk.archive.catalog.has_decisions()


def test_things_that_cannot_be_decided_on_are_refused(desk: Desk) -> None:
    document = desk.put()
    for thing, message in (
        ("statement/nosuch", "there is no"),
        ("actor/nosuch", "there is no"),
        ("graph/entities", "nothing that can be decided on"),
        (f"document/{document}", "nothing that can be decided on"),
        (f"document/{document}#char=1,2000", "beyond the end"),
        (f"document/{document}#char=20,24", "no actor and no place"),
        (f"document/{document}/actor/narrator", "no words of the text stand for it"),
        ("x" * 5000, "names nothing"),
        ("\ud800", "characters that are none"),
    ):
        with pytest.raises(UsageError, match=message):
            desk.archive.review.decide(Wish(Kind.CONFIRM, thing, "Nell"))
    with pytest.raises(UsageError, match="say who decides"):
        desk.archive.review.decide(Wish(Kind.CONFIRM, desk.statement(FLED), " "))


def test_places_dates_types_and_accounts(desk: Desk) -> None:
    document = desk.put()
    correct(desk, desk.entity("Springfield"), "place", "2")
    assert desk.ask("SELECT ?p { ?a sem:hasPlace ?p }") == [
        (f"<{desk.archive.iris.place('geonames-2')}>",)
    ]
    correct(desk, f"document/{document}/time/{at('3 May').start}", "date", "2031-05-03")
    assert ('"2031-05-03"',) in [
        (row[0].partition("^^")[0],) for row in desk.ask("SELECT ?e { ?t tst:edtf ?e }")
    ]
    correct(desk, desk.entity("officials"), "type", "organization")
    assert desk.ask("SELECT ?l { ?x a tst:Organization ; rdfs:label ?l }") == [('"officials"',)]
    correct(desk, f"document/{document}/account/{at('fled').start}", "agent", "officials")
    assert desk.ask("SELECT ?l { ?a tst:agent/rdfs:label ?l }") == [('"officials"',)]
    confirmed = desk.archive.review.decide(Wish(Kind.CONFIRM, desk.entity("Springfield"), "Nell"))
    assert confirmed.stood["place"]["id"] == "geonames-2"


# ----------------------------------------------------------------------------------- entities


def two(desk: Desk) -> tuple[str, str]:
    """Two documents in which a Bo speaks."""
    return desk.put("Bo said it rained.", "one.txt"), desk.put("Then Bo said no.", "two.txt")


def merge(desk: Desk, one: str, other: str, **more: Any) -> Decision:
    return desk.archive.review.decide(Wish(Kind.MERGE, one, "Nell", other=other, **more))


def said(desk: Desk) -> list[tuple[str, ...]]:
    query = "SELECT ?x (COUNT(?s) AS ?n) { ?s tst:speaker ?x } GROUP BY ?x"
    return [(row[0].rpartition("/")[2].strip(">"), row[1]) for row in desk.ask(query)]


def test_merged_entities_have_the_older_id_and_the_other_leads_there(desk: Desk) -> None:
    first, second = two(desk)
    older, newer = desk.entity("Bo", first), desk.entity("Bo", second)
    graphs = {each: desk.archive.catalog.document(each) for each in (first, second)}
    decision = merge(desk, newer, older)
    assert said(desk) == [(older.rpartition("/")[2], "2")]
    assert desk.archive.catalog.retired(newer) == older
    assert {
        each: desk.archive.catalog.document(each) for each in (first, second)
    } == graphs  # no document was derived anew
    shown = desk.archive.review.show(decision.id)
    assert {each.standing for each in shown.effects} == {Standing.APPLIED}
    assert {each.document for each in shown.effects} == {first, second}
    desk.archive.review.undo(decision.id, "Ivy")
    assert len(said(desk)) == 2
    assert desk.archive.catalog.retired(newer) is None
    assert desk.entity("Bo", second) == newer


def test_a_merge_outlives_rebuilds_other_keys_and_revised_texts(desk: Desk) -> None:
    first, second = two(desk)
    older = desk.entity("Bo", first)
    merge(desk, older, desk.entity("Bo", second))

    class Rekeyed(FakeReader):
        def read(self, text: Any) -> Reading:
            read = super().read(text)

            def key(old: str) -> str:
                return old if old == "actor/narrator" else f"{old}-2"

            return replace(
                read,
                actors=tuple(replace(each, key=key(each.key)) for each in read.actors),
                statements=tuple(
                    replace(each, speakers=tuple(map(key, each.speakers)))
                    for each in read.statements
                ),
            )

    desk.reader = Scripted("judged 2", Rekeyed("fake 2"))
    outcomes = desk.rebuild()
    assert {each.result for each in outcomes} == {Result.STORED}
    assert len(said(desk)) == 1
    desk.rebuild(changed=False)
    assert len(said(desk)) == 1


def test_a_split_after_a_merge_rules_and_the_store_is_as_before(desk: Desk) -> None:
    first, second = two(desk)
    before = desk.ask("SELECT ?s ?p ?o { ?s ?p ?o }")
    merged = merge(desk, desk.entity("Bo", first), desk.entity("Bo", second))
    locals_ = [f"document/{first}/actor/0", f"document/{second}/actor/5"]
    split = desk.archive.review.decide(Wish(Kind.SPLIT, locals_[0], "Ivy", other=locals_[1]))
    assert desk.ask("SELECT ?s ?p ?o { ?s ?p ?o }") == before
    assert standing(desk, merged) == {Standing.SUPERSEDED}
    assert standing(desk, split) == {Standing.APPLIED}


def test_the_removal_of_a_document_leaves_the_decision_without_effect(desk: Desk) -> None:
    first, second = two(desk)
    own = desk.entity("Bo", second)
    decision = merge(desk, desk.entity("Bo", first), own)
    one = desk.entity("Bo", second)
    desk.archive.remove(first)
    assert desk.entity("Bo", second) == one  # an id that was given stays
    assert standing(desk, decision) == {Standing.NONE}
    every = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(!STRENDS(STR(?g), '/runs')) }"
    before = desk.ask(every)
    desk.rebuild(changed=False)
    assert desk.ask(every) == before


def test_what_cannot_be_one_is_refused(desk: Desk) -> None:
    first, second = two(desk)
    document = desk.put()
    bo, town = desk.entity("Bo", first), desk.entity("Springfield")
    for one, other, message in (
        (bo, bo, "are one already"),
        (bo, town, "the one is read as actor and the other as place"),
        (bo, desk.statement(FLED), "only two actors"),
        (bo, f"document/{document}/time/{at('3 May').start}", "only two actors"),
    ):
        with pytest.raises(UsageError, match=message):
            merge(desk, one, other)
    with pytest.raises(UsageError, match="name the other one too"):
        desk.archive.review.decide(Wish(Kind.MERGE, bo, "Nell"))
    with pytest.raises(UsageError, match="holds for both"):
        merge(desk, bo, desk.entity("Bo", second), only=True)


def test_three_are_one_by_two_decisions_and_the_cost_is_theirs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [desk.put(f"{'Well, ' * n}Bo said no.", f"{n}.txt") for n in range(3)]
    desk.put(name="other.txt")
    entities = [desk.entity("Bo", each) for each in names]
    merge(desk, entities[1], entities[2])
    merge(desk, entities[0], f"document/{names[1]}/actor/6")
    assert "3" in {row[1].strip('"').partition('"')[0] for row in said(desk)}
    read: list[str] = []
    real = EmbeddedWriter.graph

    def graph(self: EmbeddedWriter, name: str) -> Graph:
        read.append(name)
        return real(self, name)

    monkeypatch.setattr(EmbeddedWriter, "graph", graph)
    with desk.archive.writer() as writer:
        read.clear()
        assert not Decided(desk.archive.catalog, writer).relink(desk.archive.record(names[0]))
    assert {each.rpartition("/")[0].rpartition("/")[2] for each in read} == set(names)


def test_linking_is_told_who_is_one_before_a_document_is_stored(desk: Desk) -> None:
    first, second = two(desk)
    merge(desk, desk.entity("Bo", first), desk.entity("Bo", second))
    record = desk.archive.record(second)
    document = desk.archive.catalog.text(record)
    read = desk.reader.read(document.text)
    with desk.archive.writer() as writer:
        found = Decided(desk.archive.catalog, writer).pairs(record, read)
    assert found.same == {tuple(sorted([(first, "actor/0"), (second, "actor/5")]))}
    assert found.apart == frozenset()


def test_a_relation_is_held_refused_and_given_up(desk: Desk) -> None:
    document = desk.put("Ada said it rained. Bo said it was dry.")
    one, other = desk.statement("it rained"), desk.statement("it was dry")

    def related(kind: Kind) -> Decision:
        wish = Wish(kind, other, "Nell", other=one, field="contradicts")
        return desk.archive.review.decide(wish)

    query = """SELECT ?kind ?to { ?r a tst:StatementRelation ; tst:relationKind ?kind ;
                   tst:relationFrom/tst:speaker/rdfs:label "Bo" ; tst:relationTo ?to }"""
    held = related(Kind.CONFIRM)
    ((kind, to),) = desk.ask(query)
    assert kind.endswith("#Contradicts>")
    assert to.endswith(f"/{one}>")
    with desk.archive.view() as view:
        assert validate(view.graph(desk.archive.iris.relations_graph)).conforms
    every = "SELECT ?g ?s ?p ?o { GRAPH ?g { ?s ?p ?o } FILTER(!STRENDS(STR(?g), '/runs')) }"
    before = desk.ask(every)
    desk.rebuild(changed=False)
    assert desk.ask(every) == before
    refused = related(Kind.REJECT)
    assert desk.ask(query) == []
    assert (standing(desk, held), standing(desk, refused)) == (
        {Standing.SUPERSEDED},
        {Standing.APPLIED},
    )
    desk.archive.review.undo(refused.id, "Ivy")
    assert len(desk.ask(query)) == 1
    desk.archive.review.undo(held.id, "Ivy")
    assert desk.ask(query) == []
    again = related(Kind.CONFIRM)
    desk.archive.remove(document)
    assert desk.archive.review.show(again.id).idle == "every document of its text was removed"
    desk.put("Cy said no. Di said yes.", "c.txt")
    said = desk.statement("no")
    wish = Wish(Kind.CONFIRM, said, "N", other=desk.statement("yes"), field="likes")
    with pytest.raises(UsageError, match="a relation is one of"):
        desk.archive.review.decide(wish)


# ------------------------------------------------------------------------- queue, other ends


def test_the_queue_has_first_what_settles_most_and_nothing_settled(desk: Desk) -> None:
    desk.put()
    questions = [each for each in desk.archive.review.queue() if each.other is None]
    assert [(each.doubt.quote.words, each.score) for each in questions] == [
        ("Springfield", 2.5),
        ("3 May", 1.0),
        ("Bo Lind fled", 0.6),
        ("She", 0.4),
        ("the wall broke on 3 May in Springfield", 0.2),
        ("Lind", 0.1),
    ]
    desk.archive.review.decide(Wish(Kind.CONFIRM, questions[0].doubt.path, "Nell"))
    correct(desk, questions[1].doubt.path, "date", "2031-05-03")
    left = [each.doubt.quote.words for each in desk.archive.review.queue() if not each.other]
    assert left[:2] == ["Bo Lind fled", "She"]
    assert len(desk.archive.review.queue(limit=1)) == 1


def test_a_question_of_a_text_in_two_documents_weighs_twice(desk: Desk) -> None:
    desk.put()
    desk.put(name="b.txt", source="https://b.example/")
    first = desk.archive.review.queue()[0]
    assert (first.score, len(first.documents)) == (5.0, 2)


@pytest.mark.slow
def test_forgetting_a_document_takes_the_words_of_its_decisions_along(desk: Desk) -> None:
    first, second = two(desk)
    document = desk.put()
    secret = "the minutes of the secret meeting"
    gone = correct(desk, desk.statement(FLED), "speaker", "officials", why=secret)
    kept = correct(desk, desk.statement("no"), "polarity", "negative")
    desk.archive.evaluator.close()  # else its process reads the old store to the end
    del desk.archive.evaluator
    forgotten = desk.archive.forget(document)
    assert forgotten.generations == ()
    assert forgotten.decisions == (gone.id,)
    assert [each.id for each in desk.archive.catalog.decisions()] == [kept.id]
    for file in desk.archive.folder.rglob("*"):
        if file.is_file():
            assert secret.encode() not in file.read_bytes(), file
    own = desk.entity("Bo", second)
    merge(desk, desk.entity("Bo", first), own)
    one = desk.entity("Bo", second)
    desk.archive.forget(first)
    assert desk.entity("Bo", second) == one  # an id that was given stays


@pytest.mark.slow
def test_decisions_go_along_in_packages_and_backups(desk: Desk, tmp_path: Any) -> None:
    from testimonia.library import import_package, open_archive, restore

    first, second = two(desk)
    desk.put()
    correct(desk, desk.statement(FLED), "speaker", "officials")
    merge(desk, desk.entity("Bo", first), desk.entity("Bo", second))
    made = desk.archive.review.decisions()
    desk.archive.package(tmp_path / "package", "archive")
    desk.archive.backup(tmp_path / "backup")
    import_package(tmp_path / "package", tmp_path / "imported")
    restore(tmp_path / "backup", tmp_path / "restored")
    for name in ("imported", "restored"):
        with open_archive(tmp_path / name) as opened:
            assert opened.review.decisions() == made
            again = tmp_path / f"{name}-again"
            opened.package(again, "archive")
        same = [
            (each.relative_to(again), each.read_bytes())
            for each in sorted(again.rglob("*"))
            if each.is_file()
        ]
        package = tmp_path / "package"
        assert same == [
            (each.relative_to(package), each.read_bytes())
            for each in sorted(package.rglob("*"))
            if each.is_file()
        ]


def test_a_decision_recorded_while_another_writes_is_in_force_after_a_rebuild(desk: Desk) -> None:
    from testimonia.errors import ArchiveLocked

    desk.put()
    path = desk.statement(FLED)
    with desk.archive.writer(), pytest.raises(ArchiveLocked):
        correct(desk, path, "speaker", "officials")
    (waiting,) = desk.archive.review.decisions()
    assert waiting.effects == ()
    assert "rebuild --changed" in waiting.idle
    (outcome,) = desk.rebuild()
    assert outcome.decided == 1
    assert desk.speaker(FLED) == "officials"
