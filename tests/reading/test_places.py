"""Places: recognition and resolution on hand-made parses and a small gazetteer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testimonia.gazetteer import Gazetteer, open_gazetteer
from testimonia.gazetteer.build import write_index
from testimonia.gazetteer.row import Row
from testimonia.model import GazetteerEntry, Span
from testimonia.reading.places import FoundPlace, ToponymCandidate, find_places, resolve
from testimonia.reading.places.candidates import candidates
from testimonia.reading.places.geometry import Grid, kilometres
from testimonia.reading.places.lexicon import lexicon, weights
from testimonia.reading.places.recognition import Context, probability
from testimonia.reading.syntax import NamedEntity, Parse, Token

_EUROPE, _AMERICA = "geonames-1", "geonames-2"
_FRANCE, _STATES, _TEXAS = "geonames-10", "geonames-20", "geonames-21"
_OHIO = "geonames-22"
_LOCATIVE = {"in", "at", "near", "from", "to", "of", "on", "with"}


def _town(number: int, name: str, point: tuple[float, float], *around: str, people: int) -> Row:
    country = "FR" if _FRANCE in around else "US"
    return Row(f"geonames-{number}", name, *point, "PPL", country, around, people)


ROWS = [
    Row(_EUROPE, "Europe", 48.0, 9.0, "CONT", None, (), 740_000_000),
    Row(_AMERICA, "North America", 46.0, -100.0, "CONT", None, (), 500_000_000),
    Row(
        _FRANCE, "France", 46.0, 2.0, "PCLI", "FR", (_EUROPE,), 66_000_000, demonyms=("French",)
    ),
    Row(
        _STATES, "United States", 39.8, -98.5, "PCLI", "US", (_AMERICA,), 330_000_000,
        alternates=("America",), exact=("U.S.", "US"), demonyms=("American",),
    ),
    Row(
        _TEXAS, "Texas", 31.3, -99.3, "ADM1", "US", (_STATES, _AMERICA), 29_000_000,
        exact=("Tex.", "Tex"),
    ),
    Row(_OHIO, "Ohio", 40.3, -83.0, "ADM1", "US", (_STATES, _AMERICA), 11_000_000),
    _town(101, "Paris", (48.85, 2.35), _FRANCE, _EUROPE, people=2_100_000),
    _town(102, "Paris", (33.66, -95.56), _TEXAS, _STATES, _AMERICA, people=25_000),
    _town(103, "Lyon", (45.75, 4.85), _FRANCE, _EUROPE, people=520_000),
    _town(104, "Dallas", (32.78, -96.8), _TEXAS, _STATES, _AMERICA, people=1_300_000),
    _town(105, "Elmville", (33.5, -95.5), _TEXAS, _STATES, _AMERICA, people=9_000),
    _town(106, "Elmville", (40.5, -83.5), _OHIO, _STATES, _AMERICA, people=9_500),
    _town(107, "Oakford", (33.4, -95.7), _TEXAS, _STATES, _AMERICA, people=6_000),
    _town(108, "Greenwood", (33.3, -95.4), _TEXAS, _STATES, _AMERICA, people=12_000),
    Row(
        "geonames-201", "Ash County", 40.4, -83.4, "ADM2", "US", (_OHIO, _STATES, _AMERICA)
    ),
    Row(
        "geonames-202", "Birch County", 40.3, -83.3, "ADM2", "US", (_OHIO, _STATES, _AMERICA)
    ),
    Row(
        "region-riverland", "Riverland", 47.0, 3.0, "RGN", "FR", (_FRANCE, _EUROPE),
        alternates=("Riverlande",),
    ),
    Row("region-west", "West", 30.0, -90.0, "RGN", "US", (_STATES, _AMERICA)),
]  # fmt: skip


@pytest.fixture(scope="module")
def gazetteer(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    path = tmp_path_factory.mktemp("places") / "index"
    write_index(path, ROWS)
    return open_gazetteer(path)


def parsed(text: str, **labels: str) -> Parse:
    """A flat parse: capitalised words are proper nouns, objects of a locative before them.

    ``labels`` gives the tagger's label of every mention of a name (underscores for spaces).
    """
    words = list(re.finditer(r"[A-Z]\.[A-Z]\.|[^\W_]+(?:-[^\W_]+)*|[^\w\s]", text))
    entities = _entities(text, words, labels)
    inside = {
        index: rank
        for rank, entity in enumerate(entities)
        for index in range(entity.first, entity.last)
    }
    kinds = [_pos(word[0], index in inside) for index, word in enumerate(words)]
    sentences, tokens = [0], []
    for index, word in enumerate(words):
        dep, head = _governor(index, kinds, [other[0].lower() for other in words])
        tokens.append(
            Token(
                index, word.start(), word.end(), word[0], word[0].lower(), word[0].lower(),
                kinds[index], "NNP" if kinds[index] == "PROPN" else "NN", dep, head,
                len(sentences) - 1, inside.get(index, -1),
            )
        )  # fmt: skip
        if word[0] in ".!?" and index + 1 < len(words):
            sentences.append(index + 1)
    ends = [*sentences[1:], len(words)]
    return Parse(text, tuple(tokens), tuple(zip(sentences, ends, strict=True)), tuple(entities))


def _pos(word: str, tagged: bool) -> str:
    if not word[0].isalnum():
        return "PUNCT"
    if word[0].isupper() or tagged:
        return "DET" if word.lower() == "the" else "PROPN"
    return "ADP" if word in _LOCATIVE else "DET" if word == "the" else "NOUN"


def _governor(index: int, kinds: list[str], words: list[str]) -> tuple[str, int]:
    """Names hang on their last word, names after a locative on it."""
    if kinds[index] != "PROPN":
        return "dep", index
    if kinds[index + 1 : index + 2] == ["PROPN"]:
        return "compound", index + 1
    first = index
    while first and kinds[first - 1] in {"PROPN", "DET"}:
        first -= 1
    return ("pobj", first - 1) if first and words[first - 1] in _LOCATIVE else ("dep", index)


def _entities(text: str, words: list[re.Match[str]], labels: dict[str, str]) -> list[NamedEntity]:
    starts = {word.start(): index for index, word in enumerate(words)}
    ends = {word.end(): index + 1 for index, word in enumerate(words)}
    found = [
        NamedEntity(starts[match.start()], ends[match.end()], label)
        for name, label in labels.items()
        for match in re.finditer(rf"\b{name.replace('_', ' ')}\b", text)
    ]
    return sorted(found)


def denoted(found: tuple[FoundPlace, ...]) -> dict[str, str | None]:
    return {place.name: place.entry.id if place.entry else None for place in found}


# -------------------------------------------------------------------------------- recognition


def test_a_tagged_city_is_found_and_resolved(gazetteer: Gazetteer) -> None:
    text = "The minister spoke in Lyon on Friday."
    (place,) = find_places(parsed(text, Lyon="GPE"), gazetteer)
    assert place.span.of(text) == place.name == "Lyon"
    assert place.entry is not None
    assert place.entry.id == "geonames-103"
    assert place.political
    assert not place.demonym
    assert 0 < place.confidence <= 1


def test_a_name_is_a_place_in_all_mentions_whatever_the_tagger_says(gazetteer: Gazetteer) -> None:
    text = "Shells fell on Riverland. Troops left Riverland. Nobody in Riverlande slept."
    parse = parsed(text, Riverlande="GPE")
    mistagged = NamedEntity(6, 7, "PERSON")
    tokens = tuple(
        token._replace(entity=0 if token.i == 7 else 1 if token.entity == 0 else -1)
        for token in parse.tokens
    )
    entities = (mistagged._replace(first=7, last=8), *parse.entities)
    found = find_places(Parse(text, tokens, parse.sentences, entities), gazetteer)
    assert [place.name for place in found] == ["Riverland", "Riverland", "Riverlande"]
    assert {place.entry.id for place in found if place.entry} == {"region-riverland"}
    assert not any(place.political for place in found)


def test_unknown_region_is_found_and_stays_unresolved(gazetteer: Gazetteer) -> None:
    text = "Some countries in the Misty South called for dialogue."
    (place,) = find_places(parsed(text, the_Misty_South="LOC"), gazetteer)
    assert place.name == "Misty South"
    assert place.entry is None


def test_persons_are_no_places(gazetteer: Gazetteer) -> None:
    text = "Mr. Paris smiled. John Paris said that John Paris would stay."
    parse = parsed(text, John_Paris="PERSON")
    assert denoted(find_places(parse, gazetteer)) == {}


def test_part_of_an_organisation_is_no_place(gazetteer: Gazetteer) -> None:
    text = "He reads the Dallas Times Herald every day."
    parse = parsed(text, the_Dallas_Times_Herald="ORG")
    assert denoted(find_places(parse, gazetteer)) == {}


def likely(parse: Parse, gazetteer: Gazetteer) -> float:
    """How probably the one candidate of the text names a place."""
    (one,) = candidates(parse, gazetteer)
    return probability(one, Context(parse, [one]))


def test_an_illness_named_after_a_place_is_no_place(gazetteer: Gazetteer) -> None:
    ill = parsed("Farmers fear the Riverland virus and its cost.", Riverland="GPE")
    shut = parsed("Farmers fear the Riverland border and its cost.", Riverland="GPE")
    assert find_places(ill, gazetteer) == ()
    assert denoted(find_places(shut, gazetteer)) == {"Riverland": "region-riverland"}


def test_a_dateline_in_capitals_names_a_place(gazetteer: Gazetteer) -> None:
    dateline = parsed("OAKFORD – Voters went to the polls.")
    heading = parsed("OAKFORD is where voters went to the polls.")
    assert likely(dateline, gazetteer) > likely(heading, gazetteer)


def test_lower_case_words_and_compass_points_are_no_places(gazetteer: Gazetteer) -> None:
    assert find_places(parsed("a greenwood west of paris"), gazetteer) == ()
    assert find_places(parsed("Relations with the West cooled.", West="LOC"), gazetteer) == ()


def test_demonyms_are_flagged(gazetteer: Gazetteer) -> None:
    (place,) = find_places(parsed("The French army left.", French="NORP"), gazetteer)
    assert place.demonym
    assert not place.political
    assert place.entry is not None
    assert place.entry.id == _FRANCE


def test_counties_share_their_generic(gazetteer: Gazetteer) -> None:
    text = "Roads flooded in Ash and Birch counties in Ohio."
    found = find_places(parsed(text, Ash="GPE", Birch="GPE", Ohio="GPE"), gazetteer)
    assert denoted(found) == {"Ash": "geonames-201", "Birch": "geonames-202", "Ohio": _OHIO}


def test_split_off_stop_belongs_to_the_abbreviation(gazetteer: Gazetteer) -> None:
    found = find_places(parsed("The trial in Elmville, Tex., went on.", Elmville="GPE"), gazetteer)
    assert denoted(found) == {"Elmville": "geonames-105", "Tex.": _TEXAS}


def test_nothing_in_an_empty_parse(gazetteer: Gazetteer) -> None:
    assert find_places(Parse("", (), ()), gazetteer) == ()


# --------------------------------------------------------------------------------- resolution


def mentions(text: str, *names: str, demonym: bool = False) -> list[ToponymCandidate]:
    spans = [Span(*match.span()) for name in names for match in re.finditer(rf"\b{name}\b", text)]
    return [ToponymCandidate(span, "GPE", demonym) for span in sorted(spans)]


def resolved(
    text: str, *names: str, gazetteer: Gazetteer, publisher: str | None = None
) -> dict[str, str | None]:
    candidates = mentions(text, *names)
    found = resolve(candidates, text, gazetteer, publisher=publisher)
    return {
        candidate.span.of(text): resolution.entry.id if resolution.entry else None
        for candidate, resolution in zip(candidates, found, strict=True)
    }


def test_the_populous_namesake_by_default(gazetteer: Gazetteer) -> None:
    text = "She flew to Paris from France."
    assert resolved(text, "Paris", "France", gazetteer=gazetteer)["Paris"] == "geonames-101"


def test_containment_decides(gazetteer: Gazetteer) -> None:
    text = "She moved to Paris, Texas, in May; Paris suits her."
    assert resolved(text, "Paris", "Texas", gazetteer=gazetteer) == {
        "Paris": "geonames-102",
        "Texas": _TEXAS,
    }


def test_neighbours_decide(gazetteer: Gazetteer) -> None:
    text = "From Oakford the road goes by Greenwood to Elmville and on to Dallas in Texas."
    names = ("Oakford", "Greenwood", "Elmville", "Dallas", "Texas")
    assert resolved(text, *names, gazetteer=gazetteer)["Elmville"] == "geonames-105"


def test_a_named_division_decides(gazetteer: Gazetteer) -> None:
    text = "Elmville votes today. Ohio looks on."
    assert resolved(text, "Elmville", "Ohio", gazetteer=gazetteer)["Elmville"] == "geonames-106"


def test_divisions_named_together_draw_a_name_to_the_division(tmp_path: Path) -> None:
    america = ("geonames-20", "geonames-2")
    names = ("Ashland", "Birchland", "Cedarland", "Dale")
    write_index(
        tmp_path / "index",
        [
            Row("geonames-2", "North America", 46.0, -100.0, "CONT", None, (), 500_000_000),
            Row("geonames-20", "United States", 39.8, -98.5, "PCLI", "US", ("geonames-2",)),
            _town(99, "Dale", (38.9, -77.0), *america, people=600_000),
            *(
                Row(f"geonames-{30 + n}", name, 35.0 + n, -90.0 - 3 * n, "ADM1", "US", america)
                for n, name in enumerate(names)
            ),
        ],
    )
    opened = open_gazetteer(tmp_path / "index")
    text = "Cases rose in Ashland, Birchland, Cedarland and Dale."
    assert resolved(text, *names, gazetteer=opened)["Dale"] == "geonames-33"
    assert resolved("She works in Dale.", "Dale", gazetteer=opened)["Dale"] == "geonames-99"


def test_the_publisher_draws_names_to_its_place(gazetteer: Gazetteer) -> None:
    text = "Elmville votes today."
    home = resolved(text, "Elmville", gazetteer=gazetteer, publisher="The Dallas Times")
    away = resolved(text, "Elmville", gazetteer=gazetteer, publisher="Birch County Herald of Ohio")
    assert home == {"Elmville": "geonames-105"}
    assert away == {"Elmville": "geonames-106"}


def test_spellings_of_one_place_agree(gazetteer: Gazetteer) -> None:
    text = "America voted. The U.S. is large, and the United States knows it."
    names = resolved(text, "America", "United States", gazetteer=gazetteer)
    assert set(names.values()) == {_STATES}


def test_unknown_names_stay_unresolved(gazetteer: Gazetteer) -> None:
    text = "He left Nowhereton."
    (resolution,) = resolve(mentions(text, "Nowhereton"), text, gazetteer)
    assert resolution.entry is None


def test_no_candidates(gazetteer: Gazetteer) -> None:
    assert resolve((), "Nothing here.", gazetteer) == ()


# -------------------------------------------------------------------------------------- parts


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Paris",
                "Texas",
                ",",
                "in",
                "the",
                "Elmville",
                "Ash",
                "County",
                "counties",
                "and",
                "Mr.",
                "West",
                "x",
                ".",
                "French",
            ]
        ),
        max_size=30,
    )
)
def test_spans_are_exact_and_apart_on_any_text(gazetteer: Gazetteer, words: list[str]) -> None:
    text = " ".join(words)
    found = find_places(parsed(text, Paris="GPE", Elmville="PERSON"), gazetteer)
    assert all(place.span.of(text) == place.name for place in found)
    assert all(0 <= place.confidence <= 1 for place in found)
    ends = [place.span.end for place in found]
    assert all(end <= place.span.start for end, place in zip(ends, found[1:], strict=False))


def test_distance(gazetteer: Gazetteer) -> None:
    paris, texan = (gazetteer.entry(f"geonames-{number}") for number in (101, 102))
    assert paris is not None
    assert texan is not None
    assert kilometres(paris, texan) == pytest.approx(7_780, rel=0.01)
    assert kilometres(paris, paris) == 0


def test_grid_knows_neighbours_across_the_date_line() -> None:
    east = _town_entry(10.2, 179.8)
    west = _town_entry(10.4, -179.9)
    grid = Grid()
    grid.mark([east])
    assert grid.at(west) == 1
    grid.mark([east], -1.0)
    assert grid.at(west) == 0
    grid.add([(east, 0.5)])
    assert grid.near(west) == 0.5


def _town_entry(latitude: float, longitude: float) -> GazetteerEntry:
    return GazetteerEntry("geonames-5", "Elm", latitude, longitude, "PPL", "EL")


def test_lexicon_is_lower_case_and_weights_are_there() -> None:
    words = lexicon()
    for group in (words.locative, words.person_titles, words.not_names, words.given_names):
        assert group
        assert all(word == word.lower() for word in group)
    assert weights("recognition")["always"] < 0
    assert weights("resolution")["contained"] > 0


def test_weights_are_read_from_a_readable_file() -> None:
    path = Path(__file__).parents[2] / "src/testimonia/reading/data/places_weights.toml"
    assert path.read_text(encoding="utf-8").startswith("# Weights")
