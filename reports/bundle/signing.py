"""Signatures of manifests: Ed25519 everywhere, SM2 with SM3 where the machine's `openssl` offers them.

The signed bytes are those of the manifest, which holds the hash of every other member. Ed25519 gives the same
signature every time; SM2 does not, so a bundle signed by it differs in that one member from run to run.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from appraisal.errors import Finding, Place, RefusedError
from reports.bundle import sm2
from reports.bundle.manifest import SIGNATURE

ED25519, SM2 = "Ed25519", "SM2-SM3"


class Signer(Protocol):
    """A private key at work."""

    def sign(self, manifest: bytes) -> Mapping[str, str]:
        """Return the signature as it stands in the bundle: algorithm, key, public key, signature."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A new key pair as PEM."""

    private: bytes
    public: bytes


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signature that fits its manifest, and whether it was checked against a key from elsewhere."""

    algorithm: str
    fingerprint: str
    checked: bool


def make_pair(algorithm: str = ED25519) -> Pair:
    """Return a new key pair; RefusedError where this machine does not offer the algorithm."""
    if algorithm == SM2:
        private = sm2.generate()
        return Pair(private=private, public=sm2.public_of(private))
    key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Pair(private=private, public=_pem(key.public_key()))


def _pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def fingerprint(public: bytes) -> str:
    """Return the sha256 of a public key in PEM; ValueError if it is none."""
    lines = public.decode("ascii").strip().splitlines()
    if len(lines) < 3 or lines[0] != "-----BEGIN PUBLIC KEY-----" or lines[-1] != "-----END PUBLIC KEY-----":  # noqa: PLR2004
        raise ValueError("no public key")
    return sha256(base64.b64decode("".join(lines[1:-1]), validate=True)).hexdigest()


@dataclass(frozen=True, kw_only=True)
class _Ed25519Signer:
    key: Ed25519PrivateKey

    def sign(self, manifest: bytes) -> Mapping[str, str]:
        return _told(ED25519, _pem(self.key.public_key()), self.key.sign(manifest))


@dataclass(frozen=True, kw_only=True)
class _Sm2Signer:
    private: bytes

    def sign(self, manifest: bytes) -> Mapping[str, str]:
        return _told(SM2, sm2.public_of(self.private), sm2.sign(self.private, manifest))


def _told(algorithm: str, public: bytes, signature: bytes) -> dict[str, str]:
    return {
        "algorithm": algorithm,
        "key": f"sha256:{fingerprint(public)}",
        "public": public.decode(),
        "signature": base64.b64encode(signature).decode(),
    }


def signer(private: bytes, file: str) -> Signer:
    """Return the signer of a private key in PEM; RefusedError where it is none that can sign here."""
    try:
        key = load_pem_private_key(private, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        if sm2.is_private(private):
            return _Sm2Signer(private=private)
        raise RefusedError([Finding(code="B023", place=Place(file=file))]) from None
    if isinstance(key, Ed25519PrivateKey):
        return _Ed25519Signer(key=key)
    if sm2.is_private(private):
        return _Sm2Signer(private=private)
    raise RefusedError([Finding(code="B023", place=Place(file=file))])


def check(manifest: bytes, signature: bytes | None, key: bytes | None, key_file: str = "") -> Signed | None:
    """Check a signature, against a key from elsewhere if there is one; None where it is unsigned and need not be.

    Raises RefusedError: unsigned, by another key, not of this manifest, or unreadable.
    """
    wanted = _wanted(key, key_file)
    if signature is None:
        if key is None:
            return None
        raise _refused("B020", key=wanted)
    try:
        told = json.loads(signature)
        algorithm, public, sealed = told["algorithm"], told["public"].encode(), base64.b64decode(told["signature"])
        found = fingerprint(public)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise _refused("B022", key="?") from None
    if wanted not in {"", found}:
        raise _refused("B021", key=wanted, found=found)
    if not _fits(algorithm, public, sealed, manifest):
        raise _refused("B022", key=found)
    return Signed(algorithm=algorithm, fingerprint=found, checked=key is not None)


def _wanted(key: bytes | None, file: str) -> str:
    if key is None:
        return ""
    try:
        return fingerprint(key)
    except (ValueError, binascii.Error):
        raise RefusedError([Finding(code="B024", place=Place(file=file))]) from None


def _fits(algorithm: object, public: bytes, signature: bytes, manifest: bytes) -> bool:
    if algorithm == SM2:
        return sm2.verify(public, signature, manifest)
    try:
        key = load_pem_public_key(public)
        if algorithm != ED25519 or not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, manifest)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _refused(code: str, **args: str) -> RefusedError:
    return RefusedError([Finding(code=code, place=Place(file=SIGNATURE), args=args)])
