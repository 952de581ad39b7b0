"""The line of documents between their sources and the store: bounded, and in order.

As many are taken in as there is room for, so that no reader waits and memory stays the same however
many come; what is known at the head is taken out several at a time, since a transaction costs
nearly as much for one document as for ten, but soon.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Final, TypeAlias

from testimonia.catalog import Record
from testimonia.ingest.deriving import Derived, Task
from testimonia.ingest.outcome import Outcome

# Stored together: from eight on a document costs the store half of what it costs alone.
_TOGETHER: Final = 32
# Their quads are some 24 MB as text, for which the store's loader takes ten times as much memory.
_TOGETHER_CHARACTERS: Final = 80_000
_TOGETHER_SECONDS: Final = 5.0
# Recorded together, unless getting them takes longer than readers should wait for work.
_BURST: Final = 16
_BURST_SECONDS: Final = 0.1
CHARACTERS: Final = 400_000
"""How much text may be under way in memory: a document's quads are some 300 times its text."""


@dataclass(slots=True)
class Place:
    """A source's place in the line: its outcome, or what will follow from its document."""

    name: str
    planned: tuple[int, int] | None = None
    outcome: Outcome | None = None
    warnings: tuple[str, ...] = ()
    record: Record | None = None
    fingerprint: str = ""
    compare: bool = False
    task: Task | None = None
    future: Future[Derived] | None = None

    @property
    def is_known(self) -> bool:
        """Whether nobody need wait for it."""
        return self.future is None or self.future.done()

    @property
    def characters(self) -> int:
        """How long its text is."""
        return len(self.task.document.text.content) if self.task else 0


Step: TypeAlias = "Callable[[Line], Place | None]"
"""Gives the next place of a line, or ``None``: to be asked again when the line has moved on."""


class Line:
    """The places of the ``steps``, no more than ``most`` at a time, with some ``characters`` of
    text between them."""

    def __init__(self, steps: Iterator[Step], most: int, characters: int = CHARACTERS) -> None:
        self._steps = steps
        self._most = most
        self._characters_most = characters
        # Of all places: there may be ten thousands.
        self._characters = 0
        self._documents: Counter[str] = Counter()
        self._held: deque[Step] = deque()
        self._places: deque[Place] = deque()
        self._over = False
        self._stuck = False
        self._slow = False
        self._known_since: float | None = None

    def goes_on(self) -> bool:
        """Whether there is, or may be, something left."""
        return bool(self._places or self._held) or not self._over

    def has(self, document: str) -> bool:
        """Whether a document stands in it that is to be derived."""
        return document in self._documents

    def draw(self) -> None:
        """Get the next steps from where they come: files are read here, and the web is asked."""
        begun = time.monotonic()
        while not self._over and len(self._held) < min(_BURST, self._most - len(self._places)):
            step = next(self._steps, None)
            if step is None:
                self._over = True
            else:
                self._held.append(step)
            if time.monotonic() - begun > _BURST_SECONDS:
                self._slow = True
                return
        self._slow = False

    def enter(self) -> list[Place]:
        """Let as many into the line as there is room for."""
        entered: list[Place] = []
        self._stuck = False
        while self._held and self._has_room():
            place = self._held[0](self)
            if place is None:
                self._stuck = True
                break
            self._held.popleft()
            self._places.append(place)
            self._characters += place.characters
            if place.record is not None:
                self._documents[place.record.id] += 1
            entered.append(place)
        return entered

    def leave(self) -> list[Place]:
        """Those at the head whose end is known: none where it is better to take in more first."""
        if not self._places:
            return []
        if not self._places[0].is_known:
            if self._can_enter():
                return []
            _await(self._places[0])
        now = time.monotonic()
        self._known_since = self._known_since or now
        if self._can_enter() and not self._are_enough() and not self._slow:
            if now - self._known_since < _TOGETHER_SECONDS:
                return []
        elif not self._slow:
            self._await_more(self._known_since + _TOGETHER_SECONDS)
        self._known_since = None
        return [self._popped() for _ in range(self._known())]

    def _popped(self) -> Place:
        place = self._places.popleft()
        self._characters -= place.characters
        if place.record is not None:
            self._documents[place.record.id] -= 1
            if not self._documents[place.record.id]:
                del self._documents[place.record.id]
        return place

    def _await_more(self, until: float) -> None:
        while not self._are_enough() and (known := self._known()) < len(self._places):
            left = until - time.monotonic()
            if left <= 0 or not _await(self._places[known], left):
                return

    def _known(self) -> int:
        """How many at the head are known and may leave together."""
        characters = 0
        for number, place in enumerate(self._places):
            characters += place.characters
            if number and (number == _TOGETHER or characters > _TOGETHER_CHARACTERS):
                return number
            if not place.is_known:
                return number
        return len(self._places)

    def _are_enough(self) -> bool:
        """Whether as many at the head are known as may leave together."""
        known = self._known()
        return known == _TOGETHER or (known < len(self._places) and self._places[known].is_known)

    def is_waited_for(self) -> bool:
        """Whether there is a step that could enter."""
        return bool(self._held) and self._has_room()

    def _can_enter(self) -> bool:
        return bool(self._held or not self._over) and not self._stuck and self._has_room()

    def _has_room(self) -> bool:
        if not self._places:
            return True
        return len(self._places) < self._most and self._characters < self._characters_most


def _await(place: Place, seconds: float | None = None) -> bool:
    """Wait until a place is known; whether it is."""
    return place.future is None or bool(wait([place.future], seconds).done)
