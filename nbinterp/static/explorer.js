function L(e,t,n,r){x(e,t,n,r),r.aborted||n(e.get(t))}function x(e,t,n,r){if(r.aborted)return;let o=()=>n(e.get(t));e.on(`change:${t}`,o),r.addEventListener("abort",()=>e.off(`change:${t}`,o),{once:!0})}function y(e,t){let n=Object.entries(t).filter(([r,o])=>!G(e.get(r),o));for(let[r,o]of n)e.set(r,o);n.length>0&&e.save_changes()}function G(e,t){return e===t||typeof e=="object"&&JSON.stringify(e)===JSON.stringify(t)}function E(e){let t=new AbortController,n=()=>t.abort();return e?.aborted?n():e?.addEventListener("abort",n,{once:!0}),{signal:t.signal,end:n}}function J(e){let t=e.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number)??[];if(t.length<3||(t[3]??1)<.5)return null;let n=e.startsWith("rgb")?255:1,[r,o,i]=t.map(s=>s/n);return .2126*r+.7152*o+.0722*i}var Z="cell-output-ipywidget-background";function k(e){for(let r=M(e);r;r=M(r)){if(r.classList.contains(Z))continue;let o=J(getComputedStyle(r).backgroundColor);if(o!==null)return o<.5}let t=document.body.dataset.vscodeThemeKind;if(t)return t==="vscode-dark"||t==="vscode-high-contrast";let n=getComputedStyle(document.documentElement).colorScheme;return n==="dark"||/dark/.test(n)&&matchMedia("(prefers-color-scheme: dark)").matches}function M(e){let t=e.getRootNode();return e.parentElement??(t instanceof ShadowRoot?t.host:null)}function C(e,t,n=()=>{}){let r=null,o=()=>{let c=k(e);c!==r&&(r=c,e.classList.toggle("nbi-dark",c),e.classList.toggle("nbi-light",!c),n(c))},i=()=>requestAnimationFrame(()=>!t.aborted&&o()),s=new MutationObserver(i),l={attributes:!0,attributeFilter:["class","style","data-jp-theme-light","data-theme","data-vscode-theme-kind"]};s.observe(document.documentElement,l),s.observe(document.body,l),s.observe(document.head,{childList:!0}),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",i,{signal:t}),t.addEventListener("abort",()=>s.disconnect(),{once:!0}),o()}function a(e,t={},...n){let r=document.createElement(e);for(let[o,i]of Object.entries(t))i==null||i===!1||(typeof i=="function"?r.addEventListener(o.replace(/^on/,""),i):r.setAttribute(o,i===!0?"":String(i)));return r.append(...n.filter(o=>o!==null)),r}function A(e,t,n={}){let r=a("div",{class:`nbi ${t}`,"data-lm-suppress-shortcuts":"true",...n});return r.addEventListener("keydown",o=>o.stopPropagation()),e.replaceChildren(r),r}function S(e,t){let n=t instanceof Error?t.message:String(t),r=a("div",{class:"nbi nbi-problem",role:"alert"},n);e.replaceChildren(r),r.classList.add(k(r)?"nbi-dark":"nbi-light")}function z(e,t){if(!e||t.aborted)return;let n=`.nbinterp-snapshot-${CSS.escape(e)}`,r=[".jp-OutputArea-child",".output_area"].map(i=>`${i}:has(> * > ${n}, > ${n})`),o=a("style",{},`${[n,...r].join(", ")} { display: none !important; }`);document.head.append(o),t.addEventListener("abort",()=>o.remove(),{once:!0})}var Q="This front end does not support linked widgets: it needs anywidget 0.11 or newer. Upgrade anywidget where the notebook server runs, then reload the page.";async function $(e,t,n){if(!t)throw new Error(Q);let r=await t.getWidget(e.get(n)).catch(o=>{let i=o instanceof Error?o.message:String(o);throw new Error(`The widget's ${n} could not be reached (${i}). Run the cell again.`)});if(!r.exports)throw new Error(`The widget's ${n} is of another version. Restart the kernel, reload the page.`);return r.exports}var X="This view was saved without its kernel; the picture shows it as it was. Run the cell again to explore it.";async function Y(e){try{return(await e.widget_manager.get_model(String(e.get("catalog")).replace(/^anywidget:/,""))).comm_live===!1}catch{return!1}}async function T(e,t){if(await Y(e))throw new Error(X);let[n,r]=await Promise.all([$(e,t,"catalog"),$(e,t,"link")]);return{catalog:n,selection:r}}var ee={undo:"M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",redo:"M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",invert:"M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",clear:"M4 4l8 8 M12 4l-8 8",save:"M4 2.5h8v11l-4-3-4 3z",list:"M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",download:"M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",check:"M3 8.5l3.5 3.5L13 4.5",cross:"M4 4l8 8 M12 4l-8 8",up:"M8 13V3 M4 7l4-4 4 4",down:"M8 3v10 M4 9l4 4 4-4",search:"M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",filter:"M2 3h12L9.5 8.5V13l-3-1.5v-3z",refresh:"M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5"},O="http://www.w3.org/2000/svg";function h(e,t=14){let n=document.createElementNS(O,"svg"),r={viewBox:"0 0 16 16",width:t,height:t,fill:"none",stroke:"currentColor"};for(let[i,s]of Object.entries(r))n.setAttribute(i,String(s));n.setAttribute("stroke-width","1.7"),n.setAttribute("stroke-linecap","round"),n.setAttribute("stroke-linejoin","round"),n.setAttribute("aria-hidden","true"),n.classList.add("nbi-icon"),e==="invert"&&n.setAttribute("fill-rule","evenodd");let o=document.createElementNS(O,"path");return o.setAttribute("d",ee[e]),n.append(o),n}function R(e,t){let n=!1,r=!1,o=()=>{r=n,!n&&(n=!0,setTimeout(()=>{n=!1,r&&o()},t),e())};return Object.assign(o,{cancel:()=>{r=!1}})}var te=120;function j(e,t,n){let r=R(()=>!n.aborted&&t(),te);e.on("change",({transient:o})=>{if(o)return r();r.cancel(),t()},n)}function U(e,t){let n=[P(e)];for(let r of t)n.push(P(r));return n.join("")}function P(e){return`${Array.from(e,ne).join(",")}\r
`}function ne(e){if(e==null||Number.isNaN(e))return"";if(typeof e!="string")return String(e);let t=/^[=+\-@\t\r]/.test(e)?`'${e}`:e;return/[",\r\n]/.test(t)?`"${t.replaceAll('"','""')}"`:t}function _(e,t){let n=URL.createObjectURL(new Blob(["\uFEFF",t],{type:"text/csv;charset=utf-8"})),r=document.createElement("a");r.href=n,r.download=e,document.body.append(r),r.click(),r.remove(),setTimeout(()=>URL.revokeObjectURL(n),1e4)}var B=`.nbi-panel[popover] {
  position: fixed;
  inset: auto;
  overflow: auto;
  min-width: 160px;
  max-width: min(340px, 94vw);
  max-height: min(340px, 80vh);
  margin: 0;
  padding: 8px;
  border: 1px solid var(--nbi-border);
  border-radius: var(--nbi-radius);
  background: var(--nbi-bg);
  color: var(--nbi-text);
  box-shadow: var(--nbi-shadow);
  font-size: 12px;
}
.nbi-icon {
  flex: none;
  vertical-align: -2px;
}
.nbi-button:has(.nbi-icon) {
  display: inline-flex;
  align-items: center;
  justify-content: center;
  gap: 5px;
}
`;function N({face:e,label:t,fill:n,signal:r}){let o=a("div",{class:"nbi-panel",popover:"auto",role:"dialog","aria-label":t}),i=a("button",{type:"button",class:"nbi-button",title:t,"aria-haspopup":"dialog","aria-expanded":"false"},...e);i.popoverTargetElement=o;let s=()=>o.matches(":popover-open")&&o.hidePopover();o.addEventListener("beforetoggle",u=>{u.newState==="open"&&n(o)}),o.addEventListener("toggle",()=>{let u=o.matches(":popover-open");i.setAttribute("aria-expanded",String(u)),u&&(oe(o,i),o.querySelector("input, button")?.focus())});let l=u=>{o.contains(u.target)||s()};return window.addEventListener("scroll",l,{capture:!0,passive:!0,signal:r}),r.addEventListener("abort",s,{once:!0}),{element:a("span",{class:"nbi-popover"},a("style",{},B),i,o),button:i,close:s}}function oe(e,t){let n=t.getBoundingClientRect(),r=e.getBoundingClientRect(),o=n.bottom+4,i=n.top-4-r.height;e.style.left=`${Math.max(4,Math.min(n.left,window.innerWidth-r.width-4))}px`,e.style.top=`${o+r.height>window.innerHeight&&i>0?i:o}px`}var I=`.nbi-selection {
  display: flex;
  flex-wrap: wrap;
  align-items: center;
  gap: 4px;
  min-width: 0;
  font-size: 12px;
}
.nbi-selection .nbi-button {
  min-width: 28px;
  padding: 2px 6px;
}
.nbi-selection-size {
  min-width: 9.5em;
  font-weight: 600;
  font-variant-numeric: tabular-nums;
}
.nbi-selection-gap {
  width: 1px;
  height: 18px;
  margin: 0 3px;
  background: var(--nbi-border);
}
.nbi-selection-saved {
  display: grid;
  gap: 4px;
  margin: 0;
  padding: 0;
  list-style: none;
}
.nbi-selection-saved li {
  display: flex;
  gap: 4px;
}
.nbi-selection-saved .nbi-saved-name {
  flex: 1;
  justify-content: flex-start;
  overflow: hidden;
  text-align: left;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.nbi-selection-save {
  display: flex;
  gap: 4px;
  margin: 0;
}
@container (max-width: 560px) {
  .nbi-selection .nbi-words {
    display: none;
  }
}
`;var Te=new Intl.Collator(void 0,{numeric:!0,sensitivity:"base"});function se(e,t=4){if(Number.isNaN(e))return"–";if(!Number.isFinite(e))return e>0?"∞":"−∞";let n=Math.abs(e);return n>=1e6||n>0&&n<.001?e.toExponential(t-2).replace("-","−"):String(Number(e.toPrecision(t))).replace("-","−")}function q(e,t){let n=e.values[t];if(e.kind==="text")return String(n??"");let r=Number(n);return e.kind==="category"?e.categories[r]??"":e.kind==="boolean"?r?"yes":"no":Number.isNaN(r)?"":se(r)}function H(e,t){return Uint32Array.from({length:e},(n,r)=>r).filter(n=>!t.has(n))}function D(e){return e===0?"Nothing selected":`${e.toLocaleString("en-US")} selected`}function ae(e,t){let n=e.values[t];return e.kind==="boolean"?!!n:e.kind==="number"?Number.isInteger(n)?n:Number(Number(n).toPrecision(7)):q(e,t)}function F(e,t){return{header:["index",...e.map(n=>n.name)],rows:Array.from(t,n=>[n,...e.map(r=>ae(r,n))])}}function K({catalog:e,selection:t,signal:n}){let r=a("span",{class:"nbi-selection-size",role:"status"}),o=w("undo","Undo selection (Ctrl+Z)",()=>t.undo()),i=w("redo","Redo selection (Ctrl+Shift+Z)",()=>t.redo()),s=w("invert","Invert selection",()=>t.set(H(e.nItems,t))),l=w("clear","Clear selection",()=>t.clear()),u=le(t,n),c=ue(t,n),d=a("span",{class:"nbi-status",role:"status"}),f=de({catalog:e,selection:t,signal:n},d),m=()=>a("span",{class:"nbi-selection-gap","aria-hidden":"true"});function b(){r.textContent=D(t.size),o.disabled=!t.canUndo,i.disabled=!t.canRedo,l.disabled=t.size===0,u.button.disabled=t.size===0;let v=t.names().length;c.button.disabled=v===0,c.count.textContent=v?`Saved (${v})`:"Saved",f.title=`Save a CSV file with the name and all columns of ${t.size?"the selected images":"all images"}`}j(t,b,n),t.on("named",b,n),b();let p=[o,i,s,l,m(),u.element,c.element,m(),f,d],g=a("div",{class:"nbi-selection",role:"toolbar","aria-label":"Selection"},a("style",{},I),r,...p);return g.addEventListener("keydown",v=>ce(g,v),{signal:n}),g}function V(e,t,n){e.addEventListener("keydown",r=>{if(!(r.ctrlKey||r.metaKey)||r.target.matches("input:not([type=range])"))return;let o=r.key.toLowerCase();o!=="z"&&o!=="y"||(r.preventDefault(),o==="y"||r.shiftKey?t.redo():t.undo())},{signal:n})}function w(e,t,n){return a("button",{type:"button",class:"nbi-button",title:t,"aria-label":t,onclick:n},h(e))}function ce(e,t){let n={ArrowLeft:-1,ArrowRight:1}[t.key],r=[...e.querySelectorAll("button")].filter(i=>!i.disabled&&!i.closest("[popover]")),o=r.indexOf(t.target);!n||o<0||(t.preventDefault(),r[(o+n+r.length)%r.length].focus())}function le(e,t){let n=N({face:[h("save"),a("span",{class:"nbi-words"},"Save")],label:"Save the selection under a name",fill:r,signal:t});function r(o){let i=a("input",{class:"nbi-input","aria-label":"Name of the selection",placeholder:"Name",required:!0,maxlength:80}),s=a("button",{class:"nbi-button"},"Save");i.addEventListener("input",()=>{s.textContent=e.names().includes(i.value.trim())?"Replace":"Save"});let l=a("form",{class:"nbi-selection-save"},i,s);l.addEventListener("submit",u=>{u.preventDefault(),i.value.trim()&&(e.save(i.value.trim()),n.close())}),o.replaceChildren(l)}return n}function ue(e,t){let n=a("span",{class:"nbi-words"}),r=N({face:[h("list"),n],label:"Saved selections",fill:o,signal:t});function o(i){let s=c=>{e.recall(c),r.close()},l=c=>{e.remove(c),e.names().length?o(i):r.close()},u=e.names().map(c=>{let d=`Delete saved selection ${c}`;return a("li",{},a("button",{type:"button",class:"nbi-button nbi-saved-name",title:`Select ${c}`,onclick:()=>s(c)},c),a("button",{type:"button",class:"nbi-button",title:d,"aria-label":d,onclick:()=>l(c)},h("clear")))});i.replaceChildren(a("ul",{class:"nbi-selection-saved"},...u))}return{...r,count:n}}function de({catalog:e,selection:t,signal:n},r){let o=a("button",{type:"button",class:"nbi-button","aria-label":"Export CSV"},h("download"),a("span",{class:"nbi-words"},"Export CSV"));return o.addEventListener("click",async()=>{let i=t.size?t.get():Array.from({length:e.nItems},(s,l)=>l);o.disabled=!0,r.textContent="";try{let s=await Promise.all(e.columns.map(c=>e.column(c.name))),{header:l,rows:u}=F(s,i);_(t.size?"selection.csv":"images.csv",U(l,u))}catch(s){r.textContent=`Not exported: ${s instanceof Error?s.message:s}`}o.disabled=!1},{signal:n}),o}function W(e,{catalog:t,selection:n,layers:r,onLayer:o,signal:i}){let s=pe(t,r,o),l=fe(n,i),u=K({catalog:t,selection:n,signal:i}),c=b=>a("div",{class:`nbi-explorer-place nbi-place-${b}`}),d={plot:c("plot"),units:c("units"),grid:c("grid")},f=a("div",{class:"nbi-status nbi-strip",role:"status","aria-live":"polite"}),m=a("div",{class:"nbi-bar nbi-explorer-head"},s.element,l,u);return e.append(m,a("div",{class:"nbi-places"},d.plot,d.units,d.grid),f),V(m,n,i),t.onStatus(({waiting:b,text:p})=>{f.textContent=p,f.classList.toggle("nbi-warn",b)},i),{places:d,setLayer:s.set}}function pe(e,t,n){let r=i=>{let s=e.layers.find(l=>l.name===i);return s?`${i} · ${s.n_units.toLocaleString("en-US")} units`:i},o=a("select",{class:"nbi-select nbi-layer"},...t.map(i=>a("option",{value:i},r(i))));return o.addEventListener("change",()=>n(o.value)),{element:a("label",{class:"nbi-field",title:"The layer whose features and units are shown"},"Layer",o),set(i){o.value=i}}}function fe(e,t){let n=a("span",{class:"nbi-chip-text"}),r=a("button",{type:"button",class:"nbi-button nbi-chip"},n,h("clear",12));r.addEventListener("click",()=>e.setUnit(null));let o=()=>{let i=e.unit;n.textContent=i?`unit ${i.unit} of ${i.layer}`:"no unit selected",r.disabled=i===null,r.title=i?`Let go of unit ${i.unit} of ${i.layer}`:"Click a unit in the list: its activation colours the plot and the images",r.setAttribute("aria-label",i?`Unit ${i.unit} of ${i.layer} is selected; let go of it`:"No unit selected")};return e.on("unit",o,t),o(),r}var be=["plot","units","grid"];async function me({model:e,el:t,host:n,signal:r}){let{signal:o,end:i}=E(r);try{let{catalog:s,selection:l}=await T(e,n);if(o.aborted)return i;let u=A(t,"nbi-explorer");C(u,o);let c=e.get("layers"),d=p=>y(e,{layer:p}),f=W(u,{catalog:s,selection:l,layers:c,onLayer:d,signal:o}),m=await he(e,n);L(e,"layer",p=>{f.setLayer(p);for(let g of m)y(g,{layer:p})},o);for(let p of m)x(p,"layer",d,o);let b=be.map(p=>ge(e,n,p,f.places[p],o));Promise.all(b).then(()=>z(e.get("snapshot_id"),o))}catch(s){S(t,s)}return i}async function he(e,t){let n=[e.get("plot"),e.get("units")];return Promise.all(n.map(r=>t.getModel(r)))}async function ge(e,t,n,r,o){try{let i=await t.getWidget(e.get(n));o.aborted||await i.render({el:r,signal:o})}catch(i){S(r,i)}}var Xe={initialize(){},render:me};export{Xe as default};
