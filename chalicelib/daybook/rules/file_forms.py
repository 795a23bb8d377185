"""Files as people have them: whatever certainly is a text with lines becomes UTF-8 with line feeds, anything else is told by what it is. Pure.

Certain is what a file says of itself: a byte order mark, a NUL in every second byte, carriage returns and not one line feed, a signature of
another format in front. Nothing is guessed from how often letters occur: a wrong guess would be recorded as somebody's trade.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from typing import Final, Protocol

from chalicelib.daybook.rules.unfit_files import NotCsv

SNIFFED_BYTES: Final = 65_536
_CHUNK: Final = 1 << 20
_SIGNATURES: Final = (
    (b"PK\x03\x04", "spreadsheet"),  # .xlsx, .ods, any zip
    (b"\xd0\xcf\x11\xe0", "spreadsheet"),  # .xls
    (b"\x1f\x8b", "compressed"),
    (b"BZh", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
    (b"Rar!", "compressed"),
    (b"%PDF", "other_format"),
    (b"\x7fELF", "other_format"),
    (b"{", "other_format"),
    (b"[{", "other_format"),
    (b"<", "other_format"),
)

Turn = Callable[[bytes, bool], bytes]
"""Turns a piece of the file, or its last one, into UTF-8 with line feeds."""


class Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def as_utf8(content: Readable) -> io.BufferedReader:
    """The file as UTF-8 in lines, in little memory; NotCsv where it is another format."""
    head = _at_least(content, SNIFFED_BYTES)
    start = head.lstrip()
    if other_form := next((reason for signature, reason in _SIGNATURES if start.startswith(signature)), None):
        raise NotCsv(other_form)
    return io.BufferedReader(_Turned(content, head, _turn_of(head)), buffer_size=_CHUNK)


def _at_least(content: Readable, size: int) -> bytes:
    """So many bytes, or all there are: a stream hands out fewer than it is asked for."""
    head = b""
    while len(head) < size and (more := content.read(size - len(head))):
        head += more
    return head


def _turn_of(head: bytes) -> Turn | None:
    if encoding := _utf_16(head):
        return _decoded(codecs.getincrementaldecoder(encoding)("surrogatepass"))
    if b"\r" in head[:-1] and b"\n" not in head:
        return lambda piece, last: piece.replace(b"\r", b"\n")
    return None


def _utf_16(head: bytes) -> str:
    """Which UTF-16 it is, by its mark, or by the NULs beside the letters of a header; an empty text where it is none."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    line = head[:200]
    if len(line) >= 2 and b"\0" in line:
        if not any(line[0::2][:20]) and all(line[1::2][:20]):
            return "utf-16-be"
        if all(line[0::2][:20]) and not any(line[1::2][:20]):
            return "utf-16-le"
    return ""


def _decoded(decoder: codecs.IncrementalDecoder) -> Turn:
    by_returns: bool | None = None

    def turn(piece: bytes, last: bool) -> bytes:
        nonlocal by_returns
        text = decoder.decode(piece)
        if last and decoder.getstate()[0]:
            text += "\ud800"  # half a character: what it was is not known
        if by_returns is None:
            by_returns = "\r" in text[:-1] and "\n" not in text
        return (text.replace("\r", "\n") if by_returns else text).encode("utf-8", "surrogatepass")

    return turn


class _Turned(io.RawIOBase):
    """The pieces of a stream, each turned; the first has been read already."""

    def __init__(self, content: Readable, head: bytes, turn: Turn | None) -> None:
        self._content = content
        self._turn = turn
        self._ended = False
        self._pending = memoryview(self._turned(head))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        while not self._pending and not self._ended:
            self._pending = memoryview(self._turned(self._content.read(_CHUNK)))
        size = min(len(buffer), len(self._pending))
        buffer[:size] = self._pending[:size]
        self._pending = self._pending[size:]
        return size

    def _turned(self, piece: bytes) -> bytes:
        self._ended = not piece
        return self._turn(piece, not piece) if self._turn else piece
