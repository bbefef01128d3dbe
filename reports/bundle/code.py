"""The verification code: short enough to compare by eye, made from the hash of a bundle's manifest; and its QR code.

The code is the first 80 bits of the sha256 in Crockford's base 32 (no I, L, O, U), in four groups of four. The QR code
holds the whole hash.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from appraisal.errors import Lang, text
from reports.figures import Code

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
_LETTERS, _GROUP, _BITS = 16, 4, 5
_PREFIX = "APPRAISAL1:"
_HEX = 64


@dataclass(frozen=True, kw_only=True)
class Seal:
    """The hash of a manifest as people and machines compare it."""

    sha256: str

    @classmethod
    def of(cls, manifest: bytes) -> Seal:
        """Return the seal of a bundle whose manifest has these bytes."""
        return cls(sha256=sha256(manifest).hexdigest())

    @property
    def code(self) -> str:
        """The verification code, such as `7K3M-9QXF-02AB-CDEF`."""
        number = int(self.sha256, 16) >> (len(self.sha256) * 4 - _LETTERS * _BITS)
        letters = "".join(_DIGITS[(number >> (_BITS * (_LETTERS - 1 - n))) % len(_DIGITS)] for n in range(_LETTERS))
        return "-".join(letters[at : at + _GROUP] for at in range(0, _LETTERS, _GROUP))

    @property
    def content(self) -> str:
        """What the QR code holds: upper case only, which makes it smaller."""
        return _PREFIX + self.sha256.upper()

    def fits(self, written: str) -> bool:
        """Say whether what someone read off paper is this: the code, in any case, or the QR's text."""
        plain = "".join(written.upper().split()).replace("-", "").replace("－", "")
        if plain.startswith(_PREFIX):
            plain = plain.removeprefix(_PREFIX)
        if len(plain) == _HEX:
            return plain.lower() == self.sha256
        return plain.translate(_ALIKE) == self.code.replace("-", "")

    def block(self, lang: Lang = "zh") -> Code:
        """Return the QR code and the words beside it, as they stand on a notice."""
        words = (text("bundle_code", lang, shown=self.code), text("bundle_how", lang))
        return Code(title=text("bundle_code_title", lang), content=self.content, words=words)
