"""Passwords: how strong they must be, and what is kept of them: argon2 hashes."""

from __future__ import annotations

from secrets import token_hex

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appraisal.errors import Finding, RefusedError

SHORTEST = 10
"""Characters of the shortest password."""

_LONGEST = 256
_INITIALS = 3  # a login of so few letters is in many a word
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(token_hex(16))  # checked for an unknown login too, so that time does not tell them apart


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _HASHER.hash(password)


def is_weak(kept: str) -> bool:
    """Say whether a hash was made when hashes were weaker."""
    return _HASHER.check_needs_rehash(kept)


def check_password(password: str, login: str) -> None:
    """Refuse a password that is too short, too long, of few different characters, or holds the login (O015)."""
    distinct = len(set(password)) >= SHORTEST // 2
    named = len(login) > _INITIALS and login in password.casefold()
    if not SHORTEST <= len(password) <= _LONGEST or not distinct or named:
        raise RefusedError([Finding(code="O015", args={"shortest": str(SHORTEST)})])


def matches(kept: str, password: str) -> bool:
    """Say whether a password is the one that is kept; never for an empty hash, which takes as long."""
    try:
        return _HASHER.verify(kept or _NOBODY, password[:_LONGEST]) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False
