"""What a person reads in a terminal: answers and passages, what became of files, and how far it is."""

import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeAlias

from index import Added, Synced
from qa import Answer, Citation, Item

Outcome: TypeAlias = Added | Synced

_WIDTH = 100
NOT_IN = ("failed", "waiting")


def shown(answer: Answer) -> str:
    """The answer, what it quotes, how sure it is, and what was searched."""
    if answer.answered:
        lines = [_itemised(answer.items, "\n")]
        if answer.alternatives:
            lines.append(f"Other passages say: {_itemised(answer.alternatives, '; ')}")
        lines += ["", *(_cited(citation) for citation in answer.citations)]
        agreed = f", {answer.agreeing} documents say so" if answer.agreeing > 1 else ""
        lines += [f"{answer.certainty} ({answer.confidence:.2f}){agreed}"]
    else:
        lines = [answer.text, "", "The closest passages:", *(_cited(citation) for citation in answer.closest)]
    searched = answer.searched
    lines.append(
        f"{searched.documents:,} documents searched, {searched.passages_read:,} of {searched.passages:,} "
        f"passages read, {answer.milliseconds:.0f} ms"
    )
    return "\n".join(lines)


def _itemised(items: Sequence[Item], between: str) -> str:
    lines = (" ".join([item.text, *(f"[{number}]" for number in item.citations)]) for item in items)
    return between.join(lines)


def _cited(citation: Citation) -> str:
    place = f"[{citation.number}] {citation.name}" + (f", page {citation.page}" if citation.page else "")
    return f"{place}, characters {citation.start:,} to {citation.end:,}\n{indented(citation.quote)}"


def indented(text: str) -> str:
    """Folded, and set off from the left."""
    return "\n".join(
        textwrap.fill(line, _WIDTH, initial_indent="    ", subsequent_indent="    ", break_long_words=False)
        for line in text.splitlines()
    )


def report(one: Outcome) -> None:
    """A line on what became of a file."""
    passages = f", {one.passages:,} passages" if one.passages else ""
    reason = f": {one.reason}" if one.reason else passages
    stream = sys.stderr if one.status in NOT_IN else sys.stdout
    print(f"{one.status:9} {one.name}{reason}", file=stream, flush=True)


def summary(counts: Mapping[str, int]) -> str:
    """How many files came to which end."""
    return ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "No files found."


@contextmanager
def progress() -> Iterator[tuple[Callable[[str, float], None], Callable[[Outcome], None]]]:
    """What shows how far the files and then their vectors have come, and `report` beside it."""
    from tqdm import tqdm

    with tqdm(total=100, unit="%", leave=False, disable=None, bar_format="{l_bar}{bar}|") as bar:

        def show(name: str, share: float) -> None:
            bar.set_description_str(name[-40:] or "vectors")
            bar.n = round(100 * share)
            bar.refresh()

        def line(one: Outcome) -> None:
            with tqdm.external_write_mode():
                report(one)

        yield show, line
