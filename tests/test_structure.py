"""The house keeps its shape: who may import whom, and what must not be loaded on the way to an answer."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ALLOWED = {"index": set(), "qa": {"index"}, "quoth": {"index", "qa"}, "app": {"index", "qa", "quoth"}}
# Which wings of its own package each wing may import.
WINGS = {
    "index": {
        "documents": set(),
        "embedders": {"documents"},
        "loaders": {"documents"},
        "store": {"documents", "embedders"},
        "search": {"documents", "store"},
        "library": {"documents", "embedders", "loaders", "search", "store"},
        "intake": {"documents", "library", "loaders", "store"},
        "upkeep": {"documents", "embedders", "library", "loaders", "store"},
        "testing": {"documents", "intake", "library", "search", "store", "upkeep"},
    },
    "qa": {
        "reading": set(),
        "wording": set(),
        "answering": {"reading"},
        "service": {"answering", "reading", "wording"},
        "access": {"answering", "evaluate", "service"},
        "evaluate": {"answering", "reading", "service"},
    },
    "quoth": {
        "serving": set(),
        "mcp": {"serving"},
        "openai_api": {"serving"},
        "web": {"mcp", "openai_api", "serving"},
        "commands": {"mcp", "serving", "web"},
    },
}
# The modules beside them, which all wings may import, `cli` excepted: the command line begins there.
BESIDE = {"index": {"errors", "locks"}, "qa": {"limits", "settings"}, "quoth": {"cli", "counted", "logs"}}
SQL = re.compile(
    r"\b(SELECT .+ FROM|(INSERT|REPLACE)( OR \w+)? INTO|DELETE FROM|UPDATE \w+ SET|PRAGMA \w+|CREATE TABLE)\b"
)
LONGEST_TEST = 400
CONSTANT = re.compile(r"(^|\.)_?[A-Z][A-Z0-9_]+$")
TYPE_NAME = re.compile(r"(?=.*[a-z])[A-Z]\w+")
HEAVY = ("torch", "transformers", "sentence_transformers", "gradio")


def modules_of(package: str) -> list[Path]:
    return [ROOT / "app.py"] if package == "app" else sorted((ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def texts_in(path: Path) -> list[str]:
    """The string literals of a module."""
    nodes = ast.walk(ast.parse(path.read_text("utf-8")))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]


@pytest.mark.parametrize("package", ALLOWED)
def test_dependencies_point_one_way(package: str) -> None:
    paths = modules_of(package)
    assert paths
    for path in paths:
        forbidden = (imported(path) & ALLOWED.keys()) - ALLOWED[package] - {package}
        assert not forbidden, f"{path.relative_to(ROOT)} imports {forbidden}"


def modules_imported(path: Path, later: bool = False) -> set[str]:
    """The dotted names of our own modules that a module imports when it is loaded, or also `later`."""
    tree = ast.parse(path.read_text("utf-8"))
    names: set[str] = set()
    for node in ast.walk(tree) if later else tree.body:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return {name for name in names if name.split(".")[0] in ALLOWED}


def wings_imported(path: Path) -> set[str]:
    """The wings of its own package that a module imports."""
    package = path.relative_to(ROOT).parts[0]
    names = [name.split(".") for name in modules_imported(path, later=True)]
    return {name[1] for name in names if name[0] == package and len(name) > 1} & WINGS[package].keys()


@pytest.mark.parametrize(
    ("package", "wing"), [(package, wing) for package in WINGS for wing in WINGS[package]]
)
def test_wings_import_one_way(package: str, wing: str) -> None:
    paths = sorted((ROOT / package / wing).rglob("*.py"))
    assert len(paths) > 1
    for path in paths:
        forbidden = wings_imported(path) - WINGS[package][wing] - {wing}
        assert not forbidden, f"{path.relative_to(ROOT)} imports {forbidden}"


@pytest.mark.parametrize("package", WINGS)
def test_every_module_is_in_a_wing_or_shared_by_all(package: str) -> None:
    folder = ROOT / package
    assert {path.parent.name for path in folder.glob("*/__init__.py")} == WINGS[package].keys()
    beside = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    assert beside == BESIDE[package]
    for name in beside - {"cli"}:
        assert not wings_imported(folder / f"{name}.py"), f"{name} is shared by the wings it imports"


def test_every_package_is_installed() -> None:
    named = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    there = [
        path.parent.relative_to(ROOT) for package in WINGS for path in (ROOT / package).rglob("__init__.py")
    ]
    assert set(named) - {"quoth.seeds"} == {".".join(path.parts) for path in there}


def test_tests_mirror_the_tree() -> None:
    folders = {path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("*.py")}
    assert len(folders) > 20
    assert [str(folder) for folder in folders if not (ROOT / folder).is_dir()] == []


def test_no_modules_import_one_another_in_a_circle() -> None:
    paths = [path for package in ALLOWED for path in modules_of(package)]
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    # A package is loaded by its own `__init__`, which lists names and is imported by no module below it.
    arrows = {name: modules_imported(path) & names.keys() for name, path in names.items()}
    while leaves := [name for name, targets in arrows.items() if not targets & arrows.keys()]:
        for name in leaves:
            del arrows[name]
    assert sorted(arrows) == []


@pytest.mark.parametrize("package", ALLOWED)
def test_only_the_store_speaks_sql(package: str) -> None:
    # `index/testing` is tests, one of which damages a store.
    elsewhere = ("index/store", "index/testing")
    for path in modules_of(package):
        if path.relative_to(ROOT).as_posix().startswith(elsewhere):
            continue
        assert "sqlite3" not in imported(path), f"{path.relative_to(ROOT)} imports sqlite3"
        statements = [text for text in texts_in(path) if SQL.search(text)]
        assert not statements, f"{path.relative_to(ROOT)} holds the SQL {statements}"


def test_sql_is_noticed() -> None:
    found = [text for path in modules_of("index") for text in texts_in(path) if SQL.search(text)]
    assert len(found) > 20


def test_test_files_are_short_enough_to_read() -> None:
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in (ROOT / "tests").rglob("*.py")}
    assert len(lines) > 50
    assert [str(path.relative_to(ROOT)) for path, count in lines.items() if count > LONGEST_TEST] == []


@pytest.mark.parametrize("statement", ["import index", "import qa", "import quoth.cli"])
def test_importing_loads_nothing_heavy(statement: str) -> None:
    check = f"{statement}; import sys; print([name for name in {HEAVY} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_asking_in_the_shell_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The vault opened in 2008. It is in Svalbard.")
    check = f"""
import sys
from quoth.cli import main
assert main(["add", r"{tmp_path / "a.txt"}", "--library", r"{tmp_path / "library"}"]) == 0
main(["ask", "When did the vault open?", "--library", r"{tmp_path / "library"}"])
print([name for name in {HEAVY} if name in sys.modules])
"""
    home = tmp_path / "home"
    home.mkdir()
    environment = os.environ | {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache")}
    result = subprocess.run(
        [sys.executable, "-c", check], capture_output=True, text=True, check=True, env=environment
    )
    assert result.stdout.splitlines()[-1] == "[]", result.stdout
    # ONNX Runtime would prepare its reports to its maker there.
    assert not list(home.rglob("*icrosoft*"))


def names_of_types(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The classes of a module, and its names of other types with what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name.lstrip("_"), f"class {id(node)}"
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and TYPE_NAME.fullmatch(name := target.id.lstrip("_")):
                assert isinstance(node, ast.Assign)
                yield name, re.sub(r"^(Sequence|list)\b", "list", ast.unparse(node.value))


def test_one_name_of_a_type_means_one_thing() -> None:
    meanings: dict[str, set[str]] = {}
    trees = [ast.parse(path.read_text("utf-8")) for package in ALLOWED for path in modules_of(package)]
    for tree in trees:
        for name, meaning in names_of_types(tree):
            meanings.setdefault(name, set()).add(meaning)
    assert len(meanings) > 200
    assert sorted(name for name, of in meanings.items() if len(of) > 1) == []


def test_a_name_of_two_types_is_noticed() -> None:
    tree = ast.parse("class Run: ...\nRun = tuple[int, int]\nRun = str\nRUN = 1\n_run = 2")
    assert len({meaning for name, meaning in names_of_types(tree) if name == "Run"}) == 3


def constants_patched(source: str) -> list[str]:
    """The constants that a module sets on something else, by `setattr`, `patch` or an assignment."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
            ("setattr", "patch", "patch.object")
        ):
            found += [text for text in map(text_of, node.args) if is_constant(text)]
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found += [one.attr for one in targets if isinstance(one, ast.Attribute) and is_constant(one.attr)]
    return found


def text_of(node: ast.expr) -> str:
    """The text that a literal is; empty for everything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_constant(name: str) -> bool:
    return bool(CONSTANT.search(name))


def test_no_test_patches_a_constant() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        assert constants_patched(path.read_text("utf-8")) == [], f"{path.name}: make it a parameter"


@pytest.mark.parametrize(
    "source",
    [
        "monkeypatch.setattr(module, '_SECONDS', 1)",
        "monkeypatch.setattr('index.search.MOST', 1)",
        "mock.patch.object(module, 'MOST_2', 1)",
        "module._SWITCH = ()",
    ],
)
def test_patched_constants_are_noticed(source: str) -> None:
    assert len(constants_patched(source)) == 1
