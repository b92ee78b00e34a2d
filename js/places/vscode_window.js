/**
 * A page that shows a kernel's outputs as VS Code's notebook does: its widget bundle, requirejs, and a kernel connection
 * whose comms go to the main shell (VS Code knows no subshells). For the tests; not part of the package.
 *
 * `vscode.open()` starts a kernel; `vscode.run(code)` runs a cell and shows its outputs, one element each.
 */
import { KernelManager, ServerConnection } from "@jupyterlab/services";
import { activate } from "@vscode/jupyter-ipywidgets8";

const VIEW = "application/vnd.jupyter.widget-view+json";

/** Where the widgets of the kernel's environment are found: VS Code copies them from its share/jupyter/nbextensions. */
const scriptLoader = {
  widgetsRegisteredInRequireJs: new Set(),
  async loadWidgetScript(/** @type {string} */ name) {
    const { requirejs } = /** @type {any} */ (window);
    requirejs.config({ paths: { [name]: `/nbextensions/${name}/index` } });
    scriptLoader.widgetsRegisteredInRequireJs.add(name);
  },
  successHandler() {},
  errorHandler(/** @type {any[]} */ ...what) {
    console.error("widget not loaded", ...what);
  },
};

/** @type {any} */
let kernel;
/** @type {any} */
let widgets;

export async function open() {
  activate();
  const page = /** @type {any} */ (window);
  page.vscIPyWidgets8.load();
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: `${location.origin}/`,
    wsUrl: `${location.origin.replace("http", "ws")}/`,
    token: "",
  });
  const manager = new KernelManager({ serverSettings });
  await manager.ready;
  kernel = await manager.startNew({ name: "python3" });
  kernel.commsOverSubshells = "disabled";
  await kernel.info;
  widgets = new page.vscIPyWidgets.WidgetManager(kernel, document.body, scriptLoader, () => {}, undefined);
}

/** @param {string} code @param {string} [title] shown above the outputs */
export async function run(code, title) {
  const cell = document.createElement("section");
  if (title) cell.append(Object.assign(document.createElement("p"), { textContent: title }));
  document.body.append(cell);
  /** @type {Promise<void>[]} */
  const shown = [];
  const problems = [];
  const future = kernel.requestExecute({ code, store_history: true });
  future.onIOPub = (/** @type {any} */ message) => {
    const { data, traceback } = message.content;
    if (traceback) problems.push(traceback.join("\n"));
    if (data && ["display_data", "execute_result"].includes(message.header.msg_type)) shown.push(show(data, cell));
  };
  await future.done;
  await Promise.all(shown);
  if (problems.length) throw new Error(problems.join("\n"));
}

/** @param {Record<string, any>} data @param {HTMLElement} cell */
async function show(data, cell) {
  const place = document.createElement("div");
  cell.append(place);
  if (data[VIEW]) {
    place.className = "cell-output-ipywidget-background";
    const model = await widgets.get_model(data[VIEW].model_id);
    const view = await widgets.create_view(model);
    await widgets.display_view(data, view, { node: place });
  } else if (data["text/html"]) {
    place.innerHTML = data["text/html"];
  } else {
    place.textContent = data["text/plain"] ?? "";
  }
}

/** @param {string} expression in Python @returns {Promise<string>} its text, or the error's */
export async function evaluate(expression) {
  const future = kernel.requestExecute({ code: "", user_expressions: { value: expression } });
  const { value } = (await future.done).content.user_expressions;
  return value.status === "ok" ? value.data["text/plain"] : `${value.ename}: ${value.evalue}`;
}

export async function close() {
  await kernel.shutdown();
}
