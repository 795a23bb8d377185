"""A tree of hashes over a list: its root names the list, and a short path shows that one leaf is in it. Pure.

As in RFC 6962: a leaf is SHA-256 over a zero byte and the data, a node over a one byte and its two children; a last node without a partner
goes up as it is; the root of an empty list is the SHA-256 of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final, Literal

import msgspec

EMPTY: Final = sha256().digest()
_LEAF: Final = b"\0"
_NODE: Final = b"\1"


class Step(msgspec.Struct, frozen=True):
    """One node beside the path to the root, in hexadecimal, and on which side of the path it stands."""

    side: Literal["left", "right"]
    hash: str


def leaf(data: bytes) -> bytes:
    return sha256(_LEAF + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves, in their order."""
    level = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else EMPTY


def path(leaves: Sequence[bytes], place: int) -> tuple[Step, ...]:
    """What is needed beside the leaf at a place to compute the root, from below upwards."""
    steps: list[Step] = []
    level = leaves
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            steps.append(Step("left" if beside < place else "right", level[beside].hex()))
        level, place = _above(level), place // 2
    return tuple(steps)


def climbed(leaf_hash: bytes, steps: Iterable[Step]) -> bytes:
    """The root that a leaf and its path lead to."""
    for step in steps:
        beside = bytes.fromhex(step.hash)
        pair = beside + leaf_hash if step.side == "left" else leaf_hash + beside
        leaf_hash = sha256(_NODE + pair).digest()
    return leaf_hash


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [sha256(_NODE + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) % 2 else pairs
