"""The description of the plain HTTP doors says what they really do."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from tests.quoth.web.live import QUESTION, Live, library, live

# Gradio leaves the sockets of its event loops to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with library(tmp_path_factory.mktemp("openapi")) as service, live(service) as running:
        yield running


@pytest.fixture(scope="module")
def described(server: Live) -> Any:
    return server.request("GET", "/openapi.json").json


def test_every_route_under_v1_is_described_and_none_that_is_not_there(server: Live, described: Any) -> None:
    routes = {
        (str(getattr(route, "path", "")), method.lower())
        for route in server.server.blocks.app.routes
        for method in getattr(route, "methods", None) or ()
        if getattr(route, "path", "").startswith("/v1/") and method != "HEAD"
    }
    written = {(path, method) for path, methods in described["paths"].items() for method in methods}
    assert {one for one in written if one[0].startswith("/v1/")} == routes
    assert described["openapi"].startswith("3.1")


def test_every_reference_leads_somewhere(described: Any) -> None:
    found = list(references(described))
    assert len(found) > 5
    for place in found:
        value = described
        for part in place.removeprefix("#/").split("/"):
            value = value[part]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


def test_what_comes_back_has_the_described_form(server: Live, described: Any) -> None:
    (info,) = server.service.documents()
    asked = {"messages": [{"role": "user", "content": QUESTION}], "input": QUESTION, "query": QUESTION}
    for path, methods in described["paths"].items():
        if path == "/gradio_api/call/v2/{endpoint}/{event_id}":
            continue
        for method, operation in methods.items():
            real = path.replace("{collection}", "default").replace("{file}", info.id)
            body = {"question": QUESTION} if "gradio" in path else asked
            reply = server.request(
                method.upper(), real.replace("{endpoint}", "ask"), body if method == "post" else None
            )
            assert reply.status == 200, path
            ((kind, given),) = operation["responses"]["200"]["content"].items()
            assert reply.headers["content-type"].startswith(kind)
            if kind == "application/json":
                schema = {**given["schema"], "components": described["components"]}
                jsonschema.validate(reply.json, schema)
    error = server.request("POST", "/v1/responses", {"input": " "}).json
    jsonschema.validate(error, described["components"]["schemas"]["Error"])


def test_the_page_shows_every_path_and_loads_nothing(server: Live, described: Any) -> None:
    page = server.request("GET", "/openapi").body.decode()
    assert all(
        f"<code>{method.upper()} {path}</code>" in page
        for path, at in described["paths"].items()
        for method in at
    )
    assert "<script" not in page
    assert 'src="' not in page
