"""Files that came as content, not as a place on this machine."""

import base64
import binascii
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from index import SettingError
from qa.limits import is_text, shortened

# No lasting path identifies such a file: it replaces an earlier one of its name, and nothing else.
UPLOADED = {"source": "uploaded"}
# A document may have no more either.
_LARGEST = 500 * 1024 * 1024


def decoded(content: str) -> bytes:
    """The bytes of a file sent as base64; SettingError when it is none."""
    if len(content) > _LARGEST * 4 // 3:
        raise SettingError(f"The content is too large: a file may have {_LARGEST >> 20} MB at most.")
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SettingError("The content is no base64.") from error


@contextmanager
def as_file(name: str, content: bytes) -> Iterator[Path]:
    """The content as a file of that name, for the time of the `with`; SettingError for a name that is none.

    Of a path the last part counts, so that nothing is written anywhere else.
    """
    own = PurePosixPath(name.replace("\\", "/")).name if is_text(name) else ""
    if own in ("", ".", ".."):
        raise SettingError(f"name is {shortened(name)}, but must be the name of a file.")
    with tempfile.TemporaryDirectory(prefix="named-", dir=os.environ.get("GRADIO_TEMP_DIR")) as folder:
        path = Path(folder, own)
        try:
            path.write_bytes(content)
        except OSError as error:
            raise SettingError(f"{shortened(own)} can't be the name of a file: {error.strerror}.") from error
        yield path
