"""What a client of OpenAI's API sends, read into a question and the turns before it."""

from collections.abc import Mapping
from typing import Any

from index import DEFAULT_COLLECTION, Filter, QuestionError, SettingError
from qa import Turn
from qa.limits import check_collection, check_metadata, shortened
from quoth.openai_api.text import turn_of

MOST_HITS = 50


def conversation(messages: object) -> tuple[str, list[Turn]]:
    """The last question of the user, and the turns before it, oldest first, with Quoth's own answers."""
    if not isinstance(messages, list):
        raise SettingError(f"messages is {shortened(messages)}, but must be a list.")
    turns: list[Turn] = []
    for message in messages:
        role = _role(message)
        if role == "user":
            turns.append(Turn(_text(message)))
        elif role == "assistant" and turns and message.get("content"):
            turns[-1] = turn_of(turns[-1].question, _text(message))
    if not turns:
        raise QuestionError("messages holds no message of the user.")
    return turns[-1].question, turns[:-1]


def input_of(body: Mapping[str, Any]) -> tuple[str, list[Turn]]:
    """The same of the Responses API, whose input may be one text."""
    given = body.get("input")
    return (given, []) if isinstance(given, str) else conversation(given)


def filter_of(body: Mapping[str, Any]) -> Filter:
    """The documents that are meant: `metadata` may name a `collection`, the rest is as the documents say."""
    metadata = check_metadata(body.get("metadata") or {})
    collection = metadata.pop("collection", "")
    if collection:
        check_collection(collection)
    return Filter(collections=(collection,) if collection else (), metadata=metadata)


def in_collection(name: str) -> Filter:
    """The documents of one vector store, which is a collection here."""
    check_collection(name)
    return Filter(collections=(name or DEFAULT_COLLECTION,))


def query_of(body: Mapping[str, Any]) -> tuple[str, int]:
    """What is searched, and how many passages are wanted."""
    query = body.get("query")
    if isinstance(query, list) and all(isinstance(part, str) for part in query):
        query = " ".join(query)
    if not isinstance(query, str):
        raise QuestionError(f"query is {shortened(query)}, but must be text.")
    limit = body.get("max_num_results", 10)
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_HITS:
        raise SettingError(f"max_num_results is {shortened(limit)}, but must be from 1 to {MOST_HITS}.")
    return query, limit


def _role(message: object) -> object:
    if not isinstance(message, Mapping):
        raise SettingError(f"messages holds {shortened(message)}, but each must be an object.")
    return message.get("role")


def _text(message: Mapping[str, Any]) -> str:
    """The text of a message, which may stand in several parts."""
    content = message.get("content")
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, Mapping)]
        return "\n".join(part for part in parts if isinstance(part, str))
    raise SettingError(f"content is {shortened(content)}, but must be text.")
