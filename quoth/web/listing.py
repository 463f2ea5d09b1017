"""The documents as HTML, and what goes on by itself: folders that are watched, a new embedder.

Whatever comes from a document or a person is escaped here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from index import DEFAULT_COLLECTION, DocumentInfo, WatchStatus
from index.loaders.later import BEING_READ
from qa import Background, EmbedderChange
from quoth.counted import counted

_REMARKS = 3  # on what could not be read of a document; the API has all of them


@dataclass(frozen=True, slots=True)
class Group:
    """The row before the documents of a collection, which are not shown while it is folded."""

    collection: str
    documents: int
    folded: bool = False


def rows(listed: Sequence[Group | DocumentInfo], reads: bool = True) -> str:
    """The rows of the list; each document can be opened, chosen and deleted.

    `reads`: whether the pictures of documents are being read, and not given up.
    """
    return "".join(_group(one) if isinstance(one, Group) else _document(one, reads) for one in listed)


def _group(group: Group) -> str:
    name, opened, number = escape(group.collection), str(not group.folded).lower(), group.documents
    return (
        f'<li class="group-row" data-id="collection {name}"><button type="button" class="fold"'
        f' data-fold="{name}" aria-expanded="{opened}"><span class="name" dir="auto">{name}</span>'
        f' <span class="facts">{number:,}</span></button>'
        f'<button type="button" class="plain" data-within="{name}"'
        f' aria-label="Ask only these: {name}">Ask only these</button></li>'
    )


def background(state: Background) -> str:
    """What goes on by itself, as far as somebody wants to know: folders, a new embedder, what went wrong."""
    parts = []
    if state.failure:
        lost = f"{counted(state.waiting, 'passage')} can be found by words alone, not by meaning"
        parts.append(_failed(lost, state.failure))
    if state.pictures_failure:
        lost = f"The text in {counted(state.pictures, 'picture')} can’t be found"
        parts.append(_failed(lost, state.pictures_failure))
    if state.embedder_change:
        parts.append(_changing(state.embedder_change))
    parts += [_watched(status) for status in state.watched]
    return f'<div class="background">{"".join(parts)}</div>' if parts else ""


def _failed(lost: str, why: str) -> str:
    """What is lacking since the work on it failed; it is only begun again when somebody wants that."""
    return (
        f'<div class="problem" role="alert">{lost}, since something went wrong: {escape(why)} '
        '<button type="button" class="plain" data-again>Try again</button></div>'
    )


def _document(info: DocumentInfo, reads: bool) -> str:
    name = escape(info.name)
    facts = [counted(info.passages, "passage")]
    if info.pages:
        facts.insert(0, counted(info.pages, "page"))
    waits = ""
    if info.embedded < info.passages:
        so_far = f"{info.embedded:,} of {counted(info.passages, 'passage')}"
        waits = f'<span class="waits">Found by its words. By meaning too: {so_far} so far.</span>'
    if info.pictures:
        waits += f'<span class="waits">{_reading(info) if reads else _not_read(info)}</span>'
    # What waits for the reading of pictures has been said.
    unread = [one for one in info.unread if not (info.pictures and BEING_READ in one)]
    if unread:
        more = f" and {len(unread) - _REMARKS} more" if len(unread) > _REMARKS else ""
        lacking = "; ".join(unread[:_REMARKS])
        waits += f'<span class="waits" dir="auto">Not read: {escape(lacking + more)}</span>'
    identity = escape(info.id)
    return (
        f'<li data-id="{identity}"><label class="target">'
        f'<input type="checkbox" class="pick" aria-label="Choose {name}"></label>'
        f'<button type="button" class="name" dir="auto" data-document="{identity}" data-start="0"'
        ' data-end="0"'
        f' data-places="">{name}</button>'
        f'<span class="facts">{escape(" · ".join(facts))}</span>{waits}'
        f'<button type="button" class="plain ask" data-remove="{identity}" aria-label="Delete {name}">Delete'
        "</button></li>"
    )


def _reading(info: DocumentInfo) -> str:
    """Which of its pictures is being read."""
    which = f"{info.pictures_read + 1:,} of {info.pictures:,}" if info.pictures > 1 else "1"
    return f"Reading the text in its pictures: {which}."


def _not_read(info: DocumentInfo) -> str:
    """How many of its pictures nobody reads now."""
    left = info.pictures - info.pictures_read
    return f"The text in {counted(left, 'picture')} is not read yet."


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
        bar = progress_bar(status.read / status.reading, status.folder)
    elif status.state == "stopped":
        state = "No longer watched"
    elif not status.synced:
        state = "Looking through it…"
    return (
        f'<section class="watched" aria-label="Watched folder">{named(status.folder, state + into)}{bar}'
        f"{rest}{_failures(status)}</section>"
    )


def _changing(change: EmbedderChange) -> str:
    """The embedder that is to come, and how far it is."""
    name = f"New embedder: {change.embedder}"
    if change.failure:
        rest = f'<div class="problem" role="alert">{escape(change.failure)}</div>'
        state = "Not changed. The present one goes on answering."
    else:
        rest = progress_bar(change.share, name)
        state = f"{change.share:.0%} · the present one answers until then"
    return f'<section class="watched" aria-label="New embedder">{named(name, state)}{rest}</section>'


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


def progress_bar(share: float, name: str) -> str:
    """How much of it is done, 0 to 1."""
    return f'<progress max="1" value="{share:.3f}" aria-label="{escape(name)}"></progress>'


def named(name: str, facts: str) -> str:
    """A name and, below it, what is to be known of it."""
    return f'<span class="name" dir="auto">{escape(name)}</span><span class="facts">{escape(facts)}</span>'
