"""Reports of one speaker in a series, of which the parser put the second into the first's content.

"Lee *said* that the fees were old and *called* the council lazy", "Lee *argued* that the bridge
would fall, *adding* that it was old": nothing in the words before can have called or added.
"""

from __future__ import annotations

from testimonia.model import AttributionKind
from testimonia.reading.attribution.candidate import Ranges
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.syntax import Parse, Token
from testimonia.reading.wordnet import may_be_somebody

_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "csubjpass", "expl")
_CLOSING = frozenset({"''", "``"})
_JOINTS = frozenset({"CC", ",", "''"})
_THINGS = frozenset({"it", "this", "that", "these", "those", "there", "which", "what", "nothing"})


def reporter(parse: Parse, verb: Token) -> Token | None:
    """The cue whose speaker a verb of saying shares, though it stands in that cue's content."""
    clause = parse.head(verb)
    cue = parse.head(clause)
    if clause.dep != "ccomp" or not cue.i < clause.i < verb.i or not _tells(cue):
        return None
    if not _tells(verb) or parse.dependent(verb, *_SUBJECTS, "mark") is not None:
        return None
    if verb.dep == "conj":
        own = verb.tag == cue.tag == "VBG" and clause.tag != "VBG"
        return cue if own or (_finite(verb) and _is_mute(parse, clause)) else None
    if verb.dep != "advcl" or verb.tag != "VBG" or not _behind_comma(parse, verb):
        return None
    return cue if _is_mute(parse, clause) or not _is_past(parse, clause) else None


def later_reports(parse: Parse, clause: Token) -> Ranges:
    """The parts of a content that such verbs govern, with what joins them to it."""
    found = []
    for child in parse.dependents(clause, "conj", "advcl"):
        if child.i > clause.i and reporter(parse, child) is not None:
            first, last = parse.edges[child.i]
            while first - 1 > clause.i and parse.tokens[first - 1].tag in _JOINTS:
                first -= 1
            found.append((first, last))
    return tuple(found)


def _behind_comma(parse: Parse, verb: Token) -> bool:
    """Whether a comma stands before a clause, marks of a quotation aside."""
    before = parse.edges[verb.i][0] - 1
    while before > 0 and parse.tokens[before].tag in _CLOSING:
        before -= 1
    return before >= 0 and parse.tokens[before].text == ","


def _tells(verb: Token) -> bool:
    senses = lexicon().verbs.get(verb.lemma.lower(), ())
    return verb.pos == "VERB" and any(s.kind is AttributionKind.COMMUNICATION for s in senses)


def _finite(verb: Token) -> bool:
    return verb.tag in ("VBD", "VBZ", "VBP", "VBN")


def _is_mute(parse: Parse, clause: Token) -> bool:
    """Whether the subject of a clause is a thing, which says nothing."""
    subject = parse.dependent(clause, *_SUBJECTS)
    if subject is None:
        return False
    lemma = subject.lemma.lower()
    if subject.pos != "NOUN" or subject.entity >= 0:
        return subject.lower in _THINGS
    words = lexicon()
    listed = lemma in words.people | words.bodies | words.papers
    return not listed and not may_be_somebody(lemma)


def _is_past(parse: Parse, clause: Token) -> bool:
    if clause.tag == "VBD":
        return True
    return any(child.tag == "VBD" for child in parse.dependents(clause, "aux", "auxpass"))
