function ye(e,t,r,n){if(n.aborted)return;let o=()=>r(e.get(t));e.on(`change:${t}`,o),n.addEventListener("abort",()=>e.off(`change:${t}`,o),{once:!0})}function ve(e,t){let r=Object.entries(t).filter(([n,o])=>!_t(e.get(n),o));for(let[n,o]of r)e.set(n,o);r.length>0&&e.save_changes()}function _t(e,t){return e===t||typeof e=="object"&&JSON.stringify(e)===JSON.stringify(t)}function ke(e){let t=new AbortController,r=()=>t.abort();return e?.aborted?r():e?.addEventListener("abort",r,{once:!0}),{signal:t.signal,end:r}}function jt(e){let t=e.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number)??[];if(t.length<3||(t[3]??1)<.5)return null;let r=e.startsWith("rgb")?255:1,[n,o,s]=t.map(a=>a/r);return .2126*n+.7152*o+.0722*s}var Dt="cell-output-ipywidget-background";function ae(e){for(let n=$e(e);n;n=$e(n)){if(n.classList.contains(Dt))continue;let o=jt(getComputedStyle(n).backgroundColor);if(o!==null)return o<.5}let t=document.body.dataset.vscodeThemeKind;if(t)return t==="vscode-dark"||t==="vscode-high-contrast";let r=getComputedStyle(document.documentElement).colorScheme;return r==="dark"||/dark/.test(r)&&matchMedia("(prefers-color-scheme: dark)").matches}function $e(e){let t=e.getRootNode();return e.parentElement??(t instanceof ShadowRoot?t.host:null)}function Ae(e,t,r=()=>{}){let n=null,o=()=>{let l=ae(e);l!==n&&(n=l,e.classList.toggle("nbi-dark",l),e.classList.toggle("nbi-light",!l),r(l))},s=()=>requestAnimationFrame(()=>!t.aborted&&o()),a=new MutationObserver(s),i={attributes:!0,attributeFilter:["class","style","data-jp-theme-light","data-theme","data-vscode-theme-kind"]};a.observe(document.documentElement,i),a.observe(document.body,i),a.observe(document.head,{childList:!0}),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",s,{signal:t}),t.addEventListener("abort",()=>a.disconnect(),{once:!0}),o()}function c(e,t={},...r){let n=document.createElement(e);for(let[o,s]of Object.entries(t))s==null||s===!1||(typeof s=="function"?n.addEventListener(o.replace(/^on/,""),s):n.setAttribute(o,s===!0?"":String(s)));return n.append(...r.filter(o=>o!==null)),n}function Me(e,t,r={}){let n=c("div",{class:`nbi ${t}`,"data-lm-suppress-shortcuts":"true",...r});return n.addEventListener("keydown",o=>o.stopPropagation()),e.replaceChildren(n),n}function Ee(e,t){let r=t instanceof Error?t.message:String(t),n=c("div",{class:"nbi nbi-problem",role:"alert"},r);e.replaceChildren(n),n.classList.add(ae(n)?"nbi-dark":"nbi-light")}function Le(e,t){if(!e||t.aborted)return;let r=`.nbinterp-snapshot-${CSS.escape(e)}`,n=[".jp-OutputArea-child",".output_area"].map(s=>`${s}:has(> * > ${r}, > ${r})`),o=c("style",{},`${[r,...n].join(", ")} { display: none !important; }`);document.head.append(o),t.addEventListener("abort",()=>o.remove(),{once:!0})}var zt="This front end does not support linked widgets: it needs anywidget 0.11 or newer. Upgrade anywidget where the notebook server runs, then reload the page.";async function Se(e,t,r){if(!t)throw new Error(zt);let n=await t.getWidget(e.get(r)).catch(o=>{let s=o instanceof Error?o.message:String(o);throw new Error(`The widget's ${r} could not be reached (${s}). Run the cell again.`)});if(!n.exports)throw new Error(`The widget's ${r} is of another version. Restart the kernel, reload the page.`);return n.exports}var Wt="This view was saved without its kernel; the picture shows it as it was. Run the cell again to explore it.";async function Bt(e){try{return(await e.widget_manager.get_model(String(e.get("catalog")).replace(/^anywidget:/,""))).comm_live===!1}catch{return!1}}async function Ne(e,t){if(await Bt(e))throw new Error(Wt);let[r,n]=await Promise.all([Se(e,t,"catalog"),Se(e,t,"link")]);return{catalog:r,selection:n}}function ce(e){return e instanceof DataView?e:ArrayBuffer.isView(e)?new DataView(e.buffer,e.byteOffset,e.byteLength):e instanceof ArrayBuffer?new DataView(e):new DataView(new ArrayBuffer(0))}var Tn=new Intl.Collator(void 0,{numeric:!0,sensitivity:"base"});function D(e,t=4){if(Number.isNaN(e))return"–";if(!Number.isFinite(e))return e>0?"∞":"−∞";let r=Math.abs(e);return r>=1e6||r>0&&r<.001?e.toExponential(t-2).replace("-","−"):String(Number(e.toPrecision(t))).replace("-","−")}function q(e,t){let r=e.values[t];if(e.kind==="text")return String(r??"");let n=Number(r);return e.kind==="category"?e.categories[n]??"":e.kind==="boolean"?n?"yes":"no":Number.isNaN(n)?"":D(n)}function Ce(e,t){let r=null,n=null,o=()=>{let i=n;s(),i&&e(...i)},s=()=>{r!==null&&clearTimeout(r),r=null,n=null};return Object.assign((...i)=>{r!==null&&clearTimeout(r),n=i,r=setTimeout(o,t)},{cancel:s,flush:o})}function z(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,requestAnimationFrame(()=>{r=!1,t?.aborted||e()}))}}var Ft={undo:"M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",redo:"M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",invert:"M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",clear:"M4 4l8 8 M12 4l-8 8",save:"M4 2.5h8v11l-4-3-4 3z",list:"M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",download:"M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",check:"M3 8.5l3.5 3.5L13 4.5",cross:"M4 4l8 8 M12 4l-8 8",up:"M8 13V3 M4 7l4-4 4 4",down:"M8 3v10 M4 9l4 4 4-4",search:"M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",filter:"M2 3h12L9.5 8.5V13l-3-1.5v-3z",refresh:"M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5"},Oe="http://www.w3.org/2000/svg";function O(e,t=14){let r=document.createElementNS(Oe,"svg"),n={viewBox:"0 0 16 16",width:t,height:t,fill:"none",stroke:"currentColor"};for(let[s,a]of Object.entries(n))r.setAttribute(s,String(a));r.setAttribute("stroke-width","1.7"),r.setAttribute("stroke-linecap","round"),r.setAttribute("stroke-linejoin","round"),r.setAttribute("aria-hidden","true"),r.classList.add("nbi-icon"),e==="invert"&&r.setAttribute("fill-rule","evenodd");let o=document.createElementNS(Oe,"path");return o.setAttribute("d",Ft[e]),r.append(o),r}function Re(e,t,r){e.addEventListener("keydown",n=>{if(!(n.ctrlKey||n.metaKey)||n.target.matches("input:not([type=range])"))return;let o=n.key.toLowerCase();o!=="z"&&o!=="y"||(n.preventDefault(),o==="y"||n.shiftKey?t.redo():t.undo())},{signal:r})}function Te(e,t){let r=new Int32Array(t),n=new Float32Array(t);for(let o=0;o<t;o++){let s=Math.min(Math.max((o+.5)*e/t-.5,0),e-1);r[o]=Math.min(Math.floor(s),Math.max(0,e-2)),n[o]=s-r[o]}return{low:r,weight:n}}function Ht(e,t,r){let n=Te(e.height,t),o=Te(e.width,r),s=e.height>1?e.width:0,a=e.width>1?1:0,i=new Float32Array(t*r);for(let u=0;u<t;u++){let l=n.low[u]*e.width,m=n.weight[u];for(let w=0;w<r;w++){let h=l+o.low[w],y=o.weight[w],b=e.data[h]*(1-y)+e.data[h+a]*y,p=e.data[h+s]*(1-y)+e.data[h+s+a]*y;i[u*r+w]=(b*(1-m)+p*m)/255}}return i}function Ue(e,t,r=.6){let n=Ht(e,t,t),o=0;for(let a of n)o=Math.max(o,a);let s=new Uint8ClampedArray(4*t*t);for(let a=0;a<n.length;a++){let i=o>0?Math.min(1,Math.max(0,(n[a]/o-.35)/.25)):0;s[4*a+3]=255*r*(1-i*i*(3-2*i))}return s}var Kt=.1;function Ie(e,t,r=.8){let n=new Uint8ClampedArray(4*e.data.length),o=Math.max(1,...e.data)/255,s=r*Math.min(1,o/Kt);for(let a=0;a<e.data.length;a++){let i=e.data[a]/255,u=3*Math.round(255*Math.sqrt(i));for(let l=0;l<3;l++)n[4*a+l]=t[u+l];n[4*a+3]=255*s*(i/o)}return n}var qt="44015444025645045745055946075a46085c460a5d460b5e470d60470e6147106347116447136548146748166848176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a48621a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf7046c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d54989d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21ad8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723fde725",sr=Uint8Array.from({length:768},(e,t)=>Number.parseInt(qt.slice(2*t,2*t+2),16));var ee=[[176,0,120],[255,84,0],[255,255,96]],Pe=Uint8Array.from({length:768},(e,t)=>{let r=Math.floor(t/3)/255*(ee.length-1),n=Math.min(Math.floor(r),ee.length-2),[o,s]=[ee[n][t%3],ee[n+1][t%3]];return Math.round(o+(r-n)*(s-o))});var V=56;function F(e,t,r){let n=Math.min(2,window.devicePixelRatio||1),[o,s]=[t,r].map(i=>Math.round(i*n));e.width!==o&&(e.width=o),e.height!==s&&(e.height=s);let a=e.getContext("2d");return a.clearRect(0,0,o,s),{ctx:a,scale:n}}function H(e,t,{item:r,x:n,y:o,size:s,map:a,as:i="heat"}){let[u,l,m]=[n,o,s].map(Math.round);if(!t.thumbs.draw(e,r,u,l,m,m))return!1;let{image:w,seen:h}=t.thumbs.boxes(r);if(Xt(e,w,u,l,m),a){let[y,b,p,d]=h.map(f=>f*m);i==="mask"&&Gt(e,w,h,u,l,m);let{canvas:$}=i==="heat"?Yt(a):Jt(a);e.drawImage($,u+y,l+b,p,d)}return!0}function Xt(e,t,r,n,o){let[s,a,i,u]=t.map(l=>l*o);(s>0||i<o)&&(e.clearRect(r,n,s,o),e.clearRect(r+s+i,n,o-s-i,o)),(a>0||u<o)&&(e.clearRect(r,n,o,a),e.clearRect(r,n+a+u,o,o-a-u))}function Gt(e,t,r,n,o,s){let a=new Path2D;for(let[i,u,l,m]of[t,r])a.rect(n+i*s,o+u*s,l*s,m*s);e.fillStyle=`rgba(0, 0, 0, ${.6})`,e.fill(a,"evenodd")}function Yt(e){let t=je(e.width,e.height);return t.putImageData(new ImageData(Ie(e,Pe),e.width,e.height),0,0),t}function Jt(e){let t=je(V,V);return t.putImageData(new ImageData(Ue(e,V),V,V),0,0),t}var _e=new Map;function je(e,t){let r=`${e}×${t}`,n=_e.get(r);return n||(n=c("canvas",{width:e,height:t}).getContext("2d",{willReadFrequently:!0}),_e.set(r,n)),n.clearRect(0,0,e,t),n}function De({order:e,selected:t,anchor:r,to:n},{toggle:o,range:s}){let a=e[n];if(s){let[i,u]=r<n?[r,n]:[n,r],l=Array.from(e.subarray(Math.max(0,i),u+1));return o?[...new Set([...t,...l])]:l}return o?t.includes(a)?Array.from(t).filter(i=>i!==a):[...t,a]:[a]}function le({width:e,tile:t,count:r}){let n=t+8,o=Math.max(1,Math.floor(e/n));return{columns:o,nRows:Math.ceil(r/o),cellWidth:e/o,rowHeight:t+44}}function te(e,t){let r=m=>e[m]?q(e[m],t):"",n=r("name")||`image ${t}`,o=r("label"),s=r("prediction"),a=e.confidence?Number(e.confidence.values[t]):Number.NaN,i=Number.isNaN(a)?"":`${(100*a).toFixed(0)} %`,u=Qt(e,o,s,t),l=[n];return o&&l.push(`label ${o}`),s&&l.push(`predicted ${s}${i?` (${i})`:""}`),u!=="unknown"&&l.push(u),{mark:u,first:o||n,second:s,confidence:i,full:l.join(", ")}}function Qt(e,t,r,n){if(!t||!r)return"unknown";let o=e.correct;return(o?.kind==="boolean"?Number(o.values[n])===1:t===r)?"right":"wrong"}var de=168,ze="http://www.w3.org/2000/svg";function We({catalog:e,signal:t}){let r=c("canvas",{class:"nbi-anchor-thumb","aria-hidden":"true"}),n=c("img",{class:"nbi-anchor-image",draggable:"false",hidden:!0}),o=document.createElementNS(ze,"svg");o.setAttribute("class","nbi-anchor-cells"),o.setAttribute("viewBox","0 0 1 1"),o.setAttribute("aria-hidden","true");let s=c("span",{class:"nbi-status"}),a=c("strong",{class:"nbi-anchor-name"}),i=c("div",{class:"nbi-anchor-facts"}),u=c("div",{class:"nbi-anchor"},c("div",{class:"nbi-anchor-frame"},r,n,o,s),c("div",{class:"nbi-anchor-words"},a,i));n.addEventListener("load",()=>{n.hidden=!1});let l="",m=0;t.addEventListener("abort",()=>URL.revokeObjectURL(l),{once:!0});function w(h,y){let{ctx:b,scale:p}=F(r,de,de);h.anchor>=0&&H(b,e,{item:h.anchor,x:0,y:0,size:de*p}),URL.revokeObjectURL(l),l=y.byteLength?URL.createObjectURL(new Blob([y],{type:"image/jpeg"})):"",n.hidden=!0,l?n.src=l:n.removeAttribute("src"),n.alt=`the anchor ${h.name}`,s.textContent=l?"":e.thumb.missing||"No picture of this image."}return{element:u,show(h,y,b){h.serial!==m&&w(h,y),m=h.serial;let p=h.anchor<0?null:te(b,h.anchor);a.textContent=h.name,a.title=h.name;let d=[];p?.second?d.push(`label ${p.first}`,`predicted ${p.second} ${p.confidence}`):p&&d.push(p.first);let f=p?.mark==="wrong"?c("span",{class:"nbi-warn"},"✗ classified wrongly"):p?.mark==="right"?"✓ classified correctly":null;i.replaceChildren(...d.map(x=>c("div",{},x)),...f?[c("div",{},f)]:[])},async frame(h,y,b){o.replaceChildren();let{anchor:p,grid:d}=h;if(p<0||!d||e.thumb.missing||(await e.thumbs.ready([p]).catch(()=>{}),t.aborted||h.serial!==m))return;let[$,f,x,g]=e.thumbs.boxes(p).seen,v=[];for(let[k,S]of h.literals.entries()){if(S.y===null||S.x===null||y[k]==="ignored")continue;let M=document.createElementNS(ze,"rect"),N={x:$+S.x/d[1]*x,y:f+S.y/d[0]*g,width:x/d[1],height:g/d[0]};for(let[C,_]of Object.entries(N))M.setAttribute(C,String(_));M.setAttribute("class",S===b?"nbi-place nbi-pointed":"nbi-place");let E=M.cloneNode();E.setAttribute("class","nbi-place nbi-around"),v.push([E,M])}v.sort(([,k],[,S])=>k.classList.length-S.classList.length),o.replaceChildren(...v.flat())}}}var ne={k:"Size of the neighbour set: the images nearest to the anchor, itself included, whose common states make the rule",t:"Literals of the rule: so many of the states that the neighbours share and few other images have",tolerance:"How many literals a member may violate",among:"Which images count: neighbours and members are among them, and base rates are theirs",follow:"An image that is selected by itself becomes the anchor; the members are then selected in every linked view"},en=[["all","all images"],["prediction","those of its prediction"],["label","those of its label"],["chosen","chosen images"]];function Be({write:e}){let t=c("div",{class:"nbi-layers",role:"radiogroup","aria-label":"Layer"}),r=l("k","k",4,32),n=l("t","t",1,30),o=l("tolerance","Tolerance",0,10),s=c("select",{class:"nbi-select",onchange:()=>e({among:s.value})},...en.map(([h,y])=>c("option",{value:h},y))),a=c("button",{type:"button",class:"nbi-button"},"Follow clicks"),i=c("span",{class:"nbi-status"});a.addEventListener("click",()=>e({follow:a.getAttribute("aria-pressed")!=="true"}));let u=c("div",{class:"nbi-region-controls"},c("div",{class:"nbi-bar"},c("span",{class:"nbi-status"},"Layer"),t),c("div",{class:"nbi-bar"},r.element,n.element,o.element,c("label",{class:"nbi-field",title:ne.among},"Among",s),a,i));t.addEventListener("keydown",m);function l(h,y,b,p){let d=c("input",{type:"range",min:b,max:p,class:"nbi-range","aria-label":`${y}: ${ne[h]}`}),$=c("output",{class:"nbi-output"});d.addEventListener("input",()=>{$.textContent=d.value,e({[h]:Number(d.value)})});let f=(x,g=p)=>{d.min=String(Math.min(b,x)),d.max=String(Math.max(g,x)),d.value=$.textContent=String(x)};return{element:c("label",{class:"nbi-field",title:ne[h]},y,d,$),input:d,show:f}}function m(h){let y={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[h.key],b=[...t.querySelectorAll("button:not(:disabled)")],p=b.indexOf(h.target);if(!y||p<0)return;let d=b[(p+y+b.length)%b.length];d.focus(),d.click(),h.preventDefault()}function w({layers:h,layer:y},b){t.childElementCount!==h.length&&t.replaceChildren(...h.map(({name:p})=>c("button",{type:"button",class:"nbi-button",role:"radio",onclick:()=>e({layer:p})},p))),h.forEach(({name:p,reason:d},$)=>{let f=t.children[$],x=p===y;f.setAttribute("aria-checked",String(x)),f.tabIndex=x?0:-1,f.disabled=!x&&(d||b)!=="",f.title=x?"":d||b})}return{element:u,show(h,{reason:y,nLiterals:b}){w(h,y),r.show(h.k),n.show(h.t),o.show(h.tolerance,Math.max(1,b)),s.value=h.among,s.options[3].hidden=h.among!=="chosen",a.setAttribute("aria-pressed",String(h.follow)),i.textContent=y;for(let p of[r.input,n.input,s,a])p.disabled=y!=="",p===a?p.title=y||ne.follow:p.parentElement&&(p.parentElement.title=y||p.parentElement.title)}}}var tn={required:"ignored",ignored:"flipped",flipped:"required"};function He(e){return tn[e]}function Ke({columns:e,reference:t,n:r,literals:n,modes:o,tolerance:s}){let a=Math.ceil(r/8),i=new Uint16Array(r);n.forEach(({state:l},m)=>{if(o[m]==="ignored")return;let w=+(l===(o[m]==="required"));for(let h=0;h<r;h++)i[h]+=+(Fe(e,m*a,h)!==w)});let u=Array.from({length:s+1},()=>[]);for(let l=0;l<r;l++)i[l]<=s&&Fe(t,0,l)&&u[i[l]].push(l);return Uint32Array.from(u.flat())}function Fe(e,t,r){return e[t+(r>>3)]>>7-(r&7)&1}function ue(e,t){if(e?.kind!=="category")return null;let r=new Uint32Array(e.categories.length),n=0;for(let s=0;s<t.length;s++){let a=Number(e.values[t[s]]);a<0||(r[a]++,n++)}if(n===0)return null;let o=r.indexOf(Math.max(...r));return{name:e.categories[o],share:r[o]/n,known:n}}function qe(e){return Object.entries(e).map(([r,n])=>n&&`${R(n.share)} ${n.name} by ${r}`).filter(Boolean).join(", ")}function R(e){let t=100*e;return`${t>0&&t<1?"< 1":t<100&&t>99?"> 99":t.toFixed(0)} %`}function fe({unit:e,y:t,x:r}){return t===null?`unit ${e}`:`unit ${e} at (${t}, ${r})`}function Ve({state:e},t){return t==="ignored"?"either":e===(t==="required")?"on":"off"}function Xe(e,t){let r=n=>n.toLocaleString("en-US");return`${r(e)} of ${r(t)} image${t===1?"":"s"}`}function X(e){let t=n=>e.filter(o=>o===n).length;return[t("ignored")&&`${t("ignored")} ignored`,t("flipped")&&`${t("flipped")} flipped`].filter(Boolean).join(", ")}function Ge({verdict:e}){let t=e.indexOf(": "),r=t<0?e:e.slice(0,t);return{head:r.charAt(0).toUpperCase()+r.slice(1),facts:t<0?"":e.slice(t+2)}}function Ye(e,t,r){if(!r)return{text:"The verdict was not computed when this page was written.",act:""};let n=e.serial===t?e:null;return n?.state==="stopped"?{text:"Not compared with chance: it was stopped.",act:"again"}:{text:`Comparing with chance${n?.text?`: ${n.text}`:""} …`,act:n?"stop":""}}function Je(e){let t=e.flatMap(o=>Array.from(o)).filter(o=>o>0&&Number.isFinite(o));if(t.length===0)return{low:-1,high:1};let r=t.map(Math.log10),n=Math.floor(Math.min(...r));return{low:n,high:Math.max(n+1,Math.ceil(Math.max(...r)))}}function G(e,{low:t,high:r},n){return e>0?(1+Math.min(1,Math.max(0,(Math.log10(e)-t)/(r-t)))*(n-1))/n:.5/n}function Ze(e,t,r){let n=new Float64Array(r);for(let o=0;o<e.length;o++)n[Math.min(r-1,Math.floor(G(e[o],t,r)*r))]+=1/e.length;return n}function Qe({low:e,high:t},r){let n=Math.max(1,Math.ceil((t-e)/r)),o=[];for(let s=Math.ceil(e/n)*n;s<=t;s+=n)o.push(s);return o}var nn="⁰¹²³⁴⁵⁶⁷⁸⁹";function et(e){if(e>=-1&&e<=3)return D(10**e);let t=[...String(Math.abs(e))].map(r=>nn[Number(r)]).join("");return`10${e<0?"⁻":""}${t}`}function tt({lift:e,null_lifts:t}){let r=Object.entries(t).map(([n,o])=>`${o.filter(a=>e!==null&&a>=e).length} of ${o.length} lifts of ${n} are as large`);return`Lift ${e===null?"unknown":D(e,3)}; ${r.join(", ")}`}var rn="http://www.w3.org/2000/svg",U=276,pe=46,nt=34,J=nt+pe,I=J+pe+18,Y=30,on=[["random anchors",-1,"random anchors ↑","nbi-random",nt-4],["shuffled",1,"shuffled codes ↓","nbi-shuffled",I-5]];function T(e,t,r){let n=document.createElementNS(rn,e);for(let[o,s]of Object.entries(t))n.setAttribute(o,String(s));return r!==void 0&&(n.textContent=r),n}function rt({onStop:e,onAgain:t}){let r=c("span",{class:"nbi-verdict-sign","aria-hidden":"true"}),n=c("strong"),o=c("p",{class:"nbi-verdict-facts"}),s=c("p",{class:"nbi-verdict-note nbi-warn",hidden:!0}),a=c("button",{type:"button",class:"nbi-button",onclick:e,hidden:!0},"Stop");a.title="Stop comparing with chance; it can go on from there";let i=c("button",{type:"button",class:"nbi-button",onclick:t,hidden:!0},"Go on");i.title="Go on comparing with chance";let u=c("div",{class:"nbi-verdict",role:"status"},c("div",{class:"nbi-verdict-head"},r,n),s,o,a,i),l=T("svg",{class:"nbi-lifts",width:U,height:I+34,role:"img"});l.setAttribute("viewBox",`0 0 ${U} ${I+34}`);let m=c("div",{class:"nbi-evidence"},u,l);function w(b){let p=b.lift??Number.NaN,d=Je([[p],...Object.values(b.null_lifts)]);l.replaceChildren(),l.setAttribute("aria-label",tt(b));let $=G(p,d,Y)<.5;for(let[f,x,g,v,k]of on)l.append(...h(b.null_lifts[f]??[],d,f,x)),l.append(T("text",{x:$?U:0,y:k,"text-anchor":$?"end":"start",class:v},g));l.append(T("line",{x1:0,x2:U,y1:J,y2:J,class:"nbi-axis"})),l.append(T("line",{x1:0,x2:U,y1:I,y2:I,class:"nbi-axis"})),l.append(T("text",{x:0,y:I+14,class:"nbi-tick-text"},"0"));for(let f of Qe(d,4)){let x=G(10**f,d,Y)*U;if(x<16)continue;let g=x>U-12?"end":"middle";l.append(T("line",{x1:x,x2:x,y1:I,y2:I+3,class:"nbi-axis"})),l.append(T("text",{x,y:I+14,"text-anchor":g,class:"nbi-tick-text"},et(f)))}l.append(T("text",{x:U/2,y:I+29,"text-anchor":"middle",class:"nbi-tick-text"},"lift, log scale")),Number.isNaN(p)||y(p,d)}function h(b,p,d,$){let f=Ze(b,p,Y),x=Math.max(...f,1e-9),g=U/Y;return Array.from(f,(v,k)=>{let S=v/x*(pe-4),M=$<0?J-S:J,N=T("rect",{x:k*g+.5,y:M,width:g-1,height:S,class:d==="shuffled"?"nbi-shuffled":"nbi-random"});return N.append(T("title",{},`${(100*v).toFixed(0)} % of ${d}`)),N}).filter(v=>Number(v.getAttribute("height"))>0)}function y(b,p){let d=G(b,p,Y)*U;l.append(T("line",{x1:d,x2:d,y1:16,y2:I,class:"nbi-own"}));let $=d>U-70?"end":d<70?"start":"middle";l.append(T("text",{x:d,y:12,"text-anchor":$,class:"nbi-own"},`this image: ${D(b,3)}`))}return{element:m,show(b,{waiting:p,edited:d}){if(l.toggleAttribute("hidden",!b),a.hidden=b!==null||p.act!=="stop",i.hidden=b!==null||p.act!=="again",s.hidden=!d||!b,s.textContent="The verdict is on the rule as found, not as edited.",u.dataset.verdict=b?b.stands_out?"stands-out":"chance":"none",r.replaceChildren(...b?[O(b.stands_out?"check":"cross",13)]:[]),!b){n.textContent="",o.textContent=p.text;return}let $=Ge(b);n.textContent=$.head,o.textContent=$.facts,w(b)}}}var ot=`.nbi-body {
  position: relative;
  flex: 1;
  min-height: 0;
  border: 1px solid var(--nbi-border);
  border-radius: var(--nbi-radius);
  background: var(--nbi-bg);
  content-visibility: auto;
}
.nbi-scroll {
  position: absolute;
  inset: 0;
  overflow: hidden auto;
  overscroll-behavior: contain;
  scrollbar-gutter: stable;
  contain: strict;
}
.nbi-sizer {
  position: relative;
  overflow: hidden;
}
.nbi-row {
  position: absolute;
  right: 0;
  left: 0;
  contain: size style;
}
.nbi-sizer .nbi-row[hidden],
.nbi-sizer .nbi-row [hidden] {
  display: none;
}
.nbi-picture {
  display: block;
  width: 100%;
  height: 100%;
  border-radius: 3px;
  background: var(--nbi-panel);
}
.nbi-loading .nbi-picture {
  background: var(--nbi-grid);
}
.nbi-tick {
  position: absolute;
  top: 0;
  right: 0;
  display: none;
  place-items: center;
  width: 17px;
  height: 17px;
  border-radius: 0 3px 0 8px;
  background: var(--nbi-select);
  color: var(--nbi-bg);
}
.nbi-tick .nbi-icon {
  stroke-width: 2.6;
}
[aria-selected="true"] .nbi-tick {
  display: grid;
}
.nbi-scroll [role="gridcell"]:focus-visible {
  outline: 2px solid var(--nbi-accent);
  outline-offset: -2px;
}
.nbi-empty {
  position: absolute;
  inset: 0;
  display: flex;
  flex-wrap: wrap;
  gap: 10px;
  align-content: center;
  align-items: center;
  justify-content: center;
  padding: 16px;
  color: var(--nbi-muted);
  text-align: center;
}
.nbi-empty[hidden] {
  display: none;
}
.nbi-direction {
  min-width: 28px;
  padding: 2px 5px;
}
.nbi-field .nbi-field {
  gap: 5px;
}
.nbi-button[aria-pressed="true"]:hover:not(:disabled) {
  background: var(--nbi-accent);
  filter: brightness(1.12);
}
`;function it(e,t){return e>8e6?(e-t)/(8e6-t):1}function be({nRows:e,rowHeight:t,viewport:r,scrollTop:n,overscan:o=1}){let s=e*t,a=Math.min(s,8e6),i=Math.max(0,Math.min(n,a-r)),u=i*it(s,r);return{first:Math.max(0,Math.floor(u/t)-o),last:Math.min(e,Math.ceil((u+r)/t)+o),scrollHeight:a,shift:i-u}}function st(e,{nRows:t,rowHeight:r,viewport:n,scrollTop:o}){let s=it(t*r,n),a=o*s,i=e*r;return i<a?i/s:i+r>a+n?Math.max(0,i+r-n)/s:o}function at(e,{key:t,ctrl:r=!1},{count:n,columns:o,pageRows:s}){let a=e-e%o,i=Math.max(1,s)*o,u={ArrowLeft:e-1,ArrowRight:e+1,ArrowUp:e-o,ArrowDown:e+o,PageUp:e-i,PageDown:e+i,Home:r?0:a,End:r?n-1:a+o-1};if(!(t in u)||n===0)return null;let l=u[t];return t==="ArrowUp"&&l<0?e:t==="ArrowDown"&&l>=n?Math.floor(e/o)<Math.floor((n-1)/o)?n-1:e:t==="PageUp"&&l<0?e%o:Math.max(0,Math.min(n-1,l))}function ct({scroller:e,createRow:t,fillRow:r,onPaint:n,signal:o}){let s=c("div",{class:"nbi-sizer",role:"presentation"});e.append(s),e.before(c("style",{},ot));let a=new Map,i=[],u={nRows:0,rowHeight:1},l=-1,m="",w=()=>({...u,viewport:e.clientHeight,scrollTop:e.scrollTop}),h=(p,d,$)=>p>=d&&p<$||p===l;function y(p=!1){let{first:d,last:$,scrollHeight:f,shift:x}=be(w());s.style.height=`${f}px`;for(let[v,k]of a)h(v,d,$)&&v<u.nRows||(a.delete(v),i.push(k));let g=l>=0&&l<u.nRows&&(l<d||l>=$)?[l]:[];for(let v=d;v<$;v++)g.push(v);for(let v of g)b(v,x,p);for(let v of i)v.element.hidden=!0;(m!==`${d}-${$}`||p)&&n?.(d,$),m=`${d}-${$}`}function b(p,d,$){let f=a.get(p);f?$&&r(f,p):(f=i.pop()??t(),f.element.parentNode||s.append(f.element),f.element.hidden=!1,a.set(p,f),r(f,p)),f.element.style.top=`${p*u.rowHeight+d}px`}return e.addEventListener("scroll",()=>y(),{passive:!0,signal:o}),{paint:y,resize(p){u=p},reset(){s.replaceChildren(),a=new Map,i=[]},pin(p){l=p},reveal(p){let d=st(p,w());d!==e.scrollTop&&(e.scrollTop=d),y()},row:p=>a.get(p),rows:()=>a.values(),firstInSight:()=>be({...w(),overscan:0}).first,rowsInSight:()=>Math.max(1,Math.floor(e.clientHeight/u.rowHeight))}}var lt=new WeakMap;function re(e){let t=e.target instanceof Element?e.target.closest(".nbi-cell"):null;return t?lt.get(t):void 0}function dt(e){let t=c("span",{class:"nbi-mark"}),[r,n,o]=["nbi-first","nbi-second","nbi-confidence"].map(l=>c("span",{class:l})),s=c("span",{class:"nbi-value",hidden:!0}),a=c("span",{class:"nbi-tick","aria-hidden":"true"},O("check",12)),i=c("div",{class:"nbi-cell",role:"gridcell",tabindex:"-1","aria-colindex":e+1},c("div",{class:"nbi-tile"},s,a),c("div",{class:"nbi-line"},t,r),c("div",{class:"nbi-line nbi-line-2"},n,o)),u={element:i,mark:t,first:r,second:n,confidence:o,value:s,position:-1,item:-1};return lt.set(i,u),u}var an={right:["✓","right"],wrong:["✗","wrong"],unknown:["",""]};function ut(e,t,r){let[n,o]=an[t.mark];Z(e.mark,n),e.mark.className=`nbi-mark nbi-mark-${t.mark}`,e.mark.title=o,Z(e.first,t.first),Z(e.second,t.second?`→ ${t.second}`:""),Z(e.confidence,t.confidence),Z(e.value,r),e.value.hidden=r==="";let s=r?`${t.full}, activation ${r}`:t.full;e.element.title=s,e.element.setAttribute("aria-label",s)}function Z(e,t){e.textContent!==t&&(e.textContent=t)}function he(e,t){e.element.setAttribute("aria-selected",String(t))}var ft=`.nbi-grid {
  display: flex;
  flex-direction: column;
  container-type: inline-size;
  height: var(--nbi-height, 520px);
  min-height: 320px;
}
.nbi-grid > .nbi-selection {
  padding: 4px 0 0;
}
.nbi-grid > .nbi-selection[hidden] {
  display: none;
}
.nbi-grid .nbi-controls {
  border-bottom: 1px solid var(--nbi-border);
}
.nbi-grid .nbi-controls .nbi-field {
  white-space: nowrap;
}
.nbi-grid .nbi-controls .nbi-select {
  max-width: 150px;
}
.nbi-grid .nbi-search {
  flex: 1 1 120px;
  max-width: 240px;
}
.nbi-grid .nbi-size {
  width: 84px;
  accent-color: var(--nbi-accent);
}
.nbi-grid .nbi-line-count {
  flex-wrap: wrap;
  min-height: 30px;
  padding: 2px 0;
  color: var(--nbi-muted);
}
.nbi-grid .nbi-count {
  color: var(--nbi-text);
  font-variant-numeric: tabular-nums;
}
.nbi-grid .nbi-heat-legend {
  display: inline-flex;
  align-items: center;
  gap: 6px;
  margin-left: auto;
}
.nbi-grid .nbi-heat-legend[hidden],
.nbi-grid .nbi-line-count .nbi-button[hidden],
.nbi-grid .nbi-popover[hidden] {
  display: none;
}
.nbi-grid .nbi-ramp {
  width: 80px;
  height: 10px;
  border: 1px solid var(--nbi-border);
  border-radius: 2px;
}
.nbi-grid .nbi-row {
  display: grid;
  grid-template-columns: repeat(var(--nbi-columns), minmax(0, 1fr));
  height: var(--nbi-row-height);
}
.nbi-grid .nbi-cell {
  min-width: 0;
  padding: 4px 3px 0;
  border-radius: var(--nbi-radius);
  cursor: pointer;
  user-select: none;
}
.nbi-grid .nbi-strip-canvas {
  position: absolute;
  top: 4px;
  left: 0;
  width: 100%;
  height: var(--nbi-thumb);
  pointer-events: none;
}
.nbi-grid .nbi-cell:hover {
  background: var(--nbi-hover);
}
.nbi-grid .nbi-tile {
  position: relative;
  width: var(--nbi-thumb);
  height: var(--nbi-thumb);
  margin: 0 auto;
  border-radius: 3px;
  outline: 1px solid var(--nbi-grid);
}
.nbi-grid .nbi-loading .nbi-tile {
  background: var(--nbi-grid);
}
.nbi-grid .nbi-cell[aria-selected="true"] .nbi-tile {
  border-radius: 3px;
  outline: 3px solid var(--nbi-select);
}
.nbi-grid .nbi-value {
  position: absolute;
  bottom: 2px;
  left: 2px;
  padding: 0 4px;
  border-radius: 3px;
  background: rgb(0 0 0 / 72%);
  color: #fff;
  font-size: 11px;
  line-height: 15px;
  font-variant-numeric: tabular-nums;
}
.nbi-grid .nbi-value[hidden] {
  display: none;
}
.nbi-grid .nbi-line {
  display: flex;
  gap: 3px;
  width: calc(var(--nbi-thumb) + 2px);
  max-width: 100%;
  margin: 0 auto;
  font-size: 11px;
  line-height: 15px;
}
.nbi-grid .nbi-tile + .nbi-line {
  margin-top: 3px;
}
.nbi-grid .nbi-first,
.nbi-grid .nbi-second {
  overflow: hidden;
  min-width: 0;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.nbi-grid .nbi-second {
  flex: 1;
  color: var(--nbi-muted);
}
.nbi-grid .nbi-confidence {
  color: var(--nbi-muted);
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
}
.nbi-grid .nbi-mark {
  font-weight: 700;
}
.nbi-grid .nbi-mark-right {
  color: #1a7431;
}
.nbi-grid .nbi-mark-wrong {
  color: #b3261e;
}
.nbi-dark.nbi-grid .nbi-mark-right {
  color: #6cd08a;
}
.nbi-dark.nbi-grid .nbi-mark-wrong {
  color: #ff9b92;
}
.nbi-grid .nbi-preview[hidden] {
  display: none;
}
.nbi-grid .nbi-preview {
  position: absolute;
  top: 6px;
  right: 18px;
  bottom: 6px;
  overflow: auto;
  width: min(252px, calc(100% - 24px));
  padding: 8px 12px 12px;
  border: 1px solid var(--nbi-border);
  border-radius: var(--nbi-radius);
  background: var(--nbi-bg);
  box-shadow: var(--nbi-shadow);
  font-size: 12px;
}
.nbi-grid .nbi-preview[data-side="left"] {
  right: auto;
  left: 6px;
}
.nbi-grid .nbi-preview .nbi-picture {
  width: 224px;
  max-width: 100%;
  height: auto;
  aspect-ratio: 1;
}
.nbi-grid .nbi-preview-head {
  display: flex;
  align-items: center;
  gap: 6px;
  margin-bottom: 6px;
}
.nbi-grid .nbi-preview-head .nbi-button {
  min-width: 28px;
  padding: 2px 5px;
}
.nbi-grid .nbi-preview-title {
  flex: 1;
  overflow: hidden;
  font-weight: 600;
  text-overflow: ellipsis;
  white-space: nowrap;
}
.nbi-grid .nbi-facts {
  width: 100%;
  margin: 8px 0 0;
  border: 0;
  border-collapse: collapse;
  table-layout: fixed;
  font-size: 12px;
}
.nbi-grid .nbi-facts th,
.nbi-grid .nbi-facts td {
  padding: 3px 4px;
  border: 0;
  border-top: 1px solid var(--nbi-grid);
  background: none;
  overflow-wrap: anywhere;
  text-align: left;
  vertical-align: top;
}
.nbi-grid .nbi-facts th {
  width: 38%;
  color: var(--nbi-muted);
  font-weight: 400;
}
.nbi-grid .nbi-groups {
  display: grid;
  max-height: 250px;
  overflow: auto;
}
.nbi-grid input + .nbi-groups {
  margin-top: 6px;
}
.nbi-grid .nbi-group {
  display: flex;
  align-items: center;
  gap: 6px;
  padding: 2px 4px;
  border-radius: 3px;
  cursor: pointer;
}
.nbi-grid .nbi-group:hover {
  background: var(--nbi-hover);
}
.nbi-grid .nbi-group[hidden] {
  display: none;
}
.nbi-grid .nbi-group-name {
  flex: 1;
  overflow: hidden;
  color: var(--nbi-text);
  text-overflow: ellipsis;
  white-space: nowrap;
}
`;function pt({grid:e,rows:t,preview:r,selection:n,view:o,select:s,signal:a}){let i=0,u=0,l=-1;function m(f){let{columns:x}=o();return t.row(Math.floor(f/x))?.cells[f%x]}let w=()=>e.contains(document.activeElement);function h(f,x=!0){let{shown:g,columns:v}=o();m(i)?.element.setAttribute("tabindex","-1"),i=f,l=g[f]??-1,t.pin(Math.floor(i/v)),t.reveal(Math.floor(i/v));let k=m(i);k?.element.setAttribute("tabindex","0"),x&&k?.element.focus({preventScroll:!0}),r.item>=0&&y()}function y(){let f=m(i);if(!f||l<0)return;let x=f.element.getBoundingClientRect(),g=e.getBoundingClientRect(),v=x.left+x.width/2>g.left+g.width/2?"left":"right";r.open(l,f.first.textContent===""?`image ${l}`:f.element.title.split(", ")[0],v)}function b(){r.close(),p()}function p(){o().shown.length&&h(Math.min(i,o().shown.length-1))}function d(f,x){let{shown:g}=o();s(De({order:g,selected:n.get(),anchor:u,to:f},x)),x.range||(u=f)}function $(f){let{shown:x,columns:g}=o(),v=f.ctrlKey||f.metaKey,k=at(i,{key:f.key,ctrl:v},{count:x.length,columns:g,pageRows:t.rowsInSight()});if(k!==null)h(k),f.shiftKey&&d(k,{toggle:!1,range:!0});else if(f.key===" ")d(i,{toggle:!f.shiftKey,range:f.shiftKey});else if(f.key==="Enter")y();else if(v&&f.key.toLowerCase()==="a")s(Array.from(x));else if(f.key==="Escape"&&r.item>=0)b();else return;f.preventDefault()}return e.addEventListener("mousedown",f=>f.shiftKey&&f.preventDefault(),{signal:a}),e.addEventListener("click",f=>{let x=re(f);if(!x)return;let{shown:g}=o();u=Math.min(u,g.length-1),d(x.position,{toggle:f.ctrlKey||f.metaKey,range:f.shiftKey}),h(x.position)},{signal:a}),e.addEventListener("dblclick",f=>re(f)&&y(),{signal:a}),e.addEventListener("keydown",$,{signal:a}),r.element.addEventListener("keydown",f=>f.key==="Escape"&&b(),{signal:a}),e.addEventListener("focusin",f=>{let x=re(f);x&&x.position!==i&&h(x.position,!1)},{signal:a}),e.addEventListener("focusout",()=>t.pin(-1),{signal:a}),{hasFocus:w,focus:p,closePreview:b,touch(f){f.element.setAttribute("tabindex",f.position===i?"0":"-1")},follow(){let{shown:f}=o();i=Math.max(0,l<0?0:f.indexOf(l)),u=i,t.pin(-1)}}}var K=72;function bt({catalog:e,selection:t,onOpen:r,signal:n}){let o=new Uint32Array(0),s=-1,a=le({width:1,tile:K,count:0}),i={},u=c("div",{class:"nbi-scroll",role:"grid","aria-multiselectable":"true","aria-label":"Members"}),l=c("div",{class:"nbi-empty",hidden:!0}),m=c("div",{class:"nbi-grid nbi-members"},c("style",{},ft),c("div",{class:"nbi-body"},u,l)),w=ct({scroller:u,createRow:b,fillRow:p,signal:n}),h={item:-1,element:c("div"),open:r,close(){},draw(){}},y=pt({grid:u,rows:w,preview:h,selection:t,signal:n,view:()=>({shown:o,columns:a.columns}),select:g=>t.set(g)});function b(){let g=Array.from({length:a.columns},(k,S)=>dt(S)),v=c("canvas",{class:"nbi-strip-canvas","aria-hidden":"true"});return{element:c("div",{class:"nbi-row",role:"row"},v,...g.map(k=>k.element)),canvas:v,cells:g}}function p(g,v){g.element.setAttribute("aria-rowindex",String(v+1)),g.cells.forEach((k,S)=>{k.position=v*a.columns+S,k.element.hidden=k.position>=o.length,!k.element.hidden&&(k.item=o[k.position],ut(k,te(i,k.item),""),k.value.hidden=k.item!==s,k.value.textContent=k.value.hidden?"":"anchor",he(k,t.has(k.item)),y.touch(k))}),d(g)}function d({canvas:g,cells:v}){let{ctx:k,scale:S}=F(g,a.columns*a.cellWidth,K);v.forEach((M,N)=>{if(M.element.hidden)return;let E=(N*a.cellWidth+(a.cellWidth-K)/2)*S,C=H(k,e,{item:M.item,x:E,y:0,size:K*S});M.element.classList.toggle("nbi-loading",!C)})}function $(g){for(let v of w.rows())for(let k of v.cells)k.element.hidden||g(k)}function f(){let g=a.columns;a=le({width:u.clientWidth,tile:K,count:o.length}),u.style.setProperty("--nbi-columns",String(a.columns)),u.style.setProperty("--nbi-thumb",`${K}px`),u.style.setProperty("--nbi-row-height",`${a.rowHeight}px`),u.setAttribute("aria-rowcount",String(a.nRows)),u.setAttribute("aria-colcount",String(a.columns)),w.resize(a),g!==a.columns&&w.reset(),w.paint(!0)}let x=new ResizeObserver(()=>u.clientWidth>0&&f());return x.observe(u),n.addEventListener("abort",()=>x.disconnect(),{once:!0}),e.thumbs.onLoad(z(()=>{for(let g of w.rows())d(g)},n),n),t.on("change",z(()=>$(g=>he(g,t.has(g.item))),n),n),{element:m,show(g,v,k,S){let M=v!==s;[o,s,i]=[g,v,k],l.hidden=o.length>0,l.textContent=S,y.follow(),M&&(u.scrollTop=0),f()}}}function ht({catalog:e,selection:t,nameOf:r,signal:n}){let o=new Set;function s({element:m,canvas:w,item:h,size:y,map:b}){let{ctx:p,scale:d}=F(w,y,y),$=H(p,e,{item:h,x:0,y:0,size:y*d,map:b,as:"mask"});m.classList.toggle("nbi-loading",!$)}function a({element:m,item:w}){m.tagName==="BUTTON"&&m.setAttribute("aria-pressed",String(t.has(w)))}let i=new Set,u=z(()=>{for(let m of i)s(m);i.clear()},n),l=z(()=>{for(let m of[...o])m.element.isConnected?s(m):o.delete(m)},n);return e.thumbs.onLoad(l,n),t.on("change",z(()=>{for(let m of[...o])m.element.isConnected?a(m):o.delete(m)},n),n),{create(m,{size:w,map:h=null,still:y=!1,words:b=""}){let p=c("canvas",{class:"nbi-small",style:`width: ${w}px; height: ${w}px`}),d=b||r(m),$=c("span",{class:"nbi-tick","aria-hidden":"true"},O("check",10)),f=y?c("span",{class:"nbi-shot nbi-loading"},p):c("button",{type:"button",class:"nbi-shot nbi-loading",title:d,"aria-label":d},p,$);y||f.addEventListener("click",()=>t.set([m]));let x={element:f,canvas:p,item:m,size:w,map:h};return o.add(x),i.add(x),u(),a(x),f},redraw:l}}function mt(e,t,r){let n=t*e.k+r,o=e.exemplars[n];if(r>=e.k||o===void 0||o<0)return null;let s=e.mapHeight*e.mapWidth,a=e.exemplarMaps&&s>0?{height:e.mapHeight,width:e.mapWidth,data:e.exemplarMaps.subarray(n*s,(n+1)*s)}:null;return{image:o,value:e.exemplarValues[n],map:a}}var ln=3,dn=38,gt={required:"required: click to ignore it",ignored:"ignored: click to ask for the other state",flipped:"turned round: click to require it as found"};function wt({pictures:e,selection:t,onEdit:r,onPoint:n}){let o=null,s=[],a=[],i=c("span",{class:"nbi-rule-count"}),u=c("button",{type:"button",class:"nbi-button",onclick:()=>h(s.map(()=>"required"))});u.append(O("undo",13)," Reset rule");let l=c("ol",{class:"nbi-literals","aria-label":"Rule"}),m=c("p",{class:"nbi-status"},"The neighbours share no state that is not shared by all images."),w=c("section",{class:"nbi-rule","aria-label":"Rule"},c("div",{class:"nbi-rule-head"},c("strong",{},"Rule"),i,u),l,m);function h(d){s=d,a.forEach(b),y(),r(s)}function y(){let d=a.length,$=X(s);i.textContent=`${d} literal${d===1?"":"s"}${$?`: ${$}`:""}`,u.disabled=$==="",u.title=$?"Require all literals as they were found":"The rule is as it was found",m.hidden=d>0}function b({toggle:d,literal:$},f){let x=s[f],g=Ve($,x);d.dataset.mode=x,d.title=gt[x],d.setAttribute("aria-label",`${fe($)}, ${g}, ${gt[x]}`);let v=d.querySelector(".nbi-state");v.textContent=x==="required"?g:x==="ignored"?"ignored":`⇄ ${g}`,v.classList.toggle("nbi-on",g==="on")}function p(d,$,f){let x=o?.layer??"",g=fe(d),v=`on in ${R(d.base_rate)}`,k=c("span",{class:"nbi-literal-facts",title:`${R(d.score)} of the reference images are in the other state`},c("span",{class:"nbi-track","aria-hidden":"true"},c("span",{style:`width: ${100*d.base_rate}%`})),c("span",{},`${v} · score ${d.score.toFixed(2)}`)),S=c("button",{type:"button",class:"nbi-literal-toggle",onclick:()=>h(s.map((E,C)=>C===$?He(E):E))},c("span",{class:"nbi-literal-line"},c("span",{class:"nbi-neuron"},g),c("span",{class:"nbi-state"})),k),M=c("button",{type:"button",class:"nbi-unit-strip",title:`Select unit ${d.unit} of ${x} in all linked views: these images activate it most`,"aria-label":`Select unit ${d.unit} of ${x} in all linked views`,onclick:()=>{let E=t.unit?.layer===x&&t.unit.unit===d.unit;t.setUnit(E?null:{layer:x,unit:d.unit})}});for(let E=0;f&&E<ln;E++){let C=mt(f,d.unit,E);C&&M.append(e.create(C.image,{size:dn,map:C.map,still:!0}))}M.hidden=M.childElementCount===0;let N=c("li",{class:"nbi-literal"},S,M);for(let E of["pointerenter","focusin"])N.addEventListener(E,()=>n(d));for(let E of["pointerleave","focusout"])N.addEventListener(E,()=>n(null));return l.append(N),{toggle:S,unit:M,literal:d}}return{element:w,get modes(){return s},show(d,$,f){let x=a.findIndex(g=>g.toggle===document.activeElement);o=d,s=$,l.replaceChildren(),a=(o?.literals??[]).map((g,v)=>p(g,v,f)),a.forEach(b),y(),this.markUnit(),a[x]?.toggle.focus({preventScroll:!0})},markUnit(){let d=t.unit;for(let{unit:$,literal:f}of a)$.setAttribute("aria-pressed",String(d?.layer===o?.layer&&d?.unit===f.unit))}}}var un=12,fn=48,xt={layers:pn,neighbours:bn,mistake:mn,subclasses:wn};function yt(e,t,r,n){if(n)return[c("p",{class:"nbi-panel-words"},me(n))];if(!t)return[c("p",{class:"nbi-panel-words"},r.reason?`Not computed. ${r.reason}.`:"Asking the kernel …")];if(t.state==="failed")return[c("p",{class:"nbi-panel-words nbi-warn",role:"alert"},me(t.text??""))];if(t.state==="running"){let o=t.text?`Computing: ${t.text} …`:"Computing …",s=c("button",{type:"button",class:"nbi-button",onclick:()=>r.stop(e)},"Stop");return s.disabled=r.reason!=="",s.title=r.reason||"Stop, and keep what there is",[c("p",{class:"nbi-panel-words"},c("progress",{"aria-label":"Computing"}),` ${o} `,s)]}if(t.state==="stopped"){let o=c("button",{type:"button",class:"nbi-button",onclick:()=>r.compute(e)},"Compute");o.disabled=r.reason!=="",o.title=r.reason||"Compute it again, to the end";let s=c("p",{class:"nbi-panel-words nbi-warn",role:"status"},`${me(t.text??"")} `,o);return t.rows?[s,...xt[e](t,r)]:[s]}return xt[e](t,r)}function me(e){let t=/[.!?]$/.test(e)?"":".";return e.charAt(0).toUpperCase()+e.slice(1)+t}function vt(e,t){let r=e?"stands out":"no more than chance";return c("span",{class:`nbi-chip ${e?"nbi-good":"nbi-chance"}`,title:t},O(e?"check":"cross",11),r)}function ge(e){return Object.entries(e).filter(([,t])=>t).map(([t,r])=>`${r} by ${t}`).join(", ")}function Q({title:e,mark:t,facts:r,images:n,n:o,extra:s=[]},{pictures:a,selection:i}){let u=n.slice(0,un).map(w=>a.create(w,{size:fn})),l=o>u.length?c("span",{class:"nbi-status"},`and ${(o-u.length).toLocaleString("en-US")} more`):null,m=c("button",{type:"button",class:"nbi-button",disabled:n.length===0,onclick:()=>i.set(n)},`Select ${n.length.toLocaleString("en-US")}`);return c("div",{class:"nbi-panel-row",role:"listitem"},c("div",{class:"nbi-panel-head"},e,t??null,c("span",{class:"nbi-gap"}),...s,m),c("div",{class:"nbi-panel-facts"},...r.flatMap(w=>w?[typeof w=="string"?c("span",{},w):w]:[])),c("div",{class:"nbi-shots"},...u,l))}function oe(e,t){return c("div",{class:"nbi-panel-list",role:"list","aria-label":e},...t)}var we=e=>`${e.toLocaleString("en-US")} member${e===1?"":"s"}`;function pn({layer:e,rows:t,overlap:r},n){let o=t.findIndex(i=>i.name===e),s=t.map((i,u)=>{let l=i.name===e,m=c("button",{type:"button",class:"nbi-button",onclick:()=>n.setLayer(i.name)},"Show");m.disabled=l||n.reason!=="",m.title=l?"It is shown":n.reason||`Show the region in ${i.name}`;let w=r[o]?.[u],h=l||w===null||w===void 0?"":`overlap with ${e}: ${R(w)}`,y={title:c("strong",{},i.name),mark:vt(i.stands_out,i.verdict),extra:[m]};return Q({...y,facts:[we(i.n),ge(i.purity),h],images:i.images,n:i.n},n)});return[c("p",{class:"nbi-panel-words"},"The same image's region in every layer. Overlap: images in both regions over images in either."),oe("Regions by layer",s)]}function bn({features:e,rows:t},r){let n=t.map((s,a)=>{let i=a===0||s.overlap===null?"":`overlap with the region: ${R(s.overlap)}`,u={title:c("strong",{},s.name),facts:[we(s.n).replace("member","image"),ge(s.purity),i]};return Q({...u,images:s.images,n:s.n},r)}),o=`As many nearest images as the region has members. Euclidean and cosine distance: ${e}. The region seldom is purer; what it adds is a rule.`;return[c("p",{class:"nbi-panel-words"},o),oe("Sets of equal size",n)]}var hn={neurons:"setting the neurons that differ",units:"setting all positions of their units",control:"control: as many other neurons, at random"};function mn({label:e,prediction:t,probability:r,rows:n},o){let s=`Labelled ${e}, taken for ${t}; probability of ${e}: ${R(r)}. Below: the regions of the nearest correct images of ${e}, the literals of their rules that this image violates, and what its prediction becomes when these neurons are set to the other state.`,a=n.map(i=>{let u=i.differs.length?`violates ${i.differs.length} of ${i.n_literals} literals: ${i.differs.join(", ")}`:`violates none of ${i.n_literals} literals`,l=c("span",{class:"nbi-panel-title"},o.pictures.create(i.anchor,{size:36}),c("strong",{},i.name)),m=i.outcomes.find(b=>b.set==="control")?.repaired??0,h=i.outcomes.some(b=>b.set!=="control"&&b.repaired>m)?c("span",{class:"nbi-chip nbi-good"},O("check",11),"repaired"):void 0,y=c("div",{class:"nbi-outcomes"},...i.outcomes.map(b=>gn(b,e,r)));return Q({title:l,mark:h,facts:[u,y],images:i.images,n:i.n},o)});return[c("p",{class:"nbi-panel-words"},s),oe("Regions of correct images",a)]}function gn(e,t,r){let n=e.set==="control"?`${R(e.repaired)} of the draws are repaired`:`predicted ${e.prediction}${e.repaired?": repaired":""}`,o=`${hn[e.set]} (${e.n_neurons}): ${t} ${R(r)} → ${R(e.probability)}; ${n}`;return c("div",{class:e.set!=="control"&&e.repaired?"nbi-repaired":""},o)}function wn({class_name:e,n_images:t,n_covered:r,n_candidates:n,uncovered:o,rows:s},a){let i=s.length,u=`${i===0?"No region stands":i===1?"One region stands":`${i} regions stand`} out among the ${t.toLocaleString("en-US")} images predicted as ${e}${i?` and cover ${R(r/t)} of them`:""}. Of all images as anchors, ${n} stand out; one in twenty does by chance.`,l=s.map((w,h)=>{let y=c("button",{type:"button",class:"nbi-button",onclick:()=>a.setAnchor(w.anchor)},"Make anchor");y.disabled=a.reason!=="",y.title=a.reason||`Show the region of ${w.name} among all images`;let b=[we(w.n),`${w.new} in no region above`,ge(w.purity)],p=c("span",{class:"nbi-panel-rule"},w.rule.join(", ")),d=c("strong",{},`Subclass ${h+1}`);return Q({title:d,mark:vt(w.stands_out,w.verdict),facts:[...b,p],images:w.images,n:w.n,extra:[y]},a)}),m=o.length?[Q({title:c("strong",{},"In none of them"),facts:[],images:o,n:t-r},a)]:[];return[c("p",{class:"nbi-panel-words"},u),oe("Subclasses",[...l,...m])]}var kt=[["members","Members"],["layers","Across layers"],["neighbours","Neighbours"],["mistake","Why wrong"],["subclasses","Subclasses"]],xn=0;function $t({members:e,pictures:t,selection:r,onTab:n,onSelect:o,setAnchor:s,setLayer:a,stop:i,compute:u}){let l=`nbi-region-${++xn}`,m=kt.map(([g,v])=>c("button",{type:"button",class:"nbi-tab",role:"tab",id:`${l}-${g}`,"aria-controls":`${l}-panel`,onclick:()=>n(g)},v)),w=c("div",{class:"nbi-tabs",role:"tablist","aria-label":"What to show of the region"},...m),h=c("strong",{class:"nbi-members-count",role:"status"}),y=c("span",{class:"nbi-members-purity"}),b=c("button",{type:"button",class:"nbi-button",onclick:o},"Select members");b.title="Select the members in every linked view";let p=c("div",{class:"nbi-members-view"},c("div",{class:"nbi-bar"},h,y,b),e),d=c("div",{class:"nbi-panel"}),$=c("div",{class:"nbi-tab-panel",role:"tabpanel",id:`${l}-panel`},p,d),f=c("section",{class:"nbi-region-right","aria-label":"Members and more"},w,$),x=null;return w.addEventListener("keydown",g=>{let v={ArrowRight:1,ArrowLeft:-1}[g.key],k=m.filter(N=>!N.disabled),S=k.indexOf(g.target);if(!v||S<0)return;let M=k[(S+v+k.length)%k.length];M.focus(),M.click(),g.preventDefault()}),{element:f,showMembers({count:g,n:v,purity:k,edited:S}){h.textContent=g,y.textContent=`${S?"follow the edited rule":"follow the rule"}${k?`: ${k}`:""}`,y.title=y.textContent,b.disabled=v===0},show(g,{panel:v,reasons:k,reason:S}){if(kt.forEach(([E],C)=>{let _=m[C],j=E===g;_.setAttribute("aria-selected",String(j)),_.tabIndex=j?0:-1;let W=k[E]??"";_.disabled=W!==""&&!j,_.title=W?`Not here: ${W}`:""}),$.setAttribute("aria-labelledby",`${l}-${g}`),p.hidden=g!=="members",d.hidden=g==="members",g==="members")return;let M=JSON.stringify([g,v,k[g],S]);if(M===x)return;x=M;let N={pictures:t,selection:r,setAnchor:s,setLayer:a,stop:i,compute:u,reason:S};d.replaceChildren(...yt(g,v,N,k[g]??""))}}}var yn="Another region needs a running kernel",vn="No image yet: click an image in a linked view, and its region is shown here.",kn=["name","label","prediction","confidence","correct"],$n=150;function St(e,{catalog:t,selection:r,settings:n,write:o,send:s,signal:a}){let i=null,u=[],l=new Uint32Array(0),m={},w=null,h=An(n),y=!1,b=null,p=Be({write:o}),d=c("div",{class:"nbi-warn nbi-region-problem",role:"alert",hidden:!0}),$=We({catalog:t,signal:a}),f=rt({onStop:()=>s({kind:"stop",name:"verdict"}),onAgain:()=>s({kind:"judge"})}),x=c("div",{class:"nbi-region-about"}),v=ht({catalog:t,selection:r,nameOf:A=>m.name&&q(m.name,A)||`image ${A}`,signal:a}),k=wt({pictures:v,selection:r,onEdit:Et,onPoint:A=>ie(A)}),S=bt({catalog:t,selection:r,onOpen:A=>o({anchor:A}),signal:a}),M=$t({members:S.element,pictures:v,selection:r,onTab:A=>o({tab:A}),onSelect:()=>W(),setAnchor:A=>o({anchor:A}),setLayer:A=>o({layer:A}),stop:A=>s({kind:"stop",name:A}),compute:A=>s({kind:"panel",name:A})}),N=c("section",{class:"nbi-region-left","aria-label":"Anchor and verdict"},$.element,f.element,x),E=c("div",{class:"nbi-region-main"},N,k.element,M.element),C=c("div",{class:"nbi-region-empty"},vn);e.append(p.element,d,E,C),Re(e,r,a);let _=()=>t.hasKernel?"":yn,j=Ce(W,$n);a.addEventListener("abort",j.cancel,{once:!0});function W(){y=!0,r.set(l),y=!1}function Et(A){u=A,se(),ie(null),n.follow&&j()}function ie(A){i&&$.frame(i,u,A)}function se(){if(!i)return;l=Ke({columns:At(n.columns),reference:At(n.reference),n:t.nItems,literals:i.literals,modes:u,tolerance:n.tolerance}),S.show(l,i.anchor,m,"No image follows this rule: loosen a literal by clicking it.");let A={label:ue(m.label,l),prediction:ue(m.prediction,l)};M.showMembers({count:Xe(l.length,i.n_reference),n:l.length,purity:qe(A),edited:X(u)}),xe()}function xe(){let A=n.evidence.serial===i?.serial?n.evidence:null,L=Ye(n.judging,i?.serial??0,t.hasKernel);f.show(A,{waiting:L,edited:X(u)!==""||n.tolerance!==i?.tolerance})}function Lt(){let A=i;if(i=n.shown.serial===void 0?null:n.shown,E.hidden=i===null,C.hidden=i!==null,!i)return;let L=A&&Sn(A,i);L||(u=i.literals.map(()=>"required")),$.show(i,ce(n.picture),m),(!L||A?.serial===i.serial)&&k.show(i,u,w?.layer===i.layer?w:null);let{thresholded:P,among_words:B,k:Ut,notes:It}=i;x.replaceChildren(...[`Among ${B}, k = ${Ut}.`,`States: ${P}.`,...It.map(Mn)].map(Pt=>c("p",{},Pt))),se(),ie(null),w?.layer!==i.layer&&Nt(i.layer),i.serial!==h&&(h=i.serial,n.follow&&j())}async function Nt(A){let L=await t.units(A).catch(()=>null);a.aborted||A!==i?.layer||!L||(w=L,k.show(i,u,w))}async function Ct(){let A=kn.filter(P=>t.columns.some(B=>B.name===P)),L=await Promise.all(A.map(P=>t.column(P).catch(()=>null)));m=Object.fromEntries(A.flatMap((P,B)=>L[B]?[[P,L[B]]]:[]))}function Ot(){let A=["layer","k","t","among","anchor"],L=t.hasKernel&&i!==null&&A.some(P=>n[P]!==n.shown[P]);E.classList.toggle("nbi-waiting",L&&n.problem===""),E.setAttribute("aria-busy",String(L&&n.problem==="")),d.hidden=n.problem==="",d.textContent=n.problem,p.show(n,{reason:_(),nLiterals:i?.literals.length??n.t})}function Rt(){if(!i)return;let A=i.reasons[n.tab]??"",L=n.panels[n.tab];M.show(n.tab,{panel:L,reasons:i.reasons,reason:_()}),!(n.tab==="members"||A||L||!t.hasKernel)&&s({kind:"panel",name:n.tab})}return r.on("change",({indices:A,transient:L})=>{y||L||!n.follow||!t.hasKernel||A.length!==1||o({anchor:A[0]})},a),r.on("unit",()=>k.markUnit(),a),{async apply(A){b??=Ct(),await b,n={...n,...A},"height"in A&&e.style.setProperty("--nbi-height",`${n.height}px`),"shown"in A?Lt():"tolerance"in A?Tt():("evidence"in A||"judging"in A)&&xe(),Ot(),["shown","tab","panels"].some(L=>L in A)&&Rt()}};function Tt(){se(),n.follow&&i&&j()}}function An(e){return e.shown.serial??0}function Sn(e,t){return e.anchor===t.anchor&&e.layer===t.layer&&JSON.stringify(e.literals)===JSON.stringify(t.literals)}function At(e){let t=ce(e);return new Uint8Array(t.buffer,t.byteOffset,t.byteLength)}function Mn(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}.`}var Mt=["anchor","layer","k","t","tolerance","among","follow","tab","layers","shown","columns","reference","evidence","judging","panels","problem","picture","height"];async function En({model:e,el:t,host:r,signal:n}){let{signal:o,end:s}=ke(n);try{let{catalog:a,selection:i}=await Ne(e,r);if(o.aborted)return s;let u=Me(t,"nbi-region");Ae(u,o);let l=Object.fromEntries(Mt.map(b=>[b,e.get(b)])),m=St(u,{catalog:a,selection:i,settings:l,write:b=>ve(e,b),send:b=>e.send(b),signal:o}),w={},h=!1,y=()=>{h||(h=!0,queueMicrotask(()=>{let b=w;w={},h=!1,o.aborted||m.apply(b)}))};for(let b of Mt)ye(e,b,d=>{w={...w,[b]:d},y()},o);await m.apply(l),Le(e.get("snapshot_id"),o)}catch(a){Ee(t,a)}return s}var Io={initialize(){},render:En};export{Io as default};
