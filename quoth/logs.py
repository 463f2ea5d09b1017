"""The log as JSON, a line for each event, for programs that gather logs."""

import json
import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from qa.settings import LogFormat

_OWN = ("index", "qa", "quoth")


class JsonLines(logging.Formatter):
    """A record as one line of JSON, in which no document or question can be quoted.

    A message of Quoth's is as it stands in the code, without what would be filled in; one of another package
    is left out. Of an exception the kind and the places in the code are there, not what it says.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        if record.name.partition(".")[0] in _OWN:
            line["message"] = str(record.msg)
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            line |= facts
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["at"] = [f"{frame.name}:{frame.lineno}" for frame in frames]
        return json.dumps(line, ensure_ascii=False, default=str)


@contextmanager
def raised_alone() -> Iterator[None]:
    """Inside, what ends the work in the background is not logged, since whoever waits for it is told."""
    loggers = [logging.getLogger(f"index.library.{name}") for name in ("background_worker", "reembedder")]
    for one in loggers:
        one.addFilter(_nothing)
    try:
        yield
    finally:
        for one in loggers:
            one.removeFilter(_nothing)


def _nothing(_record: logging.LogRecord) -> bool:
    return False


def log_as(form: LogFormat) -> None:
    """Has this process log in that form, on standard error; requests are logged in JSON alone."""
    if form == "json":
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
        logging.getLogger("quoth").setLevel(logging.INFO)
