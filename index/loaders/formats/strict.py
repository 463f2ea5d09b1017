"""Strict OOXML, as Office saves it on request: its namespaces are renamed to the usual ones."""

import io
import zipfile

_STRICT = b"http://purl.oclc.org/ooxml/"
_USUAL = b"http://schemas.openxmlformats.org/"
_NAMES = {
    b"wordprocessingml/main": b"wordprocessingml/2006/main",
    b"spreadsheetml/main": b"spreadsheetml/2006/main",
    b"presentationml/main": b"presentationml/2006/main",
    b"drawingml/": b"drawingml/2006/",
    b"officeDocument/relationships/metadata/": b"package/2006/relationships/metadata/",
    b"officeDocument/": b"officeDocument/2006/",
}


def usual(package: zipfile.ZipFile, data: bytes) -> bytes:
    """The file with the usual namespaces; `data`, its bytes, where it has them already."""
    if "_rels/.rels" not in package.namelist() or _STRICT not in package.read("_rels/.rels"):
        return data
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as renamed:
        for name in package.namelist():
            content = package.read(name)
            renamed.writestr(name, _renamed(content) if name.endswith((".xml", ".rels")) else content)
    return buffer.getvalue()


def _renamed(content: bytes) -> bytes:
    for strict, name in _NAMES.items():
        content = content.replace(_STRICT + strict, _USUAL + name)
    return content
