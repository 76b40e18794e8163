"""Road networks on this machine: built from OpenStreetMap extracts, named by what they were built from."""

import hashlib
import json
import shutil
import struct
import subprocess
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from cluster.places.roads_process import MISSING, config_of

CURRENT = "current"
MANIFEST = "network.json"
BUILD_TIMEOUT_S = 24 * 3600
KEPT = 2
"""Networks that stay: the current one, and the one before, which a worker may still have open."""

LOCAL, LOCAL_DEGREES = "2", 0.25
"""The folder of tiles with local roads, and how large those are."""

Box = tuple[float, float, float, float]
"""South, west, north, east in degrees."""


class RoadsError(Exception):
    """What is wrong with an extract or a network, and what to do, in words for the operator."""


class Extract(Struct, frozen=True, kw_only=True):
    """One file of OpenStreetMap data; ``data_at`` and ``box`` are None where it does not say."""

    name: str
    bytes: int
    sha256: str
    data_at: datetime | None
    box: Box | None


class Network(Struct, frozen=True, kw_only=True):
    """A road network as built."""

    name: str
    extracts: list[Extract]
    engine: str
    built_at: datetime
    build_s: int
    tiles: int
    bytes: int
    nodes: int
    edges: int
    box: Box


def current(folder: Path) -> Network | None:
    """
    The network in use in a folder of networks; None when none was built.

    Raises
    ------
    RoadsError
        When the folder names a network that is not there, or whose description cannot be read.
    """
    try:
        name = (folder / CURRENT).read_text("utf-8").strip()
    except FileNotFoundError:
        return None
    try:
        return msgspec.json.decode((folder / name / MANIFEST).read_bytes(), type=Network)
    except (OSError, msgspec.MsgspecError) as error:
        raise RoadsError(f"The road network {name} in {folder} is damaged ({error}); build it again.") from error


def tiles_of(folder: Path, network: Network) -> Path:
    """Where a network's tiles are."""
    return folder / network.name / "tiles"


def build(folder: Path, files: Sequence[Path]) -> Network:
    """
    Builds the tiles of one network from extracts, and makes it the current one when it is whole.

    Building the same files again with the same Valhalla gives a network of the same name, whose legs stay valid.

    Raises
    ------
    RoadsError
        When a file is no extract, Valhalla is not installed, or it does not build them.
    """
    try:
        import valhalla
    except ImportError as error:
        raise RoadsError(f"{MISSING[0].upper()}{MISSING[1:]}.") from error
    extracts = [examine(path) for path in files]
    folder.mkdir(parents=True, exist_ok=True)
    began = datetime.now(UTC)
    work = Path(tempfile.mkdtemp(prefix="building-", dir=folder))
    try:
        _run_build(Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles", work, files)
        network = _described(work, extracts, f"valhalla {valhalla.__version__}", began)
        (work / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(network)))
        _put_in_place(folder, work, network)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return network


def _run_build(program: Path, work: Path, files: Sequence[Path]) -> None:
    """The wheel's own program; its wrapper in Python needs a search path that services do not have."""
    (work / "tiles").mkdir()
    config = config_of(work / "tiles")
    config["mjolnir"]["logging"] = {"type": "std_err", "color": False}
    described = work / "valhalla.json"
    described.write_text(json.dumps(config), "utf-8")
    command = [str(program), "-c", str(described), *(str(path.absolute()) for path in files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False, cwd=work)
    described.unlink()
    if done.returncode != 0 or not any((work / "tiles").rglob("*.gph")):
        last = "\n".join((done.stdout + done.stderr).strip().splitlines()[-5:])
        raise RoadsError(f"Valhalla built no road network (exit status {done.returncode}):\n{last}")


def _described(work: Path, extracts: list[Extract], engine: str, began: datetime) -> Network:
    """What was built, by the headers of its tiles."""
    from valhalla.baldr import GraphTileHeader

    paths = sorted((work / "tiles").rglob("*.gph"))
    headers = [GraphTileHeader.from_file(path) for path in paths]
    content = hashlib.sha256("".join([engine, *sorted(extract.sha256 for extract in extracts)]).encode()).hexdigest()
    dates = [extract.data_at for extract in extracts if extract.data_at is not None]
    day = min(dates).strftime("%Y%m%d") if dates else "undated"
    boxes = [extract.box for extract in extracts if extract.box is not None]
    local = work / "tiles" / LOCAL
    within = [head for path, head in zip(paths, headers, strict=True) if local in path.parents and head.nodecount]
    corners = [_local_tile(*header.base_ll) for header in within]
    return Network(
        name=f"osm-{day}-{content[:12]}",
        extracts=extracts,
        engine=engine,
        built_at=began.replace(microsecond=0),
        build_s=round((datetime.now(UTC) - began).total_seconds()),
        tiles=len(paths),
        bytes=sum(path.stat().st_size for path in paths),
        nodes=sum(header.nodecount for header in headers),
        edges=sum(header.directededgecount for header in headers),
        box=_around(boxes if len(boxes) == len(extracts) else corners),
    )


def _local_tile(lon: float, lat: float) -> Box:
    return lat, lon, lat + LOCAL_DEGREES, lon + LOCAL_DEGREES


def _around(boxes: list[Box]) -> Box:
    """What holds all; where an extract does not say its own, the tiles' do, which reach farther."""
    south, west, north, east = zip(*boxes, strict=True)
    return min(south), min(west), max(north), max(east)


def _put_in_place(folder: Path, work: Path, network: Network) -> None:
    """Whoever looks finds the old network or the new one, each whole."""
    target = folder / network.name
    if target.exists():
        shutil.rmtree(target)
    work.chmod(0o755)
    work.rename(target)
    pointer = folder / f"{CURRENT}.new"
    pointer.write_text(network.name + "\n", "utf-8")
    pointer.replace(folder / CURRENT)
    others = [path.parent for path in folder.glob(f"*/{MANIFEST}") if path.parent != target]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def examine(path: Path) -> Extract:
    """
    What an extract says of itself.

    Raises
    ------
    RoadsError
        When the file cannot be read, or is not OpenStreetMap data in PBF.
    """
    try:
        with path.open("rb") as stream:
            data_at, box = _header(stream)
            stream.seek(0)
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        size = path.stat().st_size
    except OSError as error:
        raise RoadsError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, IndexError, struct.error, zlib.error) as error:
        raise RoadsError(f"{path} is not OpenStreetMap data in PBF (*.osm.pbf).") from error
    return Extract(name=path.name, bytes=size, sha256=digest, data_at=data_at, box=box)


def _header(stream: BinaryIO) -> tuple[datetime | None, Box | None]:
    """
    Date and box from the header block, by the field numbers of the format's description.

    https://wiki.openstreetmap.org/wiki/PBF_Format: BlobHeader type 1, datasize 3; Blob raw 1, zlib_data 3;
    HeaderBlock bbox 1 (left, right, top, bottom, zigzag nanodegrees), osmosis_replication_timestamp 32.
    """
    (length,) = struct.unpack(">I", stream.read(4))
    if length > 64 * 1024:
        raise ValueError("no PBF")
    head = dict(_fields(stream.read(length)))
    size = head.get(3)
    if head.get(1) != b"OSMHeader" or not isinstance(size, int) or size > 32 * 1024 * 1024:
        raise ValueError("no PBF")
    blob = dict(_fields(stream.read(size)))
    raw, packed = blob.get(1), blob.get(3)
    block = dict(
        _fields(raw if isinstance(raw, bytes) else zlib.decompress(packed if isinstance(packed, bytes) else b""))
    )
    seconds, box = block.get(32), block.get(1)
    data_at = datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int) else None
    if not isinstance(box, bytes):
        return data_at, None
    sides = {number: ((value >> 1) ^ -(value & 1)) / 1e9 for number, value in _fields(box) if isinstance(value, int)}
    return data_at, (sides[4], sides[1], sides[3], sides[2]) if len(sides) == 4 else None


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Numbers and values of a protocol buffer message: varints as integers, what has a length as bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield number, value
        elif kind == 2:
            length, at = _varint(message, at)
            if at + length > len(message):
                raise ValueError("cut off")
            yield number, message[at : at + length]
            at += length
        else:
            at += 8 if kind == 1 else 4


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
