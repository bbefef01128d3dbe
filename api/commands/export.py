"""`appraisal export`: documents from the log in the database, written whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.faults import REFUSED, UsageFaultError, nearest
from api.language import lang, say
from api.options import (
    DatabaseOption,
    KnownOption,
    OfficeDayOption,
    OfficeOption,
    PeriodOption,
    RulebookOption,
    ThroughOption,
    asked_day,
    asked_known,
)
from api.output import tell
from appraisal.errors import Finding, RefusedError

if TYPE_CHECKING:
    from appraisal.model.edition import Edition
    from reports.bundle.signing import Signer
    from reports.catalogue import Exported
    from reports.material import Material


class FileFormat(StrEnum):
    """What a file is; `site` is a folder of pages, `all` one with every document in its usual formats."""

    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"
    CSV = "csv"
    JSON = "json"
    BUNDLE = "bundle"
    SITE = "site"
    ALL = "all"


FormatOption = Annotated[FileFormat, typer.Option("--format", help=say("opt_export_format"))]
OutOption = Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help=say("opt_out"))]
DocumentOption = Annotated[str, typer.Option("--document", metavar="NAME", help=say("opt_document"))]
SubjectOption = Annotated[str, typer.Option("--subject", metavar="S", help=say("opt_subject"))]
DepartmentOption = Annotated[str, typer.Option("--department", metavar="D", help=say("opt_department"))]
EventOption = Annotated[str, typer.Option("--event", metavar="ID", help=say("opt_event"))]
MonthsOption = Annotated[bool, typer.Option("--months", help=say("opt_months"))]
FinalOption = Annotated[bool, typer.Option("--final", help=say("opt_final"))]
IssuerOption = Annotated[str, typer.Option("--issuer", metavar="NAME", help=say("opt_issuer"))]
NumberOption = Annotated[str, typer.Option("--number", metavar="N", help=say("opt_number"))]
SignerOption = Annotated[str, typer.Option("--signer", metavar="NAME", help=say("opt_signer"))]
DateOption = Annotated[str, typer.Option("--date", metavar="D", help=say("opt_date"))]
KeyOption = Annotated[Path | None, typer.Option("--key", metavar="KEY", help=say("opt_private_key"))]
TemplateOption = Annotated[Path | None, typer.Option("--template", metavar="DOCX", help=say("opt_template"))]


def export(
    *,
    out: OutOption,
    form: FormatOption,
    rulebook: RulebookOption = "",
    period: PeriodOption = "",
    through: ThroughOption = "",
    document: DocumentOption = "",
    subject: SubjectOption = "",
    department: DepartmentOption = "",
    event: EventOption = "",
    months: MonthsOption = False,
    final: FinalOption = False,
    issuer: IssuerOption = "",
    number: NumberOption = "",
    signer: SignerOption = "",
    on: DateOption = "",
    template: TemplateOption = None,
    key: KeyOption = None,
    known: KnownOption = "",
    day: OfficeDayOption = "",
    office: OfficeOption = "",
    db: DatabaseOption = "",
) -> int:
    """Assess the events that the log has and write the document wanted; progress goes to standard error."""
    for path in filter(None, (template, key)):
        if not path.is_file():
            raise UsageFaultError("C034", path=str(path))
    if months and form is not FileFormat.ALL:
        raise UsageFaultError("P038")
    from api.export import (  # noqa: PLC0415
        Asked,
        Source,
        bundled,
        case_of_entry,
        gathered,
        gathered_all,
        month_of,
        parts_of,
        without_outcome,
    )
    from api.logbook import database_url, now  # noqa: PLC0415
    from api.official import imprints, official  # noqa: PLC0415
    from api.progress import bar  # noqa: PLC0415
    from appraisal.office.installation import open_installation  # noqa: PLC0415
    from appraisal.office.letterhead import letter  # noqa: PLC0415
    from appraisal.office.office import Office  # noqa: PLC0415
    from reports.catalogue import Wish, exported  # noqa: PLC0415
    from reports.files import write_folder, write_whole  # noqa: PLC0415
    from reports.material import Imprint  # noqa: PLC0415
    from reports.sets import files_of  # noqa: PLC0415

    given = Imprint(final=final, office=issuer, number=number, signer=signer, date=asked_day(on))
    moment, until = asked_known(known), asked_day(day) or now().date()
    asked = Asked(rulebook=rulebook, period=period, through=through, known=moment, day=until, lang=lang())
    by = _signer(key)
    try:
        with open_installation(database_url(db)) as house, bar() as step:
            at = Office.of(house.log, office)
            imprint = official(house, at, asked, given)
            letterhead, called = (template.read_bytes(), str(template)) if template else letter(house, at.id)
            if form is FileFormat.BUNDLE:
                written = [write_whole(out, bundled(house, at, asked, final=final).signed(by).content)]
            elif form is FileFormat.SITE:
                from reports.site import site  # noqa: PLC0415

                bundle = bundled(house, at, asked, final=final).signed(by)
                write_folder(out, site(gathered(house, at, asked, imprint, step), bundle, step))
                written = [out / "index.html"]
            elif form is FileFormat.ALL:
                source = Source(house=house, office=at, asked=asked, imprint=imprints(house, at, asked, imprint))
                made = gathered_all(source, step, months=months)
                wish = Wish(template=letterhead, template_name=called)
                files = _told(files_of(parts_of(house, at, made, wish), step))
                written = write_folder(out, files)
            else:
                material = gathered(house, at, asked, imprint, step)
                stages, closing = month_of(house, at, material)
                case = case_of_entry(at, event)
                material = without_outcome(at, material, case)
                wish = Wish(
                    document=document,
                    subject=_subject(material, subject),
                    department=_department(material.edition, department),
                    case=case,
                    month=stages,
                    closing=closing,
                    template=letterhead,
                    template_name=called,
                )
                file = exported(material, wish, form.value, step)
                written = [write_whole(out, _told({out.name: file})[out.name])]
    except KeyboardInterrupt:
        tell(Finding(code="P036").render(lang()))
        return REFUSED
    for path in written:
        tell(say("exported", path=str(path), size=str(-(-path.stat().st_size // 1024))))
    return 0


def _signer(key: Path | None) -> Signer | None:
    """Return what signs a bundle with this private key; None where there is none."""
    if key is None:
        return None
    from reports.bundle.signing import signer  # noqa: PLC0415

    return signer(key.read_bytes(), str(key))


def _subject(material: Material, word: str) -> str:
    """Return the id of the subject that a name, alias or id names."""
    if not word:
        return ""
    for known in material.edition.roster:
        if word in {known.id, known.name, *known.aliases}:
            return known.id
    names = {s.name: s.subject for s in material.assessment.standings}
    if word in names or word in names.values():
        return names.get(word, word)
    raise UsageFaultError("C035", word=word, near=nearest(word, names))


def _department(edition: Edition, word: str) -> str:
    if not word:
        return ""
    known = [d.id for d in getattr(edition.rulebook, "departments", ())]
    if word not in known:
        raise RefusedError([Finding(code="P037", args={"department": word, "near": nearest(word, known)})])
    return word


def _told(made: Mapping[str, Exported]) -> Mapping[str, bytes]:
    """Return the content of every file that is to be written, by name; say what could not be printed."""
    missing = "".join(dict.fromkeys(c for file in made.values() for c in file.missing))
    if missing:
        shown = "、".join(f"{c}（U+{ord(c):04X}）" for c in missing)
        tell(Finding(code="P035", args={"characters": shown}, severity="warning").render(lang()))
    return {file: content.data for file, content in made.items()}
