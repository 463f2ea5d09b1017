"""Requests and texts as an attacker would make them, for tests and for `benchmarks.closed`."""

from collections.abc import Iterator
from itertools import product

# Steps up, in the ways in which servers and file systems have been fooled.
_UPS = (
    "../", "..\\", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%5c", "%252e%252e%252f", "....//", "..;/",
    ".%00./", "..%c0%af", "..%ef%bc%8f", "/", "//", "./../", "%2e%2e%5c",
)  # fmt: skip
_STARTS = (
    "/", "/gradio_api/file=", "/gradio_api/file/", "/gradio_api/upload/",
    "/gradio_api/custom_component/a/b/c/", "/gradio_api/stream/", "/gradio_api/call/", "/static/",
    "/assets/", "/svelte/", "/pwa_icon/", "/theme.css/", "/v1/files/", "/v1/vector_stores/", "/mcp/",
    "/openapi/", "/sign-in/", "/health/",
)  # fmt: skip
_TARGETS = (
    "etc/passwd", "etc%2fpasswd", "etc/passwd%00.css", "etc/passwd/.", "etc//passwd",
    "proc/self/environ", "%65tc/passwd", "etc/passwd?x", "etc/passwd%3f",
)  # fmt: skip
_DEPTHS = (1, 4, 9)

_SCRIPTS = (
    "<script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>", "<svg/onload={}//",
    "<body onload={}>", "<iframe src=javascript:{}></iframe>", "<a href=javascript:{}>x</a>",
    "<math><mi xlink:href=javascript:{}>", "<details open ontoggle={}>", "<input autofocus onfocus={}>",
    "<video><source onerror={}></video>", "<style>@import 'javascript:{}'</style>",
    "<object data=javascript:{}>", "<embed src=javascript:{}>", "<form action=javascript:{}><button>x",
    "<marquee onstart={}>", "<meta http-equiv=refresh content=0;{}>", "<base href=javascript:{}//>",
    "<link rel=stylesheet href=javascript:{}>", "<template><script>{}</script>",
)  # fmt: skip
_AROUND = (
    "{}", '">{}', "'>{}", "</textarea>{}", "</title>{}", "-->{}", "]]>{}", "</script>{}", "\x00{}",
    "\u202e{}", "<noscript>{}", "&lt;{}&gt;", "${{{}}}",
)  # fmt: skip


def traversals() -> Iterator[str]:
    """7,776 paths that try to leave the server's own folders."""
    for start, up, depth, target in product(_STARTS, _UPS, _DEPTHS, _TARGETS):
        yield start + up * depth + target


def payloads() -> Iterator[str]:
    """260 texts that would run a script where they are taken for markup."""
    for around, script in product(_AROUND, _SCRIPTS):
        yield around.format(script.format("alert(1)"))
