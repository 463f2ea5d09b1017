"""The documents a first start answers about."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

_NO_SEED = "SOURCES.md"
_KINDS = (".md", ".txt")


def seed_paths() -> list[Path]:
    """The seed documents' files, in the order of their names."""
    entries = (Path(str(entry)) for entry in _folder().iterdir())
    return sorted(path for path in entries if path.suffix in _KINDS and path.name != _NO_SEED)


def _folder() -> Traversable:
    try:
        return files("quoth.seeds")
    except ModuleNotFoundError:
        # Run from a checkout that is not installed.
        return Path(__file__).parents[2] / "seeds"
