"""Data keys: one for each person whose data is kept, itself encrypted under the stage's key, and destroyed to erase the person.

    key, kept = data_keys.new("per_…", owner_id="mem_…", now=request.now)
    phone = key.seal("phone", "+86 21 5555 0100")          # what states and entries hold
    return AGGREGATE.execute(…, joined=lambda change: Joined(changes=(kept,)))
    data_keys.keyring(["per_…"], owner_id="mem_…").show(phone)               # or "erased"

AES-256-GCM (`cryptography`); the person and the field are associated data, so that no ciphertext passes for another's. The stage's key is in
KMS, which never gives it out, and is bound to the person by the encryption context; on one machine it is the parameter `persons-key`. An
opened key is held for one request: a key that was destroyed opens nothing from then on.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.shared import aws, secrets
from chalicelib.shared.columns import Instant
from chalicelib.shared.commit import Put, Update
from chalicelib.shared.errors import NotFound
from chalicelib.shared.sealed import ERASED, SEALED, Sealed
from chalicelib.shared.settings import settings
from chalicelib.shared.tables import Row, table
from chalicelib.shared.texts import say

LOCAL_KEY: Final = "persons-key"
"""The parameter that stands for KMS where there is none: 32 bytes in base 64."""
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


class SealBroken(AssertionError):
    """A fault: a ciphertext was changed, or moved to another person or field."""


class DataKeyRow(Row):
    """The key of one subject. `wrapped` is removed when the subject is erased; the rest stays, and no other key is made under that name."""

    Meta = table("data-keys")
    subject_id = UnicodeAttribute(hash_key=True)
    owner_id = UnicodeAttribute()
    wrapped = BinaryAttribute(null=True, legacy_encoding=False)
    created_at = Instant()
    erased_at = Instant(null=True)


@dataclass(frozen=True)
class DataKey:
    """An opened key."""

    subject_id: str
    _key: bytes = field(repr=False)

    def seal(self, name: str, text: str) -> Sealed:
        ciphertext = _encrypt(self._key, text.encode(), _bound(self.subject_id, name))
        return Sealed(self.subject_id, name, b64encode(ciphertext).decode())

    def open(self, sealed: Sealed) -> str:
        """SealBroken where it is not this subject's, or not what was sealed."""
        bound = _bound(self.subject_id, sealed.field)
        return _decrypt(self._key, b64decode(sealed.ciphertext), bound).decode()


@dataclass(frozen=True)
class Keyring:
    """The keys of several subjects of an owner, without those that were destroyed. `closed` are subjects of other owners."""

    keys: Mapping[str, DataKey]
    closed: frozenset[str] = frozenset()

    def show(self, sealed: Sealed) -> str:
        """The plaintext; `erased`; or `sealed`, where it is not the owner's."""
        if sealed.sealed_for in self.closed:
            return SEALED
        key = self.keys.get(sealed.sealed_for)
        return key.open(sealed) if key else ERASED


def new(subject_id: str, *, owner_id: str, now: datetime) -> tuple[DataKey, Put]:
    """A new subject's key, and what keeps it, for a commit."""
    key, wrapped = _generate(subject_id)
    row = DataKeyRow(subject_id, owner_id=owner_id, wrapped=wrapped, created_at=now)
    return DataKey(subject_id, key), Put(row, guard=DataKeyRow.subject_id.does_not_exist())


def keyring(subject_ids: Iterable[str], *, owner_id: str) -> Keyring:
    """The keys there are of an owner's subjects, as of now: one round trip to the table, and one to KMS for each key."""
    rows = list(DataKeyRow.find_many(subject_ids))
    return Keyring(
        {row.subject_id: _opened(row) for row in rows if row.wrapped and row.owner_id == owner_id},
        frozenset(row.subject_id for row in rows if row.owner_id != owner_id),
    )


def destroy(subject_id: str, *, owner_id: str, now: datetime) -> Update:
    """For the commit that erases a subject of an owner, once."""
    return Update(
        DataKeyRow(subject_id),
        actions=(DataKeyRow.wrapped.remove(), DataKeyRow.erased_at.set(now)),
        guard=DataKeyRow.wrapped.exists() & (DataKeyRow.owner_id == owner_id),
        error=NotFound(say("Nothing is kept of {subject_id!r:.60} any more.", subject_id=subject_id)),
    )


def _opened(row: DataKeyRow) -> DataKey:
    return DataKey(row.subject_id, _unwrap(row.subject_id, row.wrapped))


def _generate(subject_id: str) -> tuple[bytes, bytes]:
    """A new key, in the clear and wrapped."""
    if key_id := settings().persons_key:
        generated = aws.client("kms").generate_data_key(
            KeyId=key_id, KeySpec="AES_256", EncryptionContext=_context(subject_id)
        )
        return generated["Plaintext"], generated["CiphertextBlob"]
    key = os.urandom(_KEY_BYTES)
    return key, _encrypt(_local_key(), key, _bound(subject_id, "data key"))


def _unwrap(subject_id: str, wrapped: bytes) -> bytes:
    if key_id := settings().persons_key:
        plaintext: bytes = aws.client("kms").decrypt(
            KeyId=key_id, CiphertextBlob=wrapped, EncryptionContext=_context(subject_id)
        )["Plaintext"]
        return plaintext
    return _decrypt(_local_key(), wrapped, _bound(subject_id, "data key"))


def _context(subject_id: str) -> dict[str, str]:
    return {"subject": subject_id}


def _local_key() -> bytes:
    return b64decode(secrets.required(LOCAL_KEY))


def _bound(subject_id: str, name: str) -> bytes:
    return f"{subject_id}\0{name}".encode()


def _encrypt(key: bytes, plaintext: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    ciphertext: bytes = _cipher(key).encrypt(nonce, plaintext, bound)
    return nonce + ciphertext


def _decrypt(key: bytes, ciphertext: bytes, bound: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        plaintext: bytes = _cipher(key).decrypt(ciphertext[:_NONCE_BYTES], ciphertext[_NONCE_BYTES:], bound)
    except InvalidTag as broken:
        raise SealBroken("a ciphertext is not what was sealed there") from broken
    return plaintext


def _cipher(key: bytes) -> Any:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
