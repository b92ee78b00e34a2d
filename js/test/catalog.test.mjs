import assert from "node:assert/strict";
import test from "node:test";
import widget from "../src/views/catalog/index.js";
import { Requests, WAITING } from "../src/views/catalog/requests.js";
import { FakeModel } from "./fakes.mjs";

const COLUMNS = [
  { name: "label", kind: "category", categories: ["cat", "dog"] },
  { name: "name", kind: "text" },
];

function start(has_kernel = true) {
  const thumb = { tile: 64, per_page: 500, columns: 25 };
  const model = new FakeModel({ n_items: 3, columns: COLUMNS, layers: [], thumb, has_kernel });
  const life = new AbortController();
  return { model, life, catalog: widget.initialize({ model, signal: life.signal }) };
}

/**
 * The kernel answers the k-th message.
 * @param {FakeModel} model @param {number} k @param {object} answer @param {Record<string, any>} arrays
 */
function answer(model, k, answer, arrays = {}) {
  const parts = Object.entries(arrays);
  const buffer = new ArrayBuffer(8 * parts.length * 100);
  const meta = parts.map(([name, array], j) => {
    new Uint8Array(buffer).set(new Uint8Array(array.buffer), 800 * j);
    const dtype = array.constructor.name.replace("Array", "").toLowerCase();
    return { name, dtype, shape: [array.length], offset: 800 * j };
  });
  const { id, key } = model.sent[k];
  const message = { kind: "answer", id, key, meta: { arrays: meta }, ...answer };
  model.emit("msg:custom", message, [new DataView(buffer)]);
}

test("equal requests share one message and one answer", async () => {
  const { model, catalog } = start();
  const both = Promise.all([catalog.column("label"), catalog.column("label"), catalog.request(["column", "label"])]);
  await new Promise(setImmediate);
  assert.equal(model.sent.length, 1);
  assert.deepEqual(model.sent[0].key, ["column", "label"]);
  answer(model, 0, {}, { codes: Int32Array.of(0, 1, -1) });
  const [first, second] = await both;
  assert.equal(first, second);
  assert.deepEqual(Array.from(first.values), [0, 1, -1]);
  assert.deepEqual(first.categories, ["cat", "dog"]);
  await catalog.column("label");
  assert.equal(model.sent.length, 1);
});

test("an error rejects, and asking again asks again", async () => {
  const { model, catalog } = start();
  const failing = catalog.coords("conv", "umap");
  answer(model, 0, { error: "stopped" });
  await assert.rejects(failing, /^Error: stopped$/);
  const again = catalog.coords("conv", "umap");
  answer(model, 1, { meta: { method: "umap", arrays: [] } });
  assert.equal((await again).meta.method, "umap");
});

test("a damaged answer rejects instead of hanging", async () => {
  const { model, catalog } = start();
  const broken = catalog.request(["coords", "conv", "pca"]);
  answer(model, 0, { meta: { arrays: [{ name: "xy", dtype: "float32", shape: [10_000], offset: 0 }] } });
  await assert.rejects(broken, /"xy" needs 40000 bytes/);
});

test("an unknown column is named, with those there are", async () => {
  const { catalog } = start();
  await assert.rejects(catalog.column("labl"), /no column "labl"; there are: label, name/);
});

test("the newest request of a channel wins; others are not touched", async () => {
  const { model, catalog } = start();
  const old = catalog.request(["maps", "conv", 1], { indices: [1], channel: "a" });
  const other = catalog.request(["maps", "conv", 1], { indices: [1], channel: "b" });
  const next = catalog.request(["maps", "conv", 2], { indices: [2], channel: "a" });
  await assert.rejects(old, /superseded/);
  assert.deepEqual(
    model.sent.map(({ channel, indices }) => [channel, indices]),
    [
      ["a", [1]],
      ["b", [1]],
      ["a", [2]],
    ],
  );
  answer(model, 0, {}); // too late: nobody waits for it
  answer(model, 1, {});
  answer(model, 2, {});
  await Promise.all([other, next]);
});

test("maps: exemplars come with the unit list, the rest is asked for once", async () => {
  const { model, catalog } = start();
  const wanted = catalog.maps("conv", 1, [0, 2]);
  await new Promise(setImmediate);
  assert.deepEqual(model.sent[0].key, ["units", "conv"]);
  const tables = { activity: Float32Array.of(0, 0), exemplars: Int32Array.of(0, 1, 2, 0) };
  const maps = { exemplar_maps: Uint8Array.of(1, 2, 3, 4) };
  const meta = { k: 2, map_height: 1, map_width: 1 };
  const { id, key } = model.sent[0];
  const bytes = new DataView(new ArrayBuffer(64));
  new Float32Array(bytes.buffer, 0, 2).set(tables.activity);
  new Int32Array(bytes.buffer, 8, 4).set(tables.exemplars);
  new Uint8Array(bytes.buffer, 24, 4).set(maps.exemplar_maps);
  const arrays = [
    { name: "activity", dtype: "float32", shape: [2], offset: 0 },
    { name: "exemplars", dtype: "int32", shape: [2, 2], offset: 8 },
    { name: "exemplar_maps", dtype: "uint8", shape: [2, 2, 1, 1], offset: 24 },
  ];
  model.emit("msg:custom", { kind: "answer", id, key, meta: { ...meta, arrays } }, [bytes]);
  const known = await wanted;
  assert.deepEqual(
    [...known].map(([i, map]) => [i, ...map.data]),
    [
      [0, 4],
      [2, 3],
    ],
  );
  assert.equal(model.sent.length, 1);
  const more = catalog.maps("conv", 1, [1, 2]);
  await new Promise(setImmediate);
  assert.deepEqual(model.sent[1].indices, [1]);
  answer(model, 1, {}, {}); // malformed: no arrays
  await assert.rejects(more);
  const again = catalog.maps("conv", 1, [1]);
  await new Promise(setImmediate);
  const request = model.sent[2];
  const map = { arrays: [{ name: "maps", dtype: "uint8", shape: [1, 1, 1], offset: 0 }], height: 1, width: 1 };
  const message = { kind: "answer", id: request.id, key: request.key, meta: map };
  model.emit("msg:custom", message, [new DataView(Uint8Array.of(9).buffer)]);
  assert.deepEqual([...((await again).get(1)?.data ?? [])], [9]);
});

test("progress reaches those who listen to that key", () => {
  const { model, catalog } = start();
  /** @type {unknown[]} */
  const heard = [];
  const life = new AbortController();
  catalog.onProgress(["coords", "conv", "umap"], (progress) => heard.push(progress), life.signal);
  const say = (/** @type {string} */ layer) =>
    model.emit("msg:custom", { kind: "progress", key: ["coords", layer, "umap"], text: layer, fraction: 0.5 });
  say("conv");
  say("other");
  life.abort();
  say("conv");
  assert.deepEqual(heard, [{ text: "conv", fraction: 0.5 }]);
});

test("status: waiting after three seconds of silence, not while progress comes, and over with the answer", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout", "Date"] });
  /** @type {any[]} */
  const sent = [];
  const requests = new Requests((message) => sent.push(message));
  /** @type {string[]} */
  const heard = [];
  requests.onStatus(({ text }) => heard.push(text));
  const progress = () => requests.receive({ kind: "progress", key: ["coords", "a", "umap"], text: "", fraction: null });
  requests.request(["coords", "a", "umap"]).catch(() => {});
  t.mock.timers.tick(2000);
  progress();
  t.mock.timers.tick(10_000);
  assert.deepEqual(heard, [""]);
  requests.request(["column", "label"]).catch(() => {});
  t.mock.timers.tick(2990);
  assert.deepEqual(heard, [""]);
  t.mock.timers.tick(20);
  assert.deepEqual(heard, ["", WAITING]);
  requests.receive({ kind: "answer", id: sent[1].id, key: sent[1].key, error: "no" });
  assert.deepEqual(heard, ["", WAITING, ""]);
  requests.close("end");
});

test("a front end that cannot send makes the request fail", async () => {
  const requests = new Requests(() => {
    throw new Error("comm is closed");
  });
  await assert.rejects(requests.request(["column", "x"]), /cannot be reached.*comm is closed/);
});

test("without a kernel only what the page carries can be had", () => {
  const { model, catalog } = start(false);
  assert.ok(!catalog.available(["coords", "conv", "umap"]));
  model.set("baked_keys", ['["coords","conv","umap"]']);
  assert.ok(catalog.available(["coords", "conv", "umap"]));
});

test("cancel is sent; the end leaves no listener and no open request", async () => {
  const { model, life, catalog } = start();
  catalog.cancel(["coords", "conv", "umap"]);
  assert.deepEqual(model.sent, [{ kind: "cancel", key: ["coords", "conv", "umap"] }]);
  const open = catalog.request(["column", "label"]);
  life.abort();
  await assert.rejects(open, /closed/);
  assert.equal(model.listening, 0);
});
