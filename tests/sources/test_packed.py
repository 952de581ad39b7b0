import bz2
import gzip
import lzma
from collections.abc import Callable

import pytest

from testimonia.sources.options import Options
from visits import ENGLISH, contents, failures, visit


@pytest.mark.parametrize(
    ("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)
def test_a_single_file_that_was_compressed(suffix: str, pack: Callable[[bytes], bytes]) -> None:
    data = pack(f"# Ice\n\n{ENGLISH}".encode())
    assert contents(visit(data, f"a.md.{suffix}")) == {"a.md": f"Ice\n\n{ENGLISH}"}
    (said,) = failures(visit(data[:-9], f"a.md.{suffix}")).values()
    assert f"a.md.{suffix} is cut off" in said
    (said,) = failures(visit(data, f"a.md.{suffix}", Options(max_bytes=50))).values()
    assert "holds more than 50 bytes" in said


def test_a_bomb() -> None:
    (said,) = failures(visit(gzip.compress(bytes(40_000_000)), "a.txt.gz")).values()
    assert "decompression bomb" in said
