"""The second part of a survey's report: the model as a picture, and its figures in tables."""

from __future__ import annotations

from appraisal.errors import Lang, text
from appraisal.model.path_model import ModelFigures, Number, Spread
from appraisal.model.survey import Survey
from reports.figures import Arrow, Node, PathDiagram
from reports.sheet import Cell, Column, Kind, Section, Table
from reports.survey import interval_words, places
from reports.wording import column


def model_part(survey: Survey, model: ModelFigures, lang: Lang) -> Section:
    """Return the model and its results."""
    body = (
        text("survey_model_words", lang, latents=str(len(model.blocks)), paths=str(len(model.paths))),
        diagram(model, lang),
        _latents(model, lang),
        _indicators(model, lang),
        _paths(model, lang),
        _effects(survey, model, lang),
        _apart(model, lang),
    )
    return Section(title=text("survey_part_2", lang), body=body)


def number(key: str, lang: Lang, places_: int = 3) -> Column:
    """Return a column of figures with so many decimals."""
    return Column(title=text(f"col_{key}", lang), key=key, kind=Kind.NUMBER, places=places_)


def layers(model: ModelFigures) -> dict[str, int]:
    """Return how far from the left each latent stands: after everything that acts on it."""
    arrows = [name.split("->") for name in model.paths]
    found = dict.fromkeys(model.blocks, 0)
    for _ in found:
        for one, other in arrows:
            found[other] = max(found[other], found[one] + 1)
    return found


def diagram(model: ModelFigures, lang: Lang) -> PathDiagram:
    """Return the path model as a picture; paths whose interval holds zero are dashed."""
    place = layers(model)
    nodes = tuple(
        Node(id=latent, name=f"{latent} {model.names[latent]}", layer=place[latent], note=_note(model.r2.get(latent)))
        for latent in model.blocks
    )
    arrows = []
    for name, path in model.paths.items():
        start, end = name.split("->")
        spread = path.coefficient
        arrows.append(Arrow(start=start, end=end, label=places(spread.value, 2), sure=_sure(spread, path.p)))
    return PathDiagram(title=text("survey_fig_model", lang), nodes=nodes, arrows=tuple(arrows))


def _note(r2: Number) -> str:
    return "" if r2 is None else f"{r2:.2f}"


def _sure(spread: Spread, p: Number) -> bool:
    if spread.low is not None and spread.high is not None:
        return not spread.low <= 0 <= spread.high
    return p is not None and p < 0.05  # noqa: PLR2004  the usual level


def _latents(model: ModelFigures, lang: Lang) -> Table:
    columns = (
        column("survey_latent", lang),
        column("name", lang),
        number("survey_index", lang, 2),
        column("survey_interval", lang),
        number("survey_r2", lang),
        number("survey_alpha", lang),
        number("survey_rho_c", lang),
        number("survey_rho_a", lang),
        number("survey_ave", lang),
    )
    rows = tuple(
        (
            latent,
            model.names[latent],
            index.index.value,
            interval_words(index.index),
            model.r2.get(latent),
            model.measurement.alpha[latent],
            model.measurement.rho_c[latent],
            model.measurement.rho_a[latent],
            model.measurement.ave[latent],
        )
        for latent, index in model.index.items()
    )
    return Table(title=text("survey_tab_latents", lang), columns=columns, rows=rows)


def _indicators(model: ModelFigures, lang: Lang) -> Table:
    columns = (
        column("survey_latent", lang),
        column("survey_item", lang),
        number("survey_weight", lang),
        number("survey_scale_weight", lang),
        number("survey_loading", lang),
        column("survey_interval", lang),
        number("survey_communality", lang),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            latent,
            one,
            model.weights[one].value,
            model.index[latent].weights[one],
            model.loadings[one].value,
            f"{places(model.loadings[one].low, 3)} – {places(model.loadings[one].high, 3)}",
            model.communality[one],
        )
        for latent, members in model.blocks.items()
        for one in members
    ]
    return Table(title=text("survey_tab_indicators", lang), columns=columns, rows=tuple(rows))


def _paths(model: ModelFigures, lang: Lang) -> Table:
    columns = (
        column("survey_path", lang),
        number("survey_coefficient", lang),
        column("survey_interval", lang),
        number("survey_error", lang),
        number("survey_t", lang, 2),
        number("survey_p", lang),
        number("survey_vif", lang, 2),
        number("survey_f2", lang),
    )
    rows = tuple(
        (
            name.replace("->", " → "),
            path.coefficient.value,
            f"{places(path.coefficient.low, 3)} – {places(path.coefficient.high, 3)}",
            path.regression_error,
            path.t,
            path.p,
            path.vif,
            path.f2,
        )
        for name, path in model.paths.items()
    )
    return Table(title=text("survey_tab_paths", lang), columns=columns, rows=rows)


def _effects(survey: Survey, model: ModelFigures, lang: Lang) -> Table:
    columns = (
        column("survey_path", lang),
        number("survey_direct", lang),
        number("survey_indirect", lang),
        number("survey_total", lang),
        column("survey_interval", lang),
        number("survey_points", lang),
    )
    rows: list[tuple[Cell, ...]] = []
    strong: set[int] = set()
    for name, spread in model.total.items():
        if not spread.value:
            continue
        if name.endswith(f"->{survey.target}"):
            strong.add(len(rows))
        interval = f"{places(spread.low, 3)} – {places(spread.high, 3)}"
        effects = (model.direct[name], model.indirect[name], spread.value, interval, model.total_in_points[name])
        rows.append((name.replace("->", " → "), *effects))
    title = text("survey_tab_effects", lang)
    return Table(title=title, columns=columns, rows=tuple(rows), strong=frozenset(strong))


def _apart(model: ModelFigures, lang: Lang) -> Table:
    """Return √AVE on the diagonal, correlations of the latents below it, HTMT above it."""
    names = list(model.blocks)
    columns = (column("survey_latent", lang), *(Column(title=name, key=name, kind=Kind.NUMBER) for name in names))
    rows: list[tuple[Cell, ...]] = []
    for row, one in enumerate(names):
        cells: list[Cell] = [one]
        for at, other in enumerate(names):
            if row == at:
                ave = model.measurement.ave[one]
                cells.append(ave**0.5 if ave is not None else None)
            else:
                cells.append(model.measurement.latents[one][other] if at < row else model.measurement.htmt[one][other])
        rows.append(tuple(cells))
    failed = [name for name, met in model.measurement.fornell_larcker.items() if not met]
    note = text("survey_fl_failed", lang, names="、".join(failed)) if failed else text("survey_fl_met", lang)
    return Table(title=text("survey_tab_apart", lang), columns=columns, rows=tuple(rows), notes=(note,))
