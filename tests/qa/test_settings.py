"""Settings: each has one default, a variable named after it, and a line in the documentation."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from index import SettingError
from qa import Settings
from qa.settings import variable_of

PAGE = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
# In words there, since it depends on the machine, the library or the reader.
IN_WORDS = {"library", "embedder", "threshold"}
EXAMPLES = {
    "library": ("/some/where", Path("/some/where")),
    "embedder": ("a-model", "a-model"),
    "reader": ("sentence", "sentence"),
    "careful": ("false", False),
    "threads": ("3", 3),
    "passages": ("7", 7),
    "most_passages": ("20", 20),
    "list_passages": ("50", 50),
    "threshold": ("0.25", 0.25),
    "load_seconds": ("2.5", 2.5),
    "load_megabytes": ("800", 800),
    "keep_originals": ("false", False),
    "log_format": ("json", "json"),
}


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    row = re.search(rf"^\| `{variable_of(name)}` \| (.+?) \|", PAGE, re.MULTILINE)
    assert row, f"docs/settings.md does not say what {variable_of(name)} does"
    assert name in IN_WORDS or row[1] == f"`{getattr(Settings(), name)}`"


def test_no_setting_is_documented_that_is_not_there() -> None:
    names = {variable_of(field.name) for field in fields(Settings)}
    assert set(re.findall(r"QUOTH_\w+", PAGE)) == names


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_every_setting_is_read_from_its_variable(name: str) -> None:
    text, value = EXAMPLES[name]
    read = Settings.from_environment({variable_of(name): text})
    assert getattr(read, name) == value
    rest = [field.name for field in fields(Settings) if field.name != name]
    assert all(getattr(read, other) == getattr(Settings(), other) for other in rest)


def test_an_empty_variable_counts_as_not_set() -> None:
    assert Settings.from_environment(dict.fromkeys(map(variable_of, EXAMPLES), "")) == Settings()


def test_the_library_given_goes_before_the_variable() -> None:
    assert Settings.from_environment({"QUOTH_LIBRARY": "/a"}, library="/b").library == Path("/b")


@pytest.mark.parametrize(("name", "kind"), [("threads", "a whole number"), ("load_seconds", "a number")])
def test_a_variable_that_is_no_number_is_named(name: str, kind: str) -> None:
    with pytest.raises(SettingError, match=f"{variable_of(name)} is 'many', but must be {kind}"):
        Settings.from_environment({variable_of(name): "many"})
