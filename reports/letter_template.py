"""The template of official letters: which fields it may use, what is wrong with one, and how it is filled in.

A template is a DOCX in which `{{ field }}` stands for a text, and `{{ body }}` in a paragraph of its own for its text.
An office's own template is what people uploaded: it is filled in a sandbox, and everything in it is checked first.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from appraisal.errors import Finding, Place, RefusedError
from appraisal.reading.nearest import nearest

if TYPE_CHECKING:
    from docxtpl import DocxTemplate
    from jinja2.sandbox import ImmutableSandboxedEnvironment

SHIPPED = Path(__file__).parent / "templates" / "letter.docx"
FIELDS = (
    "issuer",
    "number",
    "signer",
    "title",
    "subtitle",
    "to",
    "opening",
    "body",
    "closing",
    "annexes",
    "annex_pages",
    "author",
    "date",
    "copies",
    "state",
    "code",
    "rows",
)
"""`annexes` is a list of names; `rows` the ranking, a row with rank, subject, total and change; `body` is needed."""
ROW_FIELDS = ("rank", "subject", "total", "change")
BODY, ANNEXES = "\ue000body\ue001", "\ue000annexes\ue001"
_MOST_BYTES, _MOST_UNPACKED = 10_000_000, 60_000_000
_NEEDED = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EXCERPT = 60


def check_template(data: bytes, name: str = "template.docx") -> list[Finding]:
    """Return all that is wrong with a template that somebody uploads; nothing where it can be used."""
    place = Place(file=name)
    broken = _archive_faults(data, place)
    if broken:
        return broken
    noted: list[str] = []
    try:
        text = _rendered(data, sample(), noted)
    except _FaultyError as faulty:
        return [Finding(code="P021", place=place, args={"problem": faulty.problem, "near": faulty.near})]
    found = [_unknown(field, data, name) for field in sorted(set(noted))]
    if BODY not in text:
        found.append(Finding(code="P023", place=place))
    return found


def fill(data: bytes, fields: Mapping[str, Any], name: str = "template.docx") -> bytes:
    """Return a template with its fields filled in; RefusedError with all that is wrong with it."""
    faults = check_template(data, name)
    if faults:
        raise RefusedError(faults)
    template = _open(data)
    template.render(dict(fields), jinja_env=_environment([]))
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def sample() -> dict[str, Any]:
    """Return a value for every field, to try a template with."""
    told: dict[str, Any] = dict.fromkeys(FIELDS, "示例")
    rows = [dict.fromkeys(ROW_FIELDS, "示例")] * 2
    return {**told, "annexes": ["示例"] * 2, "rows": rows, "body": BODY, "annex_pages": ANNEXES}


class _FaultyError(Exception):
    """A template whose instructions cannot be carried out."""

    def __init__(self, problem: str, near: str) -> None:
        super().__init__(problem)
        self.problem, self.near = problem, near


def _archive_faults(data: bytes, place: Place) -> list[Finding]:
    if len(data) > _MOST_BYTES:
        return [Finding(code="P024", place=place, args={"most": str(_MOST_BYTES // 1_000_000)})]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > _MOST_UNPACKED:
                return [Finding(code="P024", place=place, args={"most": str(_MOST_UNPACKED // 1_000_000)})]
            if archive.testzip() is not None or _NEEDED not in archive.namelist():
                return [Finding(code="P020", place=place)]
            risky = [e.filename for e in entries if "vba" in e.filename.lower() or "embeddings" in e.filename.lower()]
            outside = [e.filename for e in entries if e.filename.endswith(".rels") and _leads_out(archive.read(e))]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError):
        return [Finding(code="P020", place=place)]
    return [Finding(code="P025", place=place, args={"part": part}) for part in sorted({*risky, *outside})]


def _leads_out(rels: bytes) -> bool:
    """Return whether a part refers to something outside the file other than by a hyperlink."""
    found = re.findall(rb"<Relationship\b[^>]*>", rels)
    return any(b'TargetMode="External"' in tag and b"/hyperlink" not in tag for tag in found)


def _open(data: bytes) -> DocxTemplate:
    from docxtpl import DocxTemplate  # noqa: PLC0415  a quarter of a second

    return DocxTemplate(io.BytesIO(data))


def _environment(noted: list[str]) -> ImmutableSandboxedEnvironment:
    """Return a sandbox that notes every field which is not there instead of stopping at the first."""
    from jinja2 import ChainableUndefined  # noqa: PLC0415
    from jinja2.exceptions import SecurityError  # noqa: PLC0415
    from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: PLC0415

    class Noting(ChainableUndefined):
        def __init__(self, hint: str | None = None, obj: Any = None, name: str | None = None, **more: Any) -> None:
            super().__init__(hint, obj, name, **more)
            if name is not None:
                noted.append(name)

    class Sandbox(ImmutableSandboxedEnvironment):
        intercepted_binops = frozenset({"*", "**"})

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            del context, left, right
            raise SecurityError(f"{operator} is not for letters")  # a text times a billion would fill the memory

    environment = Sandbox(autoescape=True, undefined=Noting)
    environment.globals.clear()  # a letter needs neither range nor lipsum
    return environment


def _rendered(data: bytes, fields: Mapping[str, Any], noted: list[str]) -> str:
    """Return the text of a template filled in."""
    from jinja2 import TemplateError  # noqa: PLC0415
    from lxml.etree import LxmlError  # noqa: PLC0415

    try:
        template = _open(data)
        template.render(dict(fields), jinja_env=_environment(noted))
        out = io.BytesIO()
        template.save(out)
        return str(template.get_xml())
    except TemplateError as wrong:
        near = " ".join(line.strip() for line in getattr(wrong, "docx_context", ()) if line.strip())
        raise _FaultyError(str(wrong), near[:120]) from wrong
    except (LxmlError, KeyError, ValueError, TypeError, AttributeError, ArithmeticError) as wrong:
        raise _FaultyError(str(wrong) or type(wrong).__name__, "") from wrong


def _unknown(field: str, data: bytes, name: str) -> Finding:
    near = nearest(field, [*FIELDS, *ROW_FIELDS])
    used = re.compile(rf"\{{[{{%][^}}]*\b{re.escape(field)}\b")
    number, words = next(((n, w) for n, w in enumerate(_paragraphs(data), 1) if used.search(w)), (0, ""))
    excerpt = words.strip()[:_EXCERPT]
    return Finding(
        code="P022", place=Place(file=name, line=number), args={"field": field, "near": near}, excerpt=excerpt
    )


def _paragraphs(data: bytes) -> Iterator[str]:
    """Yield the text of every paragraph of a template: of its pages first, then of headers and footers."""
    from lxml import etree  # noqa: PLC0415

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        edges = sorted(name for name in archive.namelist() if re.fullmatch(r"word/(header|footer)\d*\.xml", name))
        for part in (_NEEDED, *edges):
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            for paragraph in etree.fromstring(archive.read(part), parser).iter(f"{_W}p"):
                yield "".join(run.text or "" for run in paragraph.iter(f"{_W}t"))
