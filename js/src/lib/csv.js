/** CSV text (RFC 4180) that a spreadsheet cannot mistake for formulas. */

/**
 * @param {string[]} header
 * @param {Iterable<ArrayLike<unknown>>} rows cells are strings, numbers, booleans; null, undefined and NaN are empty
 * @returns {string} lines end in CRLF
 */
export function toCsv(header, rows) {
  const lines = [line(header)];
  for (const row of rows) lines.push(line(row));
  return lines.join("");
}

/** @param {ArrayLike<unknown>} cells */
function line(cells) {
  return `${Array.from(cells, cell).join(",")}\r\n`;
}

/** @param {unknown} value */
function cell(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (typeof value !== "string") return String(value);
  // A text that starts like a formula would be run by spreadsheets: a leading apostrophe makes it a text.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Offer the text as a file to save.
 *
 * @param {string} name
 * @param {string} text
 */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
