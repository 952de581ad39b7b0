import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from testimonia.sources.freeze import REPLACEMENT, control_count, freeze

any_text = st.text(
    st.one_of(
        st.characters(),
        st.characters(categories=["Cs"]),
        st.sampled_from("\r\n\t\x00\x0b\x85\ufeff"),
    )
)


@given(any_text)
@example("\ufeff\ufeffThe clerk left.")
@example("\r\r\n")
def test_freezing_twice_changes_nothing(text: str) -> None:
    assert freeze(freeze(text)) == freeze(text)


@given(any_text)
def test_no_control_and_no_surrogate_is_left(text: str) -> None:
    left = {unicodedata.category(char) for char in freeze(text) if char not in "\t\n"}
    assert left.isdisjoint({"Cc", "Cs"})


@given(any_text)
def test_only_crlf_and_a_leading_mark_change_the_length(text: str) -> None:
    bare = text.lstrip("\ufeff")
    assert len(freeze(text)) == len(bare) - bare.count("\r\n")


@given(any_text)
def test_other_characters_keep_their_place(text: str) -> None:
    text = text.replace("\r", "").lstrip("\ufeff")
    changed = [(old, new) for old, new in zip(text, freeze(text), strict=True) if old != new]
    assert all(new == REPLACEMENT for _, new in changed)
    assert len(changed) == control_count(text)


def test_line_ends_become_lf() -> None:
    assert freeze("one\r\ntwo\rthree\nfour") == "one\ntwo\nthree\nfour"


def test_nul_is_replaced_one_for_one_and_tab_stays() -> None:
    assert freeze("a\x00b\tc\x7f\x85") == "a�b\tc��"


def test_combining_characters_are_not_composed() -> None:
    assert freeze("cafe\u0301") == "cafe\u0301"
    assert len(freeze("cafe\u0301")) == 5


def test_a_mark_inside_the_text_stays() -> None:
    assert freeze("\ufeffone\ufefftwo") == "one\ufefftwo"
