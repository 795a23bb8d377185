"""The roots of trust that botocore brings, laid out so that a new process reads the one it needs and not all of them.

A bundle is parsed whole before the first connection, which takes a cold start 18 ms of CPU. OpenSSL also takes a folder in which each
root is a file named after the hash of its subject, such as `openssl rehash` makes, and opens those of the chain at hand.
"""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.name import _ASN1Type

NO_TEXTS: Final = frozenset({_ASN1Type.BitString, _ASN1Type.OctetString, _ASN1Type.UTCTime, _ASN1Type.GeneralizedTime})


def spread(bundle: bytes, folder: Path) -> None:
    """Each certificate of a bundle as a file of a new folder."""
    folder.mkdir()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)  # a root of old has a serial number of zero
        certificates = x509.load_pem_x509_certificates(bundle)
    for certificate in certificates:
        add(certificate, folder)


def add(certificate: x509.Certificate, folder: Path) -> Path:
    """`<hash of its subject>.<number>`, the first that is free."""
    name, number = hash_of(certificate.subject), 0
    while (file := folder / f"{name}.{number}").exists():
        number += 1
    file.write_bytes(certificate.public_bytes(Encoding.PEM))
    return file


def hash_of(subject: x509.Name) -> str:
    """OpenSSL's: SHA-1 of the name's parts in canonical form, of which the first four bytes, the last one first."""
    encoded = b"".join(_inside(x509.Name([_canonical(part)]).public_bytes()) for part in subject.rdns)
    return hashlib.sha1(encoded, usedforsecurity=False).digest()[3::-1].hex()


def _canonical(part: x509.RelativeDistinguishedName) -> x509.RelativeDistinguishedName:
    """Texts in UTF-8, with small ASCII letters and single spaces."""
    return x509.RelativeDistinguishedName(
        x509.NameAttribute(each.oid, _plain(each.value), _ASN1Type.UTF8String, _validate=False)
        if isinstance(each.value, str) and each._type not in NO_TEXTS
        else each
        for each in part
    )


def _plain(text: str) -> str:
    return " ".join(text.translate({capital: capital + 32 for capital in range(ord("A"), ord("Z") + 1)}).split())


def _inside(sequence: bytes) -> bytes:
    """What a DER sequence holds, behind its tag and length."""
    return sequence[2 + (sequence[1] & 0x7F if sequence[1] & 0x80 else 0) :]
