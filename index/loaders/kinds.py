"""Which loader reads a file: by what its content obviously is, else by its suffix."""

import io
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from typing import cast

from index.loaders.builder import Loaded, Unreadable

Loader = Callable[[bytes], Loaded]


def _lazy(module: str, function: str) -> Loader:
    """A loader that imports its parser when first used: all of them take 0.5 s, and asking needs none."""

    def load(data: bytes) -> Loaded:
        loader = cast(Loader, getattr(import_module(f"index.loaders.{module}"), function))
        return loader(data)

    return load


load_csv = _lazy("formats.csv", "load_csv")
load_docx = _lazy("formats.docx", "load_docx")
load_eml = _lazy("formats.eml", "load_eml")
load_epub = _lazy("formats.epub", "load_epub")
load_html = _lazy("formats.html", "load_html")
load_image = _lazy("formats.image", "load_image")
load_ipynb = _lazy("formats.ipynb", "load_ipynb")
load_json = _lazy("formats.json", "load_json")
load_markdown = _lazy("formats.markdown", "load_markdown")
load_msg = _lazy("formats.msg", "load_msg")
load_odf = _lazy("formats.odf", "load_odf")
load_pdf = _lazy("pdf.pdf", "load_pdf")
load_pptx = _lazy("formats.pptx", "load_pptx")
load_rtf = _lazy("formats.rtf", "load_rtf")
load_text = _lazy("formats.text", "load_text")
load_xls = _lazy("formats.xls", "load_xls")
load_xlsx = _lazy("formats.xlsx", "load_xlsx")
load_xml = _lazy("formats.xml", "load_xml")

LOADERS: dict[str, Loader] = {
    ".atom": load_xml,
    ".csv": load_csv,
    ".docm": load_docx,
    ".docx": load_docx,
    ".eml": load_eml,
    ".epub": load_epub,
    ".htm": load_html,
    ".html": load_html,
    ".ipynb": load_ipynb,
    ".jpeg": load_image,
    ".jpg": load_image,
    ".json": load_json,
    ".jsonl": load_json,
    ".markdown": load_markdown,
    ".md": load_markdown,
    ".msg": load_msg,
    ".ndjson": load_json,
    ".odp": load_odf,
    ".ods": load_odf,
    ".odt": load_odf,
    ".pdf": load_pdf,
    ".png": load_image,
    ".pptm": load_pptx,
    ".pptx": load_pptx,
    ".rss": load_xml,
    ".rtf": load_rtf,
    ".text": load_text,
    ".tif": load_image,
    ".tiff": load_image,
    ".tsv": load_csv,
    ".txt": load_text,
    ".xhtml": load_html,
    ".xls": load_xls,
    ".xlsm": load_xlsx,
    ".xlsx": load_xlsx,
    ".xml": load_xml,
}

ARCHIVE = ".zip"
SUPPORTED = ", ".join([*LOADERS, ARCHIVE])

_SIGNED = (
    load_docx,
    load_epub,
    load_image,
    load_msg,
    load_odf,
    load_pdf,
    load_pptx,
    load_rtf,
    load_xls,
    load_xlsx,
)
_PLAIN = (load_csv, load_json, load_markdown, load_text)
_PARTS = (  # what an archive holds that is a document itself
    ("word/document.xml", load_docx),
    ("ppt/presentation.xml", load_pptx),
    ("xl/workbook.xml", load_xlsx),
    ("META-INF/container.xml", load_epub),
)
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
_HTML = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_XML = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\s")
_MAIL = re.compile(
    rb"\A(?:[A-Za-z][\w-]{1,40}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?"
    rb"(?:MIME-Version|Message-ID|Received|Return-Path|Delivered-To):",
    re.I,
)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MESSAGE = "__properties_version1.0".encode("utf-16-le")
_WORKBOOKS = tuple(f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book"))
_OLD_KINDS = (  # by the name of a stream in them
    ("WordDocument".encode("utf-16-le"), "a Word document", ".docx"),
    ("PowerPoint Document".encode("utf-16-le"), "a PowerPoint presentation", ".pptx"),
)


def loader_of(data: bytes, suffix: str) -> Loader:
    """The loader of a file with this content and lower-case suffix; Unreadable says why there is none."""
    if data.startswith(b"PK\x03\x04"):
        return _zip_loader(data)
    if data.startswith(_OLD_OFFICE):
        return _old_office_loader(data, LOADERS.get(suffix))
    loader = LOADERS.get(suffix)
    shown = _shown_loader(data, loader)
    if shown is not None:
        return shown
    if loader in _SIGNED:
        raise Unreadable(f"it is damaged, or no {suffix} file: its first bytes are not those of one")
    if loader is None:
        raise Unreadable(f"unknown kind {suffix or '(no suffix)'}; supported are {SUPPORTED}")
    return loader


def is_archive(data: bytes) -> bool:
    """Whether this is a ZIP archive of documents, and no document in itself."""
    return data.startswith(b"PK\x03\x04") and _package_loader(data) is None


def is_plain(data: bytes, suffix: str) -> bool:
    """Whether the loader is one of those for text without markup that could lead a parser astray."""
    return LOADERS.get(suffix) in _PLAIN and not data.startswith((b"PK\x03\x04", _OLD_OFFICE, b"%PDF-", b"<"))


def _shown_loader(data: bytes, loader: Loader | None) -> Loader | None:
    """The loader for what the first bytes show; None where they show nothing."""
    if data.startswith(b"%PDF-") or (loader is load_pdf and b"%PDF-" in data[:1024]):
        return load_pdf
    if data.startswith(b"{\\rtf"):
        return load_rtf
    if data.startswith(_PICTURES):
        return load_image
    if _HTML.match(data[:4096]):
        return load_html
    if _XML.match(data[:200]):
        return load_xml
    if loader is load_json and b'"nbformat"' in data and b'"cells"' in data:
        return load_ipynb
    if loader is None or loader in _SIGNED:
        return load_eml if _MAIL.match(data[:8192].replace(b"\r\n", b"\n")) else None
    return None


def _old_office_loader(data: bytes, named: Loader | None) -> Loader:
    if _ENCRYPTED_PACKAGE in data:
        raise Unreadable("it is encrypted; remove its password first")
    if _MESSAGE in data:
        return load_msg
    for stream in _WORKBOOKS:
        if stream in data:
            return load_xls
    for stream, what, kind in _OLD_KINDS:
        if stream in data:
            raise Unreadable(f"it is {what} of the old kind; open it and save it as {kind}")
    if named is not None and named in (
        load_msg,
        load_xls,
    ):  # the list of its streams, which stands at its end, may be cut off
        return named
    raise Unreadable("it is of an old Office kind; save it as .docx, .xlsx, .pptx or .pdf")


def _zip_loader(data: bytes) -> Loader:
    loader = _package_loader(data)
    if loader is None:
        raise Unreadable("it is an archive of documents, not a document")
    return loader


def _package_loader(data: bytes) -> Loader | None:
    """The loader of a document that is a ZIP archive inside; None for an archive of any other files."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            for part, loader in _PARTS:
                if part in names:
                    return loader
            if "mimetype" in names and "content.xml" in names:
                with archive.open("mimetype") as file:
                    return load_odf if file.read(200).startswith(_OPEN_DOCUMENT) else None
            return None
    except Exception as error:  # zipfile raises many kinds for damaged directories
        raise Unreadable("it is damaged: a ZIP archive (which .docx is too) that is not whole") from error
