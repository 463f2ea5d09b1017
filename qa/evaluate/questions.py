"""Questions whose answers are known, read from a file of JSON lines."""

import gzip
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index import QuestionError, SettingError, normalise
from qa.answering.question import checked

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its golds: the right answers, as texts; none when there is no answer.

    Golds are alternatives unless `multi`: then each is one item of the answer. `context` is the text that
    was asked about, None where the question is meant for a library; `title` names the article that the
    context comes from, `document` the library's document that holds the answer, both empty when unknown.
    """

    id: str
    question: str
    golds: tuple[str, ...]
    context: str | None = None
    multi: bool = False
    title: str = ""
    document: str = ""

    @property
    def answerable(self) -> bool:
        return bool(self.golds)


def read_questions(path: Path | str) -> list[Question]:
    """The questions in a file of JSON lines, plain or gzipped.

    A row is `{"question", "answers", "id"?, "context"?, "title"?, "multi"?, "document"?}`; an answer is a
    text or `{"text", "start"?}`, `start` being its code point in the context. SettingError names the line
    that can't be used.
    """
    return questions_in(_text(Path(path)), str(path))


def questions_in(text: str, name: str) -> list[Question]:
    """The questions in a text as `read_questions` takes it; `name` is what errors call it."""
    questions: list[Question] = []
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            question = _question(_object(line), number)
            if question.id in lines:
                raise SettingError(f"the id {question.id!r} stands in line {lines[question.id]} already.")
        except SettingError as error:
            raise SettingError(f"{name}, line {number}: {error}") from error
        lines[question.id] = number
        questions.append(question)
    if not questions:
        raise SettingError(f"{name} holds no questions.")
    return questions


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if raw.startswith(_GZIP) else raw).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingError(f"{path} is not UTF-8 text (byte {error.start:,}).") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise SettingError(f"{path} is a damaged gzip file: {error}.") from error
    except OSError as error:
        raise SettingError(f"{path} can't be read: {error.strerror}.") from error


def _object(line: str) -> Mapping[str, object]:
    try:
        value = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise SettingError(f"this is no JSON: {error}.") from error
    if not isinstance(value, dict):
        raise SettingError(
            f'each line must be one JSON object such as {{"question": "…", "answers": ["…"]}}, '
            f"not {_kind(value)}."
        )
    return value


def _question(row: Mapping[str, object], number: int) -> Question:
    context = _optional(row, "context")
    golds = _golds(row, context)
    multi = row.get("multi") or False
    if not isinstance(multi, bool):
        raise SettingError(f'"multi" must be true or false, not {_kind(multi)}.')
    if row.get("is_impossible") and golds:
        raise SettingError('"is_impossible" is true, but "answers" is not empty.')
    if context is not None and not normalise(context):
        raise SettingError('"context" is empty; leave it out to ask a library.')
    try:
        question = checked(_required(row, "question"))
    except QuestionError as error:
        raise SettingError(f'"question": {error}') from error
    return Question(
        id=normalise(str(row.get("id", ""))) or str(number),
        question=question,
        golds=golds,
        context=normalise(context) if context is not None else None,
        multi=multi and bool(golds),
        title=" ".join(normalise(_optional(row, "title") or "").replace("_", " ").split()),
        document=normalise(_optional(row, "document") or ""),
    )


def _golds(row: Mapping[str, object], context: str | None) -> tuple[str, ...]:
    answers = row.get("answers", [] if row.get("is_impossible") else None)
    if not isinstance(answers, list):
        raise SettingError(
            '"answers" must be a list of texts, empty when there is no answer'
            + ("." if answers is None else f", not {_kind(answers)}.")
        )
    return tuple(dict.fromkeys(normalise(_gold(answer, context)) for answer in answers))


def _gold(answer: object, context: str | None) -> str:
    text, start = (answer.get("text"), answer.get("start")) if isinstance(answer, dict) else (answer, None)
    if not isinstance(text, str) or not normalise(text):
        raise SettingError('each of the "answers" must be a text that is not empty, or {"text": "…"}.')
    if start is None:
        return text
    if not isinstance(start, int) or isinstance(start, bool) or context is None:
        raise SettingError(f'the "start" of {text!r} must be a whole number, and needs a "context".')
    there = context[max(start, 0) : max(start, 0) + len(text)]
    if start < 0 or there != text:
        raise SettingError(f"the answer {text!r} does not stand at {start} of the context; {there!r} does.")
    return text


def _required(row: Mapping[str, object], key: str) -> str:
    value = _optional(row, key)
    if value is None:
        raise SettingError(f'"{key}" is missing.')
    return value


def _optional(row: Mapping[str, object], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise SettingError(f'"{key}" must be a text, not {_kind(value)}.')
    return value


def _kind(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list"}
    return "null" if value is None else names.get(type(value), "an object")
