"""A bundled model: a folder of model.onnx, tokenizer.json and manifest.json, run with ONNX Runtime.

Neither torch nor transformers is imported here, and nothing is loaded before it is used.
"""

import hashlib
import json
import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError, SettingError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

Inputs = Mapping[str, NDArray[np.int64]]
Outputs = Sequence[NDArray[np.float32]]


class OnnxModel:
    """The model in `folder`; any thread may call it. ModelError when it is missing, damaged or another's.

    `threads` is how many batches run side by side; all cores unless given. `fields` must stand in the
    manifest, besides those of every model.
    """

    def __init__(self, folder: Path, threads: int | None = None, fields: Sequence[str] = ()) -> None:
        if threads is not None and threads < 1:
            raise SettingError(f"The number of threads must be at least 1, not {threads}.")
        self.folder = folder
        self.threads = threads or cores()
        self.manifest = _read_manifest(folder, {"name", "sha256", "maximum_length", *fields})
        self._loading = threading.Lock()

    def load(self) -> None:
        """Reads the files now instead of at the first call."""
        with self._loading:
            _ = self._session, self._tokenizer

    @property
    def tokenizer(self) -> "Tokenizer":
        """Without truncation and padding."""
        with self._loading:
            return self._tokenizer

    def run(self, batches: Sequence[Inputs]) -> Iterator[Outputs]:
        """The model's outputs for each batch, in order."""
        with self._loading:
            _ = self._session
        if len(batches) < 2 or self.threads < 2:
            return map(self._run, batches)
        return self._pool.map(self._run, batches)

    def _run(self, inputs: Inputs) -> Outputs:
        outputs: Outputs = self._session.run(None, dict(inputs))
        return outputs

    @cached_property
    def _session(self) -> "InferenceSession":
        # Otherwise it reports to its maker what runs where. It reads this when it is imported.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        import onnxruntime

        path = self.folder / "model.onnx"
        _check(path, self.manifest["sha256"])
        options = onnxruntime.SessionOptions()
        # A batch runs on one thread and the batches side by side: one batch spread over the cores
        # makes them wait for each other after every step.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        try:
            # By its path: a session that is given the content holds it for good beside what it makes of it.
            return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors have no common class
            raise ModelError(f"{path} can't be loaded: {error}") from error

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer

        path = self.folder / "tokenizer.json"
        try:
            tokenizer: Tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # tokenizers raises plain Exception
            raise ModelError(f"{path} can't be loaded: {error}") from error
        return tokenizer

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(self.threads, thread_name_prefix=self.folder.name)


def batches(lengths: Sequence[int], tokens: int, threads: int) -> Iterator[list[int]]:
    """The numbers of the texts in batches of nearly equal length, the longest first.

    A batch holds at most `tokens`, padding included; a few texts are spread over the threads, so that
    none of them stands idle.
    """
    room = min(tokens, -(-sum(lengths) // threads))
    batch: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: -lengths[number]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > room:
            yield batch
            batch = []
        batch.append(number)
    if batch:
        yield batch


def padded(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows as one array [rows, longest], zeros behind them, and the mask of what is theirs."""
    ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _read_manifest(folder: Path, fields: set[str]) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        given: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ModelError(
            f"No model in {folder}: {path.name} can't be read ({error.strerror}). "
            "A model folder holds model.onnx, tokenizer.json and manifest.json."
        ) from error
    except ValueError as error:
        raise ModelError(f"{path} is not a model's manifest: {error}.") from error
    if not isinstance(given, dict) or not fields <= given.keys():
        missing = ", ".join(sorted(fields - set(given)))
        raise ModelError(f"{path} is not a model's manifest: it lacks {missing}.")
    return given


def _check(path: Path, sha256: str) -> None:
    """ModelError when the file is not what the manifest says."""
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path} can't be read: {error.strerror}.") from error
    if found != sha256:
        raise ModelError(
            f"{path} is damaged or another model's: its sha256 is {found}, its manifest says {sha256}. "
            "Restore the folder, for instance by installing Quoth again."
        )
