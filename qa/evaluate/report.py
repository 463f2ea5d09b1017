"""The report: one HTML page that needs nothing else, neither script nor network."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from index import SettingError
from qa.evaluate import plots
from qa.evaluate.figures import Figures, Judged, worst
from qa.evaluate.table import Section, number, sections

# Should something hostile slip through, the browser still loads and runs nothing.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --paper: #fff; --ink: #1d2026; --soft: #666c78; --line: #dfe2e8;
  --first: #2563b8; --second: #b3541e; --marked: #fdeeb5 }
@media (prefers-color-scheme: dark) { :root { --paper: #15171b; --ink: #e6e8ec; --soft: #9aa1ad;
  --line: #31353d; --first: #7fb0f5; --second: #f0a06a; --marked: #5a4a12 } }
body { margin: 0 auto; max-width: 72rem; padding: 1.5rem 1rem 4rem; background: var(--paper);
  color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem }
p.note, figcaption, .legend, dt { color: var(--soft); font-size: .875rem }
.tables, .plots { display: grid; gap: 1.5rem 2.5rem;
  grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)) }
.tables { grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr)) }
.table { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { text-align: left; vertical-align: top; padding: .25rem 0 .25rem .75rem;
  border-bottom: 1px solid var(--line) }
th { font-weight: 600 } th:first-child, td:first-child { padding-left: 0 } figure { margin: 0 }
.figure { text-align: right; white-space: nowrap }
svg { width: 100%; height: auto } svg text { fill: var(--soft); font: 12px system-ui, sans-serif }
polyline { fill: none; stroke-width: 2 } polyline.first { stroke: var(--first) }
polyline.second { stroke: var(--second) } circle.first { fill: var(--first); fill-opacity: .75 }
polyline.ideal, line.mark { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 4 4 }
line.grid { stroke: var(--line) } .legend span { margin-right: 1.25rem; white-space: nowrap }
.legend i { display: inline-block; width: 1.1rem; height: 3px; margin-right: .4rem; vertical-align: middle }
i.first { background: var(--first) } i.second { background: var(--second) }
ol { padding-left: 2rem } li { margin: 0 0 1.25rem; overflow-wrap: anywhere } li strong { display: block }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .75rem; margin: .25rem 0 0 }
dd { margin: 0 } mark { background: var(--marked); color: inherit; padding: 0 .15em }
"""

_CAPTIONS = (
    (
        plots.reliability,
        "Reliability: each dot is the answers of one confidence, larger where there are more. On the dashed "
        "line, answers given 80 % are right 80 times in a hundred; below it Quoth is too sure.",
    ),
    (
        plots.risk_coverage,
        "Risk and coverage: what share of the answers is wrong when only the surest are given. The mark is "
        "where the threshold lies.",
    ),
    (
        plots.trade,
        "The threshold: a higher one gives fewer answers, of which more should be right.",
    ),
)


def prepare(folder: Path | str) -> None:
    """Makes the report's folder; SettingError when it can't, better known before all is asked."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"The report folder {folder} can't be made: {error.strerror}.") from error


def write_report(folder: Path | str, figures: Figures, judged: Sequence[Judged], title: str) -> Path:
    """Writes the page into the folder, made if there is none, and returns the page's path."""
    prepare(folder)
    path = Path(folder) / "report.html"
    try:
        path.write_text(page(figures, judged, title), encoding="utf-8")
    except OSError as error:
        raise SettingError(f"The report {path} can't be written: {error.strerror}.") from error
    return path


def page(figures: Figures, judged: Sequence[Judged], title: str) -> str:
    """The whole page; every text from the questions and documents is escaped."""
    drawn = "".join(
        f"<figure>{draw(figures)}<figcaption>{escape(caption)}</figcaption></figure>"
        for draw, caption in _CAPTIONS
    )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Quoth: {escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>How far Quoth can be trusted on {escape(title)}</h1>\n"
        f'<p class="note">{figures.questions:,} questions, asked of {escape(figures.way.value)}.</p>\n'
        f'<div class="plots">{drawn}</div>\n'
        f'<h2>Figures</h2>\n<div class="tables">{"".join(_table(one) for one in sections(figures))}</div>\n'
        f"{_reliability_table(figures)}{_errors(worst(judged))}</body>\n</html>\n"
    )


def _table(section: Section) -> str:
    kinds = [' class="figure"' if section.holds_figures(at) else "" for at in range(len(section.columns))]
    head = "".join(
        f'<th scope="col"{kind}>{escape(name)}</th>'
        for name, kind in zip(section.columns, kinds, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in section.rows
    )
    note = f'<p class="note">{escape(section.note)}</p>' if section.note else ""
    return (
        f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}</div>'
    )


def _reliability_table(figures: Figures) -> str:
    rows = tuple(
        (f"{one.low:.2f} to {one.high:.2f}", f"{one.count:,}", number(one.confidence), number(one.right))
        for one in figures.confidence.reliability
    )
    table = _table(Section(("Confidence", "answers", "mean confidence", "share right"), rows))
    return f"<h2>Reliability, bin by bin</h2>\n{table}\n"


def _errors(judged: Sequence[Judged]) -> str:
    if not judged:
        return "<h2>Errors</h2>\n<p>There are none.</p>\n"
    listed = "".join(_error(one) for one in judged)
    return (
        f"<h2>The {len(judged)} most confident errors</h2>\n"
        '<p class="note">Worth reading: some are right after all, and the golds incomplete.</p>\n'
        f"<ol>{listed}</ol>\n"
    )


def _error(one: Judged) -> str:
    result, golds = one.result, one.result.question.golds
    best = result.best
    before, after = result.around
    quote = escape(" ".join(best.quote.split())) if best else ""
    context = f"…{escape(before)}<mark>{quote}</mark>{escape(after)}…"
    given = escape("; ".join(result.answers))
    entries = (
        ("answered", given) if one.answered else ("refused; likeliest", quote),
        ("gold", escape("; ".join(golds)) if golds else "no answer"),
        ("confidence", number(one.confidence)),
        ("document", escape(best.name) if best else ""),
        ("stands in", context),
    )
    facts = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in entries)
    return f"<li><strong>{escape(result.question.question)}</strong><dl>{facts}</dl></li>"
