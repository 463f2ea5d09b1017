"""What lies in an archive, listed without any of it becoming a document."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.errors import DocumentError
from index.loaders.archive_limits import ArchiveLimits
from index.loaders.builder import Unreadable
from index.loaders.load import read


@dataclass(frozen=True, slots=True)
class Digest:
    """A file in an archive: its name, which begins with the archive's, its bytes' number and SHA-256."""

    name: str
    size: int
    sha256: str


def digests(
    path: Path,
    name: str,
    *,
    skip: int = 0,
    began: Callable[[str], None] = lambda name: None,
    archive_limits: ArchiveLimits = ArchiveLimits(),
) -> Iterator[Digest | DocumentError]:
    """The files of an archive in the order of `load_all`, those that can't be read as their error.

    An error of the archive itself has its name and comes last. The first `skip` are left out, and `began` is
    told the name of each before it is unpacked.
    """
    from index.loaders.archive import members  # the parsers behind it are for the process that reads files

    try:
        data = read(path, name)
    except DocumentError as error:
        yield error
        return
    for number, member in enumerate(members(data, name, archive_limits)):
        if number < skip:
            continue
        if isinstance(member, DocumentError):
            yield member
            continue
        began(member.name)
        content = member.read()
        if isinstance(content, Unreadable):
            yield DocumentError(member.name, str(content))
        else:
            yield Digest(member.name, len(content), hashlib.sha256(content).hexdigest())
