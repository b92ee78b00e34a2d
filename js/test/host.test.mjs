import assert from "node:assert/strict";
import test from "node:test";
import { fromBase64, PageModel, revive } from "../src/host/model.js";
import widget from "../src/views/catalog/index.js";

test("bytes in JSON come back as DataView, at any depth", () => {
  const state = revive({ indices: { $bytes: "AQAAAA==" }, named: { cats: { $bytes: "" } }, list: [1, "x", null] });
  assert.equal(state.indices.getUint32(0, true), 1);
  assert.equal(state.named.cats.byteLength, 0);
  assert.deepEqual(state.list, [1, "x", null]);
  assert.deepEqual([...fromBase64("AQID")], [1, 2, 3]);
});

test("a page model tells changes until it is told off", () => {
  const model = new PageModel({ a: 1 }, {});
  /** @type {number[]} */
  const seen = [];
  const listen = () => seen.push(model.get("a"));
  model.on("change:a", listen);
  model.set("a", 2);
  model.set("a", 2);
  model.off("change:a", listen);
  model.set("a", 3);
  assert.deepEqual(seen, [2]);
});

test("the catalog of a page answers from what is baked into it", async () => {
  const data = new Uint8Array(Float32Array.of(1, 2).buffer);
  const arrays = [{ name: "values", dtype: "float32", shape: [2], offset: 0 }];
  const answer = { meta: { arrays }, data };
  const baked = { '["column","confidence"]': answer, '["maps","conv",1]': answer };
  const columns = [
    { name: "confidence", kind: "number" },
    { name: "label", kind: "category" },
  ];
  const thumb = { tile: 64, per_page: 500, columns: 25 };
  const model = new PageModel({ n_items: 2, columns, layers: [], thumb, has_kernel: true }, baked);
  const catalog = widget.initialize({ model });
  assert.equal(catalog.hasKernel, false);
  assert.deepEqual(Array.from((await catalog.column("confidence")).values), [1, 2]);
  await assert.rejects(catalog.column("label"), /needs a running kernel/);
  await assert.rejects(catalog.request(["maps", "conv", 1], { indices: [0] }), /needs a running kernel/);
});
