"""The documents as HTML: those that are in, those on their way, and the folders that are watched.

Whatever comes from a document or a person is escaped here.
"""

from collections.abc import Sequence
from html import escape

from index import DEFAULT_COLLECTION, DocumentInfo, WatchStatus
from qa import Background, EmbedderChange
from quoth.web.uploads import Coming

MOST_LISTED = 500


def documents(listed: Sequence[DocumentInfo], total: int, problem: str = "") -> str:
    """The list of documents; each can be deleted in two steps."""
    note = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    if not total:
        return f'{note}<p class="empty">There are no documents yet.</p>'
    if not listed:
        return f'{note}<p class="empty">No document of that name.</p>'
    several = len({info.collection for info in listed}) > 1
    rows = "".join(_document(info, several) for info in listed[:MOST_LISTED])
    rest = len(listed) - MOST_LISTED
    more = f'<p class="empty">and {rest:,} more; look for them by name.</p>' if rest > 0 else ""
    return f'{note}<ul class="documents" aria-label="Documents">{rows}</ul>{more}'


def background(state: Background) -> str:
    """What goes on by itself, as far as somebody wants to know: folders, a new embedder, what went wrong."""
    parts = []
    if state.failure:
        parts.append(
            f'<div class="problem" role="alert">{counted(state.waiting, "passage")} can be found by words'
            f" alone, not by meaning, since something went wrong: {escape(state.failure)} "
            '<button type="button" class="plain" data-again>Try again</button></div>'
        )
    if state.embedder_change:
        parts.append(_changing(state.embedder_change))
    parts += [_watched(status) for status in state.watched]
    return f'<div class="background">{"".join(parts)}</div>' if parts else ""


def coming(files: Sequence[Coming]) -> str:
    """The files that are going in or have gone in, with what became of each."""
    if not files:
        return ""
    rows = "".join(_coming(one) for one in files)
    dismiss = '<button type="button" class="plain" data-dismiss>Dismiss</button>'
    return f'<div class="coming" aria-live="polite"><ul aria-label="Added files">{rows}</ul>{dismiss}</div>'


def _document(info: DocumentInfo, with_collection: bool) -> str:
    name = escape(info.name)
    facts = [counted(info.passages, "passage")]
    if info.pages:
        facts.insert(0, counted(info.pages, "page"))
    if with_collection:
        facts.append(f"in {info.collection}")
    waits = ""
    if info.embedded < info.passages:
        so_far = f"{info.embedded:,} of {counted(info.passages, 'passage')}"
        waits = f'<span class="waits">Found by its words. By meaning too: {so_far} so far.</span>'
    return (
        f"<li>{_named(info.name, ' · '.join(facts))}{waits}"
        f'<button type="button" class="plain ask" data-ask aria-label="Delete {name}">Delete</button>'
        '<span class="confirm" role="group" aria-label="Delete for good?">Delete for good?'
        f'<button type="button" class="danger" data-remove="{escape(info.id)}">Delete</button>'
        '<button type="button" class="plain" data-keep>Keep</button></span></li>'
    )


def _watched(status: WatchStatus) -> str:
    """A watched folder, how it stands with it, and which of its files can't be read."""
    into = "" if status.collection == DEFAULT_COLLECTION else f" · into {status.collection}"
    bar = rest = ""
    state = f"Watched · {counted(status.files, 'file')}"
    if status.state in ("missing", "error"):
        state = "Watched, but not up to date"
        rest = f'<div class="problem" role="alert">{escape(status.message)} Quoth keeps trying.</div>'
    elif status.reading:
        state = f"Reading {status.read:,} of {counted(status.reading, 'new file')}"
        bar = _bar(status.read / status.reading, status.folder)
    elif status.state == "stopped":
        state = "No longer watched"
    elif not status.synced:
        state = "Looking through it…"
    return (
        f'<section class="watched" aria-label="Watched folder">{_named(status.folder, state + into)}{bar}'
        f"{rest}{_failures(status)}</section>"
    )


def _changing(change: EmbedderChange) -> str:
    """The embedder that is to come, and how far it is."""
    name = f"New embedder: {change.embedder}"
    if change.failure:
        rest = f'<div class="problem" role="alert">{escape(change.failure)}</div>'
        state = "Not changed. The present one goes on answering."
    else:
        rest = _bar(change.share, name)
        state = f"{change.share:.0%} · the present one answers until then"
    return f'<section class="watched" aria-label="New embedder">{_named(name, state)}{rest}</section>'


def _failures(status: WatchStatus) -> str:
    if not status.failed:
        return ""
    rows = "".join(
        f'<li><span class="name" dir="auto">{escape(one.name)}</span>: {escape(one.reason)}</li>'
        for one in status.failures
    )
    rest = status.failed - len(status.failures)
    more = f"<li>and {rest:,} more</li>" if rest > 0 else ""
    number = counted(status.failed, "file")
    again = "<p>Each is tried again when it has changed.</p>"
    return f"<details><summary>{number} can’t be read</summary><ul>{rows}{more}</ul>{again}</details>"


def _coming(one: Coming) -> str:
    added = one.added
    if added is None:
        state = f"{one.fraction:.0%}" if one.fraction else "waiting"
        return f'<li class="reading">{_named(one.name, state)}{_bar(one.fraction, one.name)}</li>'
    lacking = f"; {added.reason}" if added.reason else ""
    words = {
        "added": f"added, {counted(added.passages, 'passage')}{lacking}",
        "replaced": f"took the place of the older version, {counted(added.passages, 'passage')}{lacking}",
        "unchanged": f"was already here{': ' + added.reason if added.reason else ''}",
        "failed": f"not added: {added.reason}",
        "removed": "removed, since its archive no longer holds it",
    }[added.status]
    return f'<li class="{added.status}">{_named(added.name, words)}</li>'


def _bar(share: float, name: str) -> str:
    return f'<progress max="1" value="{share:.3f}" aria-label="{escape(name)}"></progress>'


def _named(name: str, facts: str) -> str:
    return f'<span class="name" dir="auto">{escape(name)}</span><span class="facts">{escape(facts)}</span>'


def counted(number: int, noun: str) -> str:
    """`1,000 pages`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
