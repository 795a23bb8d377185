"""What a run came to for every seller, under one hash that anybody can hold against a single result. Pure.

A leaf is a line: the decision about one seller as JSON, to the byte. The lines of a shard are cut into buckets by the seller's id, each
bucket in the order of its lines, so that neither the order of work nor a shard that died and was redone shows. A shard's statement tells its root and its
counts; the certificate is the root over the statements.

    line -> bucket -> shard -> statement -> certificate
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Final
from zlib import crc32

import msgspec

from chalicelib.deposits.monthly import merkle
from chalicelib.deposits.monthly.merkle import Step
from chalicelib.deposits.rules.deposit import Decision

LINES_A_BUCKET: Final = 2048
"""About so many lines are in a bucket: a proof reads one bucket."""


class Statement(msgspec.Struct, frozen=True):
    """What a shard declares: how many sellers it decided on and what for, and the root over them."""

    run: str
    shard: int
    root: str
    counts: dict[str, int]


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """That a line belongs to a certificate: up to the shard's root, the statement with that root in it, up to the certificate."""

    within_shard: tuple[Step, ...]
    statement: str
    across_shards: tuple[Step, ...]
    certificate: str


def line(decision: Decision) -> bytes:
    """The leaf of a decision."""
    return _ENCODER.encode(decision)


def decision(line: bytes) -> Decision:
    """The decision of a leaf."""
    return _DECODER.decode(line)


def buckets_of(sellers: int) -> int:
    """Into how many buckets the lines of a shard are cut: a power of two."""
    return 1 << max(0, (sellers - 1) // LINES_A_BUCKET).bit_length()


def bucket_of(seller_id: str, buckets: int) -> int:
    return crc32(seller_id.encode()) & (buckets - 1)


def bucketed(lines: list[bytes]) -> list[list[bytes]]:
    """All lines of a shard, in buckets, each in the order of its lines. Takes the list apart: it may be a large one."""
    buckets: list[list[bytes]] = [[] for _ in range(buckets_of(len(lines)))]
    mask = len(buckets) - 1
    while lines:
        seller_line = lines.pop()
        buckets[crc32(_seller_of(seller_line)) & mask].append(seller_line)
    for bucket in buckets:
        bucket.sort()
    return buckets


def bucket_root(lines: Sequence[bytes]) -> bytes:
    return merkle.root([merkle.leaf(each) for each in lines])


def place_of(lines: Sequence[bytes], seller_id: str) -> int | None:
    """The place of a seller's line in its bucket."""
    begins = _OPENING + seller_id.encode() + b'"'
    place = bisect_left(lines, begins)
    return place if place < len(lines) and lines[place].startswith(begins) else None


def statement(run_id: str, shard: int, root: str, counts: Mapping[str, int]) -> bytes:
    return _CANONICAL.encode(Statement(run_id, shard, root, dict(counts)))


def certificate(statements: Sequence[bytes]) -> str:
    """The root over the statements of all shards, in their order."""
    return merkle.root([merkle.leaf(each) for each in statements]).hex()


def prove(
    place: int,
    lines: Sequence[bytes],
    bucket: int,
    bucket_roots: Sequence[bytes],
    shard: int,
    statements: Sequence[bytes],
) -> Proof:
    """The proof of the line at a place of a bucket of a shard (shards count from 1)."""
    leaves = [merkle.leaf(each) for each in lines]
    return Proof(
        within_shard=(*merkle.path(leaves, place), *merkle.path(bucket_roots, bucket)),
        statement=statements[shard - 1].decode(),
        across_shards=merkle.path([merkle.leaf(each) for each in statements], shard - 1),
        certificate=certificate(statements),
    )


def verify(line: bytes, proof: Proof, certificate: str) -> bool:
    """Whether a line is one of those a certificate was given for. It needs nothing but what is handed in."""
    of_shard = proof.statement.encode()
    shard_root = merkle.climbed(merkle.leaf(line), proof.within_shard).hex()
    return (
        msgspec.json.decode(of_shard, type=Statement).root == shard_root
        and merkle.climbed(merkle.leaf(of_shard), proof.across_shards).hex() == certificate
    )


_OPENING: Final = b'{"seller_id":"'


def _seller_of(line: bytes) -> bytes:
    return line[len(_OPENING) : line.index(b'"', len(_OPENING))]


_ENCODER: Final = msgspec.json.Encoder()
_DECODER: Final = msgspec.json.Decoder(Decision)
_CANONICAL: Final = msgspec.json.Encoder(order="deterministic")
