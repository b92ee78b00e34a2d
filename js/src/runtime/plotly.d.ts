/** plotly.js has no types for its parts. */
declare module "plotly.js/lib/*" {
  const part: any;
  export default part;
}
