"""Members of a ZIP container, in bounds: sizes are what comes out, not what the directory says."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from testimonia.errors import UnsupportedSource

# A format with more members than this is none of Word's or OpenDocument's.
_MOST_MEMBERS = 20_000
# What does not compress so well in any text: zeros do.
_MOST_RATIO = 200
_RATIO_FROM = 1_000_000


class Members:
    """The members of the container ``data``; nothing is ever written to a disk, so a member's
    name leads nowhere."""

    def __init__(self, data: bytes, name: str, max_bytes: int) -> None:
        self._name = name
        self._left = max_bytes
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
            raise UnsupportedSource(
                f"{name} is a damaged or cut-off container ({error}); get it anew"
            ) from error
        if len(self._zip.infolist()) > _MOST_MEMBERS:
            raise UnsupportedSource(f"{name} has more than {_MOST_MEMBERS:,} members")

    def read(self, member: str) -> bytes | None:
        """The bytes of a member, ``None`` where there is none.

        Raises:
            UnsupportedSource: damaged, encrypted, or it unpacks to more than is allowed.
        """
        try:
            info = self._zip.getinfo(member)
        except KeyError:
            return None
        if info.flag_bits & 1:
            raise UnsupportedSource(f"{self._name} is encrypted; save it without a password")
        try:
            with self._zip.open(info) as file:
                data = file.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError) as error:
            raise UnsupportedSource(f"{self._name} is damaged in {member} ({error})") from error
        ratio = len(data) / max(info.compress_size, 1)
        if len(data) > self._left or (len(data) > _RATIO_FROM and ratio > _MOST_RATIO):
            raise UnsupportedSource(
                f"{self._name}: {member} unpacks to more than a document should; it may be made"
                " to fill a memory"
            )
        self._left -= len(data)
        return data
