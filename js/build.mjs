/**
 * Builds the browser side of nbinterp into ../nbinterp/static.
 *
 *   npm run build              everything
 *   node build.mjs selection   only what is named (a view, "runtime" or "host")
 *
 * Every folder src/views/<name>/ with an index.js becomes <name>.js, an ES module for anywidget. Views that draw also
 * have a <name>.css next to it and get the shared src/lib/base.css in front of theirs. The output depends on the
 * sources and the pinned packages alone: the same bytes on every run, so that a test can compare it with what is
 * committed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const HERE = dirname(fileURLToPath(import.meta.url));
const VIEWS = join(HERE, "src", "views");
const OUT = process.env.NBINTERP_STATIC ?? join(HERE, "..", "nbinterp", "static");
const COMMON = /** @type {const} */ ({
  absWorkingDir: HERE,
  bundle: true,
  minify: true,
  charset: "utf8",
  target: "es2022",
  legalComments: "eof",
  logLevel: "warning",
  write: false,
});

/** @param {string} name @param {string} text */
function put(name, text) {
  mkdirSync(OUT, { recursive: true });
  writeFileSync(join(OUT, name), text);
  console.log(`${name.padEnd(24)}${(Buffer.byteLength(text) / 1000).toFixed(1).padStart(10)} kB`);
}

/** @param {string} name a view folder; writes its module and, if it draws, its style sheet */
async function buildView(name) {
  const folder = join(VIEWS, name);
  const result = await build({ ...COMMON, entryPoints: [join(folder, "index.js")], format: "esm" });
  put(`${name}.js`, result.outputFiles[0].text);
  const sheet = join(folder, `${name}.css`);
  if (!existsSync(sheet)) return;
  const css = readFileSync(join(HERE, "src", "lib", "base.css"), "utf8") + readFileSync(sheet, "utf8");
  put(`${name}.css`, (await transform(css, { loader: "css", minify: true, charset: "utf8" })).code);
}

/** The AFM host of exported pages: a classic script that defines one global, `nbinterp`. */
async function buildHost() {
  const entry = join(HERE, "src", "host", "index.js");
  const result = await build({ ...COMMON, entryPoints: [entry], format: "iife", globalName: "nbinterp" });
  put("host.js", result.outputFiles[0].text);
}

/** The plotly.js bundle, with the licences of everything in it. */
async function buildRuntime() {
  const result = await build({
    ...COMMON,
    entryPoints: [join(HERE, "src", "runtime", "index.js")],
    format: "esm",
    metafile: true,
    define: { "define.amd": "false", global: "window" },
    loader: { ".css": "empty" },
  });
  const packages = bundledPackages(Object.keys(result.metafile.inputs));
  put(
    "runtime.js",
    `/*! plotly.js and the packages it uses; see runtime.licenses.txt */\n${result.outputFiles[0].text}`,
  );
  put("runtime.licenses.txt", packages.map(licenceOf).join("\n"));
}

/** @param {string[]} inputs the files of a bundle @returns {string[]} the package folders they come from */
function bundledPackages(inputs) {
  const folders = inputs.map((file) => file.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//)?.[1]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** @param {string} folder @returns {string} name, version, licence and its text */
function licenceOf(folder) {
  const info = JSON.parse(readFileSync(join(HERE, folder, "package.json"), "utf8"));
  const file = readdirSync(join(HERE, folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? readFileSync(join(HERE, folder, file), "utf8").trim() : "(no licence file in the package)";
  return `${"-".repeat(80)}\n${info.name} ${info.version} (${info.license})\n\n${text}\n`;
}

const views = readdirSync(VIEWS).filter((name) => existsSync(join(VIEWS, name, "index.js")));
const wanted = process.argv.slice(2);
/** @type {[string, () => Promise<void>][]} */
const steps = [["runtime", buildRuntime], ["host", buildHost], ...views.sort().map(asStep)];
for (const [name, step] of steps) if (wanted.length === 0 || wanted.includes(name)) await step();

/** @param {string} name @returns {[string, () => Promise<void>]} */
function asStep(name) {
  return [name, () => buildView(name)];
}
