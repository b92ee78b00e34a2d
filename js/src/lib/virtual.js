/**
 * Virtual scrolling: of many equal rows only those in sight exist.
 *
 * All lengths are CSS px. Browsers cut elements off at 17–33 million px, so content taller than
 * `MAX_SCROLL_PX` scrolls in proportion: the thumb's position, not its distance, says which row is in sight.
 */

/** Tallest scrolled content we ask a browser for. */
export const MAX_SCROLL_PX = 8_000_000;

/**
 * @typedef {object} RowWindow
 * @property {number} first first row to draw
 * @property {number} last one past the last row to draw
 * @property {number} scrollHeight height of the scrolled content
 * @property {number} shift row `r` stands at `r * rowHeight + shift` of the content
 */

/**
 * Scroll offset in row space for a scrollTop of the element, and back.
 * @param {number} total height of all rows
 * @param {number} viewport
 */
function stretch(total, viewport) {
  return total > MAX_SCROLL_PX ? (total - viewport) / (MAX_SCROLL_PX - viewport) : 1;
}

/**
 * The rows in sight, with `overscan` rows above and below.
 * @param {{nRows: number, rowHeight: number, viewport: number, scrollTop: number, overscan?: number}} options
 * @returns {RowWindow}
 */
export function rowWindow({ nRows, rowHeight, viewport, scrollTop, overscan = 1 }) {
  const total = nRows * rowHeight;
  const scrollHeight = Math.min(total, MAX_SCROLL_PX);
  const top = Math.max(0, Math.min(scrollTop, scrollHeight - viewport));
  const offset = top * stretch(total, viewport);
  return {
    first: Math.max(0, Math.floor(offset / rowHeight) - overscan),
    last: Math.min(nRows, Math.ceil((offset + viewport) / rowHeight) + overscan),
    scrollHeight,
    shift: top - offset,
  };
}

/**
 * The scrollTop nearest to the present one at which `row` is wholly in sight.
 * @param {number} row
 * @param {{nRows: number, rowHeight: number, viewport: number, scrollTop: number}} options
 */
export function scrollTopFor(row, { nRows, rowHeight, viewport, scrollTop }) {
  const factor = stretch(nRows * rowHeight, viewport);
  const offset = scrollTop * factor;
  const top = row * rowHeight;
  if (top < offset) return top / factor;
  if (top + rowHeight > offset + viewport) return Math.max(0, top + rowHeight - viewport) / factor;
  return scrollTop;
}

/**
 * Where a key moves the active position of a grid of `count` cells read row by row; null for other keys.
 * Left and Right run on over row ends; Home and End go to the row's ends, with Ctrl to the first and last cell.
 * @param {number} position
 * @param {{key: string, ctrl?: boolean}} stroke `key` as in KeyboardEvent.key
 * @param {{count: number, columns: number, pageRows: number}} grid
 * @returns {number | null}
 */
export function movePosition(position, { key, ctrl = false }, { count, columns, pageRows }) {
  const rowStart = position - (position % columns);
  const page = Math.max(1, pageRows) * columns;
  /** @type {Record<string, number>} */
  const target = {
    ArrowLeft: position - 1,
    ArrowRight: position + 1,
    ArrowUp: position - columns,
    ArrowDown: position + columns,
    PageUp: position - page,
    PageDown: position + page,
    Home: ctrl ? 0 : rowStart,
    End: ctrl ? count - 1 : rowStart + columns - 1,
  };
  if (!(key in target) || count === 0) return null;
  const to = target[key];
  if (key === "ArrowUp" && to < 0) return position;
  if (key === "ArrowDown" && to >= count)
    return Math.floor(position / columns) < Math.floor((count - 1) / columns) ? count - 1 : position;
  if (key === "PageUp" && to < 0) return position % columns;
  return Math.max(0, Math.min(count - 1, to));
}
