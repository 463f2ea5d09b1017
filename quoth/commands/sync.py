"""`quoth sync`: a folder into the library, once or for as long as it is watched."""

import argparse
import signal
import sys
import threading
from collections import Counter
from contextlib import suppress
from types import FrameType

from index import Outcome, WatchStatus
from qa import Service
from quoth.commands.options import FOUND, NOT_FOUND, Commands, add_collection, add_command, open_service
from quoth.commands.terminal import NOT_IN, progress, report, summary
from quoth.logs import raised_alone


def register(commands: "Commands") -> None:
    about = "make the library equal to a folder: new, changed, moved and deleted files"
    command = add_command(commands, "sync", run, about)
    command.add_argument("folder", metavar="FOLDER", help="the folder, with all that is below it")
    add_collection(command, "the collection its files belong to")
    command.add_argument(
        "--delete-all",
        action="store_true",
        help="delete its documents even if none of its files is there any more",
    )
    ways = command.add_mutually_exclusive_group()
    ways.add_argument("--dry-run", action="store_true", help="only say what would be done")
    ways.add_argument("--watch", action="store_true", help="go on syncing as the folder changes")


def run(parsed: argparse.Namespace) -> int:
    """Syncs the folder and says what became of each file that is not as it was."""
    with open_service(parsed, create=True) as service:
        if parsed.watch:
            return _watch(service, parsed)
        counts: Counter[str] = Counter()
        with progress() as (show, line), raised_alone():
            for synced in service.syncing(
                parsed.folder,
                parsed.collection,
                dry_run=parsed.dry_run,
                delete_all=parsed.delete_all,
                progress=show,
            ):
                counts[synced.status] += 1
                if _is_news(synced):
                    line(synced)
            if not parsed.dry_run:
                service.wait_until_embedded(progress=show)
    print(f"{summary(counts)}{' (dry run: nothing was changed)' if parsed.dry_run else ''}")
    return NOT_FOUND if any(counts[status] for status in NOT_IN) else FOUND


def report_news(synced: Outcome) -> None:
    """One line on a file, if it is not as it was."""
    if _is_news(synced):
        report(synced)


def _is_news(synced: Outcome) -> bool:
    return bool(synced.reason) or synced.status != "unchanged"


def report_status(status: WatchStatus) -> None:
    """Prints the status of a watched folder in one line."""
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
                report_news(synced)
        service.watch(parsed.folder, parsed.collection, report_news, report_status)
        threading.Event().wait()
    return FOUND


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
