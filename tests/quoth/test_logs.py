"""The log as JSON: a line an event, and nothing in it of documents and questions."""

import json
import logging
import sys
import urllib.request
from pathlib import Path

from quoth.logs import JsonLines
from tests.quoth.web.browser import running
from tests.waiting import PATIENCE

SECRET = "When did the Svalbard vault open?"


def line_of(record: logging.LogRecord) -> str:
    line = JsonLines().format(record)
    assert "\n" not in line
    assert SECRET not in line
    return line


def record(name: str, message: str, *values: object, **named: object) -> logging.LogRecord:
    return logging.LogRecord(name, logging.WARNING, "f.py", 1, message, values, None, **named)  # type: ignore[arg-type]


def test_a_message_of_ours_is_there_without_what_is_filled_in() -> None:
    line = json.loads(line_of(record("quoth.web", "%s can't be asked.", SECRET)))
    assert line["message"] == "%s can't be asked."
    assert (line["level"], line["logger"]) == ("WARNING", "quoth.web")


def test_a_message_of_another_package_is_left_out() -> None:
    assert "message" not in json.loads(line_of(record("uvicorn.error", f"bad: {SECRET}")))


def test_an_exception_is_told_by_its_kind_and_place() -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        one = record("qa.service.service", "A question could not be answered.")
        one.exc_info = sys.exc_info()
    line = json.loads(line_of(one))
    assert line["exception"] == "ValueError"
    assert line["at"][-1].startswith("test_an_exception_is_told_by_its_kind_and_place:")


def test_the_served_chat_logs_each_request_by_its_door(tmp_path: Path) -> None:
    with running(tmp_path, "--log-format", "json") as server:
        body = json.dumps({"messages": [{"role": "user", "content": SECRET}]}).encode()
        headers = {"Content-Type": "application/json"}
        for path, data in (("v1/chat/completions", body), ("health", None)):
            request = urllib.request.Request(f"{server.url}{path}", data, headers)
            urllib.request.urlopen(request, timeout=PATIENCE).read()
    written = server.log.read_text()
    assert SECRET not in written
    lines = [json.loads(line) for line in written.splitlines() if line.startswith("{")]
    asked = [line for line in lines if line.get("door") == "openai"]
    assert [(one["method"], one["status"], one["message"]) for one in asked] == [("POST", 200, "request")]
    assert asked[0]["milliseconds"] > 0
