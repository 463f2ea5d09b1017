"""A server's process ends as it should, whatever its other threads are doing."""

import subprocess
import sys

import pytest

# Threads that are in ONNX Runtime for nearly all of the time, as while questions are answered.
BUSY = """
import atexit, threading
import numpy as np
import onnxruntime
from index.embedders.onnx_embedder import BUNDLED
from quoth.serving.ending import ends_at_once

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(str(BUNDLED / "model.onnx"), options)
inputs = {one.name: np.ones((8, 128), dtype=np.int64) for one in session.get_inputs()}
begun = threading.Semaphore(0)

def work():
    while True:
        begun.release()
        session.run(None, inputs)

with ends_at_once():
    atexit.register(print, "done at exit")
    for _ in range(3):
        threading.Thread(target=work, daemon=True).start()
    for _ in range(6):
        begun.acquire()
"""


def test_threads_that_are_still_at_work_do_not_abort_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", BUSY], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout) == (0, "done at exit\n"), done.stderr


@pytest.mark.parametrize("status", [1, 2])
def test_an_error_keeps_its_status(status: int) -> None:
    lines = "import sys", "from quoth.serving.ending import ends_at_once", "with ends_at_once():"
    code = "\n".join([*lines, f"    sys.exit({status})"])
    assert subprocess.run([sys.executable, "-c", code], timeout=300).returncode == status
