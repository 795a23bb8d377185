"""Pictures and papers of goods, made here: a plank of warped oak, a shirt, a ring; a report of one page."""

from __future__ import annotations

import math
import struct
import zlib
from collections.abc import Callable
from typing import Final

WIDTH: Final = 240
HEIGHT: Final = 160
WALL, WOOD, GRAIN = b"\xf2\xf0\xea", b"\xc8\x9b\x62", b"\xa8\x7b\x46"
LINEN, SILVER = b"\x7d\x9a\xb5", b"\x9a\xa3\xad"


def plank() -> bytes:
    return _png(_of_plank)


def shirt() -> bytes:
    return _png(_of_shirt)


def ring() -> bytes:
    return _png(_of_ring)


def _png(colour: Callable[[int, int], bytes]) -> bytes:
    rows = b"".join(b"\x00" + b"".join(colour(x, y) for x in range(WIDTH)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _of_plank(x: int, y: int) -> bytes:
    height = y - (HEIGHT * 0.6 - 28 * math.sin(math.pi * x / WIDTH))
    if not 0 <= height < 30 or not 12 <= x < WIDTH - 12:
        return WALL
    return GRAIN if int(height + 4 * math.sin(x / 23)) % 9 == 0 else WOOD


def _of_shirt(x: int, y: int) -> bytes:
    aside = abs(x - WIDTH / 2)
    is_neck = math.hypot(aside, y - 26) < 16
    is_cloth = (26 <= y < 138 and aside < 38) or (26 <= y < 66 and aside < 74 - (y - 26) / 4)
    return LINEN if is_cloth and not is_neck else WALL


def _of_ring(x: int, y: int) -> bytes:
    return SILVER if 42 <= math.hypot(x - WIDTH / 2, y - HEIGHT / 2) < 52 else WALL


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def paper(*lines: str) -> bytes:
    """A PDF of one page with these lines of plain English."""
    shown = " ".join(f"({line}) Tj 0 -18 Td" for line in lines)
    text = f"BT /F1 12 Tf 72 760 Td {shown} ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    )
    body, places = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + end
