"""Metadata as it is kept: JSON, keys sorted."""

from __future__ import annotations

import json
from dataclasses import fields, replace

from testimonia.model import Metadata


def merged(known: Metadata, stated: Metadata) -> Metadata:
    """What is known, with what is stated anew in its place.

    Of several captures of one text the first is kept, whichever is read first.
    """
    new = {key: value for key, value in _dict(stated).items() if value and key != "origins"}
    if _is_later_capture(known, stated):
        del new["captured"]
        others = {key: origin for key, origin in stated.origins.items() if key != "captured"}
        stated = replace(stated, origins=others)
    values = {**_dict(known), **new}
    values["origins"] = {**known.origins, **stated.origins}
    return _metadata(values)


def _is_later_capture(known: Metadata, stated: Metadata) -> bool:
    if not known.captured or not stated.captured:
        return False
    by_container = stated.origins.get("captured", "").startswith("container")
    return by_container and known.captured <= stated.captured


def written(metadata: Metadata) -> str:
    """The JSON."""
    return json.dumps(_dict(metadata), ensure_ascii=False, sort_keys=True)


def read(written: str) -> Metadata:
    """The metadata that were written."""
    return _metadata(json.loads(written))


def _dict(metadata: Metadata) -> dict[str, object]:
    values = {each.name: getattr(metadata, each.name) for each in fields(metadata)}
    return {**values, "origins": dict(metadata.origins)}


def _metadata(values: dict[str, object]) -> Metadata:
    creators = values.get("creator") or ()
    values["creator"] = tuple(creators) if isinstance(creators, list | tuple) else (creators,)
    return Metadata(**values)  # type: ignore[arg-type]
