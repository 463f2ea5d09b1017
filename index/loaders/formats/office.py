"""What Word, Excel and PowerPoint files have in common: relations between parts, and properties."""

import posixpath
import zipfile

from index.loaders.builder import Unreadable, one_line
from index.loaders.packages import parsed, part

_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
# What programs write where nobody gave a title or a name.
_NOBODY = ("openpyxl", "python-docx", "PowerPoint Presentation", "Word Document")


def main_part(package: zipfile.ZipFile, usual: str) -> str:
    """The name of the part that everything else hangs on; `usual` where the package doesn't say."""
    names = (name for kind, name in relations(package, "").values() if kind.endswith("/officeDocument"))
    return next(names, usual)


def relations(package: zipfile.ZipFile, name: str) -> dict[str, tuple[str, str]]:
    """The parts that a part refers to: by id the kind of the relation and the other part's name."""
    folder, base = posixpath.split(name)
    listing = f"{folder}/_rels/{base}.rels".lstrip("/")
    if listing not in package.namelist():
        return {}
    found = {}
    for one in parsed(part(package, listing)).iter(_RELATIONSHIP):
        target = one.get("Target", "")
        if one.get("TargetMode") != "External":
            path = target if target.startswith("/") else posixpath.join(folder, target)
            found[one.get("Id", "")] = (one.get("Type", ""), posixpath.normpath(path).lstrip("/"))
    return found


def described(package: zipfile.ZipFile) -> tuple[str, dict[str, str]]:
    """The title, and title, author, dates and language as metadata."""
    names = [name for kind, name in relations(package, "").values() if kind.endswith("/core-properties")]
    try:
        core = parsed(part(package, names[0] if names else "docProps/core.xml"))
    except Unreadable:
        return "", {}
    found = {
        key: one_line(core.findtext(tag) or "")
        for key, tag in (
            ("title", f"{_DUBLIN_CORE}title"),
            ("author", f"{_DUBLIN_CORE}creator"),
            ("created", f"{_TERMS}created"),
            ("modified", f"{_TERMS}modified"),
            ("language", f"{_DUBLIN_CORE}language"),
        )
    }
    found = {key: "" if value in _NOBODY else value for key, value in found.items()}
    found["created"], found["modified"] = found["created"][:10], found["modified"][:10]
    return found["title"], found
