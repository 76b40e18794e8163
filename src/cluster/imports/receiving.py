"""An upload onto the disk, piece by piece, whatever its size: nothing of it is kept in memory."""

import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from litestar.datastructures import UploadFile
from litestar.exceptions import ClientException
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

from cluster.base.errors import FieldFault, Invalid, Malformed
from cluster.base.http import ApiRequest
from cluster.imports.writing.streams import XLSX

MULTIPART = "multipart/form-data"
PIECE_BYTES = 1 << 18
NAME_MAX = 200


@dataclass
class UploadOperation(Operation):
    """In the API reference, a body that is a file, or a form with one."""

    def __post_init__(self) -> None:
        """Says so."""
        file = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(type=OpenAPIType.OBJECT, properties={"file": file}, required=["file"])
        media = {"text/csv": file, XLSX: file, "application/octet-stream": file, "multipart/form-data": form}
        content = {name: OpenAPIMediaType(schema=schema) for name, schema in media.items()}
        self.request_body = RequestBody(content=content, required=True, description="The file, at most 64 MiB.")


class Received(NamedTuple):
    """A file that came in; ``name`` is what its sender calls it, if it does."""

    file: BinaryIO
    size_bytes: int
    digest: bytes
    name: str | None


@asynccontextmanager
async def received(request: ApiRequest) -> AsyncIterator[Received]:
    """
    The file of a request: its body, or the part ``file`` of a form.

    Guards have run by then: nothing is parsed for a stranger.

    Raises
    ------
    Malformed or Invalid
        When a form cannot be read, or holds no such part.
    """
    with tempfile.TemporaryFile(prefix="cluster-upload-") as file:
        digest = hashlib.sha256()
        size_bytes, name = 0, None
        pieces = _body(request)
        if request.content_type[0] == MULTIPART:
            part = await _part(request)
            name, pieces = part.filename, _form(part)
        async for piece in pieces:
            size_bytes += len(piece)
            digest.update(piece)
            file.write(piece)
        yield Received(file, size_bytes, digest.digest(), name)


def name_of(given: str | None, fallback: str) -> str:
    """A file's name fit to be shown: without folders and what does not print."""
    bare = (given or "").replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in bare if sign.isprintable() and not "\ud800" <= sign <= "\udfff").strip()
    return shown[:NAME_MAX] or fallback


async def _body(request: ApiRequest) -> AsyncIterator[bytes]:
    async for piece in request.stream():
        yield piece


async def _part(request: ApiRequest) -> UploadFile:
    try:
        form = await request.form()
    except (ClientException, ValueError, KeyError, UnicodeError) as error:
        raise Malformed("The form cannot be read; send the file as the body instead.") from error
    part = form.get("file")
    if not isinstance(part, UploadFile):
        cure = "send the file as the part `file`, or as the body"
        raise Invalid([FieldFault(pointer="/file", code="missing", cause="missing", cure=cure)])
    return part


async def _form(part: UploadFile) -> AsyncIterator[bytes]:
    while piece := await part.read(PIECE_BYTES):
        yield piece
