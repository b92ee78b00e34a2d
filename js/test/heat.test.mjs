import assert from "node:assert/strict";
import { test } from "node:test";
import { heatPixels, maskPixels, SHADE, upsample } from "../src/lib/heat.js";

const near = (/** @type {number} */ a, /** @type {number} */ b) =>
  assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("a map at its own size is unchanged", () => {
  const map = { height: 2, width: 3, data: Uint8Array.of(0, 51, 102, 153, 204, 255) };
  const same = upsample(map, 2, 3);
  map.data.forEach((value, i) => {
    near(same[i], value / 255);
  });
});

test("bilinear, half-pixel centres, edges held: a ramp of 0, 1 at four pixels is 0, 1/4, 3/4, 1", () => {
  const ramp = upsample({ height: 1, width: 2, data: Uint8Array.of(0, 255) }, 1, 4);
  [0, 0.25, 0.75, 1].forEach((value, i) => {
    near(ramp[i], value);
  });
  const column = upsample({ height: 2, width: 1, data: Uint8Array.of(0, 255) }, 4, 1);
  [0, 0.25, 0.75, 1].forEach((value, i) => {
    near(column[i], value);
  });
});

test("rows and columns are not exchanged", () => {
  const out = upsample({ height: 1, width: 3, data: Uint8Array.of(0, 0, 255) }, 2, 3);
  [0, 0, 1, 0, 0, 1].forEach((value, i) => {
    near(out[i], value);
  });
});

test("the mask is clear on the most active area of a weak exemplar too, dark elsewhere", () => {
  const map = { height: 2, width: 2, data: Uint8Array.of(0, 0, 0, 80) };
  /** @param {Uint8ClampedArray} pixels @param {number} x @param {number} y */
  const alpha = (pixels, x, y) => pixels[4 * (y * 20 + x) + 3];
  const pixels = maskPixels(map, 20);
  assert.equal(alpha(pixels, 19, 19), 0);
  assert.equal(alpha(pixels, 0, 0), Math.round(255 * SHADE));
});

test("a silent map is all shade", () => {
  const pixels = maskPixels({ height: 1, width: 1, data: Uint8Array.of(0) }, 2, 1);
  assert.deepEqual([...pixels], [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]);
});

test("heat: colour by value, clear where silent", () => {
  const colors = new Uint8Array(768);
  colors.set([1, 2, 3], 0);
  colors.set([7, 8, 9], 765);
  const pixels = heatPixels({ height: 1, width: 2, data: Uint8Array.of(0, 255) }, colors, 0.8);
  assert.deepEqual([...pixels], [1, 2, 3, 0, 7, 8, 9, 204]);
});

test("colour goes with the square root of the share of the peak, opacity with the share of the image's largest", () => {
  const colors = Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3));
  const pixels = heatPixels({ height: 1, width: 2, data: Uint8Array.of(64, 32) }, colors, 0.8);
  assert.ok(Math.abs(pixels[0] - 128) <= 1);
  assert.ok(Math.abs(pixels[3] - 0.8 * 255) <= 1);
  assert.ok(Math.abs(pixels[7] - 0.4 * 255) <= 1);
});

test("an image on which the unit hardly responds is pale, one where it is silent is clear", () => {
  const colors = new Uint8Array(768);
  const faint = heatPixels({ height: 1, width: 1, data: Uint8Array.of(5) }, colors, 0.8);
  assert.ok(faint[3] > 0 && faint[3] < 0.25 * 255);
  assert.equal(heatPixels({ height: 1, width: 1, data: Uint8Array.of(0) }, colors, 0.8)[3], 0);
});
