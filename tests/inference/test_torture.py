"""Long runs: many random rulebooks, and workers struck hundreds of times while they answer. Only by `make torture`."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Iterator, Sequence

import plain
import pytest
from books import edition, incident, kind, rule
from hypothesis import HealthCheck, given, settings
from test_contract import books, engine_answers, incidents

from appraisal.inference import driver
from appraisal.inference.driver import Answers, Watch, Worker
from appraisal.inference.engine import classify
from appraisal.model.edition import Edition
from appraisal.model.event import Event

pytestmark = pytest.mark.torture


@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(books(), incidents())
def test_a_thousand_rulebooks_agree_with_plain_python(book: Edition, told: list[Event]) -> None:
    assert engine_answers(book, told) == plain.answers(book, told)


def test_hundreds_of_kills_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [
        rule("food", {"fact": "x_topic", "is": "食安"}),
        rule("waste", {"fact": "x_n", "at_least": "5"}, clause="K-2"),
    ]
    book = edition(kinds=[kind(x_topic={}, x_n={"type": "whole"})], rules=rules)
    told = [incident(f"i{n}", x_topic=("食安", "垃圾")[n % 2], x_n=str(n % 9)) for n in range(60_000)]
    quiet = classify(book, told)
    dice = random.Random(2020)  # noqa: S311  repeatable
    kills = []

    class Struck(Worker):
        def ask(self, messages: Sequence[str]) -> Iterator[Answers]:
            for answers in super().ask(messages):
                if dice.random() < 1 / 150:
                    kills.append(self.pid)
                    os.kill(self.pid, dice.choice([signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM]))
                yield answers

    monkeypatch.setattr(driver, "Worker", Struck)
    # A message is set aside after so many deaths; struck at random, an innocent one may see several.
    assert classify(book, told, watch=Watch(tries=9)) == quiet
    assert len(kills) > 300
