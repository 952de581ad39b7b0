"""Texts that no newspaper prints: nothing crashes, nothing explodes, spans stay inside."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.reading.attribution import find_attributions
from testimonia.reading.attribution.quotations import find_quotations
from testimonia.reading.syntax import NamedEntity, Parse, Token

Parser = Callable[[str], Parse]


def flat(text: str, dep: str = "ccomp", *, chained: bool = True) -> Parse:
    """A parse made without a pipeline: tokens at spaces, each hanging on the one before."""
    tokens: list[Token] = []
    at = 0
    for i, word in enumerate(text.split(" ")):
        verb = word == "said"
        pos, tag = ("VERB", "VBD") if verb else ("NOUN", "NN")
        head = max(i - 1, i - i % 400) if chained else i - i % 400
        lemma = "say" if verb else word
        label = "ROOT" if head == i else dep if verb else "nsubj"
        sentence = i // 400
        tokens.append(
            Token(
                i,
                at,
                at + len(word),
                word,
                word.lower(),
                lemma,
                pos,
                tag,
                label,
                head,
                sentence,
                -1,
            )
        )
        at += len(word) + 1
    bounds = [(first, min(first + 400, len(tokens))) for first in range(0, len(tokens), 400)]
    return Parse(text, tuple(tokens), tuple(bounds), ())


def check(parse: Parse) -> None:
    """Spans inside the text, nesting without cycles."""
    attributions = find_attributions(parse)
    for number, attribution in enumerate(attributions):
        for span in (*attribution.content, *attribution.source, *attribution.cue):
            assert 0 <= span.start < span.end <= len(parse.text)
        assert all(a.end <= b.start for a, b in pairwise(attribution.content))
        seen = {number}
        outer = attribution.within
        while outer is not None:
            assert outer not in seen
            seen.add(outer)
            outer = attributions[outer].within


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\n ",
        '"',
        "“”",
        ":",
        "“ “ “ ” ”",
        "said said said said said.",
        "THE MAYOR SAID THE BRIDGE WOULD CLOSE. “NOBODY WILL PASS,” HE ADDED.",
        "Q: Who said that? A: He said she said they said it. Q: Why? A: “Because.",
        "שלום אמר האיש. مرحبا قال الرجل: “نعم”. e\u0301 said o\u0308.",
        "| said | according to | “x” |\n|---|---|---|\n| - | – | — |",
        "According to according to according to, for, in view of, from perspective.",
        "He said: “" + "he said that " * 60 + "it rained.”",
        "(" * 300 + "he said" + ")" * 300,
        "\n".join(f"Q: Why {n}? A: “Because {n}.” — Lee" for n in range(40)),
        "“A,” he said, “" * 40,
        "“A.”\n\n" * 40,
        "\"“'‘«\"”'’» said Lee, \"“'‘«\"”'’» — Lee",
        "MAYOR: BRIDGE ‘CLOSED’ — POLICE: “NO” — LEE: “YES”",
        "- “Yes,” Lee said\n- “No,” Lee said\n\t* “Yes”: Lee\n1. Lee: “No”",
        "“Roses are red,\nviolets are blue,\n\n“sugar is sweet,\nsaid Lee.”",
        "\u202eקרא “שלום,” אמר לי\u202c said Lee: “a\u0301\u0327b\U0001f1e9,” he.",
    ],
)
def test_odd_texts(parse: Parser, text: str) -> None:
    check(parse(text))


@pytest.mark.parametrize("mark", ['"', "“", "''", "'", "«", "“ a ”", "`` said ''"])
def test_ten_thousand_quotation_marks(mark: str) -> None:
    parsed = flat(f"{mark} " * 10_000 + "end")
    check(parsed)
    assert len(find_quotations(parsed)) <= 10_000


def test_quotations_by_the_thousand_with_one_speaker() -> None:
    check(flat("she said " + "“so it goes and goes on, he said so” " * 3000 + "end"))


def test_a_long_text_without_a_full_stop() -> None:
    """A hundred thousand words, each second a verb of saying, every one in the one before."""
    check(flat("they said " * 50_000 + "so"))


def test_a_wide_tree() -> None:
    check(flat("they said " * 20_000 + "so", chained=False))


@pytest.mark.parametrize(
    "unit",
    [
        "“ so it goes and goes on , ” - Lee ",
        "Lee : “ so it goes on . ” ",
        "“ no , ” she said , “ so it goes on . ” ",
        "Q : so it goes on A : ",
    ],
)
def test_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    """Eight times the text may take eight times as long, with room for noise, not sixty-four."""
    small, large = (flat((unit * times).strip()) for times in (400, 3200))
    assert _seconds(large) < 24 * _seconds(small) + 0.5


def _seconds(parse: Parse) -> float:
    start = process_time()
    check(parse)
    return process_time() - start


words = st.sampled_from(["said", "Lee", '"', "“", "”", ",", ":", "that", "according", "to", "for"])


@given(st.lists(words, min_size=1, max_size=60), st.randoms(use_true_random=False))
def test_any_tree(listed: list[str], chance: object) -> None:
    """Trees that no parser would build."""
    tokens: list[Token] = []
    deps = ["nsubj", "ccomp", "dobj", "prep", "pobj", "xcomp", "conj", "relcl", "acl", "oprd"]
    at = 0
    for i, word in enumerate(listed):
        pos = "VERB" if word == "said" else "PUNCT" if len(word) == 1 else "NOUN"
        head = chance.randrange(i + 1)  # type: ignore[attr-defined]
        dep = "ROOT" if head == i else chance.choice(deps)  # type: ignore[attr-defined]
        tokens.append(
            Token(i, at, at + len(word), word, word.lower(), word, pos, "VBD", dep, head, 0, 0)
        )
        at += len(word) + 1
    entities = (NamedEntity(0, len(tokens), "PERSON"),)
    check(Parse(" ".join(listed), tuple(tokens), ((0, len(tokens)),), entities))
