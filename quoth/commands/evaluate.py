"""`quoth evaluate`: how far the answers can be trusted, on questions whose answers are known."""

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from index import SettingError
from quoth.commands.options import FOUND, Commands, add_command, add_json, settings_of

if TYPE_CHECKING:
    from tqdm import tqdm

    from qa.evaluate import Result


def register(commands: "Commands") -> None:
    summary = "measure how far the answers can be trusted, on questions whose answers are known"
    command = add_command(commands, "evaluate", run, summary)
    command.add_argument(
        "file",
        metavar="FILE",
        help='JSON lines: {"question": "…", "answers": ["…"], "context": "…"}, no answers where there are '
        "none; the contexts become a temporary library; without contexts, yours is asked",
    )
    ways = command.add_mutually_exclusive_group()
    ways.add_argument(
        "--given-passage", action="store_true", help="read each question's own context, without search"
    )
    ways.add_argument(
        "--without-own-article",
        action="store_true",
        help="leave out the contexts that share the question's title, so that the answer is not there",
    )
    command.add_argument("--predictions", metavar="OUT", help="write what was answered, as JSON lines")
    command.add_argument("--report", metavar="DIR", help="write a page with plots and the worst errors")
    command.add_argument(
        "--limit", type=int, metavar="N", help="ask only N of the questions, spread evenly over the file"
    )
    command.add_argument(
        "--threshold", type=float, metavar="X", help="the confidence below which an answer is refused"
    )
    add_json(command, "print the figures as JSON; shares are 0 to 1")


def run(parsed: argparse.Namespace) -> int:
    """Asks the questions, and prints and writes what was measured."""
    # The other commands need none of it.
    from tqdm import tqdm

    from qa.evaluate import (
        as_text,
        asking,
        choose,
        judge,
        measure,
        prepare,
        read_questions,
        sections,
        write_report,
    )

    settings = settings_of(parsed)
    if parsed.threshold is not None:
        settings = replace(settings, threshold=parsed.threshold)
    questions = read_questions(parsed.file)
    way = choose(
        questions,
        given_passage=parsed.given_passage,
        without_own_article=parsed.without_own_article,
        library_named=bool(parsed.library),
    )
    if parsed.report:
        prepare(parsed.report)
    with (
        _lines(parsed.predictions) as write,
        tqdm(unit="question", leave=False, disable=None) as bar,
        asking(questions, settings, way, parsed.limit, _shown_on(bar)) as asked,
    ):
        bar.reset(total=asked.questions)
        judged = []
        for result in asked.results:
            judged.append(judge(result))
            write(result)
            bar.update()
    figures = measure(judged, way, asked.threshold)
    if parsed.report:
        write_report(parsed.report, figures, judged, Path(parsed.file).name)
    print(json.dumps(figures.to_json(), indent=2) if parsed.json else as_text(sections(figures)))
    return FOUND


def _shown_on(bar: "tqdm[NoReturn]") -> Callable[[str, float], None]:
    """Shows how much of the contexts has gone into the library, which comes before the first question."""

    def show(name: str, share: float) -> None:
        bar.set_description(f"contexts {share:.0%}" if share < 1 else "")

    return show


@contextmanager
def _lines(path: str | None) -> Iterator[Callable[["Result"], None]]:
    """What writes a prediction; it does nothing where no file was asked for."""
    if not path:
        yield lambda result: None
        return
    with _opened(path) as file:
        yield lambda result: print(json.dumps(result.to_json(), ensure_ascii=False), file=file)


def _opened(path: str) -> TextIO:
    try:
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        raise SettingError(f"{path} can't be written: {error.strerror}.") from error
