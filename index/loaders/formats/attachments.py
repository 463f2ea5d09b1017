"""What hangs on a mail: the text of each readable file, under a heading with its name."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import replace

from index.errors import DocumentError
from index.loaders.archive import members
from index.loaders.builder import Builder, Unreadable, one_line
from index.loaders.kinds import is_archive
from index.loaders.load import clean_name, parse

MAX_ATTACHMENTS = 200
MAX_DEPTH = 5  # mails in mails

_depth: ContextVar[int] = ContextVar("depth", default=0)


def attach(builder: Builder, attachments: Iterable[tuple[str, bytes]]) -> None:
    """Append the readable ones, and note why the others are not read."""
    if _depth.get() >= MAX_DEPTH:
        raise Unreadable(f"mails are inside each other more than {MAX_DEPTH} deep")
    token = _depth.set(_depth.get() + 1)
    try:
        for number, (name, data) in enumerate(attachments):
            if number >= MAX_ATTACHMENTS:
                builder.leave_out(f"the attachments after the first {MAX_ATTACHMENTS}: too many")
                break
            _attach(builder, one_line(clean_name(name)), data)
    finally:
        _depth.reset(token)


def _attach(builder: Builder, name: str, data: bytes) -> None:
    try:
        if not is_archive(data):
            loaded = parse(data, name)
            builder.add(name, level=1)
            builder.include(
                replace(loaded, unread=tuple(f"{name}: {one}" for one in loaded.unread)), deeper=1
            )
            return
        for member in members(data, name):
            content = member if isinstance(member, DocumentError) else member.read()
            if isinstance(content, bytes):
                _attach(builder, member.name, content)
            else:
                builder.leave_out(f"{member.name}: {getattr(content, 'reason', content)}")
    except Unreadable as error:
        builder.leave_out(f"{name}: {_short(error)}")


def _short(error: Unreadable) -> str:
    """The reason without the list of kinds that can be read, which is for the file a user named himself."""
    return str(error).partition("; supported are")[0]
