"""How arrays cross to the browser: one buffer, and a list that says what lies where in it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

DTYPES = {"float32", "float64", "int32", "uint8", "uint32"}
ALIGNMENT = 8  # typed arrays need offsets that are multiples of their item size


def pack(arrays: Mapping[str, np.ndarray]) -> tuple[list[dict], bytes]:
    """Concatenate named arrays.

    Args:
        arrays: of dtype float32, float64, int32, uint8 or uint32, any shape.

    Returns:
        One entry `{name, dtype, shape, offset}` per array (offset in bytes, a multiple of 8), and the bytes.

    Raises:
        TypeError: an array has a dtype the browser's codec does not know.
    """
    entries, parts, offset = [], [], 0
    for name, array in arrays.items():
        if str(array.dtype) not in DTYPES:
            raise TypeError(f"array {name!r} has dtype {array.dtype}; convert it to one of {sorted(DTYPES)}")
        data = np.ascontiguousarray(array).tobytes()
        entries.append({"name": name, "dtype": str(array.dtype), "shape": list(array.shape), "offset": offset})
        padding = -len(data) % ALIGNMENT
        parts += [data, bytes(padding)]
        offset += len(data) + padding
    return entries, b"".join(parts)


def unpack(entries: list[dict], buffer: bytes) -> dict[str, np.ndarray]:
    """The inverse of `pack`; the arrays are read-only views of `buffer`."""
    return {
        entry["name"]: np.frombuffer(
            buffer, entry["dtype"], count=int(np.prod(entry["shape"])), offset=entry["offset"]
        ).reshape(entry["shape"])
        for entry in entries
    }
