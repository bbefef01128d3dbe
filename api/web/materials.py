"""What documents are made from, for the web: the same result that the page shows, with how far it is official."""

from __future__ import annotations

from api.web.found import Found
from appraisal.errors import Lang
from reports.material import Imprint, Material


def material(found: Found, office: str, lang: Lang, *, ranked: bool = True) -> Material:
    """Return the material of a result that a page shows; it is a draft until its number and signer are given.

    `ranked`: whether the ranking is shown to who takes it.
    """
    return Material(
        edition=found.edition,
        assessment=found.assessment,
        events=found.events,
        lang=lang,
        imprint=Imprint(office=office),
        ranked=ranked,
    )
