import assert from "node:assert/strict";
import { test } from "node:test";
import { imageBox, WHOLE } from "../src/lib/letterbox.js";

const SIZE = 16;

/** @param {(x: number, y: number) => number[]} color */
function tile(color) {
  const rgba = new Uint8ClampedArray(4 * SIZE * SIZE);
  for (let j = 0; j < SIZE * SIZE; j++) rgba.set([...color(j % SIZE, Math.floor(j / SIZE)), 255], 4 * j);
  return rgba;
}
const photo = (/** @type {number} */ x, /** @type {number} */ y) => [
  (x * 53) % 256,
  (y * 91) % 256,
  ((x + y) * 37) % 256,
];
const grey = (/** @type {number} */ x) => [128 + (x % 3), 128, 127];

test("bars above and below, with JPEG noise", () => {
  const rgba = tile((x, y) => (y < 4 || y >= 12 ? grey(x) : photo(x, y)));
  assert.deepEqual(imageBox(rgba, SIZE), { x: 0, y: 0.25, width: 1, height: 0.5 });
});

test("bars left and right", () => {
  const rgba = tile((x, y) => (x < 2 || x >= 14 ? grey(y) : photo(x, y)));
  assert.deepEqual(imageBox(rgba, SIZE), { x: 0.125, y: 0, width: 0.75, height: 1 });
});

test("an image that is grey itself along one bar", () => {
  const rgba = tile((x, y) => (y < 4 || y >= 9 ? grey(x) : photo(x, y)));
  assert.deepEqual(imageBox(rgba, SIZE), { x: 0, y: 0.25, width: 1, height: 0.5 });
});

test("a square image, one bar only, coloured bars, a grey image: the whole tile", () => {
  assert.equal(imageBox(tile(photo), SIZE), WHOLE);
  assert.equal(
    imageBox(
      tile((x, y) => (y < 4 ? grey(x) : photo(x, y))),
      SIZE,
    ),
    WHOLE,
  );
  assert.equal(
    imageBox(
      tile((x, y) => (y < 4 || y >= 12 ? [128, 160, 90] : photo(x, y))),
      SIZE,
    ),
    WHOLE,
  );
  assert.equal(
    imageBox(
      tile((x) => grey(x)),
      SIZE,
    ),
    WHOLE,
  );
});
