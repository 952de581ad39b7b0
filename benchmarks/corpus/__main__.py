"""``python -m benchmarks.corpus write | growth``; see the package."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.corpus import growth, recombined
from benchmarks.corpus.places import open_places
from benchmarks.corpus.writing import write
from benchmarks.quality import corpora
from testimonia.model import Text

_NEWS = (
    "polnear",
    "lgl",
    "trnews",
    "tbaq_timebank",
    "tbaq_aquaint",
    "geovirus",
    "geowebnews",
    "re3d",
    "meantime",
)


def main() -> None:
    arguments = _arguments()
    try:
        arguments.run(arguments)
    except (corpora.NoCorpora, recombined.NoTexts, OSError) as error:
        sys.exit(str(error))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpus", description=__doc__)
    commands = parser.add_subparsers(required=True)
    made = commands.add_parser("write", help="write documents as JSON lines")
    made.add_argument("--documents", type=int, default=1000)
    made.add_argument("--sentences", type=int, default=24, help="of a document, on average")
    made.add_argument("--seed", type=int, default=1)
    made.add_argument("--from", dest="folder", type=Path, help="recombine the texts of this folder")
    made.add_argument("--output", type=Path, required=True, help="a file, made anew")
    made.set_defaults(run=_write)
    held = commands.add_parser("growth", help="Heaps' law, beside that of annotated corpora")
    held.add_argument("--corpora", type=Path, default=corpora.default_folder())
    held.add_argument("--seed", type=int, default=1)
    held.set_defaults(run=_growth)
    return parser.parse_args()


def _write(arguments: argparse.Namespace) -> None:
    with arguments.output.open("w", encoding="utf-8") as lines:
        for text in _texts(arguments):
            stated = text.metadata
            row = {
                "title": stated.title,
                "publisher": stated.publisher,
                "issued": stated.issued,
                "identifier": stated.identifier,
                "language": stated.language,
                "text": text.content,
            }
            print(json.dumps({k: v for k, v in row.items() if v}, ensure_ascii=False), file=lines)


def _texts(arguments: argparse.Namespace) -> Iterator[Text]:
    if arguments.folder:
        yield from recombined.documents(arguments.seed, arguments.documents, arguments.folder)
        return
    places = open_places()
    for number in range(arguments.documents):
        yield write(arguments.seed, number, places, arguments.sentences).text


def _growth(arguments: argparse.Namespace) -> None:
    """As many synthetic words as there are real ones, both in an order of chance."""
    folder = corpora.check(arguments.corpora)
    found = (corpora.part(corpora.read(folder, name), "tuning") for name in _NEWS)
    golds = sorted((gold for part in found for gold in part), key=lambda gold: _order(gold["id"]))
    real = [str(gold["text"]) for gold in golds]
    made = _as_many_words(real, arguments.seed)
    print(f"{'':8}{'documents':>10}{'tokens':>9}{'types':>8}{'K':>7}{'beta':>7}")
    for kind in growth.COUNTED:
        for name, texts in (("real", real), ("made", made)):
            heaps = growth.measure(texts, kind)
            print(
                f"{kind if name == 'real' else '':8}{heaps.documents:>5} {name}{heaps.tokens:>9}"
                f"{heaps.types:>8}{heaps.factor:>7.2f}{heaps.exponent:>7.3f}"
            )


def _as_many_words(real: Iterable[str], seed: int) -> list[str]:
    words = growth.COUNTED["words"]
    wanted = sum(len(words(text)) for text in real)
    places, made, number = open_places(), list[str](), 0
    while wanted > 0:
        made.append(write(seed, number, places).text.content)
        wanted -= len(words(made[-1]))
        number += 1
    return made


def _order(name: str) -> str:
    """An order that has nothing to do with the corpora's."""
    return hashlib.sha256(name.encode()).hexdigest()


if __name__ == "__main__":
    main()
