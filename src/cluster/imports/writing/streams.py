"""Rows as files over HTTP: as they come, or once they are whole; no more of them in memory than a part."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from cluster.imports.writing.cells import Workbook, csv_text

CSV = "text/csv"
"""The framework adds the charset."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PIECE_BYTES = 1 << 18
Format = Annotated[str, QueryParameter(name="format", pattern="^(csv|xlsx)$", description="`csv` or `xlsx`.")]


def file_schema(description: str) -> dict[int, ResponseSpec]:
    """For the API reference: an answer that is a file."""
    return {200: ResponseSpec(bytes, generate_examples=False, description=description, media_type=XLSX)}


def media_type(file_format: str) -> str:
    """Of a format."""
    return XLSX if file_format == "xlsx" else CSV


def attachment(name: str, file_format: str) -> dict[str, str]:
    """Headers that have a file saved under a name."""
    return {"Content-Disposition": f'attachment; filename="{name}.{file_format}"'}


class _File(Stream):
    """A stream that is what it says it is; the framework would say what most answers of the operation are."""

    def to_asgi_response(self, *given: Any, **named: Any) -> Any:
        """With its own media type."""
        return super().to_asgi_response(*given, **(named | {"media_type": self.media_type}))


def file_of(rows: AsyncIterator[list[list[Any]]], header: list[str], name: str, file_format: str) -> Stream:
    """Rows as a file: text as it comes, a workbook once it is whole."""
    content = _workbook(rows, header) if file_format == "xlsx" else _csv(rows, header)
    return _File(content, media_type=media_type(file_format), headers=attachment(name, file_format))


async def _csv(rows: AsyncIterator[list[list[Any]]], header: list[str]) -> AsyncIterator[bytes]:
    yield csv_text([header], first=True).encode()
    async for part in rows:
        yield csv_text(part, first=False).encode()


async def _workbook(rows: AsyncIterator[list[list[Any]]], header: list[str]) -> AsyncIterator[bytes]:
    with tempfile.TemporaryDirectory(prefix="cluster-export-") as folder:
        path = Path(folder) / "file.xlsx"
        book = Workbook(path, "Sheet1", header)
        async for part in rows:
            await asyncio.to_thread(book.add, part)
        await asyncio.to_thread(book.close)
        with path.open("rb") as file:
            while piece := file.read(PIECE_BYTES):
                yield piece
