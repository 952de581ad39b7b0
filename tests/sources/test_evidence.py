import pytest

from testimonia.errors import EmptySource
from testimonia.sources.evidence import require_sentence


@pytest.mark.parametrize(
    "content", ["", " \n\t\u00a0", "12 345 -- 6!", "…", "Hello", "Hello 2024!", "😀 😀", "_ _ _"]
)
def test_no_sentence(content: str) -> None:
    with pytest.raises(EmptySource, match=r"a\.txt holds no"):
        require_sentence(content, "a.txt")


@pytest.mark.parametrize(
    "content", ["Clerks left.", "部长周一表示港口将关闭", "Il pleut", "ฉันรักเธอ", "12 km, 3 kg"]
)
def test_enough_for_a_sentence(content: str) -> None:
    assert require_sentence(content, "a.txt") is None  # type: ignore[func-returns-value]


def test_a_long_text_without_words_ends_at_once() -> None:
    with pytest.raises(EmptySource):
        require_sentence(" .-" * 1_000_000, "a.txt")
