"""What a person reads in a terminal while files go in: what became of each, and how far it is."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from index import Outcome
from quoth.counted import counted

NOT_IN = ("failed", "waiting")


def report(one: Outcome) -> None:
    """A line on what became of a file."""
    passages = f", {counted(one.passages, 'passage')}" if one.passages else ""
    reason = f": {one.reason}" if one.reason else passages
    if one.unread and one.status not in NOT_IN:
        reason = f"{passages}; not read: {'; '.join(one.unread)}"
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
