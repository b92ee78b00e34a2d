/** A style sheet as text: `import sheet from "./x.css" with { type: "text" }`, bundled by esbuild. */
declare module "*.css" {
  const sheet: string;
  export default sheet;
}
