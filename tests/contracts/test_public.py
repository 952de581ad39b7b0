"""What others may build on: exported names, and the tree of errors as it is drawn."""

from __future__ import annotations

import inspect
import re

from testimonia import errors, library, model


def test_the_public_api_is_what_it_was() -> None:
    assert sorted(library.__all__) == [
        "Archive",
        "import_package",
        "open_archive",
        "open_extractor",
        "open_gazetteer",
        "open_reader",
        "open_readers",
        "open_tokens",
        "restore",
    ]
    methods = {name for name in dir(library.Archive) if not name.startswith("_")}
    assert methods == {
        "authorities",
        "backup",
        "close",
        "edit",
        "evaluator",
        "export",
        "forget",
        "import_graph",
        "ingest",
        "keep_text",
        "load_authority",
        "package",
        "prepare",
        "publications",
        "query",
        "rebase",
        "rebuild",
        "record",
        "remove",
        "remove_authority",
        "resume",
        "review",
        "store",
        "undone",
        "validate",
        "view",
        "writer",
    }


def test_every_error_stands_in_the_drawing_under_its_parent() -> None:
    drawn = dict(re.findall(r"^([ │├└─]*)(\w+)  ", errors.__doc__ or "", re.MULTILINE))
    names = set(drawn.values())
    classes = {
        name: each
        for name, each in vars(errors).items()
        if inspect.isclass(each) and issubclass(each, Exception)
    }
    lines = [line for line in (errors.__doc__ or "").splitlines() if "Error" in line or "─" in line]
    path: list[tuple[int, str]] = []
    for line in lines:
        match = re.match(r"^([ │├└─]*)([A-Z]\w+)", line)
        if not match or match[2] not in classes:
            continue
        depth = len(match[1])
        path = [each for each in path if each[0] < depth]
        if path:
            assert classes[match[2]].__base__ is classes[path[-1][1]]
        path.append((depth, match[2]))
        names.add(match[2])
    assert set(classes) <= names


def test_values_are_frozen() -> None:
    values = [
        each
        for each in vars(model).values()
        if inspect.isclass(each) and hasattr(each, "__dataclass_fields__")
    ]
    assert len(values) > 15
    assert all(getattr(each, "__dataclass_params__").frozen for each in values)  # noqa: B009
