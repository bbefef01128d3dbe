"""Templates to HTML: one Jinja environment a language, strict about names, with the filters that pages use."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from api.web.spans import read_span
from api.web.words import translations
from appraisal.errors import Lang, messages, text
from appraisal.model.exact import show
from appraisal.model.standing import Say
from reports.wording import joined, said, span_words

STATIC = Path(__file__).parent.parent / "static"


@cache
def static_url(name: str) -> str:
    """Return the address of a static file with the hash of its bytes, so that browsers may keep it for good."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def points(value: Fraction | int | None) -> str:
    """Write points as people read them: shortest exact form, a true minus sign; nothing for none."""
    return "" if value is None else show(Fraction(value)).replace("-", "−")


def signed(value: Fraction | int | None) -> str:
    """Write a change with its sign."""
    if value is None:
        return ""
    return f"+{points(value)}" if value > 0 else points(value)


_SHOWN = 2


def short(value: Fraction, write: Callable[[Fraction], str] = points) -> Markup | str:
    """Write points to two decimals with all of them in the title, where there are more."""
    exact, places = write(value), points(value).partition(".")[2]
    if len(places) <= _SHOWN:
        return exact
    whole = (abs(value) * 10**_SHOWN + Fraction(1, 2)).__floor__()
    shown = write(Fraction(whole if value >= 0 else -whole, 10**_SHOWN))
    return Markup('<span title="{}">{}</span>').format(exact, shown)


def short_signed(value: Fraction) -> Markup | str:
    """Write a change to two decimals with its sign, and all of them in the title, where there are more."""
    return short(value, signed)


def moment(value: datetime | date | str | None) -> str:
    """Write a moment to the minute, or a day."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if value else None
    if value is None:
        return ""
    return value.isoformat(sep=" ", timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def script_json(value: object) -> Markup:
    """Return JSON that may stand inside a script element of type application/json."""
    told = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(told.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704  escaped


def drawing(svg: str) -> Markup:
    """Return a picture of `reports.charts`, which escapes its words, without the head of an XML file."""
    return Markup(svg[svg.index("<svg") :])  # noqa: S704


def inline_style(css: str) -> Markup:
    """Return our own style sheet as an element: only for a file that is taken away, where nothing else is at hand."""
    return Markup(f"<style>{css}</style>")  # noqa: S704  a file of ours


def with_query(path: str, query: Mapping[str, object | None]) -> str:
    """Return a path with the parts of the query that say something."""
    told = {key: value for key, value in query.items() if value is not None and value != ""}
    return f"{path}?{urlencode(told, doseq=True)}" if told else path


@cache
def environment(lang: Lang) -> Environment:
    """Return the templates with the words of this language."""
    made = Environment(
        loader=PackageLoader("api", "templates"),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    made.install_gettext_translations(translations(lang), newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(
        points=points,
        signed=signed,
        short=short,
        short_signed=short_signed,
        moment=moment,
        script_json=script_json,
        part=_part,
        drawing=drawing,
        inline_style=inline_style,
        span=lambda period: span_words(read_span(period), lang) if period else "",
    )

    def say(what: Say | str, **args: str) -> str:
        return said(what, lang) if isinstance(what, Say) else text(what, lang, **args)

    def say_all(what: Iterable[Say]) -> str:
        return joined(what, lang)

    def deed(name: str) -> str:
        """Return the words of what was traced: a step, an action, or a deed of administration."""
        known = (code for code in (f"step_{name}", f"action_{name}", f"deed_{name}") if code in messages())
        code = next(known, "")
        return text(code, lang) if code else name

    made.globals.update(
        deed=deed,
        static=static_url,
        say=say,
        say_all=say_all,
        with_query=with_query,
        lang=lang,
        colon="：" if lang == "zh" else ": ",
    )
    # A block that is rendered alone sees no imports of its page: the shared macros are known everywhere.
    shared = {"m": "macros", "faults": "findings", "f": "fields", "glances": "glance"}
    made.globals.update({name: made.get_template(f"parts/{file}.html").module for name, file in shared.items()})
    return made


def _part(value: object) -> str:
    """Quote a word as one part of a path."""
    return quote(str(value), safe="")


def render(template: str, lang: Lang, context: Mapping[str, Any], block: str = "") -> str:
    """Return a page, or only one of its blocks: the part that htmx puts into a page that is open."""
    found = environment(lang).get_template(template)
    html = "".join(found.blocks[block](found.new_context(dict(context)))) if block else found.render(context)
    return with_languages(html) if lang == "en" else html


_OPENED = re.compile(r"""<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>([^<>"]*[\u4e00-\u9fff][^<>"]*)(?=<)""")
_ENGLISH = re.compile(r"[a-z]{3}")


def with_languages(html: str) -> str:
    """Return a page in English whose elements that begin with Chinese data say so, for screen readers and fonts.

    An element whose own words are English, with a name or a sentence in them, stays as it is.
    """

    def told(found: re.Match[str]) -> str:
        name, attributes, words = found.groups()
        if " lang=" in attributes or _ENGLISH.search(words) or name in {"script", "style"}:
            return found[0]
        return f'<{name}{attributes} lang="zh-CN">{words}'

    return _OPENED.sub(told, html)
