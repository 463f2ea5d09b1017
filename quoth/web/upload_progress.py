"""How far an upload has come, as HTML; whatever comes from a file or its name is escaped here."""

from collections.abc import Sequence
from html import escape

from index import Outcome
from quoth.counted import counted
from quoth.web.listing import named, progress_bar
from quoth.web.uploads import UploadingFile

# Files that are named at once; the others can be unfolded.
_MOST_NAMED = 5


def upload_progress(files: Sequence[UploadingFile]) -> str:
    """One bar for all files, those that failed first, and the others by name as long as they are few."""
    if not files:
        return ""
    failed = [one for one in files if one.added and one.added.status == "failed"]
    done = [one for one in files if one.added and one.added.status != "failed"]
    reading = [one for one in files if not one.added]
    rows = "".join(_file(one) for one in failed) + _rows(reading[:_MOST_NAMED], done)
    return (
        f'<div class="upload-progress{" finished" if not reading else ""}">{_summary(files, failed, reading)}'
        f'<ul aria-label="Files given">{rows}</ul>{_folded(done, len(done) == len(files))}'
        f"{_dismiss() if not reading else ''}</div>"
    )


def _summary(
    files: Sequence[UploadingFile], failed: Sequence[UploadingFile], reading: Sequence[UploadingFile]
) -> str:
    total = counted(len(files), "file")
    lost = f', <strong class="lost">{len(failed):,} not added</strong>' if failed else ""
    if not reading:
        return f'<p class="total" role="status">{total}{lost or " read"}</p>'
    share = sum(1.0 if one.added else one.fraction for one in files) / len(files)
    done = len(files) - len(reading)
    return f'<p class="total">Reading {done:,} of {total}{lost}</p>{progress_bar(share, "All files")}'


def _rows(reading: Sequence[UploadingFile], done: Sequence[UploadingFile]) -> str:
    return "".join(_file(one) for one in (*reading, *(done if len(done) <= _MOST_NAMED else ())))


def _folded(done: Sequence[UploadingFile], all_done: bool) -> str:
    if len(done) <= _MOST_NAMED:
        return ""
    rows = "".join(_file(one) for one in done)
    # The line above has their number already, unless others are counted there too.
    words = "Show them" if all_done else f"{counted(len(done), 'file')} read"
    return f"<details><summary>{words}</summary><ul>{rows}</ul></details>"


def _dismiss() -> str:
    return '<button type="button" class="plain" data-dismiss>Dismiss</button>'


def _file(one: UploadingFile) -> str:
    if one.added is None:
        state = f"{one.fraction:.0%}" if one.fraction else "waiting"
        return f'<li class="reading">{named(one.name, state)}</li>'
    return f'<li class="{escape(one.added.status)}">{named(one.added.name, _became(one.added))}</li>'


def _became(added: Outcome) -> str:
    lacking = f"; {added.reason}" if added.reason else ""
    return {
        "added": f"added, {counted(added.passages, 'passage')}{lacking}",
        "replaced": f"took the place of the older version, {counted(added.passages, 'passage')}{lacking}",
        "unchanged": f"was already here{': ' + added.reason if added.reason else ''}",
        "failed": f"not added: {added.reason}",
        "removed": "removed, since its archive no longer holds it",
    }.get(added.status, added.reason)
