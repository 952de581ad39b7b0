"""What attribution finds: who says or believes what, as words and places in a parse.

Assembly turns it into statements once actors, times and places are known.
"""

from __future__ import annotations

from dataclasses import dataclass

from testimonia.model import AttributionKind, Certainty, Directness, Polarity, Span, Spans


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution relation (Pareti 2012): source, cue and content.

    ``source_head`` and ``cue_head`` are token indices, ``None`` where there is no source or cue in
    the words. ``modifiers`` are the adverbials that belong to the *saying* ("on Friday", "during a
    meeting", "in Vienna"), ``addressee`` the words for whoever is spoken to. ``within`` is the
    index of the attribution whose content holds this one. ``voiced`` is false where the source is
    nothing that can speak ("*the fall* shows that …").
    """

    content: Spans
    source: Spans = ()
    source_head: int | None = None
    cue: Spans = ()
    cue_head: int | None = None
    cue_lemma: str | None = None
    addressee: Span | None = None
    addressee_head: int | None = None
    modifiers: Spans = ()
    directness: Directness = Directness.INDIRECT
    kind: AttributionKind = AttributionKind.COMMUNICATION
    certainty: Certainty = Certainty.CERTAIN
    attribution_certainty: Certainty = Certainty.CERTAIN
    polarity: Polarity = Polarity.POSITIVE
    construction: str = ""
    confidence: float = 1.0
    within: int | None = None
    voiced: bool = True
