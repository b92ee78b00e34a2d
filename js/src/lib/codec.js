/** The browser's half of the binary codec (nbinterp/widgets/codec.py is the other half). */

/** @import { Arrays, TypedArray } from "./types.js" */

const TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  uint8: Uint8Array,
  uint32: Uint32Array,
};

/**
 * Arrays by name from one buffer.
 *
 * A front end may hand the buffer over at any offset of a larger message; arrays that are not aligned for their type
 * are then copied, others are views on the message.
 *
 * @param {{ arrays?: { name: string, dtype: string, shape: number[], offset: number }[] } | null | undefined} meta
 * @param {DataView | null | undefined} buffer
 * @returns {Arrays}
 */
export function unpack(meta, buffer) {
  /** @type {Arrays} */
  const arrays = {};
  for (const { name, dtype, shape, offset } of meta?.arrays ?? []) {
    arrays[name] = view(
      buffer,
      dtype,
      offset,
      shape.reduce((a, b) => a * b, 1),
      name,
    );
  }
  return arrays;
}

/**
 * @param {DataView | null | undefined} buffer
 * @param {string} dtype
 * @param {number} offset
 * @param {number} length
 * @param {string} name
 * @returns {TypedArray}
 */
function view(buffer, dtype, offset, length, name) {
  const Type = TYPES[/** @type {keyof typeof TYPES} */ (dtype)];
  if (!Type) throw new Error(`array "${name}" has dtype ${dtype}; expected ${Object.keys(TYPES).join(", ")}`);
  const bytes = length * Type.BYTES_PER_ELEMENT;
  if (!buffer || buffer.byteLength < offset + bytes) {
    throw new Error(`array "${name}" needs ${offset + bytes} bytes, the message carries ${buffer?.byteLength ?? 0}`);
  }
  const start = buffer.byteOffset + offset;
  const memory = /** @type {ArrayBuffer} */ (buffer.buffer);
  if (start % Type.BYTES_PER_ELEMENT === 0) return new Type(memory, start, length);
  return new Type(memory.slice(start, start + bytes));
}

/**
 * Whatever a front end delivers for a bytes trait, as a DataView.
 *
 * @param {unknown} value DataView, typed array, ArrayBuffer; null and "" count as empty
 * @returns {DataView}
 */
export function asDataView(value) {
  if (value instanceof DataView) return value;
  if (ArrayBuffer.isView(value)) return new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ArrayBuffer) return new DataView(value);
  return new DataView(new ArrayBuffer(0));
}

/**
 * @param {unknown} value bytes trait holding little-endian uint32
 * @returns {Uint32Array} a copy
 */
export function toIndices(value) {
  const bytes = asDataView(value);
  const count = Math.floor(bytes.byteLength / 4);
  const indices = new Uint32Array(count);
  for (let j = 0; j < count; j++) indices[j] = bytes.getUint32(4 * j, true);
  return indices;
}

/**
 * @param {Uint32Array} indices
 * @returns {DataView} little-endian uint32, a copy
 */
export function fromIndices(indices) {
  const bytes = new DataView(new ArrayBuffer(4 * indices.length));
  for (let j = 0; j < indices.length; j++) bytes.setUint32(4 * j, indices[j], true);
  return bytes;
}
