function we(e,t,r,n){if(n.aborted)return;let o=()=>r(e.get(t));e.on(`change:${t}`,o),n.addEventListener("abort",()=>e.off(`change:${t}`,o),{once:!0})}function xe(e,t){let r=Object.entries(t).filter(([n,o])=>!Ut(e.get(n),o));for(let[n,o]of r)e.set(n,o);r.length>0&&e.save_changes()}function Ut(e,t){return e===t||typeof e=="object"&&JSON.stringify(e)===JSON.stringify(t)}function ye(e){let t=new AbortController,r=()=>t.abort();return e?.aborted?r():e?.addEventListener("abort",r,{once:!0}),{signal:t.signal,end:r}}function c(e,t={},...r){let n=document.createElement(e);for(let[o,s]of Object.entries(t))s==null||s===!1||(typeof s=="function"?n.addEventListener(o.replace(/^on/,""),s):n.setAttribute(o,s===!0?"":String(s)));return n.append(...r.filter(o=>o!==null)),n}function ke(e,t,r={}){let n=c("div",{class:`nbi ${t}`,"data-lm-suppress-shortcuts":"true",...r});return n.addEventListener("keydown",o=>o.stopPropagation()),e.replaceChildren(n),n}function $e(e,t){let r=t instanceof Error?t.message:String(t);e.replaceChildren(c("div",{class:"nbi nbi-problem",role:"alert"},r))}function Ae(e,t){if(!e||t.aborted)return;let r=`.nbinterp-snapshot-${CSS.escape(e)}`,n=[".jp-OutputArea-child",".output_area"].map(s=>`${s}:has(> * > ${r}, > ${r})`),o=c("style",{},`${[r,...n].join(", ")} { display: none !important; }`);document.head.append(o),t.addEventListener("abort",()=>o.remove(),{once:!0})}var It="This front end does not support linked widgets: it needs anywidget 0.11 or newer. Upgrade anywidget where the notebook server runs, then reload the page.";async function ve(e,t,r){if(!t)throw new Error(It);let n=await t.getWidget(e.get(r)).catch(o=>{let s=o instanceof Error?o.message:String(o);throw new Error(`The widget's ${r} could not be reached (${s}). Run the cell again.`)});if(!n.exports)throw new Error(`The widget's ${r} is of another version. Restart the kernel, reload the page.`);return n.exports}async function Se(e,t){let[r,n]=await Promise.all([ve(e,t,"catalog"),ve(e,t,"link")]);return{catalog:r,selection:n}}function Pt(e){let t=e.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number)??[];if(t.length<3||(t[3]??1)<.5)return null;let r=e.startsWith("rgb")?255:1,[n,o,s]=t.map(a=>a/r);return .2126*n+.7152*o+.0722*s}function _t(e){for(let r=Me(e);r;r=Me(r)){let n=Pt(getComputedStyle(r).backgroundColor);if(n!==null)return n<.5}let t=getComputedStyle(document.documentElement).colorScheme;return t==="dark"||/dark/.test(t)&&matchMedia("(prefers-color-scheme: dark)").matches}function Me(e){let t=e.getRootNode();return e.parentElement??(t instanceof ShadowRoot?t.host:null)}function Ee(e,t,r=()=>{}){let n=null,o=()=>{let d=_t(e);d!==n&&(n=d,e.classList.toggle("nbi-dark",d),e.classList.toggle("nbi-light",!d),r(d))},s=()=>requestAnimationFrame(()=>!t.aborted&&o()),a=new MutationObserver(s),i={attributes:!0,attributeFilter:["class","style","data-jp-theme-light","data-theme"]};a.observe(document.documentElement,i),a.observe(document.body,i),a.observe(document.head,{childList:!0}),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",s,{signal:t}),t.addEventListener("abort",()=>a.disconnect(),{once:!0}),o()}function se(e){return e instanceof DataView?e:ArrayBuffer.isView(e)?new DataView(e.buffer,e.byteOffset,e.byteLength):e instanceof ArrayBuffer?new DataView(e):new DataView(new ArrayBuffer(0))}var Ln=new Intl.Collator(void 0,{numeric:!0,sensitivity:"base"});function j(e,t=4){if(Number.isNaN(e))return"–";if(!Number.isFinite(e))return e>0?"∞":"−∞";let r=Math.abs(e);return r>=1e6||r>0&&r<.001?e.toExponential(t-2).replace("-","−"):String(Number(e.toPrecision(t))).replace("-","−")}function H(e,t){let r=e.values[t];if(e.kind==="text")return String(r??"");let n=Number(r);return e.kind==="category"?e.categories[n]??"":e.kind==="boolean"?n?"yes":"no":Number.isNaN(n)?"":j(n)}function Le(e,t){let r=null,n=null,o=()=>{let i=n;s(),i&&e(...i)},s=()=>{r!==null&&clearTimeout(r),r=null,n=null};return Object.assign((...i)=>{r!==null&&clearTimeout(r),n=i,r=setTimeout(o,t)},{cancel:s,flush:o})}function z(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,requestAnimationFrame(()=>{r=!1,t?.aborted||e()}))}}var jt={undo:"M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",redo:"M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",invert:"M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",clear:"M4 4l8 8 M12 4l-8 8",save:"M4 2.5h8v11l-4-3-4 3z",list:"M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",download:"M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",check:"M3 8.5l3.5 3.5L13 4.5",cross:"M4 4l8 8 M12 4l-8 8",up:"M8 13V3 M4 7l4-4 4 4",down:"M8 3v10 M4 9l4 4 4-4",search:"M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",filter:"M2 3h12L9.5 8.5V13l-3-1.5v-3z",refresh:"M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5"},Ne="http://www.w3.org/2000/svg";function C(e,t=14){let r=document.createElementNS(Ne,"svg"),n={viewBox:"0 0 16 16",width:t,height:t,fill:"none",stroke:"currentColor"};for(let[s,a]of Object.entries(n))r.setAttribute(s,String(a));r.setAttribute("stroke-width","1.7"),r.setAttribute("stroke-linecap","round"),r.setAttribute("stroke-linejoin","round"),r.setAttribute("aria-hidden","true"),r.classList.add("nbi-icon"),e==="invert"&&r.setAttribute("fill-rule","evenodd");let o=document.createElementNS(Ne,"path");return o.setAttribute("d",jt[e]),r.append(o),r}function Ce(e,t,r){e.addEventListener("keydown",n=>{if(!(n.ctrlKey||n.metaKey)||n.target.matches("input:not([type=range])"))return;let o=n.key.toLowerCase();o!=="z"&&o!=="y"||(n.preventDefault(),o==="y"||n.shiftKey?t.redo():t.undo())},{signal:r})}function Oe(e,t){let r=new Int32Array(t),n=new Float32Array(t);for(let o=0;o<t;o++){let s=Math.min(Math.max((o+.5)*e/t-.5,0),e-1);r[o]=Math.min(Math.floor(s),Math.max(0,e-2)),n[o]=s-r[o]}return{low:r,weight:n}}function zt(e,t,r){let n=Oe(e.height,t),o=Oe(e.width,r),s=e.height>1?e.width:0,a=e.width>1?1:0,i=new Float32Array(t*r);for(let u=0;u<t;u++){let d=n.low[u]*e.width,p=n.weight[u];for(let m=0;m<r;m++){let f=d+o.low[m],g=o.weight[m],w=e.data[f]*(1-g)+e.data[f+a]*g,h=e.data[f+s]*(1-g)+e.data[f+s+a]*g;i[u*r+m]=(w*(1-p)+h*p)/255}}return i}function Re(e,t,r=.6){let n=zt(e,t,t),o=0;for(let a of n)o=Math.max(o,a);let s=new Uint8ClampedArray(4*t*t);for(let a=0;a<n.length;a++){let i=o>0?Math.min(1,Math.max(0,(n[a]/o-.35)/.25)):0;s[4*a+3]=255*r*(1-i*i*(3-2*i))}return s}var Dt=.1;function Te(e,t,r=.8){let n=new Uint8ClampedArray(4*e.data.length),o=Math.max(1,...e.data)/255,s=r*Math.min(1,o/Dt);for(let a=0;a<e.data.length;a++){let i=e.data[a]/255,u=3*Math.round(255*Math.sqrt(i));for(let d=0;d<3;d++)n[4*a+d]=t[u+d];n[4*a+3]=255*s*(i/o)}return n}var Bt="44015444025645045745055946075a46085c460a5d460b5e470d60470e6147106347116447136548146748166848176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a48621a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf7046c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d54989d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21ad8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723fde725",tr=Uint8Array.from({length:768},(e,t)=>Number.parseInt(Bt.slice(2*t,2*t+2),16));var Q=[[176,0,120],[255,84,0],[255,255,96]],Ue=Uint8Array.from({length:768},(e,t)=>{let r=Math.floor(t/3)/255*(Q.length-1),n=Math.min(Math.floor(r),Q.length-2),[o,s]=[Q[n][t%3],Q[n+1][t%3]];return Math.round(o+(r-n)*(s-o))});var q=56;function B(e,t,r){let n=Math.min(2,window.devicePixelRatio||1),[o,s]=[t,r].map(i=>Math.round(i*n));e.width!==o&&(e.width=o),e.height!==s&&(e.height=s);let a=e.getContext("2d");return a.clearRect(0,0,o,s),{ctx:a,scale:n}}function W(e,t,{item:r,x:n,y:o,size:s,map:a,as:i="heat"}){let[u,d,p]=[n,o,s].map(Math.round);if(!t.thumbs.draw(e,r,u,d,p,p))return!1;let{image:m,seen:f}=t.thumbs.boxes(r);if(Ft(e,m,u,d,p),a){let[g,w,h,b]=f.map(l=>l*p);i==="mask"&&Ht(e,m,f,u,d,p);let{canvas:v}=i==="heat"?qt(a):Kt(a);e.drawImage(v,u+g,d+w,h,b)}return!0}function Ft(e,t,r,n,o){let[s,a,i,u]=t.map(d=>d*o);(s>0||i<o)&&(e.clearRect(r,n,s,o),e.clearRect(r+s+i,n,o-s-i,o)),(a>0||u<o)&&(e.clearRect(r,n,o,a),e.clearRect(r,n+a+u,o,o-a-u))}function Ht(e,t,r,n,o,s){let a=new Path2D;for(let[i,u,d,p]of[t,r])a.rect(n+i*s,o+u*s,d*s,p*s);e.fillStyle=`rgba(0, 0, 0, ${.6})`,e.fill(a,"evenodd")}function qt(e){let t=Pe(e.width,e.height);return t.putImageData(new ImageData(Te(e,Ue),e.width,e.height),0,0),t}function Kt(e){let t=Pe(q,q);return t.putImageData(new ImageData(Re(e,q),q,q),0,0),t}var Ie=new Map;function Pe(e,t){let r=`${e}×${t}`,n=Ie.get(r);return n||(n=c("canvas",{width:e,height:t}).getContext("2d",{willReadFrequently:!0}),Ie.set(r,n)),n.clearRect(0,0,e,t),n}function _e({order:e,selected:t,anchor:r,to:n},{toggle:o,range:s}){let a=e[n];if(s){let[i,u]=r<n?[r,n]:[n,r],d=Array.from(e.subarray(Math.max(0,i),u+1));return o?[...new Set([...t,...d])]:d}return o?t.includes(a)?Array.from(t).filter(i=>i!==a):[...t,a]:[a]}function ae({width:e,tile:t,count:r}){let n=t+8,o=Math.max(1,Math.floor(e/n));return{columns:o,nRows:Math.ceil(r/o),cellWidth:e/o,rowHeight:t+44}}function ee(e,t){let r=p=>e[p]?H(e[p],t):"",n=r("name")||`image ${t}`,o=r("label"),s=r("prediction"),a=e.confidence?Number(e.confidence.values[t]):Number.NaN,i=Number.isNaN(a)?"":`${(100*a).toFixed(0)} %`,u=Xt(e,o,s,t),d=[n];return o&&d.push(`label ${o}`),s&&d.push(`predicted ${s}${i?` (${i})`:""}`),u!=="unknown"&&d.push(u),{mark:u,first:o||n,second:s,confidence:i,full:d.join(", ")}}function Xt(e,t,r,n){if(!t||!r)return"unknown";let o=e.correct;return(o?.kind==="boolean"?Number(o.values[n])===1:t===r)?"right":"wrong"}var ce=168,je="http://www.w3.org/2000/svg";function ze({catalog:e,signal:t}){let r=c("canvas",{class:"nbi-anchor-thumb","aria-hidden":"true"}),n=c("img",{class:"nbi-anchor-image",draggable:"false",hidden:!0}),o=document.createElementNS(je,"svg");o.setAttribute("class","nbi-anchor-cells"),o.setAttribute("viewBox","0 0 1 1"),o.setAttribute("aria-hidden","true");let s=c("span",{class:"nbi-status"}),a=c("strong",{class:"nbi-anchor-name"}),i=c("div",{class:"nbi-anchor-facts"}),u=c("div",{class:"nbi-anchor"},c("div",{class:"nbi-anchor-frame"},r,n,o,s),c("div",{class:"nbi-anchor-words"},a,i));n.addEventListener("load",()=>{n.hidden=!1});let d="",p=0;t.addEventListener("abort",()=>URL.revokeObjectURL(d),{once:!0});function m(f,g){let{ctx:w,scale:h}=B(r,ce,ce);f.anchor>=0&&W(w,e,{item:f.anchor,x:0,y:0,size:ce*h}),URL.revokeObjectURL(d),d=g.byteLength?URL.createObjectURL(new Blob([g],{type:"image/jpeg"})):"",n.hidden=!0,d?n.src=d:n.removeAttribute("src"),n.alt=`the anchor ${f.name}`,s.textContent=d?"":e.thumb.missing||"No picture of this image."}return{element:u,show(f,g,w){f.serial!==p&&m(f,g),p=f.serial;let h=f.anchor<0?null:ee(w,f.anchor);a.textContent=f.name,a.title=f.name;let b=[];h?.second?b.push(`label ${h.first}`,`predicted ${h.second} ${h.confidence}`):h&&b.push(h.first);let l=h?.mark==="wrong"?c("span",{class:"nbi-warn"},"✗ classified wrongly"):h?.mark==="right"?"✓ classified correctly":null;i.replaceChildren(...b.map(x=>c("div",{},x)),...l?[c("div",{},l)]:[])},async frame(f,g,w){o.replaceChildren();let{anchor:h,grid:b}=f;if(h<0||!b||e.thumb.missing||(await e.thumbs.ready([h]).catch(()=>{}),t.aborted||f.serial!==p))return;let[v,l,x,y]=e.thumbs.boxes(h).seen,k=[];for(let[$,M]of f.literals.entries()){if(M.y===null||M.x===null||g[$]==="ignored")continue;let E=document.createElementNS(je,"rect"),T={x:v+M.x/b[1]*x,y:l+M.y/b[0]*y,width:x/b[1],height:y/b[0]};for(let[N,_]of Object.entries(T))E.setAttribute(N,String(_));E.setAttribute("class",M===w?"nbi-place nbi-pointed":"nbi-place");let S=E.cloneNode();S.setAttribute("class","nbi-place nbi-around"),k.push([S,E])}k.sort(([,$],[,M])=>$.classList.length-M.classList.length),o.replaceChildren(...k.flat())}}}var te={k:"Size of the neighbour set: the images nearest to the anchor, itself included, whose common states make the rule",t:"Literals of the rule: so many of the states that the neighbours share and few other images have",tolerance:"How many literals a member may violate",among:"Which images count: neighbours and members are among them, and base rates are theirs",follow:"An image that is selected by itself becomes the anchor; the members are then selected in every linked view"},Gt=[["all","all images"],["prediction","those of its prediction"],["label","those of its label"],["chosen","chosen images"]];function De({write:e}){let t=c("div",{class:"nbi-layers",role:"radiogroup","aria-label":"Layer"}),r=d("k","k",4,32),n=d("t","t",1,30),o=d("tolerance","Tolerance",0,10),s=c("select",{class:"nbi-select",onchange:()=>e({among:s.value})},...Gt.map(([f,g])=>c("option",{value:f},g))),a=c("button",{type:"button",class:"nbi-button"},"Follow clicks"),i=c("span",{class:"nbi-status"});a.addEventListener("click",()=>e({follow:a.getAttribute("aria-pressed")!=="true"}));let u=c("div",{class:"nbi-region-controls"},c("div",{class:"nbi-bar"},c("span",{class:"nbi-status"},"Layer"),t),c("div",{class:"nbi-bar"},r.element,n.element,o.element,c("label",{class:"nbi-field",title:te.among},"Among",s),a,i));t.addEventListener("keydown",p);function d(f,g,w,h){let b=c("input",{type:"range",min:w,max:h,class:"nbi-range","aria-label":`${g}: ${te[f]}`}),v=c("output",{class:"nbi-output"});b.addEventListener("input",()=>{v.textContent=b.value,e({[f]:Number(b.value)})});let l=(x,y=h)=>{b.min=String(Math.min(w,x)),b.max=String(Math.max(y,x)),b.value=v.textContent=String(x)};return{element:c("label",{class:"nbi-field",title:te[f]},g,b,v),input:b,show:l}}function p(f){let g={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[f.key],w=[...t.querySelectorAll("button:not(:disabled)")],h=w.indexOf(f.target);if(!g||h<0)return;let b=w[(h+g+w.length)%w.length];b.focus(),b.click(),f.preventDefault()}function m({layers:f,layer:g},w){t.childElementCount!==f.length&&t.replaceChildren(...f.map(({name:h})=>c("button",{type:"button",class:"nbi-button",role:"radio",onclick:()=>e({layer:h})},h))),f.forEach(({name:h,reason:b},v)=>{let l=t.children[v],x=h===g;l.setAttribute("aria-checked",String(x)),l.tabIndex=x?0:-1,l.disabled=!x&&(b||w)!=="",l.title=x?"":b||w})}return{element:u,show(f,{reason:g,nLiterals:w}){m(f,g),r.show(f.k),n.show(f.t),o.show(f.tolerance,Math.max(1,w)),s.value=f.among,s.options[3].hidden=f.among!=="chosen",a.setAttribute("aria-pressed",String(f.follow)),i.textContent=g;for(let h of[r.input,n.input,s,a])h.disabled=g!=="",h===a?h.title=g||te.follow:h.parentElement&&(h.parentElement.title=g||h.parentElement.title)}}}var Yt={required:"ignored",ignored:"flipped",flipped:"required"};function We(e){return Yt[e]}function Fe({columns:e,reference:t,n:r,literals:n,modes:o,tolerance:s}){let a=Math.ceil(r/8),i=new Uint16Array(r);n.forEach(({state:d},p)=>{if(o[p]==="ignored")return;let m=+(d===(o[p]==="required"));for(let f=0;f<r;f++)i[f]+=+(Be(e,p*a,f)!==m)});let u=Array.from({length:s+1},()=>[]);for(let d=0;d<r;d++)i[d]<=s&&Be(t,0,d)&&u[i[d]].push(d);return Uint32Array.from(u.flat())}function Be(e,t,r){return e[t+(r>>3)]>>7-(r&7)&1}function le(e,t){if(e?.kind!=="category")return null;let r=new Uint32Array(e.categories.length),n=0;for(let s=0;s<t.length;s++){let a=Number(e.values[t[s]]);a<0||(r[a]++,n++)}if(n===0)return null;let o=r.indexOf(Math.max(...r));return{name:e.categories[o],share:r[o]/n,known:n}}function He(e){return Object.entries(e).map(([r,n])=>n&&`${O(n.share)} ${n.name} by ${r}`).filter(Boolean).join(", ")}function O(e){let t=100*e;return`${t>0&&t<1?"< 1":t<100&&t>99?"> 99":t.toFixed(0)} %`}function de({unit:e,y:t,x:r}){return t===null?`unit ${e}`:`unit ${e} at (${t}, ${r})`}function qe({state:e},t){return t==="ignored"?"either":e===(t==="required")?"on":"off"}function Ke(e,t){let r=n=>n.toLocaleString("en-US");return`${r(e)} of ${r(t)} image${t===1?"":"s"}`}function K(e){let t=n=>e.filter(o=>o===n).length;return[t("ignored")&&`${t("ignored")} ignored`,t("flipped")&&`${t("flipped")} flipped`].filter(Boolean).join(", ")}function Ve({verdict:e}){let t=e.indexOf(": "),r=t<0?e:e.slice(0,t);return{head:r.charAt(0).toUpperCase()+r.slice(1),facts:t<0?"":e.slice(t+2)}}function Xe(e){let t=e.flatMap(o=>Array.from(o)).filter(o=>o>0&&Number.isFinite(o));if(t.length===0)return{low:-1,high:1};let r=t.map(Math.log10),n=Math.floor(Math.min(...r));return{low:n,high:Math.max(n+1,Math.ceil(Math.max(...r)))}}function V(e,{low:t,high:r},n){return e>0?(1+Math.min(1,Math.max(0,(Math.log10(e)-t)/(r-t)))*(n-1))/n:.5/n}function Ge(e,t,r){let n=new Float64Array(r);for(let o=0;o<e.length;o++)n[Math.min(r-1,Math.floor(V(e[o],t,r)*r))]+=1/e.length;return n}function Ye({low:e,high:t},r){let n=Math.max(1,Math.ceil((t-e)/r)),o=[];for(let s=Math.ceil(e/n)*n;s<=t;s+=n)o.push(s);return o}var Jt="⁰¹²³⁴⁵⁶⁷⁸⁹";function Je(e){if(e>=-1&&e<=3)return j(10**e);let t=[...String(Math.abs(e))].map(r=>Jt[Number(r)]).join("");return`10${e<0?"⁻":""}${t}`}function Ze({lift:e,null_lifts:t}){let r=Object.entries(t).map(([n,o])=>`${o.filter(a=>e!==null&&a>=e).length} of ${o.length} lifts of ${n} are as large`);return`Lift ${e===null?"unknown":j(e,3)}; ${r.join(", ")}`}var Zt="http://www.w3.org/2000/svg",U=276,ue=46,Qe=34,G=Qe+ue,I=G+ue+18,X=30,Qt=[["random anchors",-1,"random anchors ↑","nbi-random",Qe-4],["shuffled",1,"shuffled codes ↓","nbi-shuffled",I-5]];function R(e,t,r){let n=document.createElementNS(Zt,e);for(let[o,s]of Object.entries(t))n.setAttribute(o,String(s));return r!==void 0&&(n.textContent=r),n}function et(){let e=c("span",{class:"nbi-verdict-sign","aria-hidden":"true"}),t=c("strong"),r=c("p",{class:"nbi-verdict-facts"}),n=c("p",{class:"nbi-verdict-note nbi-warn",hidden:!0}),o=c("div",{class:"nbi-verdict",role:"status"},c("div",{class:"nbi-verdict-head"},e,t),n,r),s=R("svg",{class:"nbi-lifts",width:U,height:I+34,role:"img"});s.setAttribute("viewBox",`0 0 ${U} ${I+34}`);let a=c("div",{class:"nbi-evidence"},o,s);function i(p){let m=p.lift??Number.NaN,f=Xe([[m],...Object.values(p.null_lifts)]);s.replaceChildren(),s.setAttribute("aria-label",Ze(p));let g=V(m,f,X)<.5;for(let[w,h,b,v,l]of Qt)s.append(...u(p.null_lifts[w]??[],f,w,h)),s.append(R("text",{x:g?U:0,y:l,"text-anchor":g?"end":"start",class:v},b));s.append(R("line",{x1:0,x2:U,y1:G,y2:G,class:"nbi-axis"})),s.append(R("line",{x1:0,x2:U,y1:I,y2:I,class:"nbi-axis"})),s.append(R("text",{x:0,y:I+14,class:"nbi-tick-text"},"0"));for(let w of Ye(f,4)){let h=V(10**w,f,X)*U;if(h<16)continue;let b=h>U-12?"end":"middle";s.append(R("line",{x1:h,x2:h,y1:I,y2:I+3,class:"nbi-axis"})),s.append(R("text",{x:h,y:I+14,"text-anchor":b,class:"nbi-tick-text"},Je(w)))}s.append(R("text",{x:U/2,y:I+29,"text-anchor":"middle",class:"nbi-tick-text"},"lift, log scale")),Number.isNaN(m)||d(m,f)}function u(p,m,f,g){let w=Ge(p,m,X),h=Math.max(...w,1e-9),b=U/X;return Array.from(w,(v,l)=>{let x=v/h*(ue-4),y=g<0?G-x:G,k=R("rect",{x:l*b+.5,y,width:b-1,height:x,class:f==="shuffled"?"nbi-shuffled":"nbi-random"});return k.append(R("title",{},`${(100*v).toFixed(0)} % of ${f}`)),k}).filter(v=>Number(v.getAttribute("height"))>0)}function d(p,m){let f=V(p,m,X)*U;s.append(R("line",{x1:f,x2:f,y1:16,y2:I,class:"nbi-own"}));let g=f>U-70?"end":f<70?"start":"middle";s.append(R("text",{x:f,y:12,"text-anchor":g,class:"nbi-own"},`this image: ${j(p,3)}`))}return{element:a,show(p,{waiting:m,edited:f}){if(s.toggleAttribute("hidden",!p),n.hidden=!f||!p,n.textContent="The verdict is on the rule as found, not as edited.",o.dataset.verdict=p?p.stands_out?"stands-out":"chance":"none",e.replaceChildren(...p?[C(p.stands_out?"check":"cross",13)]:[]),!p){t.textContent="",r.textContent=m;return}let g=Ve(p);t.textContent=g.head,r.textContent=g.facts,i(p)}}}var tt=`.nbi-body {
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
`;function nt(e,t){return e>8e6?(e-t)/(8e6-t):1}function fe({nRows:e,rowHeight:t,viewport:r,scrollTop:n,overscan:o=1}){let s=e*t,a=Math.min(s,8e6),i=Math.max(0,Math.min(n,a-r)),u=i*nt(s,r);return{first:Math.max(0,Math.floor(u/t)-o),last:Math.min(e,Math.ceil((u+r)/t)+o),scrollHeight:a,shift:i-u}}function rt(e,{nRows:t,rowHeight:r,viewport:n,scrollTop:o}){let s=nt(t*r,n),a=o*s,i=e*r;return i<a?i/s:i+r>a+n?Math.max(0,i+r-n)/s:o}function ot(e,{key:t,ctrl:r=!1},{count:n,columns:o,pageRows:s}){let a=e-e%o,i=Math.max(1,s)*o,u={ArrowLeft:e-1,ArrowRight:e+1,ArrowUp:e-o,ArrowDown:e+o,PageUp:e-i,PageDown:e+i,Home:r?0:a,End:r?n-1:a+o-1};if(!(t in u)||n===0)return null;let d=u[t];return t==="ArrowUp"&&d<0?e:t==="ArrowDown"&&d>=n?Math.floor(e/o)<Math.floor((n-1)/o)?n-1:e:t==="PageUp"&&d<0?e%o:Math.max(0,Math.min(n-1,d))}function it({scroller:e,createRow:t,fillRow:r,onPaint:n,signal:o}){let s=c("div",{class:"nbi-sizer",role:"presentation"});e.append(s),e.before(c("style",{},tt));let a=new Map,i=[],u={nRows:0,rowHeight:1},d=-1,p="",m=()=>({...u,viewport:e.clientHeight,scrollTop:e.scrollTop}),f=(h,b,v)=>h>=b&&h<v||h===d;function g(h=!1){let{first:b,last:v,scrollHeight:l,shift:x}=fe(m());s.style.height=`${l}px`;for(let[k,$]of a)f(k,b,v)&&k<u.nRows||(a.delete(k),i.push($));let y=d>=0&&d<u.nRows&&(d<b||d>=v)?[d]:[];for(let k=b;k<v;k++)y.push(k);for(let k of y)w(k,x,h);for(let k of i)k.element.hidden=!0;(p!==`${b}-${v}`||h)&&n?.(b,v),p=`${b}-${v}`}function w(h,b,v){let l=a.get(h);l?v&&r(l,h):(l=i.pop()??t(),l.element.parentNode||s.append(l.element),l.element.hidden=!1,a.set(h,l),r(l,h)),l.element.style.top=`${h*u.rowHeight+b}px`}return e.addEventListener("scroll",()=>g(),{passive:!0,signal:o}),{paint:g,resize(h){u=h},reset(){s.replaceChildren(),a=new Map,i=[]},pin(h){d=h},reveal(h){let b=rt(h,m());b!==e.scrollTop&&(e.scrollTop=b),g()},row:h=>a.get(h),rows:()=>a.values(),firstInSight:()=>fe({...m(),overscan:0}).first,rowsInSight:()=>Math.max(1,Math.floor(e.clientHeight/u.rowHeight))}}var st=new WeakMap;function ne(e){let t=e.target instanceof Element?e.target.closest(".nbi-cell"):null;return t?st.get(t):void 0}function at(e){let t=c("span",{class:"nbi-mark"}),[r,n,o]=["nbi-first","nbi-second","nbi-confidence"].map(d=>c("span",{class:d})),s=c("span",{class:"nbi-value",hidden:!0}),a=c("span",{class:"nbi-tick","aria-hidden":"true"},C("check",12)),i=c("div",{class:"nbi-cell",role:"gridcell",tabindex:"-1","aria-colindex":e+1},c("div",{class:"nbi-tile"},s,a),c("div",{class:"nbi-line"},t,r),c("div",{class:"nbi-line nbi-line-2"},n,o)),u={element:i,mark:t,first:r,second:n,confidence:o,value:s,position:-1,item:-1};return st.set(i,u),u}var tn={right:["✓","right"],wrong:["✗","wrong"],unknown:["",""]};function ct(e,t,r){let[n,o]=tn[t.mark];Y(e.mark,n),e.mark.className=`nbi-mark nbi-mark-${t.mark}`,e.mark.title=o,Y(e.first,t.first),Y(e.second,t.second?`→ ${t.second}`:""),Y(e.confidence,t.confidence),Y(e.value,r),e.value.hidden=r==="";let s=r?`${t.full}, activation ${r}`:t.full;e.element.title=s,e.element.setAttribute("aria-label",s)}function Y(e,t){e.textContent!==t&&(e.textContent=t)}function pe(e,t){e.element.setAttribute("aria-selected",String(t))}var lt=`.nbi-grid {
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
`;function dt({grid:e,rows:t,preview:r,selection:n,view:o,select:s,signal:a}){let i=0,u=0,d=-1;function p(l){let{columns:x}=o();return t.row(Math.floor(l/x))?.cells[l%x]}let m=()=>e.contains(document.activeElement);function f(l,x=!0){let{shown:y,columns:k}=o();p(i)?.element.setAttribute("tabindex","-1"),i=l,d=y[l]??-1,t.pin(Math.floor(i/k)),t.reveal(Math.floor(i/k));let $=p(i);$?.element.setAttribute("tabindex","0"),x&&$?.element.focus({preventScroll:!0}),r.item>=0&&g()}function g(){let l=p(i);if(!l||d<0)return;let x=l.element.getBoundingClientRect(),y=e.getBoundingClientRect(),k=x.left+x.width/2>y.left+y.width/2?"left":"right";r.open(d,l.first.textContent===""?`image ${d}`:l.element.title.split(", ")[0],k)}function w(){r.close(),h()}function h(){o().shown.length&&f(Math.min(i,o().shown.length-1))}function b(l,x){let{shown:y}=o();s(_e({order:y,selected:n.get(),anchor:u,to:l},x)),x.range||(u=l)}function v(l){let{shown:x,columns:y}=o(),k=l.ctrlKey||l.metaKey,$=ot(i,{key:l.key,ctrl:k},{count:x.length,columns:y,pageRows:t.rowsInSight()});if($!==null)f($),l.shiftKey&&b($,{toggle:!1,range:!0});else if(l.key===" ")b(i,{toggle:!l.shiftKey,range:l.shiftKey});else if(l.key==="Enter")g();else if(k&&l.key.toLowerCase()==="a")s(Array.from(x));else if(l.key==="Escape"&&r.item>=0)w();else return;l.preventDefault()}return e.addEventListener("mousedown",l=>l.shiftKey&&l.preventDefault(),{signal:a}),e.addEventListener("click",l=>{let x=ne(l);if(!x)return;let{shown:y}=o();u=Math.min(u,y.length-1),b(x.position,{toggle:l.ctrlKey||l.metaKey,range:l.shiftKey}),f(x.position)},{signal:a}),e.addEventListener("dblclick",l=>ne(l)&&g(),{signal:a}),e.addEventListener("keydown",v,{signal:a}),r.element.addEventListener("keydown",l=>l.key==="Escape"&&w(),{signal:a}),e.addEventListener("focusin",l=>{let x=ne(l);x&&x.position!==i&&f(x.position,!1)},{signal:a}),e.addEventListener("focusout",()=>t.pin(-1),{signal:a}),{hasFocus:m,focus:h,closePreview:w,touch(l){l.element.setAttribute("tabindex",l.position===i?"0":"-1")},follow(){let{shown:l}=o();i=Math.max(0,d<0?0:l.indexOf(d)),u=i,t.pin(-1)}}}var F=72;function ut({catalog:e,selection:t,onOpen:r,signal:n}){let o=new Uint32Array(0),s=-1,a=ae({width:1,tile:F,count:0}),i={},u=c("div",{class:"nbi-scroll",role:"grid","aria-multiselectable":"true","aria-label":"Members"}),d=c("div",{class:"nbi-empty",hidden:!0}),p=c("div",{class:"nbi-grid nbi-members"},c("style",{},lt),c("div",{class:"nbi-body"},u,d)),m=it({scroller:u,createRow:w,fillRow:h,signal:n}),f={item:-1,element:c("div"),open:r,close(){},draw(){}},g=dt({grid:u,rows:m,preview:f,selection:t,signal:n,view:()=>({shown:o,columns:a.columns}),select:y=>t.set(y)});function w(){let y=Array.from({length:a.columns},($,M)=>at(M)),k=c("canvas",{class:"nbi-strip-canvas","aria-hidden":"true"});return{element:c("div",{class:"nbi-row",role:"row"},k,...y.map($=>$.element)),canvas:k,cells:y}}function h(y,k){y.element.setAttribute("aria-rowindex",String(k+1)),y.cells.forEach(($,M)=>{$.position=k*a.columns+M,$.element.hidden=$.position>=o.length,!$.element.hidden&&($.item=o[$.position],ct($,ee(i,$.item),""),$.value.hidden=$.item!==s,$.value.textContent=$.value.hidden?"":"anchor",pe($,t.has($.item)),g.touch($))}),b(y)}function b({canvas:y,cells:k}){let{ctx:$,scale:M}=B(y,a.columns*a.cellWidth,F);k.forEach((E,T)=>{if(E.element.hidden)return;let S=(T*a.cellWidth+(a.cellWidth-F)/2)*M,N=W($,e,{item:E.item,x:S,y:0,size:F*M});E.element.classList.toggle("nbi-loading",!N)})}function v(y){for(let k of m.rows())for(let $ of k.cells)$.element.hidden||y($)}function l(){let y=a.columns;a=ae({width:u.clientWidth,tile:F,count:o.length}),u.style.setProperty("--nbi-columns",String(a.columns)),u.style.setProperty("--nbi-thumb",`${F}px`),u.style.setProperty("--nbi-row-height",`${a.rowHeight}px`),u.setAttribute("aria-rowcount",String(a.nRows)),u.setAttribute("aria-colcount",String(a.columns)),m.resize(a),y!==a.columns&&m.reset(),m.paint(!0)}let x=new ResizeObserver(()=>u.clientWidth>0&&l());return x.observe(u),n.addEventListener("abort",()=>x.disconnect(),{once:!0}),e.thumbs.onLoad(z(()=>{for(let y of m.rows())b(y)},n),n),t.on("change",z(()=>v(y=>pe(y,t.has(y.item))),n),n),{element:p,show(y,k,$,M){let E=k!==s;[o,s,i]=[y,k,$],d.hidden=o.length>0,d.textContent=M,g.follow(),E&&(u.scrollTop=0),l()}}}function ft({catalog:e,selection:t,nameOf:r,signal:n}){let o=new Set;function s({element:p,canvas:m,item:f,size:g,map:w}){let{ctx:h,scale:b}=B(m,g,g),v=W(h,e,{item:f,x:0,y:0,size:g*b,map:w,as:"mask"});p.classList.toggle("nbi-loading",!v)}function a({element:p,item:m}){p.tagName==="BUTTON"&&p.setAttribute("aria-pressed",String(t.has(m)))}let i=new Set,u=z(()=>{for(let p of i)s(p);i.clear()},n),d=z(()=>{for(let p of[...o])p.element.isConnected?s(p):o.delete(p)},n);return e.thumbs.onLoad(d,n),t.on("change",z(()=>{for(let p of[...o])p.element.isConnected?a(p):o.delete(p)},n),n),{create(p,{size:m,map:f=null,still:g=!1,words:w=""}){let h=c("canvas",{class:"nbi-small",style:`width: ${m}px; height: ${m}px`}),b=w||r(p),v=c("span",{class:"nbi-tick","aria-hidden":"true"},C("check",10)),l=g?c("span",{class:"nbi-shot nbi-loading"},h):c("button",{type:"button",class:"nbi-shot nbi-loading",title:b,"aria-label":b},h,v);g||l.addEventListener("click",()=>t.set([p]));let x={element:l,canvas:h,item:p,size:m,map:f};return o.add(x),i.add(x),u(),a(x),l},redraw:d}}function pt(e,t,r){let n=t*e.k+r,o=e.exemplars[n];if(r>=e.k||o===void 0||o<0)return null;let s=e.mapHeight*e.mapWidth,a=e.exemplarMaps&&s>0?{height:e.mapHeight,width:e.mapWidth,data:e.exemplarMaps.subarray(n*s,(n+1)*s)}:null;return{image:o,value:e.exemplarValues[n],map:a}}var rn=3,on=38,bt={required:"required: click to ignore it",ignored:"ignored: click to ask for the other state",flipped:"turned round: click to require it as found"};function ht({pictures:e,selection:t,onEdit:r,onPoint:n}){let o=null,s=[],a=[],i=c("span",{class:"nbi-rule-count"}),u=c("button",{type:"button",class:"nbi-button",onclick:()=>f(s.map(()=>"required"))});u.append(C("undo",13)," Reset rule");let d=c("ol",{class:"nbi-literals","aria-label":"Rule"}),p=c("p",{class:"nbi-status"},"The neighbours share no state that is not shared by all images."),m=c("section",{class:"nbi-rule","aria-label":"Rule"},c("div",{class:"nbi-rule-head"},c("strong",{},"Rule"),i,u),d,p);function f(b){s=b,a.forEach(w),g(),r(s)}function g(){let b=a.length,v=K(s);i.textContent=`${b} literal${b===1?"":"s"}${v?`: ${v}`:""}`,u.disabled=v==="",u.title=v?"Require all literals as they were found":"The rule is as it was found",p.hidden=b>0}function w({toggle:b,literal:v},l){let x=s[l],y=qe(v,x);b.dataset.mode=x,b.title=bt[x],b.setAttribute("aria-label",`${de(v)}, ${y}, ${bt[x]}`);let k=b.querySelector(".nbi-state");k.textContent=x==="required"?y:x==="ignored"?"ignored":`⇄ ${y}`,k.classList.toggle("nbi-on",y==="on")}function h(b,v,l){let x=o?.layer??"",y=de(b),k=`on in ${O(b.base_rate)}`,$=c("span",{class:"nbi-literal-facts",title:`${O(b.score)} of the reference images are in the other state`},c("span",{class:"nbi-track","aria-hidden":"true"},c("span",{style:`width: ${100*b.base_rate}%`})),c("span",{},`${k} · score ${b.score.toFixed(2)}`)),M=c("button",{type:"button",class:"nbi-literal-toggle",onclick:()=>f(s.map((S,N)=>N===v?We(S):S))},c("span",{class:"nbi-literal-line"},c("span",{class:"nbi-neuron"},y),c("span",{class:"nbi-state"})),$),E=c("button",{type:"button",class:"nbi-unit-strip",title:`Select unit ${b.unit} of ${x} in all linked views: these images activate it most`,"aria-label":`Select unit ${b.unit} of ${x} in all linked views`,onclick:()=>{let S=t.unit?.layer===x&&t.unit.unit===b.unit;t.setUnit(S?null:{layer:x,unit:b.unit})}});for(let S=0;l&&S<rn;S++){let N=pt(l,b.unit,S);N&&E.append(e.create(N.image,{size:on,map:N.map,still:!0}))}E.hidden=E.childElementCount===0;let T=c("li",{class:"nbi-literal"},M,E);for(let S of["pointerenter","focusin"])T.addEventListener(S,()=>n(b));for(let S of["pointerleave","focusout"])T.addEventListener(S,()=>n(null));return d.append(T),{toggle:M,unit:E,literal:b}}return{element:m,get modes(){return s},show(b,v,l){let x=a.findIndex(y=>y.toggle===document.activeElement);o=b,s=v,d.replaceChildren(),a=(o?.literals??[]).map((y,k)=>h(y,k,l)),a.forEach(w),g(),this.markUnit(),a[x]?.toggle.focus({preventScroll:!0})},markUnit(){let b=t.unit;for(let{unit:v,literal:l}of a)v.setAttribute("aria-pressed",String(b?.layer===o?.layer&&b?.unit===l.unit))}}}var sn=12,an=48,cn={layers:ln,neighbours:dn,mistake:fn,subclasses:bn};function gt(e,t,r,n){if(n)return[c("p",{class:"nbi-panel-words"},mt(n))];if(!t)return[c("p",{class:"nbi-panel-words"},r.reason?`Not computed. ${r.reason}.`:"Asking the kernel …")];if(t.state==="failed")return[c("p",{class:"nbi-panel-words nbi-warn",role:"alert"},mt(t.text??""))];if(t.state==="running"){let o=t.text?`Computing: ${t.text} …`:"Computing …";return[c("p",{class:"nbi-panel-words"},c("progress",{"aria-label":"Computing"}),` ${o}`)]}return cn[e](t,r)}function mt(e){let t=/[.!?]$/.test(e)?"":".";return e.charAt(0).toUpperCase()+e.slice(1)+t}function wt(e,t){let r=e?"stands out":"no more than chance";return c("span",{class:`nbi-chip ${e?"nbi-good":"nbi-chance"}`,title:t},C(e?"check":"cross",11),r)}function be(e){return Object.entries(e).filter(([,t])=>t).map(([t,r])=>`${r} by ${t}`).join(", ")}function J({title:e,mark:t,facts:r,images:n,n:o,extra:s=[]},{pictures:a,selection:i}){let u=n.slice(0,sn).map(m=>a.create(m,{size:an})),d=o>u.length?c("span",{class:"nbi-status"},`and ${(o-u.length).toLocaleString("en-US")} more`):null,p=c("button",{type:"button",class:"nbi-button",disabled:n.length===0,onclick:()=>i.set(n)},`Select ${n.length.toLocaleString("en-US")}`);return c("div",{class:"nbi-panel-row",role:"listitem"},c("div",{class:"nbi-panel-head"},e,t??null,c("span",{class:"nbi-gap"}),...s,p),c("div",{class:"nbi-panel-facts"},...r.flatMap(m=>m?[typeof m=="string"?c("span",{},m):m]:[])),c("div",{class:"nbi-shots"},...u,d))}function re(e,t){return c("div",{class:"nbi-panel-list",role:"list","aria-label":e},...t)}var he=e=>`${e.toLocaleString("en-US")} member${e===1?"":"s"}`;function ln({layer:e,rows:t,overlap:r},n){let o=t.findIndex(i=>i.name===e),s=t.map((i,u)=>{let d=i.name===e,p=c("button",{type:"button",class:"nbi-button",onclick:()=>n.setLayer(i.name)},"Show");p.disabled=d||n.reason!=="",p.title=d?"It is shown":n.reason||`Show the region in ${i.name}`;let m=r[o]?.[u],f=d||m===null||m===void 0?"":`overlap with ${e}: ${O(m)}`,g={title:c("strong",{},i.name),mark:wt(i.stands_out,i.verdict),extra:[p]};return J({...g,facts:[he(i.n),be(i.purity),f],images:i.images,n:i.n},n)});return[c("p",{class:"nbi-panel-words"},"The same image's region in every layer. Overlap: images in both regions over images in either."),re("Regions by layer",s)]}function dn({features:e,rows:t},r){let n=t.map((s,a)=>{let i=a===0||s.overlap===null?"":`overlap with the region: ${O(s.overlap)}`,u={title:c("strong",{},s.name),facts:[he(s.n).replace("member","image"),be(s.purity),i]};return J({...u,images:s.images,n:s.n},r)}),o=`As many nearest images as the region has members. Euclidean and cosine distance: ${e}. The region seldom is purer; what it adds is a rule.`;return[c("p",{class:"nbi-panel-words"},o),re("Sets of equal size",n)]}var un={neurons:"setting the neurons that differ",units:"setting all positions of their units",control:"control: as many other neurons, at random"};function fn({label:e,prediction:t,probability:r,rows:n},o){let s=`Labelled ${e}, taken for ${t}; probability of ${e}: ${O(r)}. Below: the regions of the nearest correct images of ${e}, the literals of their rules that this image violates, and what its prediction becomes when these neurons are set to the other state.`,a=n.map(i=>{let u=i.differs.length?`violates ${i.differs.length} of ${i.n_literals} literals: ${i.differs.join(", ")}`:`violates none of ${i.n_literals} literals`,d=c("span",{class:"nbi-panel-title"},o.pictures.create(i.anchor,{size:36}),c("strong",{},i.name)),p=i.outcomes.find(w=>w.set==="control")?.repaired??0,f=i.outcomes.some(w=>w.set!=="control"&&w.repaired>p)?c("span",{class:"nbi-chip nbi-good"},C("check",11),"repaired"):void 0,g=c("div",{class:"nbi-outcomes"},...i.outcomes.map(w=>pn(w,e,r)));return J({title:d,mark:f,facts:[u,g],images:i.images,n:i.n},o)});return[c("p",{class:"nbi-panel-words"},s),re("Regions of correct images",a)]}function pn(e,t,r){let n=e.set==="control"?`${O(e.repaired)} of the draws are repaired`:`predicted ${e.prediction}${e.repaired?": repaired":""}`,o=`${un[e.set]} (${e.n_neurons}): ${t} ${O(r)} → ${O(e.probability)}; ${n}`;return c("div",{class:e.set!=="control"&&e.repaired?"nbi-repaired":""},o)}function bn({class_name:e,n_images:t,n_covered:r,n_candidates:n,uncovered:o,rows:s},a){let i=s.length,u=`${i===0?"No region stands":i===1?"One region stands":`${i} regions stand`} out among the ${t.toLocaleString("en-US")} images predicted as ${e}${i?` and cover ${O(r/t)} of them`:""}. Of all images as anchors, ${n} stand out; one in twenty does by chance.`,d=s.map((m,f)=>{let g=c("button",{type:"button",class:"nbi-button",onclick:()=>a.setAnchor(m.anchor)},"Make anchor");g.disabled=a.reason!=="",g.title=a.reason||`Show the region of ${m.name} among all images`;let w=[he(m.n),`${m.new} in no region above`,be(m.purity)],h=c("span",{class:"nbi-panel-rule"},m.rule.join(", ")),b=c("strong",{},`Subclass ${f+1}`);return J({title:b,mark:wt(m.stands_out,m.verdict),facts:[...w,h],images:m.images,n:m.n,extra:[g]},a)}),p=o.length?[J({title:c("strong",{},"In none of them"),facts:[],images:o,n:t-r},a)]:[];return[c("p",{class:"nbi-panel-words"},u),re("Subclasses",[...d,...p])]}var xt=[["members","Members"],["layers","Across layers"],["neighbours","Neighbours"],["mistake","Why wrong"],["subclasses","Subclasses"]],hn=0;function yt({members:e,pictures:t,selection:r,onTab:n,onSelect:o,setAnchor:s,setLayer:a}){let i=`nbi-region-${++hn}`,u=xt.map(([l,x])=>c("button",{type:"button",class:"nbi-tab",role:"tab",id:`${i}-${l}`,"aria-controls":`${i}-panel`,onclick:()=>n(l)},x)),d=c("div",{class:"nbi-tabs",role:"tablist","aria-label":"What to show of the region"},...u),p=c("strong",{class:"nbi-members-count",role:"status"}),m=c("span",{class:"nbi-members-purity"}),f=c("button",{type:"button",class:"nbi-button",onclick:o},"Select members");f.title="Select the members in every linked view";let g=c("div",{class:"nbi-members-view"},c("div",{class:"nbi-bar"},p,m,f),e),w=c("div",{class:"nbi-panel"}),h=c("div",{class:"nbi-tab-panel",role:"tabpanel",id:`${i}-panel`},g,w),b=c("section",{class:"nbi-region-right","aria-label":"Members and more"},d,h),v=null;return d.addEventListener("keydown",l=>{let x={ArrowRight:1,ArrowLeft:-1}[l.key],y=u.filter(M=>!M.disabled),k=y.indexOf(l.target);if(!x||k<0)return;let $=y[(k+x+y.length)%y.length];$.focus(),$.click(),l.preventDefault()}),{element:b,showMembers({count:l,n:x,purity:y,edited:k}){p.textContent=l,m.textContent=`${k?"follow the edited rule":"follow the rule"}${y?`: ${y}`:""}`,f.disabled=x===0},show(l,{panel:x,reasons:y,reason:k}){if(xt.forEach(([E],T)=>{let S=u[T],N=E===l;S.setAttribute("aria-selected",String(N)),S.tabIndex=N?0:-1;let _=y[E]??"";S.disabled=_!==""&&!N,S.title=_?`Not here: ${_}`:""}),h.setAttribute("aria-labelledby",`${i}-${l}`),g.hidden=l!=="members",w.hidden=l==="members",l==="members")return;let $=JSON.stringify([l,x,y[l],k]);if($===v)return;v=$;let M={pictures:t,selection:r,setAnchor:s,setLayer:a,reason:k};w.replaceChildren(...gt(l,x,M,y[l]??""))}}}var mn="Another region needs a running kernel",gn="No image yet: click an image in a linked view, and its region is shown here.",wn=["name","label","prediction","confidence","correct"],xn=150;function kt(e,{catalog:t,selection:r,settings:n,write:o,send:s,signal:a}){let i=null,u=[],d=new Uint32Array(0),p={},m=null,f=yn(n),g=!1,w=null,h=De({write:o}),b=c("div",{class:"nbi-warn nbi-region-problem",role:"alert",hidden:!0}),v=ze({catalog:t,signal:a}),l=et(),x=c("div",{class:"nbi-region-about"}),k=ft({catalog:t,selection:r,nameOf:A=>p.name&&H(p.name,A)||`image ${A}`,signal:a}),$=ht({pictures:k,selection:r,onEdit:At,onPoint:A=>oe(A)}),M=ut({catalog:t,selection:r,onOpen:A=>o({anchor:A}),signal:a}),E=yt({members:M.element,pictures:k,selection:r,onTab:A=>o({tab:A}),onSelect:()=>me(),setAnchor:A=>o({anchor:A}),setLayer:A=>o({layer:A})}),T=c("section",{class:"nbi-region-left","aria-label":"Anchor and verdict"},v.element,l.element,x),S=c("div",{class:"nbi-region-main"},T,$.element,E.element),N=c("div",{class:"nbi-region-empty"},gn);e.append(h.element,b,S,N),Ce(e,r,a);let _=()=>t.hasKernel?"":mn,Z=Le(me,xn);a.addEventListener("abort",Z.cancel,{once:!0});function me(){g=!0,r.set(d),g=!1}function At(A){u=A,ie(),oe(null),n.follow&&Z()}function oe(A){i&&v.frame(i,u,A)}function ie(){if(!i)return;d=Fe({columns:vt(n.columns),reference:vt(n.reference),n:t.nItems,literals:i.literals,modes:u,tolerance:n.tolerance}),M.show(d,i.anchor,p,"No image follows this rule: loosen a literal by clicking it.");let A={label:le(p.label,d),prediction:le(p.prediction,d)};E.showMembers({count:Ke(d.length,i.n_reference),n:d.length,purity:He(A),edited:K(u)}),ge()}function ge(){let A=n.evidence.serial===i?.serial?n.evidence:null,L=t.hasKernel?"Comparing with chance …":"The verdict was not computed when this page was written.";l.show(A,{waiting:L,edited:K(u)!==""||n.tolerance!==i?.tolerance})}function St(){let A=i;if(i=n.shown.serial===void 0?null:n.shown,S.hidden=i===null,N.hidden=i!==null,!i)return;let L=A&&vn(A,i);L||(u=i.literals.map(()=>"required")),v.show(i,se(n.picture),p),(!L||A?.serial===i.serial)&&$.show(i,u,m?.layer===i.layer?m:null);let{thresholded:P,among_words:D,k:Ot,notes:Rt}=i;x.replaceChildren(...[`Among ${D}, k = ${Ot}.`,`States: ${P}.`,...Rt.map(kn)].map(Tt=>c("p",{},Tt))),ie(),oe(null),m?.layer!==i.layer&&Mt(i.layer),i.serial!==f&&(f=i.serial,n.follow&&Z())}async function Mt(A){let L=await t.units(A).catch(()=>null);a.aborted||A!==i?.layer||!L||(m=L,$.show(i,u,m))}async function Et(){let A=wn.filter(P=>t.columns.some(D=>D.name===P)),L=await Promise.all(A.map(P=>t.column(P).catch(()=>null)));p=Object.fromEntries(A.flatMap((P,D)=>L[D]?[[P,L[D]]]:[]))}function Lt(){let A=["layer","k","t","among","anchor"],L=t.hasKernel&&i!==null&&A.some(P=>n[P]!==n.shown[P]);S.classList.toggle("nbi-waiting",L&&n.problem===""),S.setAttribute("aria-busy",String(L&&n.problem==="")),b.hidden=n.problem==="",b.textContent=n.problem,h.show(n,{reason:_(),nLiterals:i?.literals.length??n.t})}function Nt(){if(!i)return;let A=i.reasons[n.tab]??"",L=n.panels[n.tab];E.show(n.tab,{panel:L,reasons:i.reasons,reason:_()}),!(n.tab==="members"||A||L||!t.hasKernel)&&s({kind:"panel",name:n.tab})}return r.on("change",({indices:A,transient:L})=>{g||L||!n.follow||!t.hasKernel||A.length!==1||o({anchor:A[0]})},a),r.on("unit",()=>$.markUnit(),a),{async apply(A){w??=Et(),await w,n={...n,...A},"height"in A&&e.style.setProperty("--nbi-height",`${n.height}px`),"shown"in A?St():"tolerance"in A?Ct():"evidence"in A&&ge(),Lt(),["shown","tab","panels"].some(L=>L in A)&&Nt()}};function Ct(){ie(),n.follow&&i&&Z()}}function yn(e){return e.shown.serial??0}function vn(e,t){return e.anchor===t.anchor&&e.layer===t.layer&&JSON.stringify(e.literals)===JSON.stringify(t.literals)}function vt(e){let t=se(e);return new Uint8Array(t.buffer,t.byteOffset,t.byteLength)}function kn(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}.`}var $t=["anchor","layer","k","t","tolerance","among","follow","tab","layers","shown","columns","reference","evidence","panels","problem","picture","height"];async function $n({model:e,el:t,host:r,signal:n}){let{signal:o,end:s}=ye(n);try{let{catalog:a,selection:i}=await Se(e,r);if(o.aborted)return s;let u=ke(t,"nbi-region");Ee(u,o);let d=Object.fromEntries($t.map(w=>[w,e.get(w)])),p=kt(u,{catalog:a,selection:i,settings:d,write:w=>xe(e,w),send:w=>e.send(w),signal:o}),m={},f=!1,g=()=>{f||(f=!0,queueMicrotask(()=>{let w=m;m={},f=!1,o.aborted||p.apply(w)}))};for(let w of $t)we(e,w,b=>{m={...m,[w]:b},g()},o);await p.apply(d),Ae(e.get("snapshot_id"),o)}catch(a){$e(t,a)}return s}var Co={initialize(){},render:$n};export{Co as default};
