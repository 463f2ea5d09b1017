"""The figures as tables of words, for a terminal and for the report."""

from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluate.figures import RIGHT_F1, Figures, Score
from qa.evaluate.measures import BINS, Match, Rate

NOTHING = "–"
_BLANK = ("", NOTHING)


@dataclass(frozen=True, slots=True)
class Section:
    """A small table; the first of the columns names the row. `note` says how the figures are to be read."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""

    def holds_figures(self, column: int) -> bool:
        """Whether what stands in the column is figures, which are flush right."""
        return column > 0 and all(row[column][:1].isdigit() or row[column] in _BLANK for row in self.rows)


def sections(figures: Figures) -> list[Section]:
    """Everything measured, in tables that leave out what the questions can't show."""
    every = [
        _questions(figures),
        _rates(figures),
        _shown(figures),
        _scores(figures),
        _lists(figures),
        _recall(figures),
        _confidence(figures),
        _time(figures),
    ]
    return [section for section in every if section.rows]


def as_text(tables: Sequence[Section]) -> str:
    """The tables as they stand in a terminal."""
    return "\n\n".join(_text(table) for table in tables)


def percent(share: float | None) -> str:
    return NOTHING if share is None else f"{100 * share:.1f} %"


def number(value: float | None, digits: int = 3) -> str:
    return NOTHING if value is None else f"{value:.{digits}f}"


def _questions(figures: Figures) -> Section:
    unanswerable = figures.questions - figures.answerable
    rows = [
        ("Asked", f"{figures.questions:,}"),
        ("With an answer", f"{figures.answerable:,}"),
        ("Without an answer", f"{unanswerable:,}"),
        ("For a list", f"{figures.list_questions:,}"),
    ]
    return Section(("Questions", ""), tuple(rows), f"Asked of {figures.way.value}.")


def _rates(figures: Figures) -> Section:
    rates = figures.rates
    named = [
        ("Answered", "of all questions", rates.answered),
        ("Right", "of the answers given", rates.right_of_answered),
        ("Wrong answer given", "of all questions", rates.wrong_given),
        ("Answer given where there is none", "of those without an answer", rates.wrong_given_unanswerable),
        ("Refused in spite of an answer", "of those with an answer", rates.wrong_refusals),
    ]
    rows = tuple((name, *_rate(rate), of) for name, of, rate in named if rate.total)
    return Section(
        (f"At the threshold {figures.threshold:.2f}", "share", "95 % interval", ""),
        rows,
        f"Right: the answer, or a list's likeliest item, has an F1 of {RIGHT_F1} or more with a gold.",
    )


def _shown(figures: Figures) -> Section:
    shown = figures.shown
    named = [
        ("Served", "of those with an answer", shown.served),
        ("Not served by the answer", "of the answers given", shown.not_served),
        *((f"Served by a {form}", "of those answers", rate) for form, rate in shown.forms.items()),
    ]
    rows = tuple((name, *_rate(rate), of) for name, of, rate in named if rate.total)
    return Section(
        ("What a person is shown", "share", "95 % interval", ""),
        rows,
        "Served: the answer is right, or the sentences shown with it hold the gold, of a list 80 % of them.",
    )


def _rate(rate: Rate) -> tuple[str, str]:
    interval = rate.interval
    return percent(rate.share), f"{100 * interval[0]:.1f} to {percent(interval[1])}" if interval else NOTHING


def _scores(figures: Figures) -> Section:
    named = [
        ("As given, all", figures.given),
        ("As given, with an answer", figures.given_answerable),
        ("As given, without an answer", figures.given_unanswerable),
        ("Likeliest span, never refusing", figures.best),
    ]
    rows = [(name, *_score(score)) for name, score in named if score]
    notes = ["Questions for a list are left out."] if figures.list_questions else []
    if rows and figures.given_answerable and figures.given_unanswerable:
        threshold = number(figures.threshold_of_best_f1, 2)
        rows.append(("As given, all, at the best threshold", "", "", percent(figures.best_f1)))
        notes.insert(0, f"The best threshold for these very questions is {threshold}.")
    return Section(("One answer (SQuAD)", "questions", "exact match", "F1"), tuple(rows), " ".join(notes))


def _score(score: Score) -> tuple[str, str, str]:
    return f"{score.questions:,}", percent(score.exact), percent(score.f1)


def _lists(figures: Figures) -> Section:
    named = [("Exact match", figures.lists_exact), ("Overlap", figures.lists_overlap)]
    rows = tuple((name, *_match(match)) for name, match in named if match)
    return Section(("Several answers (MultiSpanQA)", "precision", "recall", "F1"), rows)


def _match(match: Match) -> tuple[str, str, str]:
    return percent(match.precision), percent(match.recall), percent(match.f1)


def _recall(figures: Figures) -> Section:
    recall = figures.recall
    columns = ("A passage with the answer among the first", "before reading", "after reading")
    rows = (
        [(str(at), number(recall.before[at]), number(recall.after[at])) for at in recall.before]
        if recall
        else []
    )
    note = f"Recall over the {recall.questions:,} questions with an answer." if recall else ""
    return Section(columns, tuple(rows), note)


def _confidence(figures: Figures) -> Section:
    confidence = figures.confidence
    rows = [
        ("AUROC, right against wrong", number(confidence.auroc)),
        ("Area under risk and coverage", number(confidence.area_under_risk)),
        ("Expected calibration error", number(confidence.calibration_error)),
        ("  if only an exact match is right", number(confidence.calibration_error_exact)),
    ]
    return Section(
        ("Confidence", ""), tuple(rows), f"The calibration error is over {BINS} bins of equal width."
    )


def _time(figures: Figures) -> Section:
    time = figures.time
    rows = [
        ("Answer", number(time.p50, 1), number(time.p95, 1)),
        ("Reading alone", number(time.reading_p50, 1), number(time.reading_p95, 1)),
    ]
    return Section(("Milliseconds", "p50", "p95"), tuple(rows))


def _text(table: Section) -> str:
    lines = [table.columns, *table.rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(table.columns))]
    text = [
        "  ".join(
            cell.rjust(width) if table.holds_figures(column) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]
    return "\n".join([*text, *([table.note] if table.note else [])])
