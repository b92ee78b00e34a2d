import assert from "node:assert/strict";
import test from "node:test";
import { encode, encodeNumbers, plain, visibility } from "../src/views/embedding_plot/encoding.js";
import {
  fullRanges,
  nearest,
  neighbour,
  onScreen,
  project,
  revealed,
  zoomed,
  panned,
} from "../src/views/embedding_plot/frame.js";
import { isolated, toggled } from "../src/views/embedding_plot/legend.js";
import { createLoader, NEEDS_KERNEL } from "../src/views/embedding_plot/loader.js";
import { brushed } from "../src/views/embedding_plot/pointer.js";
import { blend, byCode, makeStamp, N_SHAPES, parseColor, shuffled } from "../src/views/embedding_plot/stamps.js";
import { placeThumbs, thumbSize } from "../src/views/embedding_plot/thumbnails.js";
import { placeBox } from "../src/views/embedding_plot/tooltip.js";
import { random, sleep } from "./fakes.mjs";

/** @import { Column } from "../src/lib/types.js" */
/** @import { Frame } from "../src/views/embedding_plot/frame.js" */

/** @type {Frame} */
const FRAME = { left: 26, top: 32, width: 200, height: 100, x: [0, 20], y: [-5, 5] };

test("moving the picture shows a fifth more to that side and keeps the scale", () => {
  const { x, y } = FRAME;
  const right = panned(FRAME, "right");
  assert.deepEqual(right.y, y);
  for (const j of [0, 1]) assert.ok(Math.abs(right.x[j] - x[j] - (x[1] - x[0]) / 5) < 1e-9);
  const back = panned({ ...FRAME, ...panned(FRAME, "up") }, "down");
  for (const j of [0, 1]) assert.ok(Math.abs(back.y[j] - y[j]) < 1e-9);
  assert.ok(panned(FRAME, "up").y[0] > y[0], "upwards is towards larger values");
});

test("data lie where the axes say", () => {
  assert.deepEqual([...project([0, 5, 20, -5, 10, 0], FRAME)], [0, 0, 200, 100, 100, 50]);
});

test("full ranges hold all points, with room; one point and none too", () => {
  const { x, y } = fullRanges([0, 1, 10, 1, Number.NaN, 99]);
  assert.deepEqual(x, [-0.5, 10.5]);
  assert.deepEqual(y, [0.5, 1.5]);
  assert.deepEqual(fullRanges([3, 4]), { x: [2, 4], y: [3, 5] });
  assert.deepEqual(fullRanges([]), { x: [-1, 1], y: [-1, 1] });
});

test("zooming keeps the place under the pointer; in and out cancel", () => {
  const at = { x: 50, y: 20 };
  const near = { ...FRAME, ...zoomed(FRAME, 4, at) };
  const place = [5, 3]; // data under the pointer
  assert.deepEqual([...project(place, near)].map(Math.round), [50, 20]);
  const back = zoomed(near, 1 / 4, at);
  assert.ok(Math.abs(back.x[1] - 20) < 1e-9 && Math.abs(back.y[0] + 5) < 1e-9);
});

test("the frame moves only if the point is outside, and then shows it", () => {
  assert.equal(revealed(FRAME, { x: 1, y: 99 }), null);
  const moved = { ...FRAME, ...revealed(FRAME, { x: 250, y: -30 }) };
  const [x, y] = project([25, 8], moved);
  assert.ok(x > 0 && x < 200 && y > 0 && y < 100);
});

const PX = Float32Array.of(50, 50, 60, 50, 50, 80, 90, 52, 58, 50);
const ALL = new Uint8Array(5).fill(1);

test("the nearest point counts, if it is near and visible", () => {
  assert.equal(nearest(PX, 59.5, 50, 12, ALL), 1);
  assert.equal(nearest(PX, 59.5, 50, 12, [1, 0, 1, 1, 1]), 4);
  assert.equal(nearest(PX, 10, 10, 12, ALL), -1);
});

test("arrow keys walk to the next point that way and stay where there is none", () => {
  assert.equal(neighbour(PX, 0, "right", ALL), 4);
  assert.equal(neighbour(PX, 4, "right", ALL), 1);
  assert.equal(neighbour(PX, 1, "right", ALL), 3);
  assert.equal(neighbour(PX, 3, "right", ALL), 3);
  assert.equal(neighbour(PX, 0, "down", ALL), 2);
  assert.equal(neighbour(PX, 2, "up", ALL), 0);
  assert.equal(neighbour(PX, 1, "left", [1, 1, 1, 1, 0]), 0);
});

test("points on screen are listed up to a limit", () => {
  const px = Float32Array.of(5, 5, -1, 5, Number.NaN, 5, 199, 99);
  assert.deepEqual(onScreen(px, FRAME, [1, 1, 1, 1], 10), [0, 3]);
  assert.equal(onScreen(px, FRAME, [1, 1, 1, 1], 1), null);
});

/** @type {Column} */
const LABEL = {
  name: "label",
  kind: "category",
  values: Int32Array.of(0, 1, -1, 1),
  categories: ["cat", "dog", "never"],
};

test("categories: a colour and a shape each, only groups that occur, none is grey", () => {
  const { codes, groups, colors } = encode(LABEL);
  assert.deepEqual([...codes], [0, 1, 3, 1]);
  assert.deepEqual(
    groups.map(({ label, count }) => [label, count]),
    [
      ["cat", 1],
      ["dog", 2],
      ["none", 1],
    ],
  );
  assert.notEqual(groups[0].shape, groups[1].shape);
  assert.equal(colors[3].toLowerCase(), "#9a9a9a");
});

test("84 categories look different, colour and shape together", () => {
  const categories = Array.from({ length: 84 }, (_, c) => `class ${c}`);
  const { groups } = encode({ name: "x", kind: "category", values: Int32Array.from(categories.keys()), categories });
  assert.equal(new Set(groups.map(({ color, shape }) => `${color}/${shape}`)).size, 84);
});

test("right and wrong differ in colour and shape", () => {
  const { groups } = encode({ name: "correct", kind: "boolean", values: Uint8Array.of(1, 0, 1), categories: [] });
  assert.deepEqual(
    groups.map(({ label, count }) => [label, count]),
    [
      ["wrong", 1],
      ["correct", 2],
    ],
  );
  assert.notEqual(groups[0].shape, groups[1].shape);
});

test("numbers: dark to bright from the smallest to the largest; missing ones apart", () => {
  const { codes, scale, text, groups } = encodeNumbers([2, 4, Number.NaN, 3], "confidence");
  assert.deepEqual([...codes], [0, 255, 256, 128]);
  assert.deepEqual(scale, { low: 2, high: 4, label: "confidence" });
  assert.equal(text?.(3), "3");
  assert.equal(groups.length, 0);
  const flat = encodeNumbers([7, 7, Number.POSITIVE_INFINITY], "x");
  assert.deepEqual([...flat.codes], [0, 0, 255]);
  assert.deepEqual(encodeNumbers([Number.NaN], "x").scale, { low: 0, high: 0, label: "x" });
});

test("an item is visible if it has a place and its group is on", () => {
  const xy = [0, 0, 0, 0, 0, 0, Number.NaN, 0];
  assert.deepEqual([...visibility(xy, encode(LABEL), new Set([1]))], [1, 0, 1, 0]);
  assert.deepEqual([...visibility(xy, plain(4), new Set())], [1, 1, 1, 0]);
});

test("legend: a click switches, a double click leaves only these", () => {
  const { groups } = encode(LABEL);
  assert.deepEqual([...toggled(new Set([1]), [1])], []);
  assert.deepEqual([...toggled(new Set([1]), [0, 1])], [1, 0]);
  assert.deepEqual([...isolated(groups, [1])], [0, 3]);
});

/** @param {number} width @param {number} height */
const pixels = (width, height) => ({ width, height, words: new Uint32Array(width * height) });

test("every shape covers about what a circle covers, and its middle", () => {
  const area = Math.PI * 36;
  for (let shape = 0; shape < N_SHAPES; shape++) {
    const { coverage } = makeStamp(shape, 6);
    const covered = coverage.reduce((sum, value) => sum + value, 0) / 255;
    assert.ok(covered > 0.6 * area && covered < 1.4 * area, `shape ${shape}: ${covered} of ${area}`);
    const canvas = pixels(31, 31);
    blend(canvas, makeStamp(shape, 6), 15, 15, parseColor("#102030"), 256);
    assert.equal(canvas.words[15 * 31 + 15], 0xff302010);
  }
});

test("blending: half over red is the mean; over nothing only the opacity is half", () => {
  const dot = { reach: 0, dx: Int32Array.of(0), dy: Int32Array.of(0), coverage: Int32Array.of(255) };
  const canvas = pixels(2, 1);
  canvas.words[0] = 0xff0000ff; // red
  blend(canvas, dot, 0, 0, parseColor("#0000ff"), 128);
  blend(canvas, dot, 1, 0, parseColor("#0000ff"), 128);
  const [over, alone] = canvas.words;
  assert.ok(Math.abs((over & 255) - 128) <= 2 && Math.abs(((over >> 16) & 255) - 127) <= 2);
  assert.equal(over >>> 24, 255);
  assert.equal((alone & 0xffffff) >>> 0, 0xff0000);
  assert.ok(Math.abs((alone >>> 24) - 127) <= 1);
});

test("a stamp at the border is cut, outside nothing happens", () => {
  const stamp = makeStamp(0, 4);
  const small = pixels(5, 5);
  blend(small, stamp, 0, 0, 0xffffff, 256);
  assert.equal(small.words[0], 0xffffffff);
  const before = [...small.words];
  for (const [x, y] of [
    [-20, 2],
    [2, 40],
    [Number.NaN, 0],
  ])
    blend(small, stamp, x, y, 0, 256); // prettier-ignore
  assert.deepEqual([...small.words], before);
});

test("colours as CSS gives them", () => {
  assert.equal(parseColor("#102030"), 0x302010);
  assert.equal(parseColor("rgb(16, 32, 48)"), 0x302010);
  assert.equal(parseColor("strange"), 0x808080);
});

test("the drawing order is a permutation, the same every time", () => {
  const order = shuffled(1000);
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    [...Array(1000).keys()],
  ); // prettier-ignore
  assert.deepEqual(shuffled(1000), order);
  assert.ok(order.filter((value, k) => value === k).length < 20);
});

test("numbers are drawn from none over low to high", () => {
  assert.deepEqual([...byCode(Uint16Array.of(5, 256, 0, 5, 255, 256), 256)], [1, 5, 2, 0, 3, 4]);
});

test("pictures do not overlap, stay inside, and the first has the first choice", () => {
  const next = random(4);
  const px = Float32Array.from({ length: 200 }, (_, j) => next() * (j % 2 ? 100 : 200));
  const placed = placeThumbs([42, ...Array(100).keys()], px, 20, FRAME);
  assert.ok(placed.has(42) && placed.size > 5 && placed.size < 100);
  const boxes = [...placed.values()];
  for (const [k, a] of boxes.entries()) {
    assert.ok(a.x >= 0 && a.y >= 0 && a.x + 20 <= 200 && a.y + 20 <= 100);
    for (const b of boxes.slice(k + 1)) assert.ok(Math.abs(a.x - b.x) >= 20 || Math.abs(a.y - b.y) >= 20);
  }
  assert.ok(thumbSize(5, FRAME) > thumbSize(100, FRAME));
});

test("the tooltip is always inside", () => {
  const room = { width: 300, height: 200 };
  const box = { width: 180, height: 110 };
  for (const at of [
    { x: 0, y: 0 },
    { x: 299, y: 0 },
    { x: 150, y: 199 },
    { x: 0, y: 199 },
  ]) {
    const { x, y } = placeBox(at, box, room);
    assert.ok(x >= 0 && y >= 0 && x + 180 <= 300 && y + 110 <= 200);
  }
  assert.equal(placeBox({ x: 20, y: 100 }, box, room).x, 34);
  assert.equal(placeBox({ x: 290, y: 100 }, box, room).x, 96);
});

test("a lasso and a box hold the points they surround", () => {
  const before = new Uint32Array(0);
  const lasso = {
    mode: "lasso",
    how: /** @type {const} */ ("replace"),
    before,
    path: [40, 40, 70, 40, 70, 60, 40, 60],
  };
  assert.deepEqual([...brushed(lasso, PX, ALL)], [0, 1, 4]);
  const box = { mode: "select", how: /** @type {const} */ ("add"), before, path: [95, 60, 70, 44, 55, 40] };
  assert.deepEqual([...brushed(box, PX, ALL)], [1, 3, 4]);
});

/** @param {boolean} kernel */
function loading(kernel = true) {
  /** @type {Record<string, { resolve: (coords: any) => void, reject: (error: Error) => void }>} */
  const open = {};
  /** @type {any} */
  const catalog = {
    available: () => kernel,
    onProgress: () => {},
    cancel: () => {},
    coords: (/** @type {string} */ layer, /** @type {string} */ method) =>
      new Promise((resolve, reject) => {
        open[`${layer} ${method}`] = { resolve, reject };
      }),
  };
  /** @type {string[]} */
  const log = [];
  const events = {
    show: (/** @type {any} */ coords, /** @type {string} */ method) => log.push(`${coords} as ${method}`),
    report: (/** @type {any} */ { busy, text }) => text && log.push(`${busy ? "busy" : "says"}: ${text}`),
    stopped: () => log.push("stopped"),
  };
  return { open, log, loader: createLoader(catalog, events, new AbortController().signal) };
}

test("PCA is shown while UMAP runs, then UMAP", async () => {
  const { open, log, loader } = loading();
  loader.load("conv", "umap");
  open["conv pca"].resolve("A");
  await sleep(90);
  open["conv umap"].resolve("B");
  await sleep(10);
  assert.deepEqual(log, ["A as pca", "busy: Computing UMAP…", "B as umap"]);
});

test("UMAP that is there already is shown without PCA before it", async () => {
  const { open, log, loader } = loading();
  loader.load("conv", "umap");
  open["conv umap"].resolve("B");
  open["conv pca"].resolve("A");
  await sleep(20);
  assert.deepEqual(log, ["B as umap"]);
});

test("a stopped UMAP leaves PCA; a failed one says why", async () => {
  const { open, log, loader } = loading();
  loader.load("conv", "umap");
  open["conv pca"].resolve("A");
  await sleep(10);
  open["conv umap"].reject(new Error("stopped"));
  await sleep(10);
  loader.load("deep", "umap");
  open["deep pca"].resolve("C");
  open["deep umap"].reject(new Error("too few images"));
  await sleep(10);
  assert.deepEqual(log, ["A as pca", "stopped", "says: No UMAP, this is PCA: too few images", "C as pca"]);
});

test("only the newest wish is shown", async () => {
  const { open, log, loader } = loading();
  loader.load("early", "pca");
  loader.load("conv", "umap");
  loader.load("deep", "pca");
  for (const old of ["early pca", "conv pca", "conv umap"]) open[old].resolve("old");
  open["deep pca"].resolve("new");
  await sleep(20);
  assert.deepEqual(log, ["new as pca"]);
});

test("without a kernel UMAP says what it needs", async () => {
  const { open, log, loader } = loading(false);
  loader.load("conv", "umap");
  open["conv pca"].resolve("A");
  await sleep(20);
  assert.deepEqual(log, [`says: No UMAP, this is PCA: ${NEEDS_KERNEL}`, "A as pca"]);
});
