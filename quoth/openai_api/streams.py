"""Answers as the events of a stream.

What was sent of a text can't be taken back, and an answer may still change while more is read. So the Answer
so far goes out beside the text as it grows, and the text, line by line, when it is whole.
"""

from collections.abc import Callable, Iterator
from typing import Any

from qa import Answer
from quoth.openai_api.shapes import MODEL, file_citations, message_of, new_id, response_object

Events = Iterator[dict[str, Any]]


def chunks(growing: Iterator[Answer], text_of: Callable[[Answer], str], created: int) -> Events:
    """The chunks of a chat completion; `growing` are the answers so far, of which the last is whole."""
    answer = next(growing)
    shared = {"id": new_id("chatcmpl"), "object": "chat.completion.chunk", "created": created, "model": MODEL}

    def chunk(delta: dict[str, Any], finish: str | None = None, **beside: Any) -> dict[str, Any]:
        return shared | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]} | beside

    yield chunk({"role": "assistant", "content": ""}, answer=answer.to_json())
    for answer in growing:
        yield chunk({}, answer=answer.to_json())
    text = text_of(answer)
    for line in text.splitlines(keepends=True):
        yield chunk({"content": line})
    yield chunk({"annotations": file_citations(answer, text)}, "stop", answer=answer.to_json())


def response_events(growing: Iterator[Answer], text_of: Callable[[Answer], str], created: int) -> Events:
    """The events of the Responses API; `growing` are the answers so far, of which the last is whole."""
    numbered = enumerate(_response_events(growing, text_of, created))
    return (event | {"sequence_number": number} for number, event in numbered)


def _response_events(growing: Iterator[Answer], text_of: Callable[[Answer], str], created: int) -> Events:
    answer = next(growing)
    begun = response_object([], created)
    yield {"type": "response.created", "response": begun}
    yield {"type": "response.in_progress", "response": begun | {"answer": answer.to_json()}}
    for answer in growing:
        yield {"type": "response.in_progress", "response": begun | {"answer": answer.to_json()}}
    text = text_of(answer)
    message = message_of(answer, text)
    yield from _message_events(message)
    done = {"status": "completed", "output": [message], "answer": answer.to_json()}
    yield {"type": "response.completed", "response": begun | done}


def _message_events(message: dict[str, Any]) -> Events:
    """A message with one part of text, as it comes."""
    (part,) = message["content"]
    item = {"output_index": 0}
    place = item | {"item_id": message["id"], "content_index": 0}
    begun = message | {"status": "in_progress", "content": []}
    yield {"type": "response.output_item.added", **item, "item": begun}
    empty = part | {"text": "", "annotations": []}
    yield {"type": "response.content_part.added", **place, "part": empty}
    for line in part["text"].splitlines(keepends=True):
        yield {"type": "response.output_text.delta", **place, "delta": line, "logprobs": []}
    for number, annotation in enumerate(part["annotations"]):
        added = {"annotation_index": number, "annotation": annotation}
        yield {"type": "response.output_text.annotation.added", **place, **added}
    yield {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []}
    yield {"type": "response.content_part.done", **place, "part": part}
    yield {"type": "response.output_item.done", **item, "item": message}
