"""A process that makes one long export: its order on standard input, how far it is on standard output, the file whole.

It ends with whoever started it: when standard input closes, nothing is left but a file that is no part of the export.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from threading import Thread

from appraisal.errors import AppraisalError, Finding, Lang, RefusedError

_POLITE = 10
_ABANDONED = 3


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be made: the documents of a period, with `months` of each month before it too.

    `subject` or `department`: only what one may have of its own; `hidden`: the spans of which no rank may be told;
    `day`: duties are judged up to it, as an ISO date.
    """

    office: str
    rulebook: str
    period: str
    lang: Lang
    day: str
    months: bool = False
    hidden: Sequence[str] = ()
    subject: str = ""
    department: str = ""


def asked(order: Order, url: str, out: Path) -> bytes:
    """Return what the process is told: one line of JSON."""
    return json.dumps({**asdict(order), "url": url, "out": str(out)}).encode() + b"\n"


def heard(line: bytes) -> tuple[str, int, int] | tuple[Finding, ...]:
    """Return what a line of the process says: how far a step is, or what is wrong; ValueError where it is neither."""
    told = json.loads(line)
    if "findings" in told:
        return tuple(Finding(code=one["code"], args=one["args"]) for one in told["findings"])
    return str(told["step"]), int(told["done"]), int(told["all"])


def main() -> int:
    """Make the export that standard input orders; 0 where it is there, 1 where it was refused."""
    with suppress(OSError):
        os.nice(_POLITE)  # pages come first
    told = json.loads(sys.stdin.buffer.readline())
    Thread(target=_until_abandoned, daemon=True).start()
    url, out = str(told.pop("url")), Path(told.pop("out"))
    try:
        _make(Order(**told), url, out)
    except RefusedError as refused:
        _say({"findings": [{"code": f.code, "args": dict(f.args)} for f in refused.findings]})
        return 1
    except AppraisalError:
        return 1
    return 0


def _until_abandoned() -> None:
    while os.read(sys.stdin.fileno(), 1):  # not by the buffer, whose lock the end of the interpreter wants
        pass
    os._exit(_ABANDONED)  # no cleaning up: what is beside the file is cleared away with its folder


def _say(words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def _progress(step: str, done: int, all_: int) -> None:
    _say({"step": step, "done": done, "all": all_})


def _quiet(step: str, done: int, all_: int) -> None:
    """Tell of the first of many steps only: what people wait for are documents."""
    if step in {"assessing", "exporting"}:
        _progress(step, done, all_)


def _make(order: Order, url: str, out: Path) -> None:
    from api.export import Asked, Source, gathered_all, imprint_of, parts_of, stages_of  # noqa: PLC0415
    from appraisal.office.installation import open_installation  # noqa: PLC0415
    from appraisal.office.letterhead import letter  # noqa: PLC0415
    from reports.catalogue import Wish  # noqa: PLC0415
    from reports.files import write_whole  # noqa: PLC0415
    from reports.sets import files_of, packed  # noqa: PLC0415

    with open_installation(url) as house:
        office = house.office(order.office)
        want = Asked(
            rulebook=order.rulebook,
            period=order.period,
            through="",
            known=None,
            day=date.fromisoformat(order.day),
            lang=order.lang,
        )
        name = house.log.offices().get(order.office, order.office)
        rulebook = office.log.edition(office.adopted(order.rulebook)).rulebook
        source = Source(
            house=house,
            office=office,
            asked=want,
            imprint=lambda span: imprint_of(stages_of(house, office, span, rulebook), name, rulebook.source.publisher),
        )
        made = gathered_all(source, _quiet, months=order.months)
        made = [one.displayed(order.hidden) for one in made]
        template, called = letter(house, office.id)
        wish = Wish(subject=order.subject, department=order.department, template=template, template_name=called)
        files = files_of(parts_of(house, office, made, wish), _quiet)
    write_whole(out, packed({name: file.data for name, file in files.items()}))


if __name__ == "__main__":
    sys.exit(main())
