"""A progress bar on standard error; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from api.language import say


@contextmanager
def bar() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far each step is; a step is named by its message code."""
    if not sys.stderr.isatty():
        yield lambda _step, _done, _all: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        tasks: dict[str, TaskID] = {}

        def step(name: str, done: int, all_: int) -> None:
            if name not in tasks:
                tasks[name] = shown.add_task(say(f"step_{name}"), total=all_ or 1)
            shown.update(tasks[name], completed=done, total=all_ or 1)

        yield step
