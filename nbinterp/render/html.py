"""One interactive page in one file: widgets, their data and their code, nothing fetched from anywhere."""

from __future__ import annotations

import base64
import gzip
import html
import json
from collections.abc import Mapping
from pathlib import Path

STATIC = Path(__file__).parent.parent / "static"

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0 auto; max-width: 1500px; padding: 16px; background: Canvas; color: CanvasText;
  font: 14px/1.4 system-ui, sans-serif; }}
h1 {{ font-size: 18px; font-weight: 600; margin: 0 0 12px; }}
</style>
</head>
<body>
<h1>{title}</h1>
<div id="nbinterp"><noscript>This page needs JavaScript.</noscript></div>
<script type="application/octet-stream" id="nbinterp-data">{data}</script>
<script>{host}</script>
<script type="module">
const text = document.getElementById("nbinterp-data").textContent;
const packed = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
const length = new DataView(bytes.buffer).getUint32(0, true);
const page = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
const part = ([start, size]) => bytes.slice(4 + length + start, 4 + length + start + size);
const revive = (value) =>
  Array.isArray(value) ? value.map(revive)
  : value && typeof value === "object"
    ? ("$bytes" in value ? new DataView(part(value.$bytes).buffer)
      : Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revive(inner)])))
  : value;
const baked = Object.fromEntries(
  Object.entries(page.baked).map(([key, {{ meta, data }}]) => [key, {{ meta, data: part(data) }}]));
const models = Object.fromEntries(
  Object.entries(page.models).map(([id, model]) => [id, {{ ...model, state: revive(model.state) }}]));
await nbinterp.mount({{ models, root: page.root, baked, el: document.getElementById("nbinterp") }});
</script>
</body>
</html>
"""


def page(models: Mapping[str, dict], root: str, baked: Mapping[str, tuple[dict, bytes]], *, title: str) -> str:
    """The text of a self-contained page.

    Args:
        models: by id: `{"state", "esm", "css"}`; the state may hold `bytes` anywhere.
        root: id of the model to show.
        baked: by JSON key: the meta data and the bytes of an answer the kernel would give.
        title: of the page; plain text.
    """
    parts: list[bytes] = []
    size = 0

    def store(data: bytes) -> list[int]:
        nonlocal size
        parts.append(data)
        size += len(data)
        return [size - len(data), len(data)]

    def flatten(value: object) -> object:
        if isinstance(value, (bytes, memoryview)):
            return {"$bytes": store(bytes(value))}
        if isinstance(value, Mapping):
            return {key: flatten(inner) for key, inner in value.items()}
        return [flatten(inner) for inner in value] if isinstance(value, (list, tuple)) else value

    head = json.dumps(
        {
            "models": {id_: {**model, "state": flatten(model["state"])} for id_, model in models.items()},
            "root": root,
            "baked": {key: {"meta": meta, "data": store(data)} for key, (meta, data) in baked.items()},
        }
    ).encode()
    body = len(head).to_bytes(4, "little") + head + b"".join(parts)
    data = base64.b64encode(gzip.compress(body, mtime=0)).decode()
    host = (STATIC / "host.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    return PAGE.format(title=html.escape(title), host=host, data=data)
