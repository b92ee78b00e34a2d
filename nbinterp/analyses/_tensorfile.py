"""One file of named arrays: safetensors layout, written without copying, replaced atomically, checked when read.

The `safetensors` writers copy every array into one bytes object first; half-precision maps of a whole probe set can
be most of the memory, so the (simple) layout is written here, buffer by buffer. Any safetensors reader can read it.
The metadata carries a SHA-256 of names, types, shapes, contents and the rest of the metadata.
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

DTYPES = {
    "float64": "F64",
    "float32": "F32",
    "float16": "F16",
    "int64": "I64",
    "int32": "I32",
    "int16": "I16",
    "uint8": "U8",
    "bool": "BOOL",
}


class DamagedFileError(ValueError):
    """A file of arrays is truncated or altered: its content does not match its checksum."""


def write_tensors(path: Path, arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> None:
    """Write arrays to `path`; whoever looks there sees the old file or the new one, never a part.

    Args:
        path: where to write; an existing file is replaced.
        arrays: contiguous arrays by name.
        metadata: short texts kept beside them.

    Raises:
        OSError: if the folder is not writable or the disk is full; nothing is left behind then.
    """
    ordered = dict(sorted(arrays.items(), key=lambda item: (-item[1].itemsize, item[0])))  # keeps every array aligned
    texts = {**metadata, "sha256": _digest(ordered, metadata)}
    header: dict[str, object] = {"__metadata__": texts}
    offset = 0
    for name, array in ordered.items():
        header[name] = {
            "dtype": DTYPES[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        offset += array.nbytes
    encoded = json.dumps(header).encode()
    encoded += b" " * (-len(encoded) % 8)
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(len(encoded).to_bytes(8, "little") + encoded)
            for array in ordered.values():
                file.write(_buffer(array))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def read_tensors(path: Path) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """Read what `write_tensors` wrote, and check it.

    Returns:
        The arrays and the metadata.

    Raises:
        DamagedFileError: if the file is truncated or altered.
        FileNotFoundError: if there is none.
    """
    if not path.exists():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = dict(file.metadata() or {})
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, ValueError, TypeError, KeyError) as error:
        raise DamagedFileError(f"{path} cannot be read ({error}): it is truncated or damaged") from error
    expected = metadata.pop("sha256", None)
    if expected != _digest(arrays, metadata):
        raise DamagedFileError(f"{path} does not match its checksum: its content was altered")
    return arrays, metadata


def _digest(arrays: Mapping[str, np.ndarray], metadata: Mapping[str, str]) -> str:
    digest = hashlib.sha256(json.dumps(sorted(metadata.items())).encode())
    for name, array in sorted(arrays.items()):
        digest.update(json.dumps([name, array.dtype.name, list(array.shape)]).encode())
        digest.update(_buffer(array))
    return digest.hexdigest()


def _buffer(array: np.ndarray) -> memoryview:
    """View a contiguous array as bytes (numpy refuses to cast an array without elements)."""
    return array.reshape(-1).view(np.uint8).data if array.size else memoryview(b"")
