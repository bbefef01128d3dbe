"""The text of one cell to a value: dates, periods, numbers, counts, statuses; or what is wrong with it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

from appraisal.model.event import Status
from appraisal.model.exact import decimals, parse_exact, show
from appraisal.model.inputs import Measure
from appraisal.model.periods import MONTHS, Period

BLANKS = " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
BLANKS += "\u2028\u2029\u202f\u205f\u3000\u200b\u200c\u200d\u2060\ufeff"  # and what cannot be seen at all

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY = re.compile(
    r"(?P<y>\d{4})(?:-(?P<m1>\d{1,2})-(?P<d1>\d{1,2})|/(?P<m2>\d{1,2})/(?P<d2>\d{1,2})"
    r"|\.(?P<m3>\d{1,2})\.(?P<d3>\d{1,2})|年(?P<m4>\d{1,2})月(?P<d4>\d{1,2})日)",
    re.ASCII,
)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?", re.ASCII)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})?", re.ASCII)
_TURNED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
_USUAL = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d)?", re.ASCII)
_SERIAL = re.compile(r"[3-5]\d{4}", re.ASCII)
_DAY_ZERO = date(1899, 12, 30)  # of spreadsheets
_DECIMAL = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,12})?(?:\s*%)?", re.ASCII)
_FIGURE = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)\s*%?", re.ASCII)
_SIGNS = str.maketrans({"。": ".", "−": "-", "—": "-", "–": "-", "﹣": "-", "：": ":", "﹪": "%"})

MOST = Fraction(10**9)
MOST_COUNT = 10**6
BARE_RATE = 2
MOST_RATE = 10
PLACES = 6
RATE_PLACES = 8

STATUS_WORDS: Mapping[str, Status] = {
    "": Status.NONE,
    "confirmed": Status.CONFIRMED,
    "已确认": Status.CONFIRMED,
    "确认": Status.CONFIRMED,
    "已确定": Status.CONFIRMED,
    "确定": Status.CONFIRMED,
    "declared": Status.DECLARED,
    "已申报": Status.DECLARED,
    "申报": Status.DECLARED,
    "reviewed": Status.REVIEWED,
    "已审核": Status.REVIEWED,
    "审核": Status.REVIEWED,
    "pending": Status.PENDING,
    "待定": Status.PENDING,
    "withdrawn": Status.WITHDRAWN,
    "已撤回": Status.WITHDRAWN,
    "撤回": Status.WITHDRAWN,
}
STATUS_NAMES: Mapping[Status, str] = {
    Status.CONFIRMED: "已确认",
    Status.DECLARED: "已申报",
    Status.REVIEWED: "已审核",
    Status.PENDING: "待定",
    Status.WITHDRAWN: "已撤回",
}


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a cell: the code, the column, and what the message needs besides."""

    code: str
    column: str = ""
    args: Mapping[str, str] = field(default_factory=dict)


def even(text: str) -> str:
    """Return digits and marks at their usual width, for numbers and dates."""
    return unicodedata.normalize("NFKC", text).translate(_SIGNS).strip(BLANKS)


def _split(text: str) -> tuple[tuple[int, int, int], str] | None:
    """Split a day, possible or not, from what follows it."""
    match = _DAY.match(text)
    if not match:
        return None
    parts = match.groupdict()
    month = next(parts[k] for k in ("m1", "m2", "m3", "m4") if parts[k])
    day = next(parts[k] for k in ("d1", "d2", "d3", "d4") if parts[k])
    return (int(parts["y"]), int(month), int(day)), text[match.end() :]


def _day(numbers: tuple[int, int, int], column: str) -> date | Wrong:
    year, month, day = numbers
    try:
        return date(year, month, day)
    except ValueError:
        pass
    if month > MONTHS >= day >= 1:
        try:
            return Wrong("E042", column, {"right": date(year, day, month).isoformat()})
        except ValueError:
            pass
    return Wrong("E041", column)


def parse_date(text: str, column: str = "date") -> date | Wrong:
    """Read a day in any of the usual forms; a time of day other than midnight is refused."""
    if _ISO.fullmatch(text):  # what programs write
        with suppress(ValueError):
            return date.fromisoformat(text)
    plain = even(text)
    split = _split(plain)
    if split is None:
        return Wrong("E040", column, {"right": _likely_date(plain)})
    numbers, rest = split
    day = _day(numbers, column)
    if isinstance(day, Wrong) or not rest:
        return day
    time = _time(rest)
    if time is None:
        return Wrong("E040", column, {"right": day.isoformat()})
    return day if time == (0, 0, 0, 0) else Wrong("E049", column, {"right": day.isoformat()})


def _likely_date(text: str) -> str:
    """Return how the date was probably meant, or the general form where that can't be told."""
    try:
        if _SERIAL.fullmatch(text):
            return (_DAY_ZERO + timedelta(days=int(text))).isoformat()
        if (match := _COMPACT.fullmatch(text)) and match[3]:
            return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
        if match := _TURNED.fullmatch(text):
            month, day = sorted((int(match[1]), int(match[2])))
            if day > MONTHS or month == day:  # else which of them is the month can't be told
                return date(int(match[3]), month, day).isoformat()
    except ValueError:
        pass
    return "2020-03-09"


def _time(rest: str) -> tuple[int, int, int, int] | None:
    match = _TIME.fullmatch(rest[1:].strip()) if rest[:1] in {" ", "T", "t"} else None
    if not match:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour >= 24 or minute >= 60 or second >= 60:  # noqa: PLR2004  a day's hours, an hour's minutes
        return None
    return hour, minute, second, int((match[4] or "").ljust(6, "0"))


def parse_moment(text: str, column: str = "recorded") -> datetime | Wrong:
    """Read a day with or without a time of day; a time zone is refused, for it is the office's own time."""
    if _USUAL.fullmatch(text):  # nearly all are; this is several times as fast
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    plain = even(text)
    split = _split(plain)
    if split is None:
        return Wrong("E048", column)
    day = _day(split[0], column)
    if isinstance(day, Wrong):
        return day
    time = _time(split[1]) if split[1] else (0, 0, 0, 0)
    return Wrong("E048", column) if time is None else datetime(day.year, day.month, day.day, *time)  # noqa: DTZ001  naive by contract


def parse_period(text: str) -> Period | Wrong:
    """Read a month or a year; the first day of a month, which spreadsheets make of it, is that month."""
    plain = even(text)
    try:
        return Period.parse(plain)
    except ValueError:
        pass
    right = "2020-03"
    day = parse_date(plain)
    if isinstance(day, date) and day.year < date.max.year:  # of which there is no period
        if day.day == 1:
            return Period.of(day)
        right = str(Period.of(day))
    elif (match := _COMPACT.fullmatch(plain)) and not match[3] and 1 <= int(match[2]) <= MONTHS:
        right = f"{match[1]}-{match[2]}"
    return Wrong("E044", "period", {"right": right})


def parse_status(text: str) -> Status | Wrong:
    """Read a status word, English or Chinese; empty is a status too."""
    status = STATUS_WORDS.get(text)
    if status is None:
        status = STATUS_WORDS.get(unicodedata.normalize("NFKC", text).strip(BLANKS).casefold())
    if status is not None:
        return status
    return Wrong("E070", "status", {"words": ", ".join(f"{zh} ({s.value})" for s, zh in STATUS_NAMES.items())})


def parse_count(text: str) -> int | Wrong:
    """Read a whole number from 1 to a million."""
    plain = even(text)
    if not _DECIMAL.fullmatch(plain) or "%" in plain:
        return Wrong("E066", "count")
    number = parse_exact(plain)
    if number.denominator != 1 or not 1 <= number <= MOST_COUNT:
        return Wrong("E066", "count")
    return int(number)


def parse_number(text: str, measure: Measure, column: str) -> Fraction | Wrong:
    """Read a rate, score or amount exactly: no more places than anyone writes, no percent sign but on a rate."""
    plain = even(text)
    if not _FIGURE.fullmatch(plain):
        return Wrong("E054", column, {"right": _example(measure)})
    percent = plain.endswith("%")
    if percent and measure is not Measure.RATE:
        return Wrong("E056", column, {"right": plain.rstrip("% ")})
    if not _DECIMAL.fullmatch(plain):
        return _not_plain(plain, measure, column)
    return _measured(parse_exact(plain), plain, measure, column)


def _measured(number: Fraction, plain: str, measure: Measure, column: str) -> Fraction | Wrong:
    """Judge the size and the places of a number that was read."""
    if abs(number) > MOST:
        return Wrong("E069", column)
    bare = measure is Measure.RATE and not plain.endswith("%")
    if measure is Measure.RATE and number > (MOST_RATE * 100 if bare else MOST_RATE):
        return Wrong("E057", column, {"range": f"≤ {MOST_RATE * 100}%"})
    if bare and number > BARE_RATE:
        return Wrong("E055", column, {"percent": f"{plain}%", "bare": show(number / 100)})
    most = RATE_PLACES if measure is Measure.RATE else PLACES
    return number if (decimals(number) or 0) <= most else _too_fine(number, column, most)


def _not_plain(plain: str, measure: Measure, column: str) -> Wrong:
    """Say why a figure is none that can be taken: too long before or after its point, or bare of a digit there."""
    whole, _, dec = plain.rstrip("% ").lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > 15:  # noqa: PLR2004  what `parse_exact` reads
        return Wrong("E069", column)
    if whole and dec:
        return _too_fine(Fraction(f"{whole[-15:]}.{dec[:30]}"), column, PLACES)
    return Wrong("E054", column, {"right": _example(measure)})


def _too_fine(number: Fraction, column: str, places: int) -> Wrong:
    rounded = Fraction(round(number * 10**places), 10**places)
    return Wrong("E059", column, {"places": str(places), "right": show(rounded)})


def _example(measure: Measure) -> str:
    return "0.72 / 72%" if measure is Measure.RATE else "95 / 0.5"
