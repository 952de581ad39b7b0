"""Several statements about one document."""

from __future__ import annotations

from types import MappingProxyType

from testimonia.catalog.metadata import merged
from testimonia.model import Metadata


def captured(when: str, origin: str = "container: WARC") -> Metadata:
    return Metadata(captured=when, origins=MappingProxyType({"captured": origin}))


def test_of_several_captures_the_first_is_kept_whichever_is_read_first() -> None:
    first, second = captured("2024-03-15T10:00:00Z"), captured("2024-04-01T10:00:00Z")
    assert merged(first, second) == merged(second, first) == first
    assert merged(first, Metadata()) == first


def test_what_a_user_states_of_a_capture_counts() -> None:
    stated = captured("2025-01-01", "user")
    kept = merged(captured("2024-03-15T10:00:00Z"), stated)
    assert (kept.captured, kept.origins["captured"]) == ("2025-01-01", "user")
