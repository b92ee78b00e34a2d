import assert from "node:assert/strict";
import test from "node:test";
import { toCsv } from "../src/lib/csv.js";
import { announce } from "../src/lib/dom.js";
import { CATEGORICAL, categoryColor, NONE_COLOR, VIRIDIS, viridis } from "../src/lib/palette.js";
import { luminance } from "../src/lib/theme.js";
import { followSelection } from "../src/lib/brushing.js";
import { atMostEvery, debounce } from "../src/lib/timing.js";
import { sleep } from "./fakes.mjs";

test("CSV: quotes, commas and line breaks are quoted, formulas are defused, nothing is empty", () => {
  const rows = [
    ['say "hi"', "a,b", "two\nlines", 1.5],
    ["=SUM(A1)", "+1", "-2", "@x"],
    ["plain", null, undefined, Number.NaN],
    ["-3 is text", -3, true, "\tx"],
  ];
  const text = toCsv(["name", "a", "b", "c"], rows);
  const lines = [
    "name,a,b,c",
    '"say ""hi""","a,b","two\nlines",1.5',
    "'=SUM(A1),'+1,'-2,'@x",
    "plain,,,",
    "'-3 is text,-3,true,'\tx",
    "",
  ];
  assert.equal(text, lines.join("\r\n"));
});

test("the palette: twelve different colours, then again; none is grey", () => {
  assert.equal(new Set(CATEGORICAL).size, 12);
  assert.equal(categoryColor(12), CATEGORICAL[0]);
  assert.equal(categoryColor(-1), NONE_COLOR);
});

test("viridis runs from dark violet to yellow, ever brighter", () => {
  assert.equal(VIRIDIS.length, 768);
  assert.equal(viridis(0), "rgb(68,1,84)");
  assert.equal(viridis(1), "rgb(253,231,37)");
  assert.equal(viridis(9), viridis(1));
  const brightness = Array.from({ length: 256 }, (_, j) => {
    const [r, g, b] = VIRIDIS.subarray(3 * j, 3 * j + 3);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  });
  assert.ok(brightness.every((value, j) => j === 0 || value >= brightness[j - 1] - 1));
});

test("luminance reads what browsers report; transparent says nothing", () => {
  assert.equal(luminance("rgb(255, 255, 255)"), 1);
  assert.equal(luminance("rgb(0, 0, 0)"), 0);
  assert.ok(Number(luminance("rgba(33, 33, 33, 1)")) < 0.2);
  assert.equal(luminance("rgba(0, 0, 0, 0)"), null);
  assert.equal(luminance("color(srgb 1 1 1)"), 1);
  assert.equal(luminance(""), null);
});

test("debounce runs once, with the last arguments; flush and cancel", async () => {
  /** @type {number[]} */
  const seen = [];
  const call = debounce((/** @type {number} */ value) => seen.push(value), 15);
  call(1);
  call(2);
  await sleep(40);
  call(3);
  call.flush();
  call(4);
  call.cancel();
  await sleep(40);
  assert.deepEqual(seen, [2, 3]);
});

test("atMostEvery runs at once, then once for all calls in between, with the last state", async () => {
  let state = 0;
  /** @type {number[]} */
  const seen = [];
  const call = atMostEvery(() => seen.push(state), 20);
  for (state = 1; state <= 5; state++) call();
  assert.deepEqual(seen, [1]);
  await sleep(60);
  assert.deepEqual(seen, [1, 6]);
  await sleep(30);
  call();
  assert.deepEqual(seen, [1, 6, 6]);
  call();
  call.cancel();
  await sleep(60);
  assert.deepEqual(seen, [1, 6, 6]);
});

test("a follower hears of a brush now and then, and of its end at once and once", async () => {
  /** @type {((change: { transient: boolean }) => void)[]} */
  const listeners = [];
  const selection = /** @type {any} */ ({
    on: (/** @type {string} */ _type, /** @type {any} */ fn) => listeners.push(fn),
  });
  let heard = 0;
  followSelection(selection, () => heard++, new AbortController().signal);
  for (let k = 0; k < 5; k++) listeners[0]({ transient: true });
  assert.equal(heard, 1);
  listeners[0]({ transient: false });
  assert.equal(heard, 2);
  await sleep(200);
  assert.equal(heard, 2);
});

test("an event that happens again is told again", async () => {
  /** @type {string[]} */
  const told = [];
  const region = /** @type {any} */ ({
    set textContent(/** @type {string} */ text) {
      told.push(text);
    },
  });
  announce(region, "1 image selected");
  await sleep(5);
  announce(region, "1 image selected");
  await sleep(5);
  assert.deepEqual(told, ["", "1 image selected", "", "1 image selected"]);
});
