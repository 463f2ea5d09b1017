"""What hangs on a mail: the text of each readable file, under a heading with its name."""

from collections.abc import Iterable
from contextvars import ContextVar

from index.errors import DocumentError
from index.loaders.archive import members
from index.loaders.builder import Builder, Unreadable, one_line
from index.loaders.kinds import is_archive
from index.loaders.load import clean_name, parse

MAX_ATTACHMENTS = 200
MAX_DEPTH = 5  # mails in mails

_depth: ContextVar[int] = ContextVar("depth", default=0)


def attach(builder: Builder, attachments: Iterable[tuple[str, bytes]]) -> str:
    """Append the readable ones; what is said of the others, in one line."""
    if _depth.get() >= MAX_DEPTH:
        raise Unreadable(f"mails are inside each other more than {MAX_DEPTH} deep")
    token = _depth.set(_depth.get() + 1)
    unread: list[str] = []
    try:
        for number, (name, data) in enumerate(attachments):
            if number >= MAX_ATTACHMENTS:
                unread.append(f"more than {MAX_ATTACHMENTS} attachments")
                break
            _attach(builder, one_line(clean_name(name)), data, unread)
    finally:
        _depth.reset(token)
    return "; ".join(unread)


def _attach(builder: Builder, name: str, data: bytes, unread: list[str]) -> None:
    try:
        if not is_archive(data):
            loaded = parse(data, name)
            builder.add(name, level=1)
            builder.include(loaded, deeper=1)
            if loaded.metadata.get("unread"):
                unread.append(f"{name}: {loaded.metadata['unread']}")
            return
        for member in members(data, name):
            content = member if isinstance(member, DocumentError) else member.read()
            if isinstance(content, bytes):
                _attach(builder, member.name, content, unread)
            else:
                unread.append(f"{member.name}: {getattr(content, 'reason', content)}")
    except Unreadable as error:
        unread.append(f"{name}: {error}")
