"""The documentation names what is there, and its links lead somewhere."""

import re
from pathlib import Path

import pytest

from quoth.cli import parser

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
# One page.
MOST_LINES = 90


def text(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    assert found, f"no section {title}"
    return found[1]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_what_a_page_links_to_is_there(path: Path) -> None:
    links = re.findall(r"\]\((?!http)([^)#]*)(#[^)]*)?\)", path.read_text(encoding="utf-8"))
    for file, anchor in links:
        target = path.parent / file if file else path
        assert target.exists(), f"{path.name} links to {file}"
        if anchor:
            titles = re.findall(r"^#+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor[1:] in [title.lower().replace(" ", "-") for title in titles]


def test_every_command_is_described_and_no_other() -> None:
    (commands,) = [action.choices for action in parser()._actions if action.choices]
    assert set(re.findall(r"^\| `quoth (\w+)", text("command-line.md"), re.MULTILINE)) == set(commands)


def test_the_readme_is_one_page() -> None:
    assert 60 <= len(README.splitlines()) <= MOST_LINES


def test_every_figure_of_the_readme_is_one_that_was_measured() -> None:
    rows = [line.split("|") for line in section(README, "How good it is").splitlines() if line[:1] == "|"]
    figures = [figure for row in rows[2:] for figure in re.findall(r"\d[\d.]*", row[2])]
    measured = set(re.findall(r"\d[\d.]*", text("measured.md")))
    assert len(figures) > 8
    assert [figure for figure in figures if figure not in measured] == []


def test_the_architecture_names_every_package() -> None:
    named = set(re.findall(r"`((?:index|qa|quoth)/\w+)/`", text("architecture.md")))
    there = {
        path.parent.relative_to(ROOT).as_posix()
        for part in ("index", "qa", "quoth")
        for path in (ROOT / part).glob("*/__init__.py")
    }
    assert there <= named


@pytest.mark.parametrize("place", sorted(set(re.findall(r"`([\w./]+/[\w./]*)`", text("architecture.md")))))
def test_the_places_that_the_architecture_names_are_there(place: str) -> None:
    inside = (ROOT, ROOT / "quoth", ROOT / "index" / "loaders", ROOT / "index" / "search")
    assert any((folder / place).exists() for folder in inside)
