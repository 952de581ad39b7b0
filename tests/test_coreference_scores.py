"""The scores of coreference give the figures of published examples."""

from __future__ import annotations

import pytest
from benchmarks.coreference import Clusters, b_cubed, ceaf_e, muc, score


def sets(*written: str) -> Clusters:
    return tuple(frozenset(each) for each in written)


# Bagga and Baldwin 1998, section 2 and 3: twelve mentions; of two responses both lose one link,
# which MUC cannot tell apart and B³ can.
TRUTH = sets("12345", "67", "89ABC")
FIRST = sets("12345", "6789ABC")
SECOND = sets("1234589ABC", "67")

# Luo 2005, table 1 and section 3, system (d): all in one set, against three.
LUO_KEY = sets("12345", "67", "89ABC")


@pytest.mark.parametrize(("response", "precision"), [(FIRST, 0.9), (SECOND, 0.9)])
def test_muc_does_not_see_which_sets_were_merged(response: Clusters, precision: float) -> None:
    found = muc(TRUTH, response)
    assert found.precision == pytest.approx(precision)
    assert found.recall == 1.0


@pytest.mark.parametrize(("response", "precision"), [(FIRST, 0.762), (SECOND, 0.583)])
def test_b_cubed_does(response: Clusters, precision: float) -> None:
    found = b_cubed(TRUTH, response)
    assert found.precision == pytest.approx(precision, abs=5e-4)
    assert found.recall == 1.0


@pytest.mark.parametrize(
    ("response", "f"),
    [
        (FIRST, 0.733),
        (SECOND, 0.667),
        (sets("123456789ABC"), 0.294),
        (sets(*"123456789ABC"), 0.178),
    ],
)
def test_ceaf_pairs_sets(response: Clusters, f: float) -> None:
    assert ceaf_e(LUO_KEY, response).f == pytest.approx(f, abs=5e-4)


def test_a_mention_too_many_and_one_too_few() -> None:
    """Pradhan et al. 2014: key {a,b,c}, {d,e,f,g}; response {a,b}, {c,d}, {f,g,h,i}."""
    key, response = sets("abc", "defg"), sets("ab", "cd", "fghi")
    assert muc(key, response).recall == pytest.approx(2 / 5)
    assert muc(key, response).precision == pytest.approx(2 / 5)
    found = b_cubed(key, response)
    assert found.recall == pytest.approx((4 / 3 + 1 / 3 + 4 / 4 + 1 / 4) / 7)
    assert found.precision == pytest.approx((4 / 2 + 1 / 2 + 1 / 2 + 4 / 4) / 8)


def test_what_is_right_is_right() -> None:
    assert score(TRUTH, TRUTH).mean == 1.0
