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
        own = own or _in_step(parse, verb, clause, cue)
        return cue if own or (_finite(verb) and _is_mute(parse, clause)) else None
    if verb.dep != "advcl" or verb.tag != "VBG" or not _behind_comma(parse, verb):
        return None
    return cue if _is_mute(parse, clause) or not _is_past(parse, clause) else None


def other_report(parse: Parse, verb: Token) -> bool:
    """Whether a verb of saying with a subject of its own stands beside the cue, not in its content.

    "Lee *said* that the bridge would fall, while Brand *hoped* …": what Lee said is told in the
    future of the past, or in the pluperfect; a simple past is the author's.
    """
    clause = parse.head(verb)
    cue = parse.head(clause)
    if clause.dep != "ccomp" or not cue.i < clause.i < verb.i or not (_tells(cue) and _tells(verb)):
        return False
    subject = parse.dependent(verb, "nsubj")
    joined = verb.dep == "conj" or any(
        child.lower in ("while", "whereas") for child in parse.dependents(verb, "mark")
    )
    spoken = subject is not None and subject.pos in ("NOUN", "PROPN")
    simple = verb.tag == cue.tag == "VBD" and parse.dependent(verb, "aux") is None
    return joined and spoken and simple and _is_shifted(parse, clause)


def _is_shifted(parse: Parse, clause: Token) -> bool:
    return any(
        child.tag == "MD" or child.lower == "had" for child in parse.dependents(clause, "aux")
    )


def later_reports(parse: Parse, clause: Token) -> Ranges:
    """The parts of a content that such verbs govern, with what joins them to it."""
    found = []
    for child in parse.dependents(clause, "conj", "advcl"):
        if child.i < clause.i:
            continue
        if reporter(parse, child) is not None or other_report(parse, child):
            first, last = parse.edges[child.i]
            while first - 1 > clause.i and parse.tokens[first - 1].tag in _JOINTS:
                first -= 1
            found.append((first, last))
    return tuple(found)


def _in_step(parse: Parse, verb: Token, clause: Token, cue: Token) -> bool:
    """Whether a verb has its cue's tense and cannot share the auxiliary of the clause before it.

    "Lee *said* that the plan would fail and *called* it mad". "Had left and called" may be one.
    """
    past = verb.tag == cue.tag == "VBD" and parse.dependent(verb, "aux") is None
    if any(child.tag == "MD" for child in parse.dependents(clause, "aux")):
        return past
    first = parse.edges[verb.i][0]
    while first - 1 > clause.i and parse.tokens[first - 1].tag == "CC":
        first -= 1
    return past and _is_shifted(parse, clause) and parse.tokens[first - 1].text == ","


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
