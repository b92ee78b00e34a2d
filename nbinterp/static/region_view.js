function ge(e,t,r,n){if(n.aborted)return;let o=()=>r(e.get(t));e.on(`change:${t}`,o),n.addEventListener("abort",()=>e.off(`change:${t}`,o),{once:!0})}function we(e,t){let r=Object.entries(t).filter(([n,o])=>!Tt(e.get(n),o));for(let[n,o]of r)e.set(n,o);r.length>0&&e.save_changes()}function Tt(e,t){return e===t||typeof e=="object"&&JSON.stringify(e)===JSON.stringify(t)}function xe(e){let t=new AbortController,r=()=>t.abort();return e?.aborted?r():e?.addEventListener("abort",r,{once:!0}),{signal:t.signal,end:r}}function c(e,t={},...r){let n=document.createElement(e);for(let[o,s]of Object.entries(t))s==null||s===!1||(typeof s=="function"?n.addEventListener(o.replace(/^on/,""),s):n.setAttribute(o,s===!0?"":String(s)));return n.append(...r.filter(o=>o!==null)),n}function ve(e,t,r={}){let n=c("div",{class:`nbi ${t}`,"data-lm-suppress-shortcuts":"true",...r});return n.addEventListener("keydown",o=>o.stopPropagation()),e.replaceChildren(n),n}function ke(e,t){let r=t instanceof Error?t.message:String(t);e.replaceChildren(c("div",{class:"nbi nbi-problem",role:"alert"},r))}function $e(e,t){if(!e||t.aborted)return;let r=`.nbinterp-snapshot-${CSS.escape(e)}`,n=[".jp-OutputArea-child",".output_area"].map(s=>`${s}:has(> * > ${r}, > ${r})`),o=c("style",{},`${[r,...n].join(", ")} { display: none !important; }`);document.head.append(o),t.addEventListener("abort",()=>o.remove(),{once:!0})}var Ut="This front end does not support linked widgets: it needs anywidget 0.11 or newer. Upgrade anywidget where the notebook server runs, then reload the page.";async function ye(e,t,r){if(!t)throw new Error(Ut);let n=await t.getWidget(e.get(r)).catch(o=>{let s=o instanceof Error?o.message:String(o);throw new Error(`The widget's ${r} could not be reached (${s}). Run the cell again.`)});if(!n.exports)throw new Error(`The widget's ${r} is of another version. Restart the kernel, reload the page.`);return n.exports}async function Ae(e,t){let[r,n]=await Promise.all([ye(e,t,"catalog"),ye(e,t,"link")]);return{catalog:r,selection:n}}function It(e){let t=e.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number)??[];if(t.length<3||(t[3]??1)<.5)return null;let r=e.startsWith("rgb")?255:1,[n,o,s]=t.map(a=>a/r);return .2126*n+.7152*o+.0722*s}function Pt(e){for(let r=Se(e);r;r=Se(r)){let n=It(getComputedStyle(r).backgroundColor);if(n!==null)return n<.5}let t=getComputedStyle(document.documentElement).colorScheme;return t==="dark"||/dark/.test(t)&&matchMedia("(prefers-color-scheme: dark)").matches}function Se(e){let t=e.getRootNode();return e.parentElement??(t instanceof ShadowRoot?t.host:null)}function Me(e,t,r=()=>{}){let n=null,o=()=>{let u=Pt(e);u!==n&&(n=u,e.classList.toggle("nbi-dark",u),e.classList.toggle("nbi-light",!u),r(u))},s=()=>requestAnimationFrame(()=>!t.aborted&&o()),a=new MutationObserver(s),i={attributes:!0,attributeFilter:["class","style","data-jp-theme-light","data-theme"]};a.observe(document.documentElement,i),a.observe(document.body,i),a.observe(document.head,{childList:!0}),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",s,{signal:t}),t.addEventListener("abort",()=>a.disconnect(),{once:!0}),o()}function ie(e){return e instanceof DataView?e:ArrayBuffer.isView(e)?new DataView(e.buffer,e.byteOffset,e.byteLength):e instanceof ArrayBuffer?new DataView(e):new DataView(new ArrayBuffer(0))}var Mn=new Intl.Collator(void 0,{numeric:!0,sensitivity:"base"});function j(e,t=4){if(Number.isNaN(e))return"–";if(!Number.isFinite(e))return e>0?"∞":"−∞";let r=Math.abs(e);return r>=1e6||r>0&&r<.001?e.toExponential(t-2).replace("-","−"):String(Number(e.toPrecision(t))).replace("-","−")}function q(e,t){let r=e.values[t];if(e.kind==="text")return String(r??"");let n=Number(r);return e.kind==="category"?e.categories[n]??"":e.kind==="boolean"?n?"yes":"no":Number.isNaN(n)?"":j(n)}function Ee(e,t){let r=null,n=null,o=()=>{let i=n;s(),i&&e(...i)},s=()=>{r!==null&&clearTimeout(r),r=null,n=null};return Object.assign((...i)=>{r!==null&&clearTimeout(r),n=i,r=setTimeout(o,t)},{cancel:s,flush:o})}function z(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,requestAnimationFrame(()=>{r=!1,t?.aborted||e()}))}}var _t={undo:"M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",redo:"M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",invert:"M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",clear:"M4 4l8 8 M12 4l-8 8",save:"M4 2.5h8v11l-4-3-4 3z",list:"M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",download:"M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",check:"M3 8.5l3.5 3.5L13 4.5",cross:"M4 4l8 8 M12 4l-8 8",up:"M8 13V3 M4 7l4-4 4 4",down:"M8 3v10 M4 9l4 4 4-4",search:"M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",filter:"M2 3h12L9.5 8.5V13l-3-1.5v-3z",refresh:"M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5"},Le="http://www.w3.org/2000/svg";function C(e,t=14){let r=document.createElementNS(Le,"svg"),n={viewBox:"0 0 16 16",width:t,height:t,fill:"none",stroke:"currentColor"};for(let[s,a]of Object.entries(n))r.setAttribute(s,String(a));r.setAttribute("stroke-width","1.7"),r.setAttribute("stroke-linecap","round"),r.setAttribute("stroke-linejoin","round"),r.setAttribute("aria-hidden","true"),r.classList.add("nbi-icon"),e==="invert"&&r.setAttribute("fill-rule","evenodd");let o=document.createElementNS(Le,"path");return o.setAttribute("d",_t[e]),r.append(o),r}function Ne(e,t,r){e.addEventListener("keydown",n=>{if(!(n.ctrlKey||n.metaKey)||n.target.matches("input:not([type=range])"))return;let o=n.key.toLowerCase();o!=="z"&&o!=="y"||(n.preventDefault(),o==="y"||n.shiftKey?t.redo():t.undo())},{signal:r})}function Ce(e,t){let r=new Int32Array(t),n=new Float32Array(t);for(let o=0;o<t;o++){let s=Math.min(Math.max((o+.5)*e/t-.5,0),e-1);r[o]=Math.min(Math.floor(s),Math.max(0,e-2)),n[o]=s-r[o]}return{low:r,weight:n}}function jt(e,t,r){let n=Ce(e.height,t),o=Ce(e.width,r),s=e.height>1?e.width:0,a=e.width>1?1:0,i=new Float32Array(t*r);for(let d=0;d<t;d++){let u=n.low[d]*e.width,p=n.weight[d];for(let m=0;m<r;m++){let f=u+o.low[m],g=o.weight[m],w=e.data[f]*(1-g)+e.data[f+a]*g,h=e.data[f+s]*(1-g)+e.data[f+s+a]*g;i[d*r+m]=(w*(1-p)+h*p)/255}}return i}function Re(e,t,r=.6){let n=jt(e,t,t),o=0;for(let a of n)o=Math.max(o,a);let s=new Uint8ClampedArray(4*t*t);for(let a=0;a<n.length;a++){let i=o>0?Math.min(1,Math.max(0,(n[a]/o-.35)/.25)):0;s[4*a+3]=255*r*(1-i*i*(3-2*i))}return s}function Oe(e,t,r=.8){let n=new Uint8ClampedArray(4*e.data.length);for(let o=0;o<e.data.length;o++){let s=Math.sqrt(e.data[o]/255),a=3*Math.round(255*s);for(let i=0;i<3;i++)n[4*o+i]=t[a+i];n[4*o+3]=255*r*s}return n}var zt="44015444025645045745055946075a46085c460a5d460b5e470d60470e6147106347116447136548146748166848176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a48621a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf7046c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d54989d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21ad8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723fde725",Te=Uint8Array.from({length:768},(e,t)=>Number.parseInt(zt.slice(2*t,2*t+2),16));var K=56;function B(e,t,r){let n=Math.min(2,window.devicePixelRatio||1),[o,s]=[t,r].map(i=>Math.round(i*n));e.width!==o&&(e.width=o),e.height!==s&&(e.height=s);let a=e.getContext("2d");return a.clearRect(0,0,o,s),{ctx:a,scale:n}}function W(e,t,{item:r,x:n,y:o,size:s,map:a,as:i="heat"}){let[d,u,p]=[n,o,s].map(Math.round);if(!t.thumbs.draw(e,r,d,u,p,p))return!1;let{image:m,seen:f}=t.thumbs.boxes(r);if(Bt(e,m,d,u,p),a){let[g,w,h,b]=f.map(l=>l*p);i==="mask"&&Wt(e,m,f,d,u,p);let{canvas:v}=i==="heat"?Ft(a):qt(a);e.drawImage(v,d+g,u+w,h,b)}return!0}function Bt(e,t,r,n,o){let[s,a,i,d]=t.map(u=>u*o);(s>0||i<o)&&(e.clearRect(r,n,s,o),e.clearRect(r+s+i,n,o-s-i,o)),(a>0||d<o)&&(e.clearRect(r,n,o,a),e.clearRect(r,n+a+d,o,o-a-d))}function Wt(e,t,r,n,o,s){let a=new Path2D;for(let[i,d,u,p]of[t,r])a.rect(n+i*s,o+d*s,u*s,p*s);e.fillStyle=`rgba(0, 0, 0, ${.6})`,e.fill(a,"evenodd")}function Ft(e){let t=Ie(e.width,e.height);return t.putImageData(new ImageData(Oe(e,Te),e.width,e.height),0,0),t}function qt(e){let t=Ie(K,K);return t.putImageData(new ImageData(Re(e,K),K,K),0,0),t}var Ue=new Map;function Ie(e,t){let r=`${e}×${t}`,n=Ue.get(r);return n||(n=c("canvas",{width:e,height:t}).getContext("2d",{willReadFrequently:!0}),Ue.set(r,n)),n.clearRect(0,0,e,t),n}function Pe({order:e,selected:t,anchor:r,to:n},{toggle:o,range:s}){let a=e[n];if(s){let[i,d]=r<n?[r,n]:[n,r],u=Array.from(e.subarray(Math.max(0,i),d+1));return o?[...new Set([...t,...u])]:u}return o?t.includes(a)?Array.from(t).filter(i=>i!==a):[...t,a]:[a]}function se({width:e,tile:t,count:r}){let n=t+8,o=Math.max(1,Math.floor(e/n));return{columns:o,nRows:Math.ceil(r/o),cellWidth:e/o,rowHeight:t+44}}function Q(e,t){let r=p=>e[p]?q(e[p],t):"",n=r("name")||`image ${t}`,o=r("label"),s=r("prediction"),a=e.confidence?Number(e.confidence.values[t]):Number.NaN,i=Number.isNaN(a)?"":`${(100*a).toFixed(0)} %`,d=Vt(e,o,s,t),u=[n];return o&&u.push(`label ${o}`),s&&u.push(`predicted ${s}${i?` (${i})`:""}`),d!=="unknown"&&u.push(d),{mark:d,first:o||n,second:s,confidence:i,full:u.join(", ")}}function Vt(e,t,r,n){if(!t||!r)return"unknown";let o=e.correct;return(o?.kind==="boolean"?Number(o.values[n])===1:t===r)?"right":"wrong"}var ae=168,_e="http://www.w3.org/2000/svg";function je({catalog:e,signal:t}){let r=c("canvas",{class:"nbi-anchor-thumb","aria-hidden":"true"}),n=c("img",{class:"nbi-anchor-image",draggable:"false",hidden:!0}),o=document.createElementNS(_e,"svg");o.setAttribute("class","nbi-anchor-cells"),o.setAttribute("viewBox","0 0 1 1"),o.setAttribute("aria-hidden","true");let s=c("span",{class:"nbi-status"}),a=c("strong",{class:"nbi-anchor-name"}),i=c("div",{class:"nbi-anchor-facts"}),d=c("div",{class:"nbi-anchor"},c("div",{class:"nbi-anchor-frame"},r,n,o,s),c("div",{class:"nbi-anchor-words"},a,i));n.addEventListener("load",()=>{n.hidden=!1});let u="",p=0;t.addEventListener("abort",()=>URL.revokeObjectURL(u),{once:!0});function m(f,g){let{ctx:w,scale:h}=B(r,ae,ae);f.anchor>=0&&W(w,e,{item:f.anchor,x:0,y:0,size:ae*h}),URL.revokeObjectURL(u),u=g.byteLength?URL.createObjectURL(new Blob([g],{type:"image/jpeg"})):"",n.hidden=!0,u?n.src=u:n.removeAttribute("src"),n.alt=`the anchor ${f.name}`,s.textContent=u?"":e.thumb.missing||"No picture of this image."}return{element:d,show(f,g,w){f.serial!==p&&m(f,g),p=f.serial;let h=f.anchor<0?null:Q(w,f.anchor);a.textContent=f.name,a.title=f.name;let b=[];h?.second?b.push(`label ${h.first}`,`predicted ${h.second} ${h.confidence}`):h&&b.push(h.first);let l=h?.mark==="wrong"?c("span",{class:"nbi-warn"},"✗ classified wrongly"):h?.mark==="right"?"✓ classified correctly":null;i.replaceChildren(...b.map(x=>c("div",{},x)),...l?[c("div",{},l)]:[])},async frame(f,g,w){o.replaceChildren();let{anchor:h,grid:b}=f;if(h<0||!b||e.thumb.missing||(await e.thumbs.ready([h]).catch(()=>{}),t.aborted||f.serial!==p))return;let[v,l,x,y]=e.thumbs.boxes(h).seen,k=[];for(let[$,M]of f.literals.entries()){if(M.y===null||M.x===null||g[$]==="ignored")continue;let E=document.createElementNS(_e,"rect"),T={x:v+M.x/b[1]*x,y:l+M.y/b[0]*y,width:x/b[1],height:y/b[0]};for(let[N,_]of Object.entries(T))E.setAttribute(N,String(_));E.setAttribute("class",M===w?"nbi-place nbi-pointed":"nbi-place");let S=E.cloneNode();S.setAttribute("class","nbi-place nbi-around"),k.push([S,E])}k.sort(([,$],[,M])=>$.classList.length-M.classList.length),o.replaceChildren(...k.flat())}}}var ee={k:"Size of the neighbour set: the images nearest to the anchor, itself included, whose common states make the rule",t:"Literals of the rule: so many of the states that the neighbours share and few other images have",tolerance:"How many literals a member may violate",among:"Which images count: neighbours and members are among them, and base rates are theirs",follow:"An image that is selected by itself becomes the anchor; the members are then selected in every linked view"},Ht=[["all","all images"],["prediction","those of its prediction"],["label","those of its label"],["chosen","chosen images"]];function ze({write:e}){let t=c("div",{class:"nbi-layers",role:"radiogroup","aria-label":"Layer"}),r=u("k","k",4,32),n=u("t","t",1,30),o=u("tolerance","Tolerance",0,10),s=c("select",{class:"nbi-select",onchange:()=>e({among:s.value})},...Ht.map(([f,g])=>c("option",{value:f},g))),a=c("button",{type:"button",class:"nbi-button"},"Follow clicks"),i=c("span",{class:"nbi-status"});a.addEventListener("click",()=>e({follow:a.getAttribute("aria-pressed")!=="true"}));let d=c("div",{class:"nbi-region-controls"},c("div",{class:"nbi-bar"},c("span",{class:"nbi-status"},"Layer"),t),c("div",{class:"nbi-bar"},r.element,n.element,o.element,c("label",{class:"nbi-field",title:ee.among},"Among",s),a,i));t.addEventListener("keydown",p);function u(f,g,w,h){let b=c("input",{type:"range",min:w,max:h,class:"nbi-range","aria-label":`${g}: ${ee[f]}`}),v=c("output",{class:"nbi-output"});b.addEventListener("input",()=>{v.textContent=b.value,e({[f]:Number(b.value)})});let l=(x,y=h)=>{b.min=String(Math.min(w,x)),b.max=String(Math.max(y,x)),b.value=v.textContent=String(x)};return{element:c("label",{class:"nbi-field",title:ee[f]},g,b,v),input:b,show:l}}function p(f){let g={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[f.key],w=[...t.querySelectorAll("button:not(:disabled)")],h=w.indexOf(f.target);if(!g||h<0)return;let b=w[(h+g+w.length)%w.length];b.focus(),b.click(),f.preventDefault()}function m({layers:f,layer:g},w){t.childElementCount!==f.length&&t.replaceChildren(...f.map(({name:h})=>c("button",{type:"button",class:"nbi-button",role:"radio",onclick:()=>e({layer:h})},h))),f.forEach(({name:h,reason:b},v)=>{let l=t.children[v],x=h===g;l.setAttribute("aria-checked",String(x)),l.tabIndex=x?0:-1,l.disabled=!x&&(b||w)!=="",l.title=x?"":b||w})}return{element:d,show(f,{reason:g,nLiterals:w}){m(f,g),r.show(f.k),n.show(f.t),o.show(f.tolerance,Math.max(1,w)),s.value=f.among,s.options[3].hidden=f.among!=="chosen",a.setAttribute("aria-pressed",String(f.follow)),i.textContent=g;for(let h of[r.input,n.input,s,a])h.disabled=g!=="",h===a?h.title=g||ee.follow:h.parentElement&&(h.parentElement.title=g||h.parentElement.title)}}}var Xt={required:"ignored",ignored:"flipped",flipped:"required"};function Be(e){return Xt[e]}function We({columns:e,reference:t,n:r,literals:n,modes:o,tolerance:s}){let a=Math.ceil(r/8),i=new Uint16Array(r);n.forEach(({state:u},p)=>{if(o[p]==="ignored")return;let m=+(u===(o[p]==="required"));for(let f=0;f<r;f++)i[f]+=+(De(e,p*a,f)!==m)});let d=Array.from({length:s+1},()=>[]);for(let u=0;u<r;u++)i[u]<=s&&De(t,0,u)&&d[i[u]].push(u);return Uint32Array.from(d.flat())}function De(e,t,r){return e[t+(r>>3)]>>7-(r&7)&1}function ce(e,t){if(e?.kind!=="category")return null;let r=new Uint32Array(e.categories.length),n=0;for(let s=0;s<t.length;s++){let a=Number(e.values[t[s]]);a<0||(r[a]++,n++)}if(n===0)return null;let o=r.indexOf(Math.max(...r));return{name:e.categories[o],share:r[o]/n,known:n}}function Fe(e){return Object.entries(e).map(([r,n])=>n&&`${R(n.share)} ${n.name} by ${r}`).filter(Boolean).join(", ")}function R(e){let t=100*e;return`${t>0&&t<1?"< 1":t<100&&t>99?"> 99":t.toFixed(0)} %`}function le({unit:e,y:t,x:r}){return t===null?`unit ${e}`:`unit ${e} at (${t}, ${r})`}function qe({state:e},t){return t==="ignored"?"either":e===(t==="required")?"on":"off"}function Ke(e,t){let r=n=>n.toLocaleString("en-US");return`${r(e)} of ${r(t)} image${t===1?"":"s"}`}function V(e){let t=n=>e.filter(o=>o===n).length;return[t("ignored")&&`${t("ignored")} ignored`,t("flipped")&&`${t("flipped")} flipped`].filter(Boolean).join(", ")}function Ve({verdict:e}){let t=e.indexOf(": "),r=t<0?e:e.slice(0,t);return{head:r.charAt(0).toUpperCase()+r.slice(1),facts:t<0?"":e.slice(t+2)}}function He(e){let t=e.flatMap(o=>Array.from(o)).filter(o=>o>0&&Number.isFinite(o));if(t.length===0)return{low:-1,high:1};let r=t.map(Math.log10),n=Math.floor(Math.min(...r));return{low:n,high:Math.max(n+1,Math.ceil(Math.max(...r)))}}function H(e,{low:t,high:r},n){return e>0?(1+Math.min(1,Math.max(0,(Math.log10(e)-t)/(r-t)))*(n-1))/n:.5/n}function Xe(e,t,r){let n=new Float64Array(r);for(let o=0;o<e.length;o++)n[Math.min(r-1,Math.floor(H(e[o],t,r)*r))]+=1/e.length;return n}function Ge({low:e,high:t},r){let n=Math.max(1,Math.ceil((t-e)/r)),o=[];for(let s=Math.ceil(e/n)*n;s<=t;s+=n)o.push(s);return o}var Gt="⁰¹²³⁴⁵⁶⁷⁸⁹";function Je(e){if(e>=-1&&e<=3)return j(10**e);let t=[...String(Math.abs(e))].map(r=>Gt[Number(r)]).join("");return`10${e<0?"⁻":""}${t}`}function Ye({lift:e,null_lifts:t}){let r=Object.entries(t).map(([n,o])=>`${o.filter(a=>e!==null&&a>=e).length} of ${o.length} lifts of ${n} are as large`);return`Lift ${e===null?"unknown":j(e,3)}; ${r.join(", ")}`}var Jt="http://www.w3.org/2000/svg",U=276,de=46,Ze=34,G=Ze+de,I=G+de+18,X=30,Yt=[["random anchors",-1,"random anchors ↑","nbi-random",Ze-4],["shuffled",1,"shuffled codes ↓","nbi-shuffled",I-5]];function O(e,t,r){let n=document.createElementNS(Jt,e);for(let[o,s]of Object.entries(t))n.setAttribute(o,String(s));return r!==void 0&&(n.textContent=r),n}function Qe(){let e=c("span",{class:"nbi-verdict-sign","aria-hidden":"true"}),t=c("strong"),r=c("p",{class:"nbi-verdict-facts"}),n=c("p",{class:"nbi-verdict-note nbi-warn",hidden:!0}),o=c("div",{class:"nbi-verdict",role:"status"},c("div",{class:"nbi-verdict-head"},e,t),n,r),s=O("svg",{class:"nbi-lifts",width:U,height:I+34,role:"img"});s.setAttribute("viewBox",`0 0 ${U} ${I+34}`);let a=c("div",{class:"nbi-evidence"},o,s);function i(p){let m=p.lift??Number.NaN,f=He([[m],...Object.values(p.null_lifts)]);s.replaceChildren(),s.setAttribute("aria-label",Ye(p));let g=H(m,f,X)<.5;for(let[w,h,b,v,l]of Yt)s.append(...d(p.null_lifts[w]??[],f,w,h)),s.append(O("text",{x:g?U:0,y:l,"text-anchor":g?"end":"start",class:v},b));s.append(O("line",{x1:0,x2:U,y1:G,y2:G,class:"nbi-axis"})),s.append(O("line",{x1:0,x2:U,y1:I,y2:I,class:"nbi-axis"})),s.append(O("text",{x:0,y:I+14,class:"nbi-tick-text"},"0"));for(let w of Ge(f,4)){let h=H(10**w,f,X)*U;if(h<16)continue;let b=h>U-12?"end":"middle";s.append(O("line",{x1:h,x2:h,y1:I,y2:I+3,class:"nbi-axis"})),s.append(O("text",{x:h,y:I+14,"text-anchor":b,class:"nbi-tick-text"},Je(w)))}s.append(O("text",{x:U/2,y:I+29,"text-anchor":"middle",class:"nbi-tick-text"},"lift, log scale")),Number.isNaN(m)||u(m,f)}function d(p,m,f,g){let w=Xe(p,m,X),h=Math.max(...w,1e-9),b=U/X;return Array.from(w,(v,l)=>{let x=v/h*(de-4),y=g<0?G-x:G,k=O("rect",{x:l*b+.5,y,width:b-1,height:x,class:f==="shuffled"?"nbi-shuffled":"nbi-random"});return k.append(O("title",{},`${(100*v).toFixed(0)} % of ${f}`)),k}).filter(v=>Number(v.getAttribute("height"))>0)}function u(p,m){let f=H(p,m,X)*U;s.append(O("line",{x1:f,x2:f,y1:16,y2:I,class:"nbi-own"}));let g=f>U-70?"end":f<70?"start":"middle";s.append(O("text",{x:f,y:12,"text-anchor":g,class:"nbi-own"},`this image: ${j(p,3)}`))}return{element:a,show(p,{waiting:m,edited:f}){if(s.toggleAttribute("hidden",!p),n.hidden=!f||!p,n.textContent="The verdict is on the rule as found, not as edited.",o.dataset.verdict=p?p.stands_out?"stands-out":"chance":"none",e.replaceChildren(...p?[C(p.stands_out?"check":"cross",13)]:[]),!p){t.textContent="",r.textContent=m;return}let g=Ve(p);t.textContent=g.head,r.textContent=g.facts,i(p)}}}var et=`.nbi-body {
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
`;function tt(e,t){return e>8e6?(e-t)/(8e6-t):1}function ue({nRows:e,rowHeight:t,viewport:r,scrollTop:n,overscan:o=1}){let s=e*t,a=Math.min(s,8e6),i=Math.max(0,Math.min(n,a-r)),d=i*tt(s,r);return{first:Math.max(0,Math.floor(d/t)-o),last:Math.min(e,Math.ceil((d+r)/t)+o),scrollHeight:a,shift:i-d}}function nt(e,{nRows:t,rowHeight:r,viewport:n,scrollTop:o}){let s=tt(t*r,n),a=o*s,i=e*r;return i<a?i/s:i+r>a+n?Math.max(0,i+r-n)/s:o}function rt(e,{key:t,ctrl:r=!1},{count:n,columns:o,pageRows:s}){let a=e-e%o,i=Math.max(1,s)*o,d={ArrowLeft:e-1,ArrowRight:e+1,ArrowUp:e-o,ArrowDown:e+o,PageUp:e-i,PageDown:e+i,Home:r?0:a,End:r?n-1:a+o-1};if(!(t in d)||n===0)return null;let u=d[t];return t==="ArrowUp"&&u<0?e:t==="ArrowDown"&&u>=n?Math.floor(e/o)<Math.floor((n-1)/o)?n-1:e:t==="PageUp"&&u<0?e%o:Math.max(0,Math.min(n-1,u))}function ot({scroller:e,createRow:t,fillRow:r,onPaint:n,signal:o}){let s=c("div",{class:"nbi-sizer",role:"presentation"});e.append(s),e.before(c("style",{},et));let a=new Map,i=[],d={nRows:0,rowHeight:1},u=-1,p="",m=()=>({...d,viewport:e.clientHeight,scrollTop:e.scrollTop}),f=(h,b,v)=>h>=b&&h<v||h===u;function g(h=!1){let{first:b,last:v,scrollHeight:l,shift:x}=ue(m());s.style.height=`${l}px`;for(let[k,$]of a)f(k,b,v)&&k<d.nRows||(a.delete(k),i.push($));let y=u>=0&&u<d.nRows&&(u<b||u>=v)?[u]:[];for(let k=b;k<v;k++)y.push(k);for(let k of y)w(k,x,h);for(let k of i)k.element.hidden=!0;(p!==`${b}-${v}`||h)&&n?.(b,v),p=`${b}-${v}`}function w(h,b,v){let l=a.get(h);l?v&&r(l,h):(l=i.pop()??t(),l.element.parentNode||s.append(l.element),l.element.hidden=!1,a.set(h,l),r(l,h)),l.element.style.top=`${h*d.rowHeight+b}px`}return e.addEventListener("scroll",()=>g(),{passive:!0,signal:o}),{paint:g,resize(h){d=h},reset(){s.replaceChildren(),a=new Map,i=[]},pin(h){u=h},reveal(h){let b=nt(h,m());b!==e.scrollTop&&(e.scrollTop=b),g()},row:h=>a.get(h),rows:()=>a.values(),firstInSight:()=>ue({...m(),overscan:0}).first,rowsInSight:()=>Math.max(1,Math.floor(e.clientHeight/d.rowHeight))}}var it=new WeakMap;function te(e){let t=e.target instanceof Element?e.target.closest(".nbi-cell"):null;return t?it.get(t):void 0}function st(e){let t=c("span",{class:"nbi-mark"}),[r,n,o]=["nbi-first","nbi-second","nbi-confidence"].map(u=>c("span",{class:u})),s=c("span",{class:"nbi-value",hidden:!0}),a=c("span",{class:"nbi-tick","aria-hidden":"true"},C("check",12)),i=c("div",{class:"nbi-cell",role:"gridcell",tabindex:"-1","aria-colindex":e+1},c("div",{class:"nbi-tile"},s,a),c("div",{class:"nbi-line"},t,r),c("div",{class:"nbi-line nbi-line-2"},n,o)),d={element:i,mark:t,first:r,second:n,confidence:o,value:s,position:-1,item:-1};return it.set(i,d),d}var Qt={right:["✓","right"],wrong:["✗","wrong"],unknown:["",""]};function at(e,t,r){let[n,o]=Qt[t.mark];J(e.mark,n),e.mark.className=`nbi-mark nbi-mark-${t.mark}`,e.mark.title=o,J(e.first,t.first),J(e.second,t.second?`→ ${t.second}`:""),J(e.confidence,t.confidence),J(e.value,r),e.value.hidden=r==="";let s=r?`${t.full}, activation ${r}`:t.full;e.element.title=s,e.element.setAttribute("aria-label",s)}function J(e,t){e.textContent!==t&&(e.textContent=t)}function fe(e,t){e.element.setAttribute("aria-selected",String(t))}var ct=`.nbi-grid {
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
`;function lt({grid:e,rows:t,preview:r,selection:n,view:o,select:s,signal:a}){let i=0,d=0,u=-1;function p(l){let{columns:x}=o();return t.row(Math.floor(l/x))?.cells[l%x]}let m=()=>e.contains(document.activeElement);function f(l,x=!0){let{shown:y,columns:k}=o();p(i)?.element.setAttribute("tabindex","-1"),i=l,u=y[l]??-1,t.pin(Math.floor(i/k)),t.reveal(Math.floor(i/k));let $=p(i);$?.element.setAttribute("tabindex","0"),x&&$?.element.focus({preventScroll:!0}),r.item>=0&&g()}function g(){let l=p(i);if(!l||u<0)return;let x=l.element.getBoundingClientRect(),y=e.getBoundingClientRect(),k=x.left+x.width/2>y.left+y.width/2?"left":"right";r.open(u,l.first.textContent===""?`image ${u}`:l.element.title.split(", ")[0],k)}function w(){r.close(),h()}function h(){o().shown.length&&f(Math.min(i,o().shown.length-1))}function b(l,x){let{shown:y}=o();s(Pe({order:y,selected:n.get(),anchor:d,to:l},x)),x.range||(d=l)}function v(l){let{shown:x,columns:y}=o(),k=l.ctrlKey||l.metaKey,$=rt(i,{key:l.key,ctrl:k},{count:x.length,columns:y,pageRows:t.rowsInSight()});if($!==null)f($),l.shiftKey&&b($,{toggle:!1,range:!0});else if(l.key===" ")b(i,{toggle:!l.shiftKey,range:l.shiftKey});else if(l.key==="Enter")g();else if(k&&l.key.toLowerCase()==="a")s(Array.from(x));else if(l.key==="Escape"&&r.item>=0)w();else return;l.preventDefault()}return e.addEventListener("mousedown",l=>l.shiftKey&&l.preventDefault(),{signal:a}),e.addEventListener("click",l=>{let x=te(l);if(!x)return;let{shown:y}=o();d=Math.min(d,y.length-1),b(x.position,{toggle:l.ctrlKey||l.metaKey,range:l.shiftKey}),f(x.position)},{signal:a}),e.addEventListener("dblclick",l=>te(l)&&g(),{signal:a}),e.addEventListener("keydown",v,{signal:a}),r.element.addEventListener("keydown",l=>l.key==="Escape"&&w(),{signal:a}),e.addEventListener("focusin",l=>{let x=te(l);x&&x.position!==i&&f(x.position,!1)},{signal:a}),e.addEventListener("focusout",()=>t.pin(-1),{signal:a}),{hasFocus:m,focus:h,closePreview:w,touch(l){l.element.setAttribute("tabindex",l.position===i?"0":"-1")},follow(){let{shown:l}=o();i=Math.max(0,u<0?0:l.indexOf(u)),d=i,t.pin(-1)}}}var F=72;function dt({catalog:e,selection:t,onOpen:r,signal:n}){let o=new Uint32Array(0),s=-1,a=se({width:1,tile:F,count:0}),i={},d=c("div",{class:"nbi-scroll",role:"grid","aria-multiselectable":"true","aria-label":"Members"}),u=c("div",{class:"nbi-empty",hidden:!0}),p=c("div",{class:"nbi-grid nbi-members"},c("style",{},ct),c("div",{class:"nbi-body"},d,u)),m=ot({scroller:d,createRow:w,fillRow:h,signal:n}),f={item:-1,element:c("div"),open:r,close(){},draw(){}},g=lt({grid:d,rows:m,preview:f,selection:t,signal:n,view:()=>({shown:o,columns:a.columns}),select:y=>t.set(y)});function w(){let y=Array.from({length:a.columns},($,M)=>st(M)),k=c("canvas",{class:"nbi-strip-canvas","aria-hidden":"true"});return{element:c("div",{class:"nbi-row",role:"row"},k,...y.map($=>$.element)),canvas:k,cells:y}}function h(y,k){y.element.setAttribute("aria-rowindex",String(k+1)),y.cells.forEach(($,M)=>{$.position=k*a.columns+M,$.element.hidden=$.position>=o.length,!$.element.hidden&&($.item=o[$.position],at($,Q(i,$.item),""),$.value.hidden=$.item!==s,$.value.textContent=$.value.hidden?"":"anchor",fe($,t.has($.item)),g.touch($))}),b(y)}function b({canvas:y,cells:k}){let{ctx:$,scale:M}=B(y,a.columns*a.cellWidth,F);k.forEach((E,T)=>{if(E.element.hidden)return;let S=(T*a.cellWidth+(a.cellWidth-F)/2)*M,N=W($,e,{item:E.item,x:S,y:0,size:F*M});E.element.classList.toggle("nbi-loading",!N)})}function v(y){for(let k of m.rows())for(let $ of k.cells)$.element.hidden||y($)}function l(){let y=a.columns;a=se({width:d.clientWidth,tile:F,count:o.length}),d.style.setProperty("--nbi-columns",String(a.columns)),d.style.setProperty("--nbi-thumb",`${F}px`),d.style.setProperty("--nbi-row-height",`${a.rowHeight}px`),d.setAttribute("aria-rowcount",String(a.nRows)),d.setAttribute("aria-colcount",String(a.columns)),m.resize(a),y!==a.columns&&m.reset(),m.paint(!0)}let x=new ResizeObserver(()=>d.clientWidth>0&&l());return x.observe(d),n.addEventListener("abort",()=>x.disconnect(),{once:!0}),e.thumbs.onLoad(z(()=>{for(let y of m.rows())b(y)},n),n),t.on("change",z(()=>v(y=>fe(y,t.has(y.item))),n),n),{element:p,show(y,k,$,M){let E=k!==s;[o,s,i]=[y,k,$],u.hidden=o.length>0,u.textContent=M,g.follow(),E&&(d.scrollTop=0),l()}}}function ut({catalog:e,selection:t,nameOf:r,signal:n}){let o=new Set;function s({element:p,canvas:m,item:f,size:g,map:w}){let{ctx:h,scale:b}=B(m,g,g),v=W(h,e,{item:f,x:0,y:0,size:g*b,map:w,as:"mask"});p.classList.toggle("nbi-loading",!v)}function a({element:p,item:m}){p.tagName==="BUTTON"&&p.setAttribute("aria-pressed",String(t.has(m)))}let i=new Set,d=z(()=>{for(let p of i)s(p);i.clear()},n),u=z(()=>{for(let p of[...o])p.element.isConnected?s(p):o.delete(p)},n);return e.thumbs.onLoad(u,n),t.on("change",z(()=>{for(let p of[...o])p.element.isConnected?a(p):o.delete(p)},n),n),{create(p,{size:m,map:f=null,still:g=!1,words:w=""}){let h=c("canvas",{class:"nbi-small",style:`width: ${m}px; height: ${m}px`}),b=w||r(p),v=c("span",{class:"nbi-tick","aria-hidden":"true"},C("check",10)),l=g?c("span",{class:"nbi-shot nbi-loading"},h):c("button",{type:"button",class:"nbi-shot nbi-loading",title:b,"aria-label":b},h,v);g||l.addEventListener("click",()=>t.set([p]));let x={element:l,canvas:h,item:p,size:m,map:f};return o.add(x),i.add(x),d(),a(x),l},redraw:u}}function ft(e,t,r){let n=t*e.k+r,o=e.exemplars[n];if(r>=e.k||o===void 0||o<0)return null;let s=e.mapHeight*e.mapWidth,a=e.exemplarMaps&&s>0?{height:e.mapHeight,width:e.mapWidth,data:e.exemplarMaps.subarray(n*s,(n+1)*s)}:null;return{image:o,value:e.exemplarValues[n],map:a}}var tn=3,nn=38,pt={required:"required: click to ignore it",ignored:"ignored: click to ask for the other state",flipped:"turned round: click to require it as found"};function bt({pictures:e,selection:t,onEdit:r,onPoint:n}){let o=null,s=[],a=[],i=c("span",{class:"nbi-rule-count"}),d=c("button",{type:"button",class:"nbi-button",onclick:()=>f(s.map(()=>"required"))});d.append(C("undo",13)," Reset rule");let u=c("ol",{class:"nbi-literals","aria-label":"Rule"}),p=c("p",{class:"nbi-status"},"The neighbours share no state that is not shared by all images."),m=c("section",{class:"nbi-rule","aria-label":"Rule"},c("div",{class:"nbi-rule-head"},c("strong",{},"Rule"),i,d),u,p);function f(b){s=b,a.forEach(w),g(),r(s)}function g(){let b=a.length,v=V(s);i.textContent=`${b} literal${b===1?"":"s"}${v?`: ${v}`:""}`,d.disabled=v==="",d.title=v?"Require all literals as they were found":"The rule is as it was found",p.hidden=b>0}function w({toggle:b,literal:v},l){let x=s[l],y=qe(v,x);b.dataset.mode=x,b.title=pt[x],b.setAttribute("aria-label",`${le(v)}, ${y}, ${pt[x]}`);let k=b.querySelector(".nbi-state");k.textContent=x==="required"?y:x==="ignored"?"ignored":`⇄ ${y}`,k.classList.toggle("nbi-on",y==="on")}function h(b,v,l){let x=o?.layer??"",y=le(b),k=`on in ${R(b.base_rate)}`,$=c("span",{class:"nbi-literal-facts",title:`${R(b.score)} of the reference images are in the other state`},c("span",{class:"nbi-track","aria-hidden":"true"},c("span",{style:`width: ${100*b.base_rate}%`})),c("span",{},`${k} · score ${b.score.toFixed(2)}`)),M=c("button",{type:"button",class:"nbi-literal-toggle",onclick:()=>f(s.map((S,N)=>N===v?Be(S):S))},c("span",{class:"nbi-literal-line"},c("span",{class:"nbi-neuron"},y),c("span",{class:"nbi-state"})),$),E=c("button",{type:"button",class:"nbi-unit-strip",title:`Select unit ${b.unit} of ${x} in all linked views: these images activate it most`,"aria-label":`Select unit ${b.unit} of ${x} in all linked views`,onclick:()=>{let S=t.unit?.layer===x&&t.unit.unit===b.unit;t.setUnit(S?null:{layer:x,unit:b.unit})}});for(let S=0;l&&S<tn;S++){let N=ft(l,b.unit,S);N&&E.append(e.create(N.image,{size:nn,map:N.map,still:!0}))}E.hidden=E.childElementCount===0;let T=c("li",{class:"nbi-literal"},M,E);for(let S of["pointerenter","focusin"])T.addEventListener(S,()=>n(b));for(let S of["pointerleave","focusout"])T.addEventListener(S,()=>n(null));return u.append(T),{toggle:M,unit:E,literal:b}}return{element:m,get modes(){return s},show(b,v,l){let x=a.findIndex(y=>y.toggle===document.activeElement);o=b,s=v,u.replaceChildren(),a=(o?.literals??[]).map((y,k)=>h(y,k,l)),a.forEach(w),g(),this.markUnit(),a[x]?.toggle.focus({preventScroll:!0})},markUnit(){let b=t.unit;for(let{unit:v,literal:l}of a)v.setAttribute("aria-pressed",String(b?.layer===o?.layer&&b?.unit===l.unit))}}}var rn=12,on=48,sn={layers:an,neighbours:cn,mistake:dn,subclasses:fn};function mt(e,t,r,n){if(n)return[c("p",{class:"nbi-panel-words"},ht(n))];if(!t)return[c("p",{class:"nbi-panel-words"},r.reason?`Not computed. ${r.reason}.`:"Asking the kernel …")];if(t.state==="failed")return[c("p",{class:"nbi-panel-words nbi-warn",role:"alert"},ht(t.text??""))];if(t.state==="running"){let o=t.text?`Computing: ${t.text} …`:"Computing …";return[c("p",{class:"nbi-panel-words"},c("progress",{"aria-label":"Computing"}),` ${o}`)]}return sn[e](t,r)}function ht(e){let t=/[.!?]$/.test(e)?"":".";return e.charAt(0).toUpperCase()+e.slice(1)+t}function gt(e,t){let r=e?"stands out":"no more than chance";return c("span",{class:`nbi-chip ${e?"nbi-good":"nbi-chance"}`,title:t},C(e?"check":"cross",11),r)}function pe(e){return Object.entries(e).filter(([,t])=>t).map(([t,r])=>`${r} by ${t}`).join(", ")}function Y({title:e,mark:t,facts:r,images:n,n:o,extra:s=[]},{pictures:a,selection:i}){let d=n.slice(0,rn).map(m=>a.create(m,{size:on})),u=o>d.length?c("span",{class:"nbi-status"},`and ${(o-d.length).toLocaleString("en-US")} more`):null,p=c("button",{type:"button",class:"nbi-button",disabled:n.length===0,onclick:()=>i.set(n)},`Select ${n.length.toLocaleString("en-US")}`);return c("div",{class:"nbi-panel-row",role:"listitem"},c("div",{class:"nbi-panel-head"},e,t??null,c("span",{class:"nbi-gap"}),...s,p),c("div",{class:"nbi-panel-facts"},...r.flatMap(m=>m?[typeof m=="string"?c("span",{},m):m]:[])),c("div",{class:"nbi-shots"},...d,u))}function ne(e,t){return c("div",{class:"nbi-panel-list",role:"list","aria-label":e},...t)}var be=e=>`${e.toLocaleString("en-US")} member${e===1?"":"s"}`;function an({layer:e,rows:t,overlap:r},n){let o=t.findIndex(i=>i.name===e),s=t.map((i,d)=>{let u=i.name===e,p=c("button",{type:"button",class:"nbi-button",onclick:()=>n.setLayer(i.name)},"Show");p.disabled=u||n.reason!=="",p.title=u?"It is shown":n.reason||`Show the region in ${i.name}`;let m=r[o]?.[d],f=u||m===null||m===void 0?"":`overlap with ${e}: ${R(m)}`,g={title:c("strong",{},i.name),mark:gt(i.stands_out,i.verdict),extra:[p]};return Y({...g,facts:[be(i.n),pe(i.purity),f],images:i.images,n:i.n},n)});return[c("p",{class:"nbi-panel-words"},"The same image's region in every layer. Overlap: images in both regions over images in either."),ne("Regions by layer",s)]}function cn({features:e,rows:t},r){let n=t.map((s,a)=>{let i=a===0||s.overlap===null?"":`overlap with the region: ${R(s.overlap)}`,d={title:c("strong",{},s.name),facts:[be(s.n).replace("member","image"),pe(s.purity),i]};return Y({...d,images:s.images,n:s.n},r)}),o=`As many nearest images as the region has members. Euclidean and cosine distance: ${e}. The region seldom is purer; what it adds is a rule.`;return[c("p",{class:"nbi-panel-words"},o),ne("Sets of equal size",n)]}var ln={neurons:"setting the neurons that differ",units:"setting all positions of their units",control:"control: as many other neurons, at random"};function dn({label:e,prediction:t,probability:r,rows:n},o){let s=`Labelled ${e}, taken for ${t}; probability of ${e}: ${R(r)}. Below: the regions of the nearest correct images of ${e}, the literals of their rules that this image violates, and what its prediction becomes when these neurons are set to the other state.`,a=n.map(i=>{let d=i.differs.length?`violates ${i.differs.length} of ${i.n_literals} literals: ${i.differs.join(", ")}`:`violates none of ${i.n_literals} literals`,u=c("span",{class:"nbi-panel-title"},o.pictures.create(i.anchor,{size:36}),c("strong",{},i.name)),p=i.outcomes.find(w=>w.set==="control")?.repaired??0,f=i.outcomes.some(w=>w.set!=="control"&&w.repaired>p)?c("span",{class:"nbi-chip nbi-good"},C("check",11),"repaired"):void 0,g=c("div",{class:"nbi-outcomes"},...i.outcomes.map(w=>un(w,e,r)));return Y({title:u,mark:f,facts:[d,g],images:i.images,n:i.n},o)});return[c("p",{class:"nbi-panel-words"},s),ne("Regions of correct images",a)]}function un(e,t,r){let n=e.set==="control"?`${R(e.repaired)} of the draws are repaired`:`predicted ${e.prediction}${e.repaired?": repaired":""}`,o=`${ln[e.set]} (${e.n_neurons}): ${t} ${R(r)} → ${R(e.probability)}; ${n}`;return c("div",{class:e.set!=="control"&&e.repaired?"nbi-repaired":""},o)}function fn({class_name:e,n_images:t,n_covered:r,n_candidates:n,uncovered:o,rows:s},a){let i=s.length,d=`${i===0?"No region stands":i===1?"One region stands":`${i} regions stand`} out among the ${t.toLocaleString("en-US")} images predicted as ${e}${i?` and cover ${R(r/t)} of them`:""}. Of all images as anchors, ${n} stand out; one in twenty does by chance.`,u=s.map((m,f)=>{let g=c("button",{type:"button",class:"nbi-button",onclick:()=>a.setAnchor(m.anchor)},"Make anchor");g.disabled=a.reason!=="",g.title=a.reason||`Show the region of ${m.name} among all images`;let w=[be(m.n),`${m.new} in no region above`,pe(m.purity)],h=c("span",{class:"nbi-panel-rule"},m.rule.join(", ")),b=c("strong",{},`Subclass ${f+1}`);return Y({title:b,mark:gt(m.stands_out,m.verdict),facts:[...w,h],images:m.images,n:m.n,extra:[g]},a)}),p=o.length?[Y({title:c("strong",{},"In none of them"),facts:[],images:o,n:t-r},a)]:[];return[c("p",{class:"nbi-panel-words"},d),ne("Subclasses",[...u,...p])]}var wt=[["members","Members"],["layers","Across layers"],["neighbours","Neighbours"],["mistake","Why wrong"],["subclasses","Subclasses"]],pn=0;function xt({members:e,pictures:t,selection:r,onTab:n,onSelect:o,setAnchor:s,setLayer:a}){let i=`nbi-region-${++pn}`,d=wt.map(([l,x])=>c("button",{type:"button",class:"nbi-tab",role:"tab",id:`${i}-${l}`,"aria-controls":`${i}-panel`,onclick:()=>n(l)},x)),u=c("div",{class:"nbi-tabs",role:"tablist","aria-label":"What to show of the region"},...d),p=c("strong",{class:"nbi-members-count",role:"status"}),m=c("span",{class:"nbi-members-purity"}),f=c("button",{type:"button",class:"nbi-button",onclick:o},"Select members");f.title="Select the members in every linked view";let g=c("div",{class:"nbi-members-view"},c("div",{class:"nbi-bar"},p,m,f),e),w=c("div",{class:"nbi-panel"}),h=c("div",{class:"nbi-tab-panel",role:"tabpanel",id:`${i}-panel`},g,w),b=c("section",{class:"nbi-region-right","aria-label":"Members and more"},u,h),v=null;return u.addEventListener("keydown",l=>{let x={ArrowRight:1,ArrowLeft:-1}[l.key],y=d.filter(M=>!M.disabled),k=y.indexOf(l.target);if(!x||k<0)return;let $=y[(k+x+y.length)%y.length];$.focus(),$.click(),l.preventDefault()}),{element:b,showMembers({count:l,n:x,purity:y,edited:k}){p.textContent=l,m.textContent=`${k?"follow the edited rule":"follow the rule"}${y?`: ${y}`:""}`,f.disabled=x===0},show(l,{panel:x,reasons:y,reason:k}){if(wt.forEach(([E],T)=>{let S=d[T],N=E===l;S.setAttribute("aria-selected",String(N)),S.tabIndex=N?0:-1;let _=y[E]??"";S.disabled=_!==""&&!N,S.title=_?`Not here: ${_}`:""}),h.setAttribute("aria-labelledby",`${i}-${l}`),g.hidden=l!=="members",w.hidden=l==="members",l==="members")return;let $=JSON.stringify([l,x,y[l],k]);if($===v)return;v=$;let M={pictures:t,selection:r,setAnchor:s,setLayer:a,reason:k};w.replaceChildren(...mt(l,x,M,y[l]??""))}}}var bn="Another region needs a running kernel",hn="No image yet: click an image in a linked view, and its region is shown here.",mn=["name","label","prediction","confidence","correct"],gn=150;function vt(e,{catalog:t,selection:r,settings:n,write:o,send:s,signal:a}){let i=null,d=[],u=new Uint32Array(0),p={},m=null,f=wn(n),g=!1,w=null,h=ze({write:o}),b=c("div",{class:"nbi-warn nbi-region-problem",role:"alert",hidden:!0}),v=je({catalog:t,signal:a}),l=Qe(),x=c("div",{class:"nbi-region-about"}),k=ut({catalog:t,selection:r,nameOf:A=>p.name&&q(p.name,A)||`image ${A}`,signal:a}),$=bt({pictures:k,selection:r,onEdit:$t,onPoint:A=>re(A)}),M=dt({catalog:t,selection:r,onOpen:A=>o({anchor:A}),signal:a}),E=xt({members:M.element,pictures:k,selection:r,onTab:A=>o({tab:A}),onSelect:()=>he(),setAnchor:A=>o({anchor:A}),setLayer:A=>o({layer:A})}),T=c("section",{class:"nbi-region-left","aria-label":"Anchor and verdict"},v.element,l.element,x),S=c("div",{class:"nbi-region-main"},T,$.element,E.element),N=c("div",{class:"nbi-region-empty"},hn);e.append(h.element,b,S,N),Ne(e,r,a);let _=()=>t.hasKernel?"":bn,Z=Ee(he,gn);a.addEventListener("abort",Z.cancel,{once:!0});function he(){g=!0,r.set(u),g=!1}function $t(A){d=A,oe(),re(null),n.follow&&Z()}function re(A){i&&v.frame(i,d,A)}function oe(){if(!i)return;u=We({columns:yt(n.columns),reference:yt(n.reference),n:t.nItems,literals:i.literals,modes:d,tolerance:n.tolerance}),M.show(u,i.anchor,p,"No image follows this rule: loosen a literal by clicking it.");let A={label:ce(p.label,u),prediction:ce(p.prediction,u)};E.showMembers({count:Ke(u.length,i.n_reference),n:u.length,purity:Fe(A),edited:V(d)}),me()}function me(){let A=n.evidence.serial===i?.serial?n.evidence:null,L=t.hasKernel?"Comparing with chance …":"The verdict was not computed when this page was written.";l.show(A,{waiting:L,edited:V(d)!==""||n.tolerance!==i?.tolerance})}function At(){let A=i;if(i=n.shown.serial===void 0?null:n.shown,S.hidden=i===null,N.hidden=i!==null,!i)return;let L=A&&xn(A,i);L||(d=i.literals.map(()=>"required")),v.show(i,ie(n.picture),p),(!L||A?.serial===i.serial)&&$.show(i,d,m?.layer===i.layer?m:null);let{thresholded:P,among_words:D,k:Ct,notes:Rt}=i;x.replaceChildren(...[`Among ${D}, k = ${Ct}.`,`States: ${P}.`,...Rt.map(yn)].map(Ot=>c("p",{},Ot))),oe(),re(null),m?.layer!==i.layer&&St(i.layer),i.serial!==f&&(f=i.serial,n.follow&&Z())}async function St(A){let L=await t.units(A).catch(()=>null);a.aborted||A!==i?.layer||!L||(m=L,$.show(i,d,m))}async function Mt(){let A=mn.filter(P=>t.columns.some(D=>D.name===P)),L=await Promise.all(A.map(P=>t.column(P).catch(()=>null)));p=Object.fromEntries(A.flatMap((P,D)=>L[D]?[[P,L[D]]]:[]))}function Et(){let A=["layer","k","t","among","anchor"],L=t.hasKernel&&i!==null&&A.some(P=>n[P]!==n.shown[P]);S.classList.toggle("nbi-waiting",L&&n.problem===""),S.setAttribute("aria-busy",String(L&&n.problem==="")),b.hidden=n.problem==="",b.textContent=n.problem,h.show(n,{reason:_(),nLiterals:i?.literals.length??n.t})}function Lt(){if(!i)return;let A=i.reasons[n.tab]??"",L=n.panels[n.tab];E.show(n.tab,{panel:L,reasons:i.reasons,reason:_()}),!(n.tab==="members"||A||L||!t.hasKernel)&&s({kind:"panel",name:n.tab})}return r.on("change",({indices:A,transient:L})=>{g||L||!n.follow||!t.hasKernel||A.length!==1||o({anchor:A[0]})},a),r.on("unit",()=>$.markUnit(),a),{async apply(A){w??=Mt(),await w,n={...n,...A},"height"in A&&e.style.setProperty("--nbi-height",`${n.height}px`),"shown"in A?At():"tolerance"in A?Nt():"evidence"in A&&me(),Et(),["shown","tab","panels"].some(L=>L in A)&&Lt()}};function Nt(){oe(),n.follow&&i&&Z()}}function wn(e){return e.shown.serial??0}function xn(e,t){return e.anchor===t.anchor&&e.layer===t.layer&&JSON.stringify(e.literals)===JSON.stringify(t.literals)}function yt(e){let t=ie(e);return new Uint8Array(t.buffer,t.byteOffset,t.byteLength)}function yn(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}.`}var kt=["anchor","layer","k","t","tolerance","among","follow","tab","layers","shown","columns","reference","evidence","panels","problem","picture","height"];async function vn({model:e,el:t,host:r,signal:n}){let{signal:o,end:s}=xe(n);try{let{catalog:a,selection:i}=await Ae(e,r);if(o.aborted)return s;let d=ve(t,"nbi-region");Me(d,o);let u=Object.fromEntries(kt.map(w=>[w,e.get(w)])),p=vt(d,{catalog:a,selection:i,settings:u,write:w=>we(e,w),send:w=>e.send(w),signal:o}),m={},f=!1,g=()=>{f||(f=!0,queueMicrotask(()=>{let w=m;m={},f=!1,o.aborted||p.apply(w)}))};for(let w of kt)ge(e,w,b=>{m={...m,[w]:b},g()},o);await p.apply(u),$e(e.get("snapshot_id"),o)}catch(a){ke(t,a)}return s}var Eo={initialize(){},render:vn};export{Eo as default};
