"""The documents a first start answers about, and questions to try on them."""

import json
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_NO_SEED = "SOURCES.md"
_KINDS = (".md", ".txt")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, and the name of the seed document that answers it; None where none does."""

    question: str
    document: str | None


def seed_paths() -> list[Path]:
    """The seed documents' files, in the order of their names."""
    entries = (Path(str(entry)) for entry in _folder().iterdir())
    return sorted(path for path in entries if path.suffix in _KINDS and path.name != _NO_SEED)


def example_questions() -> list[Example]:
    """Questions on the seed documents, the last of which they don't answer."""
    values = json.loads((_folder() / "questions.json").read_text(encoding="utf-8"))
    return [Example(value["question"], value["document"]) for value in values]


def _folder() -> Traversable:
    try:
        return files("quoth.seeds")
    except ModuleNotFoundError:
        # Run from a checkout that is not installed.
        return Path(__file__).parent.parent / "seeds"
