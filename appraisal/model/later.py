"""A sequence that is made when it is first looked at: most of what explains a standing is never asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar, overload

T_co = TypeVar("T_co", covariant=True)


class Later(Sequence[T_co]):
    """What `make` returns, called at most once by each thread that looks; equal to any sequence of equal elements.

    What `make` stands on must not change: looked at now or later, it is the same.
    """

    def __init__(self, make: Callable[[], tuple[T_co, ...]]) -> None:
        self._make: Callable[[], tuple[T_co, ...]] | None = make
        self._whole: tuple[T_co, ...] = ()

    @property
    def whole(self) -> tuple[T_co, ...]:
        """All of it."""
        make = self._make
        if make is not None:
            # No lock: two threads that look at once make the same, and one of both stays.
            self._whole = make()
            self._make = None  # after the answer is there; and it lets go of what that was made from
        return self._whole

    @overload
    def __getitem__(self, index: int) -> T_co: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T_co, ...]: ...
    def __getitem__(self, index: int | slice) -> T_co | tuple[T_co, ...]:
        return self.whole[index]

    def __len__(self) -> int:
        return len(self.whole)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self.whole)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Later):
            return self.whole == other.whole
        return self.whole == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.whole)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> Any:
        """Say to the codec that bytes never hold one: they hold what it makes."""
        from pydantic_core import core_schema  # noqa: PLC0415  only the codec asks

        del source, handler
        return core_schema.is_instance_schema(cls)

    def __repr__(self) -> str:
        return repr(self.whole)
