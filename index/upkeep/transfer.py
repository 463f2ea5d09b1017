"""A library as one file, to keep or to move: the documents and vectors, kept originals, and a manifest."""

import hashlib
import json
import os
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import filelock

from index.errors import LibraryError, LibraryMismatch
from index.library.library import Library
from index.library.originals import FOLDER
from index.loaders import MAX_BYTES
from index.store.database import DATABASE, recorded
from index.store.migrate import OLDER
from index.store.originals import Originals
from index.store.store import Store
from index.store.tables import FORMAT

_MANIFEST = "manifest.json"
_BLOCK = 1 << 20
_LARGEST_MANIFEST = 10_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def export_library(library: Library, path: Path) -> dict[str, Any]:
    """Writes the library as of now into one file; what its manifest says.

    The file appears when it is whole. LibraryError when it is there already or can't be written.
    """
    if path.exists():
        raise LibraryError(f"{path} is there already. Export to another file, or remove it first.")
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
            snapshot = Path(folder, DATABASE)
            library.store.backup(snapshot)
            store = Store(snapshot)
            documents, passages = store.counts()
            originals = _linked(library, Originals(store).kept(), Path(folder))
            store.close()
            manifest = {
                "format": FORMAT,
                "embedder": store.embedder,
                "dimension": store.dimension,
                "documents": documents,
                "passages": passages,
                "made": datetime.now(UTC).isoformat(timespec="seconds"),
                "bytes": snapshot.stat().st_size,
                "sha256": _sha256(snapshot),
                "originals": [path.name for path in originals],
            }
            aside = Path(folder, "whole")
            with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(_MANIFEST, json.dumps(manifest, indent=2))
                archive.write(snapshot, DATABASE)
                for original in originals:
                    archive.write(original, f"{FOLDER}/{original.name}")
            _sync(aside)
            aside.replace(path)
            return manifest
    except OSError as error:
        raise LibraryError(f"{path} can't be written: {error.strerror}.") from error


def import_library(path: Path, folder: Path, embedder: str = "") -> dict[str, Any]:
    """Makes the library in `folder`, which must hold none or an empty one, from an exported file.

    Returns its manifest. The library keeps its embedder, and continues a change of it that was under way. An
    older format becomes today's. LibraryMismatch when the format is not known, or the embedder is another
    than the one named; LibraryError when the file is none or is damaged, or the library is not empty.
    """
    manifest = _manifest(path)
    format = FORMAT if str(manifest.get("format")) not in OLDER else manifest["format"]
    for key, value in {"format": format, "embedder": embedder}.items():
        if value and manifest.get(key) != value:
            raise LibraryMismatch(
                f"{path} was made with {key} {manifest.get(key)!r}, but {value!r} was asked for. "
                f"Use that {key}."
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(folder / "write.lock", timeout=0):
            _refuse_to_overwrite(folder)
            with tempfile.TemporaryDirectory(dir=folder, prefix=".import-") as temporary:
                database = Path(temporary, DATABASE)
                _extract(path, manifest, database)
                _as_new(database)
                _extract_originals(path, manifest, folder / FOLDER)
                database.replace(folder / DATABASE)
    except filelock.Timeout as error:
        raise LibraryError(f"Another program is writing to the library {folder}.") from error
    except OSError as error:
        raise LibraryError(f"The library {folder} can't be written: {error.strerror}.") from error
    return manifest


def _linked(library: Library, names: Collection[str], folder: Path) -> list[Path]:
    """The kept originals of that name, under names of their own for as long as they are being written out.

    Should one be deleted meanwhile with its document, the snapshot still has that document.
    """
    linked = []
    for name in sorted(names):
        with suppress(FileNotFoundError):
            try:
                os.link(library.folder / FOLDER / name, folder / name)
            except FileNotFoundError:
                raise
            except OSError:  # a file system without links, or another one
                shutil.copyfile(library.folder / FOLDER / name, folder / name)
            linked.append(folder / name)
    return linked


def _extract_originals(path: Path, manifest: dict[str, Any], folder: Path) -> None:
    """Writes the originals that the manifest names; LibraryError when one is not what its name says."""
    names = manifest.get("originals") or []
    if not isinstance(names, list) or not all(isinstance(one, str) and _SHA256.match(one) for one in names):
        raise LibraryError(f"{path} is damaged: its manifest names no originals. Export the library again.")
    for name in names:
        folder.mkdir(exist_ok=True)
        _extract_file(path, f"{FOLDER}/{name}", folder / name, MAX_BYTES, name)
        _sync(folder / name)


def _manifest(path: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_MANIFEST) as file:
            manifest = json.loads(file.read(_LARGEST_MANIFEST))
    except OSError as error:
        raise LibraryError(f"{path} can't be read: {error.strerror}.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, NotImplementedError, RuntimeError) as error:
        raise LibraryError(f"{path} is not an exported library, or is damaged: {error}.") from error
    if not isinstance(manifest, dict):
        raise LibraryError(f"{path} is not an exported library: its manifest is none.")
    return manifest


def _refuse_to_overwrite(folder: Path) -> None:
    if recorded(folder / DATABASE):
        store = Store(folder / DATABASE)
        documents, _ = store.counts()
        store.close()
        if documents:
            raise LibraryError(
                f"The library {folder} has {documents:,} documents already, and an import would replace "
                "them. Import into another folder, or remove them first."
            )
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()


def _extract(path: Path, manifest: dict[str, Any], database: Path) -> None:
    """Writes the snapshot to `database`, no more of it than the manifest says."""
    most = int(manifest["bytes"]) if isinstance(manifest.get("bytes"), int) else 0
    _extract_file(path, DATABASE, database, most, manifest.get("sha256"))


def _extract_file(path: Path, name: str, target: Path, most: int, sha256: object) -> None:
    """Writes a file of the export, `most` bytes of it; LibraryError unless it has that SHA-256."""
    left = most + 1
    found = hashlib.sha256()
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as source, target.open("wb") as file:
            while block := source.read(min(_BLOCK, left)):
                found.update(block)
                file.write(block)
                left -= len(block)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        raise LibraryError(f"{path} is damaged: {error}. Export the library again.") from error
    if found.hexdigest() != sha256:
        raise LibraryError(f"{path} is damaged: its checksum differs. Export the library again.")


def _as_new(database: Path) -> None:
    """Checks that it can be opened, and gives it a history of its own, so that no index is taken for its."""
    store = Store(database)
    try:
        store.begin_new_history()
    finally:
        store.close()
    _sync(database)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
