"""What stands before a Markdown text: its properties, in YAML or TOML, each as a line and as metadata."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import yaml

from index.loaders.builder import one_line

MAX_FIELDS = 200
MAX_CHARACTERS = 100_000
MAX_DEPTH = 5

_YAML = re.compile(r"\A---[ \t]*\n(.*?)\n?^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)\n?^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
# What the properties are called elsewhere.
_KNOWN = {
    "date": "created",
    "updated": "modified",
    "lastmod": "modified",
    "lang": "language",
    "authors": "author",
}


def split(text: str) -> tuple[dict[str, str], str]:
    """The properties in their order, each as written, and the text after them."""
    for pattern, read in ((_YAML, _yaml), (_TOML, _toml)):
        found = pattern.match(text)
        if found and len(found.group(1)) <= MAX_CHARACTERS:
            fields = read(found.group(1))
            if fields is not None:
                return dict(list(_flat("", fields, 0))[:MAX_FIELDS]), text[found.end() :]
    return {}, text


def metadata(fields: dict[str, str]) -> dict[str, str]:
    """The properties as metadata, under the names that all documents share."""
    named: dict[str, str] = {}
    for key, value in fields.items():
        named.setdefault(key.lower(), value)
    for key, common in _KNOWN.items():
        if key in named:
            named.setdefault(common, named[key])
    for key in ("created", "modified"):
        day = _DATE.match(named.get(key, ""))
        if day:
            named[key] = day.group()
    return named


def _yaml(text: str) -> dict[str, Any] | None:
    try:
        # Every value as it is written: 00742 stays 00742, and yes stays yes.
        fields = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (which makes nothing but texts)
    except (yaml.YAMLError, ValueError, RecursionError):
        return _plain(text)
    return fields if isinstance(fields, dict) else None


def _toml(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text, parse_float=str)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _plain(text: str) -> dict[str, Any] | None:
    """The lines 'key: value' of properties that are no valid YAML, as of a title with a colon in it."""
    pairs = [line.partition(":") for line in text.split("\n") if re.match(r"[\w-]+[ \t]*:", line)]
    return {key.strip(): value.strip().strip("\"'") for key, _, value in pairs} or None


def _flat(path: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for key, inner in value.items():
            yield from _flat(f"{path} {one_line(str(key))}".strip(), inner, depth + 1)
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value) and depth < MAX_DEPTH:
        for inner in value[:MAX_FIELDS]:
            yield from _flat(path, inner, depth + 1)
    elif isinstance(value, list):
        yield path, ", ".join(one_line(str(one)) for one in value)
    elif not isinstance(value, dict) and path:
        yield path, one_line("" if value is None else str(value))
