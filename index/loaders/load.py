"""One file in, one Document out, or a DocumentError that says why not."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath

from index.document import DEFAULT_COLLECTION, Document
from index.errors import DocumentError
from index.loaders.builder import Loaded, Unreadable

MAX_BYTES = 200 * 1024 * 1024  # a file is read into memory whole, several times over while it is parsed

Loader = Callable[[bytes], Loaded]

# Each loader imports its parser when it is first used: together they take 0.15 s, and asking needs none.


def load_csv(data: bytes) -> Loaded:
    from index.loaders.csv import load_csv

    return load_csv(data)


def load_docx(data: bytes) -> Loaded:
    from index.loaders.docx import load_docx

    return load_docx(data)


def load_html(data: bytes) -> Loaded:
    from index.loaders.html import load_html

    return load_html(data)


def load_json(data: bytes) -> Loaded:
    from index.loaders.json import load_json

    return load_json(data)


def load_markdown(data: bytes) -> Loaded:
    from index.loaders.markdown import load_markdown

    return load_markdown(data)


def load_pdf(data: bytes) -> Loaded:
    from index.loaders.pdf import load_pdf

    return load_pdf(data)


def load_text(data: bytes) -> Loaded:
    from index.loaders.text import load_text

    return load_text(data)


LOADERS: dict[str, Loader] = {
    ".csv": load_csv,
    ".docx": load_docx,
    ".htm": load_html,
    ".html": load_html,
    ".json": load_json,
    ".jsonl": load_json,
    ".markdown": load_markdown,
    ".md": load_markdown,
    ".ndjson": load_json,
    ".pdf": load_pdf,
    ".text": load_text,
    ".tsv": load_csv,
    ".txt": load_text,
    ".xhtml": load_html,
}

_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def load(
    path: Path,
    *,
    name: str | None = None,
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
) -> Document:
    """The document in a file; `metadata` is added to what the file says of itself, and wins."""
    name = clean_name(path.name if name is None else name)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise DocumentError(name, "it is a folder or a device, not a file")
        if size > MAX_BYTES:
            raise DocumentError(name, f"it has {size:,} bytes; the limit is {MAX_BYTES:,}")
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DocumentError(name, "no such file") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise DocumentError(name, f"it can't be opened: {reason}") from error
    return load_bytes(data, name, collection=collection, metadata=metadata)


def load_bytes(
    data: bytes,
    name: str,
    *,
    collection: str = DEFAULT_COLLECTION,
    metadata: Mapping[str, str] | None = None,
) -> Document:
    """The document in the bytes of a file of that name."""
    name = clean_name(name)
    try:
        if len(data) > MAX_BYTES:
            raise Unreadable(f"it has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
        if not data.strip():
            raise Unreadable("it is empty" if not data else "it holds nothing but white space")
        loaded = _loader(data, PurePath(name).suffix.lower())(data)
    except Unreadable as error:
        raise DocumentError(name, str(error)) from error
    except Exception as error:
        # Parsers of hostile formats raise whatever their data leads them to (KeyError, AttributeError,
        # RecursionError, struct.error); none of it may end the batch that this file is part of.
        raise DocumentError(name, f"it is damaged: {type(error).__name__} while reading it") from error
    if not loaded.text:
        raise DocumentError(name, "no text in it")
    return Document(
        name=name,
        text=loaded.text,
        title=loaded.title,
        pages=loaded.pages,
        headings=loaded.headings,
        collection=collection,
        metadata={**loaded.metadata, **(metadata or {})},
    )


def clean_name(name: str) -> str:
    """A name that can be shown on one line and stored: control characters and broken ones replaced."""
    return _UNPRINTABLE.sub("\ufffd", name) or "\ufffd"


def _loader(data: bytes, suffix: str) -> Loader:
    """The loader for what the content obviously is, else for the suffix."""
    if data.startswith(b"%PDF-"):
        return load_pdf
    if data.startswith(b"PK\x03\x04"):
        return _zip_loader(data, suffix)
    if data.startswith(_OLD_OFFICE):
        if _ENCRYPTED_PACKAGE in data:
            raise Unreadable("it is encrypted; remove its password first")
        raise Unreadable("it is of an old Office kind; save it as .docx or .pdf")
    loader = LOADERS.get(suffix)
    if loader is load_pdf and b"%PDF-" in data[:1024]:
        return load_pdf
    if _HTML.match(data[:4096]):
        return load_html
    if loader in (load_pdf, load_docx):
        raise Unreadable(f"it is damaged, or no {suffix} file: its first bytes are not those of one")
    if loader is None:
        raise Unreadable(f"unknown kind {suffix or '(no suffix)'}; supported are {', '.join(LOADERS)}")
    return loader


def _zip_loader(data: bytes, suffix: str) -> Loader:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "word/document.xml" in archive.namelist():
                return load_docx
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise Unreadable("it is damaged: a ZIP archive (which .docx is) that is not whole") from error
    raise Unreadable(f"unknown kind (a ZIP archive, but no .docx); supported are {', '.join(LOADERS)}")
