"""One file in, its Document out (several for an archive), or a DocumentError that says why not."""

from collections.abc import Callable, Container, Iterator, Mapping
from pathlib import Path, PurePath

from index.documents.document import DEFAULT_COLLECTION, Document
from index.documents.names import clean_name as clean_name
from index.errors import DocumentError
from index.loaders import later as left_for_later
from index.loaders.archive_limits import ArchiveLimits
from index.loaders.builder import Loaded, Unreadable
from index.loaders.kinds import is_archive, loader_of
from index.loaders.steps import Report, reported

MAX_BYTES = 200 * 1024 * 1024  # a file is read into memory whole, several times over while it is parsed


def load(
    path: Path,
    *,
    name: str | None = None,
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
) -> Document:
    """The document in a file; `metadata` is added to what the file says of itself, and wins."""
    name = clean_name(path.name if name is None else name)
    return load_bytes(read(path, name), name, collection=collection, metadata=metadata)


def load_all(
    path: Path,
    *,
    name: str | None = None,
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
    skip: int = 0,
    only: Container[int] | None = None,
    later: bool = False,
    began: Callable[[str], None] = lambda name: None,
    step: Report = lambda done, total: None,
    archive_limits: ArchiveLimits = ArchiveLimits(),
) -> Iterator[Document | DocumentError]:
    """Like `load`, but an archive gives one document for each file in it, named `archive.zip/inner/path`.

    What can't be read comes as its error in its place. The first `skip` are left out, without being read, and
    of an archive's all whose place, from 0, is not in `only`. With `later` their pictures are left for
    later. `began` is told the name of each before it is read, `step` how many of its pages that take a while
    are done, and of how many.
    """
    name = clean_name(path.name if name is None else name)
    try:
        data = read(path, name)
        archive = is_archive(data)
    except (DocumentError, Unreadable) as error:
        yield error if isinstance(error, DocumentError) else DocumentError(name, str(error))
        return
    if not archive:
        began(name)
        with reported(step):
            item = attempt(data, name, collection, metadata, later)
        yield item
        return
    from index.loaders.archive import members

    for number, member in enumerate(members(data, name, archive_limits)):
        if number < skip or (only is not None and number not in only):
            continue
        if isinstance(member, DocumentError):
            yield DocumentError(clean_name(member.name), member.reason)
            continue
        began(clean_name(member.name))
        with reported(step):
            item = attempt(member.read(), member.name, collection, metadata, later)
        yield item


def load_bytes(
    data: bytes,
    name: str,
    *,
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
    later: bool = False,
) -> Document:
    """The document in the bytes of a file of that name; with `later` its pictures are left for later."""
    name = clean_name(name)
    try:
        with left_for_later.allowed(later) as left:
            loaded = parse(data, name)
    except Unreadable as error:
        raise DocumentError(name, str(error)) from error
    return Document(
        name=name,
        text=loaded.text,
        title=loaded.title,
        pages=loaded.pages,
        headings=loaded.headings,
        collection=collection,
        metadata={**loaded.metadata, **(metadata or {})},
        places=loaded.places,
        unread=loaded.unread,
        left=left.pictures,
    )


def parse(data: bytes, name: str) -> Loaded:
    """The content of a file of that name; Unreadable for whatever stands in the way."""
    left = left_for_later.count()
    try:
        if len(data) > MAX_BYTES:
            raise Unreadable(f"it has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
        if not data.strip():
            raise Unreadable("it is empty" if not data else "it holds nothing but white space")
        loaded = loader_of(data, PurePath(name).suffix.lower())(data)
    except Unreadable:
        raise
    except MemoryError as error:
        raise Unreadable("reading it takes more memory than is allowed") from error
    except Exception as error:
        # Parsers of hostile formats raise whatever their data leads them to (KeyError, AttributeError,
        # RecursionError, struct.error); none of it may end the batch that this file is part of.
        raise Unreadable(f"it is damaged: {type(error).__name__} while reading it") from error
    if not loaded.text and left_for_later.count() == left:
        raise Unreadable("no text in it")
    return loaded


def read(path: Path, name: str) -> bytes:
    """The bytes of the file; DocumentError when it is none, too large or can't be opened."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise DocumentError(name, "it is a folder or a device, not a file")
        if size > MAX_BYTES:
            raise DocumentError(name, f"it has {size:,} bytes; the limit is {MAX_BYTES:,}")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DocumentError(name, "no such file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentError(name, f"it can't be opened: {reason}") from error


def attempt(
    data: bytes | Unreadable,
    name: str,
    collection: str,
    metadata: Mapping[str, str] | None,
    later: bool = False,
) -> Document | DocumentError:
    """Like `load_bytes`, with its error as what comes back."""
    if isinstance(data, Unreadable):
        return DocumentError(clean_name(name), str(data))
    try:
        return load_bytes(data, name, collection=collection, metadata=metadata, later=later)
    except DocumentError as error:
        return error
