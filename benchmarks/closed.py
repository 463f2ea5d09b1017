"""What the server lets through of what it should not, and what it keeps of calls that it refused.

    python -m benchmarks.closed [--calls 10000]

Every path of `benchmarks.attacks`, asked of the real server (`app.py` in a process of its own); then refused
calls of several kinds, with the server's resident memory after the first tenth and at the end.
"""

import argparse
import http.client
import json
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.app_process import HOST, running_app
from benchmarks.attacks import traversals
from benchmarks.clients import PATIENCE, resident
from benchmarks.common import write
from benchmarks.load import fill

SECRET = Path("/etc/passwd").read_bytes()[:20]
CLIENTS = 4
_ASK = "/gradio_api/call/ask"
REFUSED: tuple[tuple[str, dict[str, Any]], ...] = (
    (_ASK, {"data": ["x" * 5_000]}),
    (_ASK, {"data": ["Why?", "no list"]}),
    (_ASK, {"data": ["Why?", [], "no such collection"]}),
    ("/gradio_api/call/no-such", {"data": []}),
    ("/v1/chat/completions", {"messages": []}),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=10_000)
    calls = parser.parse_args().calls
    with tempfile.TemporaryDirectory() as folder:
        fill(Path(folder, "library"), ["The vault opened in 2008."])
        with running_app(Path(folder, "library")) as (process, port):
            paths = list(traversals())
            through = [path for path in paths if SECRET in get(port, path)]
            refuse(port, calls // 10)
            before = resident(process)
            refuse(port, calls)
            after = resident(process)
    figures = {
        "traversals": len(paths),
        "let_through": through,
        "refused_calls": calls,
        "memory_megabytes": {"before": before, "after": after},
    }
    write("closed", figures)
    sys.exit(1 if through or after > 1.05 * before else 0)


def get(port: int, path: str) -> bytes:
    connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
    try:
        connection.putrequest("GET", path, skip_host=True)
        connection.putheader("Host", f"{HOST}:{port}")
        connection.endheaders()
        return connection.getresponse().read()
    except http.client.InvalidURL:
        return b""
    finally:
        connection.close()


def refuse(port: int, calls: int) -> None:
    """So many calls that are refused, of which those of the queue are read to their end."""

    def one(number: int) -> None:
        connection = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        refused(connection, number)
        connection.close()

    with ThreadPoolExecutor(CLIENTS) as threads:
        list(threads.map(one, range(calls)))


def refused(connection: http.client.HTTPConnection, number: int) -> None:
    """The call of that number among the kinds that are refused."""
    path, body = REFUSED[number % len(REFUSED)]
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    reply = connection.getresponse().read()
    if path == _ASK:
        connection.request("GET", f"{path}/{json.loads(reply)['event_id']}")
        assert b"event: error" in connection.getresponse().read()


if __name__ == "__main__":
    main()
