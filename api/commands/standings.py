"""`appraisal standings`: standings from the log in the database."""

from __future__ import annotations

from api.options import (
    DatabaseOption,
    Format,
    FormatOption,
    KnownOption,
    OfficeDayOption,
    OfficeOption,
    PeriodOption,
    RulebookOption,
    ThroughOption,
    asked_day,
    asked_known,
)


def standings(
    *,
    rulebook: RulebookOption = "",
    period: PeriodOption = "",
    through: ThroughOption = "",
    known: KnownOption = "",
    day: OfficeDayOption = "",
    office: OfficeOption = "",
    db: DatabaseOption = "",
    form: FormatOption = Format.TABLE,
) -> None:
    """Assess the events that the log has and write the standings."""
    moment, until = asked_known(known), asked_day(day)
    from api.logbook import assessed, at_office, now  # noqa: PLC0415
    from api.output import show_standings  # noqa: PLC0415

    with at_office(db, office) as at:
        found = assessed(at, rulebook, period, through, known=moment, day=until or now().date())
    show_standings(found.assessment, found.edition, found.events, form)
