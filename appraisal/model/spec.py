"""What every part of a rulebook is made of."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Spec(BaseModel):
    """A part of a rulebook: frozen, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_enum_values=False)


Flag = Annotated[
    bool, BeforeValidator(lambda raw: {"true": True, "false": False}.get(raw, raw) if isinstance(raw, str) else raw)
]


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40)]
