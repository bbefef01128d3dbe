"""What an explanation is made from, and the words that its parts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appraisal.errors import Lang, text
from appraisal.model.edition import Edition
from appraisal.model.event import Event
from appraisal.model.standing import Assessment, Standing
from reports.tree import Node, Role


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
                return sentence.text, f"{rulebook.source.file}:{sentence.line}"
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
        return "  ".join(filter(None, (event.id, event.date.isoformat(), event.level, event.matter, note)))
