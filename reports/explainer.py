"""What an explanation is made from, and the words that its parts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.exact import show
from appraisal.model.rulebook import Reading
from appraisal.model.standing import Assessment, Standing
from reports.tree import Node, Role
from reports.wording import in_force, listed


@dataclass(frozen=True, kw_only=True)
class Explainer:
    """What an explanation is made from: the run, one standing in it, and the events by id."""

    assessment: Assessment
    standing: Standing
    edition: Edition
    events: Mapping[str, Event]
    lang: Lang

    def say(self, code: str, **args: str) -> str:
        """Return a message in the reader's language."""
        return text(code, self.lang, **args)

    def cited(self, part: str) -> tuple[str, str] | None:
        """Return the words of the document behind a part and where they stand; None where it has none."""
        rulebook = self.edition.rulebook
        for sentence in rulebook.sentences():
            if sentence.id == part:
                return sentence.whole, f"{rulebook.source.file}:{sentence.line}"
        return None

    def source(self, part: str) -> tuple[Node, ...]:
        """Return the sentence behind a part as a line of the tree; nothing where it has none."""
        found = self.cited(part)
        if found is None:
            return ()
        return (Node(words=self.say("explain_sentence", text=found[0], place=found[1]), role=Role.SOURCE),)

    def event(self, name: str) -> str:
        """Return an event as people recognise it; one that was derived with the words of the incident behind it."""
        event = self.events.get(name)
        if event is None:
            return name
        origin = self.events.get(event.derived_from)
        note = event.note or (origin.note if origin else "")
        said = self.answer(event)
        return "  ".join(filter(None, (event.id, event.date.isoformat(), event.level, event.matter, said, note)))

    def answer(self, event: Event) -> str:
        """Return what a row of another family's file says: its own words where it keeps them, else its number."""
        if not event.kind or event.derived_from:
            return ""
        said = next((str(event.facts[key]) for key in ("fuels", "answer", "said") if key in event.facts), "")
        return said or (show(event.value) if event.value is not None else "")

    def readings(self, part: str, told: set[str]) -> tuple[Node, ...]:
        """Return how unclear places about a part are read; one that is told already is only named."""
        nodes, above = [], []
        for reading in self.concerned(part):
            if reading.id in told:
                above.append(reading.id)
                continue
            told.add(reading.id)
            nodes.append(self.read_as(reading))
        if above:
            nodes.append(Node(words=self.say("explain_reading_above", ids=listed(above, self.lang))))
        return tuple(nodes)

    def read_as(self, reading: Reading) -> Node:
        """Return how an unclear place is read, and how else it could be."""
        others = listed((f"{a.id}: {a.text}" for a in reading.alternatives), self.lang)
        words = self.say("explain_reading", id=reading.id, text=in_force(reading, self.edition))
        return Node(words=words + (self.say("explain_else", others=others) if others else ""))

    def concerned(self, part: str) -> list[Reading]:
        """Return the readings about a part, or about the part that it belongs to (G1 for G1.score)."""
        names = {part, part.partition(".")[0]}
        return [reading for reading in self.edition.rulebook.readings if names & set(reading.of)]
