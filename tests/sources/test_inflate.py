import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from io import BytesIO

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from testimonia.errors import UnsupportedSource
from testimonia.sources.inflate import Budget, GzipMembers, compression, decoded, inflated

WAYS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
}
PLENTY = 10_000_000


@pytest.mark.parametrize("kind", WAYS)
@given(members=st.lists(st.binary(min_size=1, max_size=400), min_size=1, max_size=4))
def test_what_was_packed_comes_out(kind: str, members: list[bytes]) -> None:
    data = b"".join(map(WAYS[kind], members))
    assert compression(data) == kind
    assert inflated(BytesIO(data), kind, Budget("a", PLENTY)).read() == b"".join(members)


@pytest.mark.parametrize("kind", WAYS)
def test_large_and_long(kind: str) -> None:
    content = bytes(range(256)) * 2_000
    data = WAYS[kind](content) * 3
    assert inflated(BytesIO(data), kind, Budget("a", PLENTY)).read() == content * 3


@pytest.mark.parametrize("kind", WAYS)
def test_a_bomb_ends_early(kind: str) -> None:
    budget = Budget("bomb", 10**12)
    with pytest.raises(UnsupportedSource, match="bomb unpacks to more than 250 times its size"):
        inflated(BytesIO(WAYS[kind](bytes(40_000_000))), kind, budget).read()
    assert budget.spent < 20_000_000


@pytest.mark.parametrize("kind", WAYS)
def test_the_budget_is_kept(kind: str) -> None:
    data = WAYS[kind](bytes(500_000))
    with pytest.raises(UnsupportedSource, match="a holds more than 400,000 bytes once"):
        inflated(BytesIO(data), kind, Budget("a", 400_000)).read()


@pytest.mark.parametrize("kind", WAYS)
def test_damage_is_told(kind: str) -> None:
    data = WAYS[kind](bytes(range(256)) * 40)
    with pytest.raises(UnsupportedSource, match="a is cut off"):
        inflated(BytesIO(data[:-20]), kind, Budget("a", PLENTY)).read()
    hurt = bytearray(data)
    hurt[len(data) // 2] ^= 0xFF
    with pytest.raises(UnsupportedSource, match=r"a is (damaged|cut off)"):
        inflated(BytesIO(hurt), kind, Budget("a", PLENTY)).read()


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", raw_deflate),
        ("br", brotli.compress),
        ("identity", bytes),
    ],
)
def test_codings(coding: str, encode: Callable[[bytes], bytes]) -> None:
    content = b"The quay is shut. " * 9_000
    assert decoded(encode(content), coding, Budget("a", PLENTY)) == content
    if coding != "identity":
        with pytest.raises(UnsupportedSource, match="cut off"):
            decoded(encode(content)[:-9], coding, Budget("a", PLENTY))
        with pytest.raises(UnsupportedSource, match="holds more than 1,000 bytes"):
            decoded(encode(content), coding, Budget("a", 1_000))
        with pytest.raises(UnsupportedSource, match=r"a is (damaged|cut off)|content coding"):
            decoded(b"\xff" * 40, coding, Budget("a", PLENTY))


def test_an_unknown_coding() -> None:
    with pytest.raises(UnsupportedSource, match="'zstd', which has no reader"):
        decoded(b"x", "zstd", Budget("a", PLENTY))


def test_members_one_by_one() -> None:
    members = [b"one" * 50, b"two" * 50, b"three" * 50]
    packed = [gzip.compress(each) for each in members]
    hurt = bytearray(packed[1])
    hurt[12] ^= 0xFF
    reader = GzipMembers(
        BytesIO(packed[0] + bytes(hurt) + packed[2] + bytes(100)), Budget("a", 999)
    )
    found = [(member.read(), reader.finish()) for member in reader]
    assert found[0] == (members[0], "")
    assert found[-1] == (members[2], "")
    assert all(broken for _, broken in found[1:-1])
