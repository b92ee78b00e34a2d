import assert from "node:assert/strict";
import test from "node:test";
import { bounds, combine, pointsInBox, pointsInPolygon } from "../src/lib/geometry.js";
import { random } from "./fakes.mjs";

/** Even-odd rule as in the textbook. @param {number} x @param {number} y @param {ArrayLike<number>} polygon */
function naive(x, y, polygon) {
  let inside = false;
  const m = polygon.length / 2;
  for (let k = 0, l = m - 1; k < m; l = k++) {
    const [ax, ay, bx, by] = [polygon[2 * k], polygon[2 * k + 1], polygon[2 * l], polygon[2 * l + 1]];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** @param {number} n @param {() => number} next */
const cloud = (n, next) => Float32Array.from({ length: 2 * n }, () => 20 * next() - 10);

for (const corners of [3, 4, 17, 250]) {
  test(`a lasso of ${corners} corners holds what the textbook rule says, crossings included`, () => {
    const next = random(corners);
    const points = cloud(4000, next);
    const polygon = cloud(corners, next);
    const expected = Array.from({ length: 4000 }, (_, i) => i).filter((i) =>
      naive(points[2 * i], points[2 * i + 1], polygon),
    );
    assert.ok(expected.length > 0);
    assert.deepEqual([...pointsInPolygon(points, polygon)], expected);
  });
}

test("corners at the height of points are counted once", () => {
  const points = Float32Array.from({ length: 2 * 121 }, (_, j) => (j % 2 ? Math.floor(j / 22) : (j >> 1) % 11));
  const polygon = [1, 1, 5, 3, 9, 1, 7, 5, 9, 9, 5, 7, 1, 9, 3, 5]; // a star on the same grid
  const expected = [...Array(121).keys()].filter((i) => naive(points[2 * i], points[2 * i + 1], polygon));
  assert.deepEqual([...pointsInPolygon(points, polygon)], expected);
});

test("a point without a place is nowhere; a hidden one is left out", () => {
  const points = Float32Array.of(0, 0, Number.NaN, 0, 0, Number.NaN, 1, 1);
  const square = [-5, -5, 5, -5, 5, 5, -5, 5];
  assert.deepEqual([...pointsInPolygon(points, square)], [0, 3]);
  assert.deepEqual([...pointsInPolygon(points, square, [0, 1, 1, 1])], [3]);
  assert.deepEqual([...pointsInBox(points, { x0: 5, x1: -5, y0: -5, y1: 5 })], [0, 3]);
  assert.deepEqual([...pointsInBox(points, { x0: 5, x1: -5, y0: -5, y1: 5 }, [1, 1, 1, 0])], [0]);
});

test("less than a triangle and a flat lasso enclose nothing", () => {
  const points = Float32Array.of(0, 0, 1, 0);
  assert.equal(pointsInPolygon(points, []).length, 0);
  assert.equal(pointsInPolygon(points, [-1, -1, 1, 1]).length, 0);
  assert.equal(pointsInPolygon(points, [-1, 0, 2, 0, 3, 0]).length, 0);
});

test("100,000 points in a lasso of 300 corners take a fraction of a frame's many", () => {
  const next = random(1);
  const points = cloud(100_000, next);
  const polygon = Float32Array.from({ length: 600 }, (_, j) => {
    const angle = (2 * Math.PI * Math.floor(j / 2)) / 300;
    return 9 * (j % 2 ? Math.sin(angle) : Math.cos(angle));
  });
  pointsInPolygon(points, polygon);
  const start = performance.now();
  const count = pointsInPolygon(points, polygon).length;
  const took = performance.now() - start;
  assert.ok(Math.abs(count / 100_000 - (Math.PI * 81) / 400) < 0.01);
  assert.ok(took < 500, `took ${took} ms`); // some ms on a free machine; the naive rule takes more than a second
});

test("bounds pass over what has no place", () => {
  assert.deepEqual(bounds([1, 5, Number.NaN, 2, -3, 4]), { x0: -3, x1: 1, y0: 4, y1: 5 });
  const { x0, x1 } = bounds([Number.NaN, 1]);
  assert.ok(x0 > x1);
});

test("combine adds, subtracts, replaces like sets do", () => {
  const next = random(9);
  for (let round = 0; round < 50; round++) {
    const pick = () => Uint32Array.from({ length: 40 }, (_, i) => i).filter(() => next() < 0.4);
    const [a, b] = [pick(), pick()];
    const union = [...new Set([...a, ...b])].sort((x, y) => x - y);
    assert.deepEqual([...combine(a, b, "add")], union);
    assert.deepEqual(
      [...combine(a, b, "subtract")],
      [...a].filter((i) => !b.includes(i)),
    );
    assert.equal(combine(a, b, "replace"), b);
  }
});
