"""`quoth sync`: a folder into the library, once or for as long as it is watched."""

import argparse
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType

from index import DEFAULT_COLLECTION, Synced, WatchStatus
from qa import Service, Settings

SUMMARY = "make the library equal to a folder: new, changed, moved and deleted files"
DONE, SOME_FAILED = 0, 1
_NOT_IN = ("failed", "waiting")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of this command alone; `--library` comes from where all commands get it."""
    command.add_argument("folder", metavar="FOLDER", help="the folder, with all that is below it")
    command.add_argument(
        "--collection", default=DEFAULT_COLLECTION, metavar="NAME", help="the collection its files belong to"
    )
    command.add_argument(
        "--delete-all",
        action="store_true",
        help="delete its documents even if none of its files is there any more",
    )
    ways = command.add_mutually_exclusive_group()
    ways.add_argument("--dry-run", action="store_true", help="only say what would be done")
    ways.add_argument("--watch", action="store_true", help="go on syncing as the folder changes")


def run(parsed: argparse.Namespace, settings: Settings) -> int:
    """Syncs the folder and says what became of each file that is not as it was."""
    with Service.open(settings=settings, change_embedder=False) as service:
        if parsed.watch:
            return _watch(service, parsed)
        counts: Counter[str] = Counter()
        with _bar() as (show, line):
            for synced in service.syncing(
                parsed.folder,
                parsed.collection,
                dry_run=parsed.dry_run,
                delete_all=parsed.delete_all,
                progress=show,
            ):
                counts[synced.status] += 1
                line(synced)
            if not parsed.dry_run:
                service.wait_until_embedded(progress=show)
    summary = ", ".join(f"{count:,} {status}" for status, count in counts.items()) or "No files found."
    print(f"{summary}{' (dry run: nothing was changed)' if parsed.dry_run else ''}")
    return SOME_FAILED if any(counts[status] for status in _NOT_IN) else DONE


def report(synced: Synced) -> None:
    """One line on a file, if it is not as it was."""
    passages = f", {synced.passages:,} passages" if synced.passages else ""
    reason = f": {synced.reason}" if synced.reason else passages
    if synced.reason or synced.status != "unchanged":
        stream = sys.stderr if synced.status in _NOT_IN else sys.stdout
        print(f"{synced.status:9} {synced.name}{reason}", file=stream, flush=True)


def tell(status: WatchStatus) -> None:
    """One line on how it stands with a watched folder."""
    if status.message:
        print(f"quoth: {status.message} Quoth keeps looking.", file=sys.stderr, flush=True)
    elif status.state == "watching":
        failed = f", {status.failed:,} can't be read" if status.failed else ""
        print(f"watching  {status.folder}: {status.files:,} files{failed}", flush=True)


def _watch(service: Service, parsed: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    with suppress(KeyboardInterrupt):
        if parsed.delete_all:
            for synced in service.syncing(parsed.folder, parsed.collection, delete_all=True):
                report(synced)
        service.watch(parsed.folder, parsed.collection, report, tell)
        threading.Event().wait()
    return DONE


@contextmanager
def _bar() -> Iterator[tuple[Callable[[str, float], None], Callable[[Synced], None]]]:
    """What shows how far the files and then their vectors have come, and what prints a line beside it."""
    from tqdm import tqdm

    with tqdm(total=100, unit="%", leave=False, disable=None, bar_format="{l_bar}{bar}|") as bar:

        def show(name: str, share: float) -> None:
            bar.set_description_str(name[-40:] or "vectors")
            bar.n = round(100 * share)
            bar.refresh()

        def line(synced: Synced) -> None:
            if synced.status == "unchanged" and not synced.reason:
                return
            with tqdm.external_write_mode():
                report(synced)

        yield show, line


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
