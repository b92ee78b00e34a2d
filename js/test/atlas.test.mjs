import assert from "node:assert/strict";
import test from "node:test";
import { Atlas } from "../src/lib/atlas.js";
import { sleep } from "./fakes.mjs";

const META = /** @type {any} */ ({ boxes: [[0, 0.25, 1, 0.5]], seen: [[0.25, 0.25, 0.5, 0.5]] });
const LAYOUT = { tile: 64, per_page: 10, columns: 4 };

/** @param {number} nItems */
function start(nItems) {
  /** @type {number[]} */
  const asked = [];
  /** @type {Map<number, { resolve: (answer: { meta: any, buffer: DataView }) => void, reject: (error: Error) => void }>} */
  const open = new Map();
  const atlas = new Atlas({
    nItems,
    layout: LAYOUT,
    fetch: (page) => {
      asked.push(page);
      return new Promise((resolve, reject) => open.set(page, { resolve, reject }));
    },
    decode: async (blob) => /** @type {any} */ ({ page: (await blob.text()).charCodeAt(0), close: () => {} }),
  });
  const deliver = async (/** @type {number} */ page) => {
    open.get(page)?.resolve({ meta: META, buffer: new DataView(Uint8Array.of(page).buffer) });
    await sleep(5);
  };
  /** @type {any[][]} */
  const drawn = [];
  const ctx = /** @type {any} */ ({ drawImage: (/** @type {any[]} */ ...args) => drawn.push(args) });
  return { atlas, asked, open, deliver, drawn, ctx };
}

test("drawing asks for the page, then draws the item's tile, centred in its box", async () => {
  const { atlas, asked, deliver, drawn, ctx } = start(25);
  /** @type {number[][]} */
  const loaded = [];
  atlas.onLoad((first, count) => loaded.push([first, count]));
  assert.equal(atlas.draw(ctx, 26 - 3, 0, 0, 100, 50), false);
  assert.equal(atlas.draw(ctx, 23, 0, 0, 100, 50), false);
  assert.deepEqual(asked, [2]);
  await deliver(2);
  assert.deepEqual(loaded, [[20, 5]]);
  assert.equal(atlas.draw(ctx, 26 - 1, 10, 0, 100, 50), true);
  const [picture, ...where] = drawn[0];
  assert.equal(picture.page, 2);
  assert.deepEqual(where, [64, 64, 64, 64, 35, 0, 50, 50]); // item 25 = tile 5 of page 2: column 1, row 1
  assert.deepEqual(atlas.boxes(20), { image: [0, 0.25, 1, 0.5], seen: [0.25, 0.25, 0.5, 0.5] });
  assert.deepEqual(atlas.boxes(21), { image: [0, 0, 1, 1], seen: [0, 0, 1, 1] }); // the page says nothing of it
});

test("two pages are asked for at a time, the newest wish first", async () => {
  const { atlas, asked, deliver, ctx } = start(100);
  for (const page of [0, 1, 2, 3]) atlas.draw(ctx, 10 * page, 0, 0, 1, 1);
  assert.deepEqual(asked, [0, 1]);
  await deliver(0);
  assert.deepEqual(asked, [0, 1, 3]);
  await deliver(1);
  assert.deepEqual(asked, [0, 1, 3, 2]);
});

test("a page that cannot be had is not asked for again, and nobody waits for it for ever", async (t) => {
  t.mock.method(console, "warn", () => {});
  const { atlas, asked, open, ctx } = start(30);
  const ready = atlas.ready([0, 5]);
  open.get(0)?.reject(new Error("no"));
  await ready;
  assert.equal(atlas.draw(ctx, 0, 0, 0, 1, 1), false);
  assert.deepEqual(asked, [0]);
});

test("ready resolves when all pages of the items are there", async () => {
  const { atlas, deliver } = start(30);
  let done = false;
  const ready = atlas.ready([0, 25]).then(() => {
    done = true;
  });
  await deliver(0);
  assert.equal(done, false);
  await deliver(2);
  await ready;
  await atlas.ready([1]);
});

test("prefetch gets one page after another in idle time", async () => {
  const { atlas, asked, deliver } = start(30);
  atlas.prefetch();
  atlas.prefetch();
  await sleep(80);
  assert.deepEqual(asked, [0]);
  await deliver(0);
  await sleep(130);
  assert.deepEqual(asked, [0, 1]);
});

/** An atlas with a kernel behind it: `sheets` are the requests for single images. */
function startWithSheets() {
  /** @type {{ items: number[], resolve: (answer: any) => void, reject: (error: Error) => void }[]} */
  const sheets = [];
  /** @type {number[]} */
  const pages = [];
  const atlas = new Atlas({
    nItems: 100,
    layout: LAYOUT,
    fetch: async (page) => {
      pages.push(page);
      return { meta: META, buffer: new DataView(Uint8Array.of(page).buffer) };
    },
    fetchSheet: (items) => new Promise((resolve, reject) => sheets.push({ items, resolve, reject })),
    decode: async (blob) => /** @type {any} */ ({ id: (await blob.text()).charCodeAt(0), close: () => {} }),
  });
  /** @type {any[][]} */
  const drawn = [];
  const ctx = /** @type {any} */ ({ drawImage: (/** @type {any[]} */ ...args) => drawn.push(args) });
  const deliver = async (/** @type {number} */ k) => {
    sheets[k].resolve({ meta: META, buffer: new DataView(Uint8Array.of(100 + k).buffer) });
    await sleep(5);
  };
  const draw = (/** @type {number[]} */ ...items) => items.map((i) => atlas.draw(ctx, i, 0, 0, 64, 64));
  return { atlas, sheets, pages, drawn, deliver, draw };
}

test("with a kernel, images in sight come together on one sheet; pages follow and take its place", async () => {
  const { atlas, sheets, pages, drawn, deliver, draw } = startWithSheets();
  /** @type {number[][]} */
  const loaded = [];
  atlas.onLoad((first, count) => loaded.push([first, count]));
  draw(93, 7, 55);
  atlas.prefetch();
  await sleep(80);
  assert.deepEqual([sheets.map(({ items }) => items), pages], [[[93, 7, 55]], []]);
  draw(7); // it is on its way
  await deliver(0);
  assert.equal(sheets.length, 1);
  assert.deepEqual(loaded, [[7, 87]]);
  assert.deepEqual(draw(93, 55), [true, true]);
  assert.deepEqual(drawn[1].slice(1, 5), [128, 0, 64, 64]);
  assert.deepEqual([drawn[0][0].id, atlas.boxes(93).image], [100, [0, 0.25, 1, 0.5]]);
  await sleep(150);
  assert.ok(pages.includes(0));
  assert.deepEqual(draw(7), [true]);
  assert.equal(drawn[2][0].id, 0);
});

test("of many images the newest are asked for first; those that cannot be had only once", async (t) => {
  t.mock.method(console, "warn", () => {});
  const { atlas, sheets, deliver, draw } = startWithSheets();
  for (const i of [1, 2, 3, 4]) {
    draw(i);
    await sleep(1);
  }
  assert.deepEqual([sheets.map(({ items }) => items)], [[[1], [2]]]);
  await deliver(0);
  assert.deepEqual(sheets[2].items, [3, 4]);
  const ready = atlas.ready([2, 4]);
  sheets[1].reject(new Error("no"));
  await deliver(2);
  await ready;
  assert.deepEqual(draw(2, 4), [false, true]);
  await sleep(5);
  assert.equal(sheets.length, 3);
});
