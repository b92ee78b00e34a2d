/** Shared shapes of the browser side. Types only: nothing here exists at run time. */

/** The model that anywidget hands to `initialize` and `render` (the part that nbinterp uses). */
export interface Model {
  get(name: string): any;
  set(name: string, value: unknown): void;
  save_changes(): void;
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBuffer[] | ArrayBufferView[]): void;
  on(name: string, callback: (...args: any[]) => void): void;
  off(name?: string | null, callback?: ((...args: any[]) => void) | null): void;
}

/** What anywidget 0.11 (or our own page host) passes to `render` besides model and el. */
export interface Host {
  getModel(ref: string): Promise<Model>;
  getWidget(ref: string): Promise<{
    exports: any;
    render(options: { el: HTMLElement; signal?: AbortSignal }): Promise<void>;
  }>;
}

export interface RenderProps {
  model: Model;
  el: HTMLElement;
  signal?: AbortSignal;
  host?: Host;
}

export interface InitializeProps {
  model: Model;
  signal?: AbortSignal;
}

export type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array | Uint32Array;
export type Key = (string | number)[];
export type Arrays = Record<string, any>;
export interface Answer {
  meta: any;
  /** unpacked arrays of the answer, by name; empty for images */
  arrays: Arrays;
  /** the raw bytes, or null */
  buffer: DataView | null;
}

export type ColumnKind = "category" | "number" | "boolean" | "text";
export interface ColumnInfo {
  name: string;
  kind: ColumnKind;
  categories?: string[];
}
export interface LayerInfo {
  name: string;
  n_units: number;
  kind: "maps" | "flat" | "tokens";
  shape: number[] | null;
}
/** category: codes (-1 = none); number: values (NaN = none); boolean: 0/1; text: strings */
export interface Column {
  name: string;
  kind: ColumnKind;
  values: ArrayLike<any>;
  categories: string[];
}
export interface UnitTable {
  layer: string;
  k: number;
  mapHeight: number;
  mapWidth: number;
  classes: string[] | null;
  n: number;
  activity: Float32Array;
  peak: Float32Array;
  rate: Float32Array;
  selectivity: Float32Array;
  bestClass: Int32Array;
  exemplars: Int32Array;
  exemplarValues: Float32Array;
  exemplarMaps: Uint8Array | null;
}
export interface Coords {
  xy: Float32Array;
  meta: { method: string; note?: string; [name: string]: any };
}
/** one unit on one image; 255 = the unit's own peak, row by row */
export interface ActivationMap {
  height: number;
  width: number;
  data: Uint8Array;
}
export interface Status {
  waiting: boolean;
  text: string;
}
export interface Progress {
  text: string;
  fraction: number | null;
}
/** left, top, width, height in shares of a tile's side */
export type Box = [number, number, number, number];
export interface Thumbs {
  /** draws item i letterboxed into the box; false (and it is asked for) if it is not there yet */
  draw(ctx: CanvasRenderingContext2D, i: number, x: number, y: number, w: number, h: number): boolean;
  /** where a drawable item lies in its tile: the image, and the part of it that the network sees */
  boxes(i: number): { image: Box; seen: Box };
  /** fn(first, count) after images among these became drawable */
  onLoad(fn: (first: number, count: number) => void, signal?: AbortSignal): void;
  /** load the pages when the browser is idle */
  prefetch(): void;
  /** resolves when the thumbnails of these items are drawable */
  ready(indices: Iterable<number>): Promise<void>;
}
export interface Catalog {
  readonly nItems: number;
  readonly columns: ColumnInfo[];
  readonly layers: LayerInfo[];
  /** missing: why there are no thumbnails at all; "" = there are */
  readonly thumb: { tile: number; per_page: number; columns: number; missing?: string };
  readonly hasKernel: boolean;
  /** whether asking for the key can succeed: there is a kernel, or the page carries the answer */
  available(key: Key): boolean;
  request(key: Key, options?: { indices?: ArrayLike<number>; channel?: string }): Promise<Answer>;
  cancel(key: Key): void;
  column(name: string): Promise<Column>;
  activation(layer: string, unit: number): Promise<{ max: Float32Array }>;
  units(layer: string): Promise<UnitTable>;
  coords(layer: string, method: "pca" | "umap"): Promise<Coords>;
  maps(
    layer: string,
    unit: number,
    indices: ArrayLike<number>,
    options?: { channel?: string },
  ): Promise<Map<number, ActivationMap>>;
  onProgress(key: Key, fn: (progress: Progress) => void, signal?: AbortSignal): void;
  onStatus(fn: (status: Status) => void, signal?: AbortSignal): void;
  readonly thumbs: Thumbs;
}

export interface UnitRef {
  layer: string;
  unit: number;
}
/** units of one layer that were chosen together */
export interface UnitSet {
  layer: string;
  units: number[];
}
export interface SelectionChange {
  indices: Uint32Array;
  /** true while a lasso is being drawn: not yet history, not yet sent to the kernel */
  transient: boolean;
}
export interface Selection {
  get(): Uint32Array;
  has(i: number): boolean;
  readonly size: number;
  /** 1 where selected, one byte per item; changes in place */
  readonly mask: Uint8Array;
  set(indices: ArrayLike<number>, options?: { transient?: boolean }): void;
  clear(): void;
  undo(): void;
  redo(): void;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  save(name: string): void;
  recall(name: string): void;
  remove(name: string): void;
  names(): string[];
  readonly unit: UnitRef | null;
  setUnit(unit: UnitRef | null): void;
  readonly units: UnitSet | null;
  /** choose units together; the first of them becomes the unit looked at */
  setUnits(units: UnitSet | null): void;
  on(type: "change", fn: (change: SelectionChange) => void, signal?: AbortSignal): void;
  on(type: "unit", fn: (unit: UnitRef | null) => void, signal?: AbortSignal): void;
  on(type: "units", fn: (units: UnitSet | null) => void, signal?: AbortSignal): void;
  on(type: "named", fn: (names: string[]) => void, signal?: AbortSignal): void;
}
