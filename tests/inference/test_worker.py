"""The worker's own words, spoken to it in this process: only harmless rules, so that nothing can go wrong in C."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest

from appraisal.inference import worker
from appraisal.inference.plan import engine_rule

pytestmark = pytest.mark.inference


def told(rules: dict[str, Any], *messages: str) -> list[Any]:
    """Return what a worker answers to one batch of messages."""
    ours, theirs = socket.socketpair()
    order = {"rules": rules, "seconds": 5, "start_seconds": 30}
    ours.sendall(("\n".join([json.dumps(order), *messages, "", ""])).encode())
    ours.shutdown(socket.SHUT_WR)
    with theirs:
        worker.serve(theirs)
    with ours, ours.makefile("r", encoding="utf-8") as lines:
        first, *answers = [line.rstrip("\n") for line in lines]
    assert first == "ready"
    return [line if line.startswith("!") else json.loads(line) for line in answers]


def test_events_are_answered_one_by_one() -> None:
    rules = {"two": engine_rule([{"x": 2}], 1), "any": engine_rule([{"here": 1}], 2)}
    messages = [f'{{"id":{n},"sid":"1","n":{n},"here":1,"x":{n}}}' for n in range(4)]
    assert told(rules, *messages) == [[["any", [0]]], [["any", [1]]], [["two", [2]]], [["any", [3]]]]


def test_facts_stay_and_meet_later_ones() -> None:
    same = {"$and": [{"c": "B"}, {"g": {"a": "g"}}]}
    rules = {"pair": {"all": [{"a": {"c": "A"}}, {"b": same}]}}
    facts = [("B", 7), ("A", 7), ("A", 8), ("C", 7), ("B", 8)]
    messages = [f'+{{"id":{n},"sid":"1","n":{n},"c":"{c}","g":{g}}}' for n, (c, g) in enumerate(facts)]
    assert told(rules, *messages) == [[], [["pair", [0, 1]]], [], [], [["pair", [2, 4]]]]


def test_the_nth_event_of_a_session_is_answered() -> None:
    rules = {"three": {"count": 3, "all": [{"m": {"t": 3}}]}}
    sessions = ["1", "2", "1", "1", "2"]
    messages = [f'{{"id":{n},"sid":"{s}","n":{n},"t":3}}' for n, s in enumerate(sessions)]
    assert told(rules, *messages) == [[], [], [], [["three", [0, 2, 3]]], []]


def test_what_the_engine_refuses_is_said() -> None:
    rules = {"pair": {"all": [{"a": {"c": "A"}}, {"b": {"c": "B"}}]}}
    fact = '+{"id":1,"sid":"1","n":1,"c":"A"}'
    cut, first, again = told(rules, '{"id":1,"sid":"1"', fact, fact)
    assert cut.startswith("!error Could not assert event")
    assert first == []
    assert again == "!EngineFaultError message refused, code 2"


class Endless:
    """An engine in which one message sets off rules for ever."""

    error = ValueError

    def assert_event(self, handle: int, message: str) -> tuple[int, int]:  # noqa: ARG002
        return 0, 0

    assert_fact = assert_event

    def start_action_for_state(self, handle: int, state: int) -> tuple[str, str]:  # noqa: ARG002
        return "{}", '{"r":{"m":{"n":1}}}'

    def complete_and_start_action(self, handle: int, state: int) -> str:  # noqa: ARG002
        return '{"r":{"m":{"n":1}}}'


class Deferring(Endless):
    """An engine that puts every message off."""

    def assert_event(self, handle: int, message: str) -> tuple[int, int]:  # noqa: ARG002
        return 3, 0


def test_rules_without_end_are_stopped() -> None:
    with pytest.raises(worker.EngineFaultError, match="without end"):
        worker.drive(Endless(), 0, "{}")


def test_a_message_that_is_put_off_is_no_answer() -> None:
    with pytest.raises(worker.EngineFaultError, match="code 3"):
        worker.drive(Deferring(), 0, "{}")
