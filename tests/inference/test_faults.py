"""Every fault of the engine that a rulebook or a user's input could provoke: a clear refusal or the right answer.

The numbers R1 … R30 are those of docs/inference.md.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from books import edition, event, incident, kind, rule
from pydantic import ValidationError

from appraisal.errors import InternalError, RefusedError
from appraisal.inference import driver
from appraisal.inference.driver import Answers, Order, Watch, Worker, WorkerDiedError, run
from appraisal.inference.engine import classify
from appraisal.inference.joins import charges, joins
from appraisal.inference.plan import engine_rule, inference_problems
from appraisal.model.edition import Edition
from appraisal.model.event import Event

pytestmark = pytest.mark.inference

WHOLE = {"type": "whole"}
BROKEN = (sys.executable, str(Path(__file__).with_name("broken_worker.py")))
QUICK = Watch(command=BROKEN, seconds=1)


def refused(book: Edition, *told: Event) -> list[str]:
    """Return the codes with which incidents are refused; every message of theirs can be read in both languages."""
    with pytest.raises(RefusedError) as caught:
        classify(book, told)
    for finding in caught.value.findings:
        assert finding.what("zh")
        assert finding.remedy("zh")
        assert finding.render("en")
    return [finding.code for finding in caught.value.findings]


def derived(book: Edition, *told: Event) -> dict[str, str]:
    """Return the rule that answered each incident; those without one are left out."""
    return {made.derived_from: made.id.rsplit("~", 1)[1] for made in classify(book, told).events}


def codes(book: Edition) -> list[str]:
    """Return the codes of what is wrong in a rulebook's inference."""
    return [problem.code for problem in inference_problems(book.rulebook)]


@pytest.fixture
def simple() -> Edition:
    """Food bulletins are K-1, waste bulletins K-2."""
    rules = [
        rule("food", {"fact": "x_topic", "is": "食安"}),
        rule("waste", {"fact": "x_topic", "is": "垃圾"}, clause="K-2"),
    ]
    return edition(kinds=[kind(x_topic={})], rules=rules)


def test_r1_nothing_to_classify_starts_no_process(simple: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(driver, "_started", lambda *_: pytest.fail("a process was started"))
    assert classify(simple, []).events == ()
    assert classify(simple, [event("e", "K-1")]).events == ()
    assert joins(simple, [event("e", "K-1")]) == ()


def test_r2_incident_without_any_fact(simple: Edition) -> None:
    told = classify(simple, [incident("a"), incident("b", x_topic="食安")])
    assert told.unmatched == ("a",)
    assert [made.id for made in told.events] == ["b~food"]


@pytest.mark.parametrize("number", ["1e-5", "0.5", "½", "²", "٣", "--1", "1 000", "inf", Fraction(1, 2)])
def test_r3_r8_only_whole_numbers_pass_for_numbers(number: object) -> None:
    book = edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", {"fact": "x_n", "at_most": "80"})])
    assert refused(book, incident("a", x_n=number), incident("b", x_n="1")) == ["I104"]


def test_r8_numbers_written_as_text_are_compared_as_numbers() -> None:
    book = edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", {"fact": "x_n", "at_most": "80"})])
    told = [incident(text, x_n=text) for text in ("100", "9", "080", "-5")]
    assert derived(book, *told) == {"9": "r", "080": "r", "-5": "r"}


def test_r4_r13_more_than_a_thousand_subjects(simple: Edition) -> None:
    told = [incident(f"i{n}", subject=f"S{n}", x_topic="食安") for n in range(1_100)]
    made = classify(simple, told).events
    assert {one.id: one.subject for one in made} == {f"i{n}~food": f"S{n}" for n in range(1_100)}


def test_r5_one_unmatched_among_many(simple: Edition) -> None:
    told = [incident(f"i{n}", x_topic="无关" if n == 7 else "食安") for n in range(20)]
    result = classify(simple, told)
    assert result.unmatched == ("i7",)
    assert len(result.events) == 19


@pytest.mark.parametrize("extra", [{"div": "2"}, {"at_least": "x_m"}, {"than": "x_m"}, {"absent": "true"}])
def test_r6_r7_r16_r22_conditions_compare_a_fact_with_constants_only(extra: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", {"fact": "x_n", **extra})])


def test_r7_absent_number_is_not_below_a_bound() -> None:
    book = edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", {"fact": "x_n", "at_most": "9"})])
    assert classify(book, [incident("a")]).unmatched == ("a",)


def test_needed_fact_that_is_missing_is_refused() -> None:
    book = edition(kinds=[kind(x_n={**WHOLE, "needed": "true"})], rules=[rule("r")])
    assert refused(book, incident("a"), incident("b", x_n="")) == ["I102", "I102"]


def test_r9_long_text_is_refused_and_the_longest_is_answered_rightly() -> None:
    book = edition(kinds=[kind(x_topic={})], rules=[rule("r", {"fact": "x_topic", "is": "A"})])
    assert refused(book, incident("a", x_topic="A" + "B" * 65_536)) == ["I106"]
    assert refused(book, incident("a", x_topic="字" * 20_001)) == ["I106"]
    assert classify(book, [incident("a", x_topic="A" + "B" * 59_999)]).unmatched == ("a",)
    assert refused(book, incident("a", x_topic="\ud800")) == ["I106"]


@pytest.mark.parametrize(
    "text", ['"', "\\", '\\"', "'", "\n", "\x00", "\u2028", "{}", '{"$m":1}', "$and", "sid-1", "true", "1"]
)
def test_odd_texts_mean_themselves(text: str) -> None:
    rules = [
        rule("r", {"fact": "x_topic", "is": text}),
        rule("q", {"fact": "x_topic", "is_not": f"{text}x"}, clause="K-2"),
    ]
    book = edition(kinds=[kind(x_topic={})], rules=rules)
    told = [
        incident("same", x_topic=text),
        incident("longer", x_topic=f"{text}x"),
        incident("other", x_topic=f"x{text}"),
    ]
    assert derived(book, *told) == {"same": "r", "other": "q"}


def test_r10_many_words_and_too_many() -> None:
    def book(many: int) -> Edition:
        rules = [rule(f"r{n}", {"fact": "x_topic", "is": f"词{n}"}) for n in range(many)]
        return edition(kinds=[kind(x_topic={})], rules=rules)

    told = [incident(f"i{n}", x_topic=f"词{n}") for n in range(500)]
    assert derived(book(500), *told) == {f"i{n}": f"r{n}" for n in range(500)}
    assert codes(book(501)) == ["I016"]
    assert refused(book(512), incident("a")) == ["I016"]


def test_r11_many_bounds_true_at_once_and_too_many() -> None:
    def book(many: int) -> Edition:
        rules = [rule(f"r{n}", {"fact": "x_n", "at_most": str(100 + n)}) for n in range(many)]
        return edition(kinds=[kind(x_n=WHOLE)], rules=rules)

    told = [incident(str(n), x_n=str(n)) for n in (1, 110, 155, 156)]
    # kind, the number that is known, the catch-all, and 56 bounds: 59
    assert derived(book(56), *told) == {"1": "r0", "110": "r10", "155": "r55"}
    assert codes(book(57)) == ["I017"]
    assert refused(book(65), incident("a", x_n="1")) == ["I017"]


def test_r12_the_same_condition_again_is_found_when_read() -> None:
    rules = [rule(f"r{n}", {"fact": "x_topic", "is": "食安"}) for n in range(256)]
    assert codes(edition(kinds=[kind(x_topic={})], rules=rules)) == ["I006"] * 255


def test_r12_the_same_word_twice_is_one_word() -> None:
    words = {"fact": "x_topic", "one_of": ["食安"] * 300}
    book = edition(kinds=[kind(x_topic={})], rules=[rule("r", words)])
    assert derived(book, incident("a", x_topic="食安")) == {"a": "r"}


def test_more_rules_than_the_engine_orders_are_refused_before_they_are_taken_apart() -> None:
    words = [f"词{n}" for n in range(40)]
    facts = ("x_a", "x_b", "x_c", "x_d")
    when = [{"fact": fact, "one_of": words} for fact in facts]  # 40⁴ combinations
    assert codes(edition(kinds=[kind(**{fact: {} for fact in facts})], rules=[rule("r", *when)])) == ["I010"]


def test_too_many_facts_of_a_kind_are_refused() -> None:
    def book(many: int) -> Edition:
        names = [f"x_{n}" for n in range(many)]
        rules = [
            rule(f"r{n}", {"fact": "x_topic", "is": f"词{n % 3}"}, {"fact": name, "is": "1"})
            for n, name in enumerate(names)
        ]
        return edition(kinds=[kind(x_topic={}, **dict.fromkeys(names, WHOLE))], rules=rules)

    assert codes(book(45)) == ["I018"]  # the topic, and two fields for each number: 91
    assert derived(book(44), incident("a", x_topic="词1", x_43="1", x_1="1")) == {"a": "r1"}


def test_r15_r16_joins_compare_matters_by_equality_only() -> None:
    book = edition(joins=[{"id": "j", "warn": "示例"}])
    told = [event(f"e{n}", f"K-{1 + n % 5}", matter=f"m{n % 7}", subject=f"S{n % 3}") for n in range(300)]
    warnings = joins(book, told)
    # 3 subjects × 7 matters × 5 clauses, which meet in 105 ways: every two of the five clauses in each of 21 matters
    assert len(warnings) == 3 * 7 * 10


def test_r16_a_join_of_what_does_not_belong_together_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    book = edition(joins=[{"id": "j", "warn": "示例"}])
    told = [event("a", "K-1", matter="m"), event("b", "K-2", matter="m"), event("c", "K-1", matter="n")]
    monkeypatch.setattr("appraisal.inference.joins.run_together", lambda *_: [(), (("pair K-1 K-2", (0, 2)),), (), ()])
    with pytest.raises(InternalError, match="does not belong"):
        joins(book, [*told, event("d", "K-2", matter="n")])


def test_r17_the_same_id_twice(simple: Edition) -> None:
    one = incident("a", x_topic="食安")
    assert len(classify(simple, [one, replace(one), one]).events) == 1
    assert refused(simple, one, incident("a", x_topic="垃圾")) == ["I108"]


def test_r18_r19_r28_one_incident_gives_one_event_by_the_first_of_three_hundred_rules() -> None:
    rules = [rule(f"r{n}", {"fact": "x_topic", "one_of": ["食安", f"词{n}"]}) for n in range(300)]
    book = edition(kinds=[kind(x_topic={})], rules=rules)
    told = [incident("a", x_topic="食安"), incident("b", x_topic="词299"), incident("c", x_topic="词0")]
    assert derived(book, *told) == {"a": "r0", "b": "r299", "c": "r0"}


def test_r22_rule_without_conditions_answers_once_for_its_kind() -> None:
    book = edition(kinds=[kind(), kind("case")], rules=[rule("r")])
    result = classify(book, [incident("a"), incident("b", "case")])
    assert [made.id for made in result.events] == ["a~r"]
    assert result.unmatched == ("b",)


def test_r25_all_conditions_hold_together() -> None:
    when = [{"fact": "x_topic", "is": "食安"}, {"fact": "level", "is": "市"}, {"fact": "x_n", "at_least": "2"}]
    book = edition(kinds=[kind(x_topic={}, level={}, x_n=WHOLE)], rules=[rule("r", *when)])
    facts = {"x_topic": "食安", "level": "市", "x_n": "2"}
    told = [incident("all", **facts), *(incident(f"no-{name}", **{**facts, name: ""}) for name in facts)]
    assert derived(book, *told) == {"all": "r"}


def test_r26_no_process_and_no_thread_is_left(simple: Edition) -> None:
    threads = threading.active_count()
    started: list[Worker] = []

    class Seen(Worker):
        def __init__(self, order: Order) -> None:
            super().__init__(order)
            started.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(driver, "Worker", Seen)
        classify(simple, [incident("a", x_topic="食安")])
    assert [worker._process.poll() in {0, -signal.SIGKILL} for worker in started] == [True]
    assert threading.active_count() == threads


def test_r29_large_numbers() -> None:
    book = edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", {"fact": "x_n", "is": str(2**53)})])
    told = [
        incident("same", x_n=str(2**53)),
        incident("less", x_n=str(2**53 - 1)),
        incident("minus", x_n=str(-(2**53))),
    ]
    assert derived(book, *told) == {"same": "r"}
    assert refused(book, incident("a", x_n=str(2**53 + 1))) == ["I105"]
    assert refused(book, incident("a", x_n="1" + "0" * 30)) == ["I104"]
    assert codes(edition(kinds=[kind(x_n=WHOLE)], rules=[rule("r", {"fact": "x_n", "at_most": str(2**53 + 1)})])) == [
        "I012"
    ]


@pytest.mark.parametrize(("word", "why"), [("坠", "crashed"), ("挂", "hung"), ("拒", "refused")])
def test_an_incident_that_no_worker_survives_is_set_aside_and_the_rest_goes_on(
    simple: Edition, word: str, why: str
) -> None:
    told = [incident(f"i{n:03}", x_topic=word if n == 150 else "食安") for n in range(400)]
    result = classify(simple, told, watch=QUICK)
    assert [(name, finding.code) for name, finding in result.quarantined] == [("i150", "I201")]
    assert why in result.quarantined[0][1].what("zh")
    assert [made.derived_from for made in result.events] == [f"i{n:03}" for n in range(400) if n != 150]


@pytest.mark.parametrize("word", ["哑", "双"])
def test_no_answer_or_two_answers_stop_the_run(simple: Edition, word: str) -> None:
    with pytest.raises(InternalError, match="i7 was acknowledged"):
        classify(simple, [incident(f"i{n}", x_topic=word if n == 7 else "食安") for n in range(9)], watch=QUICK)


def test_too_many_fatal_incidents_stop_the_run(simple: Edition) -> None:
    told = [incident(f"i{n}", x_topic="坠") for n in range(5)]
    with pytest.raises(RefusedError, match="I202"):
        classify(simple, told, watch=replace(QUICK, quarantine=3))


@pytest.mark.parametrize(
    "command",
    [
        ("/nonexistent",),
        (sys.executable, "-c", "import sys; sys.exit(3)"),
        (sys.executable, "-c", "import time; time.sleep(9)"),
    ],
)
def test_a_worker_that_does_not_start_is_said_clearly(simple: Edition, command: tuple[str, ...]) -> None:
    watch = Watch(command=command, start_seconds=0.2, seconds=0.2)
    with pytest.raises(RefusedError, match="I202"):
        classify(simple, [incident("a")], watch=watch)
    book = edition(repeats=[{"id": "n", "warn": "示例", "clauses": ["K-1"], "times": 2}])
    with pytest.raises(RefusedError, match="I202"):
        joins(book, [event("a", "K-1"), event("b", "K-1")], watch=watch)


class Struck(Worker):
    """A worker that a signal from outside hits at some messages."""

    at: set[int]
    number: int
    seen: int = 0
    started: int = 0

    def __init__(self, order: Order) -> None:
        type(self).started += 1
        super().__init__(order)

    def ask(self, messages: Sequence[str]) -> Iterator[Answers]:
        for answers in super().ask(messages):
            type(self).seen += 1
            if self.seen in self.at:
                os.kill(self.pid, self.number)
            yield answers


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_a_worker_struck_from_outside_is_replaced_and_nothing_is_lost(
    simple: Edition, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    told = [incident(f"i{n}", x_topic=("食安", "垃圾", "")[n % 3]) for n in range(3_000)]
    quiet = classify(simple, told)
    struck = type("StruckHere", (Struck,), {"at": {100, 300, 1_500}, "number": number})
    monkeypatch.setattr(driver, "Worker", struck)
    assert classify(simple, told, watch=Watch(seconds=1)) == quiet
    assert struck.started > 1


def test_joins_survive_a_worker_that_dies(monkeypatch: pytest.MonkeyPatch) -> None:
    book = edition(joins=[{"id": "j", "warn": "示例"}])
    told = [event(f"e{n}", f"K-{1 + n % 5}", matter=f"m{n // 5}") for n in range(600)]
    quiet = joins(book, told)
    struck = type("StruckHere", (Struck,), {"at": {300}, "number": signal.SIGKILL})
    monkeypatch.setattr(driver, "Worker", struck)
    assert joins(book, told, watch=Watch(seconds=14)) == quiet  # another watch: the answers are not remembered
    assert struck.started == 2


def test_the_same_question_is_not_asked_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    book = edition(joins=[{"id": "j", "warn": "示例"}])
    told = [event("e1", "K-1", matter="问过"), event("e2", "K-2", matter="问过")]
    first = joins(book, told)
    assert len(first) == 1
    monkeypatch.setattr(driver, "_started", lambda *_: pytest.fail("a process was started"))
    assert joins(book, [*told, event("e3", "K-1")]) == first


def test_big_messages_go_in_small_batches() -> None:
    text = "字" * 19_000
    messages = [f'{{"id":{n},"sid":"1","n":{n},"here":1,"x":"{text}"}}' for n in range(40)]
    ran = run(Order(rules={"all": engine_rule([{"here": 1}], 1)}), messages)
    assert ran.answers == [(("all", (n,)),) for n in range(40)]


def test_a_message_that_the_engine_cannot_read_is_refused_not_lost() -> None:
    ran = run(Order(rules={"all": engine_rule([{"here": 1}], 1)}), ['{"id":0,"sid":"1","here":1'])
    assert ran.answers == [None]
    assert ran.quarantined[0].reason == "refused"


def test_worker_goes_when_the_one_who_asked_is_killed() -> None:
    code = (
        "from appraisal.inference.driver import Order, Worker\n"
        "worker = Worker(Order(rules={'r': {'all': [{'m': {'here': 1}}]}}))\n"
        "print(worker.pid, flush=True)\n"
        "import os; os._exit(0)\n"
    )
    pid = int(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout)
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text():
            return
        threading.Event().wait(0.05)
    pytest.fail("the worker stayed")


def test_only_the_worker_imports_durable() -> None:
    code = "import sys, appraisal.inference.engine, appraisal.inference.joins; print('durable' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert shown.stdout == "False\n"
    folder = Path(driver.__file__).parents[1]
    naming = {
        path.name
        for path in folder.rglob("*.py")
        if "import durable" in (text := path.read_text()) or "from durable" in text
    }
    assert naming == {"worker.py"}


def test_the_worker_imports_nothing_heavy() -> None:
    code = "import sys; import appraisal.inference.worker; print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True, text=True)
    assert not {"pydantic", "numpy", "sqlmodel", "yaml", "typer"} & set(shown.stdout.split())


def test_a_worker_that_is_gone_before_it_is_asked() -> None:
    with Worker(Order(rules={"all": engine_rule([{"here": 1}], 1)})) as worker:
        worker._process.kill()
        worker._process.wait()
        with pytest.raises(WorkerDiedError, match="crashed"):
            list(worker.ask(['{"id":1,"sid":"1","n":1,"here":1}'] * 9_999))


def test_facts_are_what_their_kind_declares() -> None:
    def wrong(**facts: dict[str, str]) -> list[str]:
        return codes(edition(kinds=[kind(**facts)], rules=[rule("r")]))

    assert wrong(count={}) == wrong(value={}) == ["I005"]
    assert wrong(x_n={"type": "whole", "default": "1.5"}) == ["I005"]
    assert wrong(x_n={"words": ["甲"], "default": "乙"}) == ["I004"]
    book = edition(kinds=[kind(matter={}, value=WHOLE)], rules=[rule("r", {"fact": "matter", "is": "m"})])
    told = replace(incident("a", value=Fraction(3)), matter="m")
    assert derived(book, told) == {"a": "r"}
    assert refused(book, incident("b", value=True)) == ["I104"]
    assert refused(edition(kinds=[kind(level={})], rules=[rule("r")]), incident("b", level=3)) == ["I106"]


def test_more_matters_and_months_than_one_engine_takes() -> None:
    book = edition(
        joins=[{"id": "j", "warn": "示例"}], repeats=[{"id": "n", "warn": "示例", "clauses": ["K-6"], "times": 2}]
    )
    pairs = [event(f"e{n}", f"K-{1 + n % 2}", matter=f"m{n // 2}") for n in range(1_202)]
    often = [event(f"o{n}", "K-6", subject=f"S{n // 2}") for n in range(1_000)]
    warnings = joins(book, [*pairs, *often])
    assert [sum(warn.code == code for warn in warnings) for code in ("W101", "W102")] == [601, 500]


def test_only_clauses_that_can_cost_points_are_charges() -> None:
    told = {
        "occurrence": ({"deduct": "1"}, True),
        "amount": ({"direction": "deduct"}, True),
        "tiers": ({"tiers": [{"at_least": "90%", "deduct": "0"}, {"below": "90%", "deduct": "1"}]}, True),
        "grade": ({"levels": {"优秀": {"earn": "1"}}}, False),
        "veto": ({}, True),
        "fact": ({}, False),
    }
    extra = [
        {"id": f"X-{name}", "text": "示例", "line": "1", "method": name, **more} for name, (more, _) in told.items()
    ]
    clauses = {clause.id: charges(clause) for clause in edition(clauses=extra).scorecard.clauses()}
    assert {name: clauses[f"X-{name}"] for name in told} == {name: costs for name, (_, costs) in told.items()}
    assert not clauses["K-6"]


def test_death_says_why() -> None:
    assert str(WorkerDiedError("hung")) == "hung"
    assert str(WorkerDiedError("crashed", "-11")) == "crashed -11"
