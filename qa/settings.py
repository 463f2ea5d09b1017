"""Every setting, its default and its reason; the one place that reads the environment."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs

from index import Limits, SettingError

READERS = ("span", "sentence")
LogFormat = Literal["text", "json"]
LOG_FORMATS: tuple[LogFormat, ...] = get_args(LogFormat)
_LIMITS = Limits()


def _default_library() -> Path:
    return Path(platformdirs.user_data_dir("quoth", appauthor=False)) / "library"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a Service works; `Settings.from_environment` takes what `QUOTH_...` variables say.

    `library`: the folder that holds everything.
    `embedder`: any sentence-transformers model, by name or folder; empty for the library's own, which is the
    bundled one unless the library was made with another, or changed to it.
    `reader`: "span" for the trained one, which gives short answers and lists; "sentence" for whole sentences,
    chosen with the embedder alone; else the folder of a reader that `training/reader` made.
    `careful`: whether the reader's larger model reads the most promising passages again; without it, answers
    take less time and 90 MB less memory, and more of them are wrong.
    `threads`: processor threads for the models; 0 leaves the choice to them, which is all cores.
    `passages`: how many passages are read at a time; the best answer of the first ones is often sure.
    `most_passages`: how many are read at the most while no answer is sure.
    `list_passages`: how many are read at the most for a question that asks for several things.
    `threshold`: the confidence below which the documents count as not saying; None for the reader's own,
    which was chosen on public question sets.
    `load_seconds`: how long reading one file may take by the clock; a file over 16 MiB has more.
    `load_megabytes`: the address space of the process that reads files, where the system can limit it; about
    500 of it are the programs themselves.
    `keep_originals`: whether copies of uploaded PDFs are kept in the library's folder, to show their pages.
    `log_format`: "text" for people, "json" for programs that gather logs.
    """

    library: Path = field(default_factory=_default_library)
    embedder: str = ""
    reader: str = "span"
    careful: bool = True
    threads: int = 0
    passages: int = 6
    most_passages: int = 12
    list_passages: int = 40
    threshold: float | None = None
    load_seconds: float = _LIMITS.seconds
    load_megabytes: int = _LIMITS.megabytes
    keep_originals: bool = True
    log_format: LogFormat = "text"

    def __post_init__(self) -> None:
        if self.reader not in READERS and not Path(self.reader).is_dir():
            raise SettingError(
                f"reader is {self.reader!r}, but must be {' or '.join(READERS)}, or the folder of a reader."
            )
        if self.threads < 0:
            raise SettingError(f"threads is {self.threads}, but must be 0 (all cores) or more.")
        if not 1 <= self.passages <= 100:
            raise SettingError(f"passages is {self.passages}, but must be from 1 to 100.")
        if not 1 <= self.most_passages <= 1000:
            raise SettingError(f"most_passages is {self.most_passages}, but must be from 1 to 1000.")
        if not 1 <= self.list_passages <= 1000:
            raise SettingError(f"list_passages is {self.list_passages}, but must be from 1 to 1000.")
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise SettingError(f"threshold is {self.threshold}, but must be from 0 to 1.")
        if not 0.1 <= self.load_seconds <= 86_400:
            raise SettingError(f"load_seconds is {self.load_seconds}, but must be from 0.1 to 86,400.")
        if self.load_megabytes < 768:
            raise SettingError(f"load_megabytes is {self.load_megabytes}, but must be 768 or more.")
        if self.log_format not in LOG_FORMATS:
            raise SettingError(f"log_format is {self.log_format!r}, but must be {' or '.join(LOG_FORMATS)}.")

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] | None = None, library: str | None = None
    ) -> "Settings":
        """What the variables named like the fields say (`QUOTH_LIBRARY` and so on), else the defaults.

        `library` goes first.
        """
        values = os.environ if environment is None else environment
        given: dict[str, Any] = {}
        for setting in fields(cls):
            name = variable_of(setting.name)
            if text := values.get(name):
                given[setting.name] = _READ[setting.type](name, text)
        if library:
            given["library"] = Path(library).expanduser()
        return cls(**given)


def variable_of(field: str) -> str:
    """The environment variable that sets this field."""
    return f"QUOTH_{field.upper()}"


def _text(_name: str, text: str) -> str:
    return text


def _path(_name: str, text: str) -> Path:
    return Path(text).expanduser()


def _number(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise SettingError(f"{name} is {text!r}, but must be a number.") from error


def _whole_number(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise SettingError(f"{name} is {text!r}, but must be a whole number.") from error


def _switch(name: str, text: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False,
             "off": False}  # fmt: skip
    if text.lower() not in words:
        raise SettingError(f"{name} is {text!r}, but must be true or false.")
    return words[text.lower()]


# How a field of each type is read from text.
_READ: Mapping[Any, Callable[[str, str], object]] = {
    str: _text,
    LogFormat: _text,
    Path: _path,
    int: _whole_number,
    bool: _switch,
    float: _number,
    float | None: _number,
}
