"""JSON and JSON Lines as readable lines of 'key: value'."""

import json
from collections.abc import Iterator

from index.loaders.builder import Builder, Loaded, Unreadable, one_line
from index.loaders.encoding import decode

MAX_DEPTH = 100  # levels of nesting; no document has more, and an attack would
MAX_RECORD_LINE = 400  # characters up to which a record stands on one line, so that it can be quoted whole

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def load_json(data: bytes) -> Loaded:
    """One JSON value, or one on each line."""
    text = decode(data)
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels") from error
    except ValueError as error:
        if "\n" not in text.strip():
            raise Unreadable(f"it is not valid JSON: {error}") from error
        value = _json_lines(text, error)
    builder = Builder()
    _add(builder, value)
    title = value.get("title") or value.get("name") if isinstance(value, dict) else ""
    return builder.build(title=one_line(title) if isinstance(title, str) else "")


def _json_lines(text: str, whole: ValueError) -> list[Json]:
    values: list[Json] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            if line.strip():
                values.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            if len(values) > 1:
                raise Unreadable(f"line {number} is not valid JSON: {error}") from error
            raise Unreadable(f"it is not valid JSON: {whole}") from error
    return values


def _add(builder: Builder, value: Json) -> None:
    """A record or a list of them: short records on one line each, long ones line by line."""
    records = value if isinstance(value, list) else [value]
    for record in records:
        lines = list(_lines("", record, 1))
        whole = "; ".join(lines)
        if len(whole) <= MAX_RECORD_LINE and isinstance(value, list):
            builder.add(whole, before="\n")
        else:
            builder.add("\n".join(lines))


def _lines(path: str, value: Json, depth: int) -> Iterator[str]:
    """Every leaf below `value` as 'key: value', keys of several levels joined by a space."""
    if depth > MAX_DEPTH:
        raise Unreadable(f"it is nested deeper than {MAX_DEPTH} levels")
    match value:
        case dict():
            for key, item in value.items():
                yield from _lines(f"{path} {one_line(key)}".strip(), item, depth + 1)
        case list() if all(not isinstance(item, dict | list) for item in value):
            yield from _leaf(path, ", ".join(_text(item) for item in value if item is not None))
        case list():
            for item in value:
                yield from _lines(path, item, depth + 1)
        case _:
            yield from _leaf(path, _text(value))


def _leaf(path: str, text: str) -> Iterator[str]:
    if text:
        yield f"{path}: {text}" if path else text


def _text(value: Json) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value)
        case _:
            return str(value).strip()
