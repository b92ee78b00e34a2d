function ye(e,t,r,n){if(n.aborted)return;let o=()=>r(e.get(t));e.on(`change:${t}`,o),n.addEventListener("abort",()=>e.off(`change:${t}`,o),{once:!0})}function ve(e,t){let r=Object.entries(t).filter(([n,o])=>!jt(e.get(n),o));for(let[n,o]of r)e.set(n,o);r.length>0&&e.save_changes()}function jt(e,t){return e===t||typeof e=="object"&&JSON.stringify(e)===JSON.stringify(t)}function ke(e){let t=new AbortController,r=()=>t.abort();return e?.aborted?r():e?.addEventListener("abort",r,{once:!0}),{signal:t.signal,end:r}}function Dt(e){let t=e.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number)??[];if(t.length<3||(t[3]??1)<.5)return null;let r=e.startsWith("rgb")?255:1,[n,o,i]=t.map(a=>a/r);return .2126*n+.7152*o+.0722*i}var zt="cell-output-ipywidget-background";function ae(e){for(let n=$e(e);n;n=$e(n)){if(n.classList.contains(zt))continue;let o=Dt(getComputedStyle(n).backgroundColor);if(o!==null)return o<.5}let t=document.body.dataset.vscodeThemeKind;if(t)return t==="vscode-dark"||t==="vscode-high-contrast";let r=getComputedStyle(document.documentElement).colorScheme;return r==="dark"||/dark/.test(r)&&matchMedia("(prefers-color-scheme: dark)").matches}function $e(e){let t=e.getRootNode();return e.parentElement??(t instanceof ShadowRoot?t.host:null)}function Ae(e,t,r=()=>{}){let n=null,o=()=>{let l=ae(e);l!==n&&(n=l,e.classList.toggle("nbi-dark",l),e.classList.toggle("nbi-light",!l),r(l))},i=()=>requestAnimationFrame(()=>!t.aborted&&o()),a=new MutationObserver(i),s={attributes:!0,attributeFilter:["class","style","data-jp-theme-light","data-theme","data-vscode-theme-kind"]};a.observe(document.documentElement,s),a.observe(document.body,s),a.observe(document.head,{childList:!0}),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",i,{signal:t}),t.addEventListener("abort",()=>a.disconnect(),{once:!0}),o()}function c(e,t={},...r){let n=document.createElement(e);for(let[o,i]of Object.entries(t))i==null||i===!1||(typeof i=="function"?n.addEventListener(o.replace(/^on/,""),i):n.setAttribute(o,i===!0?"":String(i)));return n.append(...r.filter(o=>o!==null)),n}function Me(e,t,r={}){let n=c("div",{class:`nbi ${t}`,"data-lm-suppress-shortcuts":"true",...r});return n.addEventListener("keydown",o=>o.stopPropagation()),e.replaceChildren(n),n}function Ee(e,t){let r=t instanceof Error?t.message:String(t),n=c("div",{class:"nbi nbi-problem",role:"alert"},r);e.replaceChildren(n),n.classList.add(ae(n)?"nbi-dark":"nbi-light")}function Le(e,t){if(!e||t.aborted)return;let r=`.nbinterp-snapshot-${CSS.escape(e)}`,n=[".jp-OutputArea-child",".output_area"].map(i=>`${i}:has(> * > ${r}, > ${r})`),o=c("style",{},`${[r,...n].join(", ")} { display: none !important; }`);document.head.append(o),t.addEventListener("abort",()=>o.remove(),{once:!0})}var Wt="This front end does not support linked widgets: it needs anywidget 0.11 or newer. Upgrade anywidget where the notebook server runs, then reload the page.";async function Se(e,t,r){if(!t)throw new Error(Wt);let n=await t.getWidget(e.get(r)).catch(o=>{let i=o instanceof Error?o.message:String(o);throw new Error(`The widget's ${r} could not be reached (${i}). Run the cell again.`)});if(!n.exports)throw new Error(`The widget's ${r} is of another version. Restart the kernel, reload the page.`);return n.exports}var Bt="This view was saved without its kernel; the picture shows it as it was. Run the cell again to explore it.";async function Ft(e){try{return(await e.widget_manager.get_model(String(e.get("catalog")).replace(/^anywidget:/,""))).comm_live===!1}catch{return!1}}async function Ne(e,t){if(await Ft(e))throw new Error(Bt);let[r,n]=await Promise.all([Se(e,t,"catalog"),Se(e,t,"link")]);return{catalog:r,selection:n}}function Ce(e,t){let r=null,n=null,o=()=>{let s=n;i(),s&&e(...s)},i=()=>{r!==null&&clearTimeout(r),r=null,n=null};return Object.assign((...s)=>{r!==null&&clearTimeout(r),n=s,r=setTimeout(o,t)},{cancel:i,flush:o})}function _(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,requestAnimationFrame(()=>{r=!1,t?.aborted||e()}))}}function Oe(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,queueMicrotask(()=>{r=!1,t?.aborted||e()}))}}function Re({className:e,traits:t,create:r,together:n=_}){return async function({model:i,el:a,host:s,signal:u}){let{signal:l,end:h}=ke(u);try{let{catalog:x,selection:b}=await Ne(i,s);if(l.aborted)return h;let y=Me(a,e);Ae(y,l);let w=Ht(i,t),p=m=>i.send(m),k=r(y,{catalog:x,selection:b,settings:w,write:m=>ve(i,m),send:p,signal:l});qt(i,t,k.apply,l,n);let{receive:f}=k;if(f){let m=(g,v)=>f(g,v);i.on("msg:custom",m),l.addEventListener("abort",()=>i.off("msg:custom",m),{once:!0})}await k.apply(w),Le(i.get("snapshot_id"),l),f&&p({kind:"ready"})}catch(x){Ee(a,x)}return h}}function Ht(e,t){return Object.fromEntries(t.map(r=>[r,e.get(r)]))}function qt(e,t,r,n,o=_){let i={},a=o(()=>{let s=i;i={},r(s)},n);for(let s of t)ye(e,s,l=>{i[s]=l,a()},n)}function ce(e){return e instanceof DataView?e:ArrayBuffer.isView(e)?new DataView(e.buffer,e.byteOffset,e.byteLength):e instanceof ArrayBuffer?new DataView(e):new DataView(new ArrayBuffer(0))}var Bn=new Intl.Collator(void 0,{numeric:!0,sensitivity:"base"});function z(e,t=4){if(Number.isNaN(e))return"–";if(!Number.isFinite(e))return e>0?"∞":"−∞";let r=Math.abs(e);return r>=1e6||r>0&&r<.001?e.toExponential(t-2).replace("-","−"):String(Number(e.toPrecision(t))).replace("-","−")}function K(e,t){let r=e.values[t];if(e.kind==="text")return String(r??"");let n=Number(r);return e.kind==="category"?e.categories[n]??"":e.kind==="boolean"?n?"yes":"no":Number.isNaN(n)?"":z(n)}var Kt={undo:"M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",redo:"M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",invert:"M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",clear:"M4 4l8 8 M12 4l-8 8",save:"M4 2.5h8v11l-4-3-4 3z",list:"M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",download:"M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",check:"M3 8.5l3.5 3.5L13 4.5",cross:"M4 4l8 8 M12 4l-8 8",up:"M8 13V3 M4 7l4-4 4 4",down:"M8 3v10 M4 9l4 4 4-4",search:"M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",filter:"M2 3h12L9.5 8.5V13l-3-1.5v-3z",refresh:"M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5"},Te="http://www.w3.org/2000/svg";function O(e,t=14){let r=document.createElementNS(Te,"svg"),n={viewBox:"0 0 16 16",width:t,height:t,fill:"none",stroke:"currentColor"};for(let[i,a]of Object.entries(n))r.setAttribute(i,String(a));r.setAttribute("stroke-width","1.7"),r.setAttribute("stroke-linecap","round"),r.setAttribute("stroke-linejoin","round"),r.setAttribute("aria-hidden","true"),r.classList.add("nbi-icon"),e==="invert"&&r.setAttribute("fill-rule","evenodd");let o=document.createElementNS(Te,"path");return o.setAttribute("d",Kt[e]),r.append(o),r}function Ue(e,t,r){e.addEventListener("keydown",n=>{if(!(n.ctrlKey||n.metaKey)||n.target.matches("input:not([type=range])"))return;let o=n.key.toLowerCase();o!=="z"&&o!=="y"||(n.preventDefault(),o==="y"||n.shiftKey?t.redo():t.undo())},{signal:r})}function Ie(e,t){let r=new Int32Array(t),n=new Float32Array(t);for(let o=0;o<t;o++){let i=Math.min(Math.max((o+.5)*e/t-.5,0),e-1);r[o]=Math.min(Math.floor(i),Math.max(0,e-2)),n[o]=i-r[o]}return{low:r,weight:n}}function Vt(e,t,r){let n=Ie(e.height,t),o=Ie(e.width,r),i=e.height>1?e.width:0,a=e.width>1?1:0,s=new Float32Array(t*r);for(let u=0;u<t;u++){let l=n.low[u]*e.width,h=n.weight[u];for(let x=0;x<r;x++){let b=l+o.low[x],y=o.weight[x],w=e.data[b]*(1-y)+e.data[b+a]*y,p=e.data[b+i]*(1-y)+e.data[b+i+a]*y;s[u*r+x]=(w*(1-h)+p*h)/255}}return s}function Pe(e,t,r=.6){let n=Vt(e,t,t),o=0;for(let a of n)o=Math.max(o,a);let i=new Uint8ClampedArray(4*t*t);for(let a=0;a<n.length;a++){let s=o>0?Math.min(1,Math.max(0,(n[a]/o-.35)/.25)):0;i[4*a+3]=255*r*(1-s*s*(3-2*s))}return i}var Xt=.1;function _e(e,t,r=.8){let n=new Uint8ClampedArray(4*e.data.length),o=Math.max(1,...e.data)/255,i=r*Math.min(1,o/Xt);for(let a=0;a<e.data.length;a++){let s=e.data[a]/255,u=3*Math.round(255*Math.sqrt(s));for(let l=0;l<3;l++)n[4*a+l]=t[u+l];n[4*a+3]=255*i*(s/o)}return n}var Gt="44015444025645045745055946075a46085c460a5d460b5e470d60470e6147106347116447136548146748166848176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a48621a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf7046c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d54989d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21ad8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723fde725",br=Uint8Array.from({length:768},(e,t)=>Number.parseInt(Gt.slice(2*t,2*t+2),16));var ee=[[176,0,120],[255,84,0],[255,255,96]],je=Uint8Array.from({length:768},(e,t)=>{let r=Math.floor(t/3)/255*(ee.length-1),n=Math.min(Math.floor(r),ee.length-2),[o,i]=[ee[n][t%3],ee[n+1][t%3]];return Math.round(o+(r-n)*(i-o))});var V=56;function F(e,t,r){let n=Math.min(2,window.devicePixelRatio||1),[o,i]=[t,r].map(s=>Math.round(s*n));e.width!==o&&(e.width=o),e.height!==i&&(e.height=i);let a=e.getContext("2d");return a.clearRect(0,0,o,i),{ctx:a,scale:n}}function H(e,t,{item:r,x:n,y:o,size:i,map:a,as:s="heat"}){let[u,l,h]=[n,o,i].map(Math.round);if(!t.thumbs.draw(e,r,u,l,h,h))return!1;let{image:x,seen:b}=t.thumbs.boxes(r);if(Jt(e,x,u,l,h),a){let[y,w,p,d]=b.map(f=>f*h);s==="mask"&&Zt(e,x,b,u,l,h);let{canvas:k}=s==="heat"?Qt(a):en(a);e.drawImage(k,u+y,l+w,p,d)}return!0}function Jt(e,t,r,n,o){let[i,a,s,u]=t.map(l=>l*o);(i>0||s<o)&&(e.clearRect(r,n,i,o),e.clearRect(r+i+s,n,o-i-s,o)),(a>0||u<o)&&(e.clearRect(r,n,o,a),e.clearRect(r,n+a+u,o,o-a-u))}function Zt(e,t,r,n,o,i){let a=new Path2D;for(let[s,u,l,h]of[t,r])a.rect(n+s*i,o+u*i,l*i,h*i);e.fillStyle=`rgba(0, 0, 0, ${.6})`,e.fill(a,"evenodd")}function Qt(e){let t=ze(e.width,e.height);return t.putImageData(new ImageData(_e(e,je),e.width,e.height),0,0),t}function en(e){let t=ze(V,V);return t.putImageData(new ImageData(Pe(e,V),V,V),0,0),t}var De=new Map;function ze(e,t){let r=`${e}×${t}`,n=De.get(r);return n||(n=c("canvas",{width:e,height:t}).getContext("2d",{willReadFrequently:!0}),De.set(r,n)),n.clearRect(0,0,e,t),n}function We({order:e,selected:t,anchor:r,to:n},{toggle:o,range:i}){let a=e[n];if(i){let[s,u]=r<n?[r,n]:[n,r],l=Array.from(e.subarray(Math.max(0,s),u+1));return o?[...new Set([...t,...l])]:l}return o?t.includes(a)?Array.from(t).filter(s=>s!==a):[...t,a]:[a]}function le({width:e,tile:t,count:r}){let n=t+8,o=Math.max(1,Math.floor(e/n));return{columns:o,nRows:Math.ceil(r/o),cellWidth:e/o,rowHeight:t+44}}function te(e,t){let r=h=>e[h]?K(e[h],t):"",n=r("name")||`image ${t}`,o=r("label"),i=r("prediction"),a=e.confidence?Number(e.confidence.values[t]):Number.NaN,s=Number.isNaN(a)?"":`${(100*a).toFixed(0)} %`,u=nn(e,o,i,t),l=[n];return o&&l.push(`label ${o}`),i&&l.push(`predicted ${i}${s?` (${s})`:""}`),u!=="unknown"&&l.push(u),{mark:u,first:o||n,second:i,confidence:s,full:l.join(", ")}}function nn(e,t,r,n){if(!t||!r)return"unknown";let o=e.correct;return(o?.kind==="boolean"?Number(o.values[n])===1:t===r)?"right":"wrong"}var de=168,Be="http://www.w3.org/2000/svg";function Fe({catalog:e,signal:t}){let r=c("canvas",{class:"nbi-anchor-thumb","aria-hidden":"true"}),n=c("img",{class:"nbi-anchor-image",draggable:"false",hidden:!0}),o=document.createElementNS(Be,"svg");o.setAttribute("class","nbi-anchor-cells"),o.setAttribute("viewBox","0 0 1 1"),o.setAttribute("aria-hidden","true");let i=c("span",{class:"nbi-status"}),a=c("strong",{class:"nbi-anchor-name"}),s=c("div",{class:"nbi-anchor-facts"}),u=c("div",{class:"nbi-anchor"},c("div",{class:"nbi-anchor-frame"},r,n,o,i),c("div",{class:"nbi-anchor-words"},a,s));n.addEventListener("load",()=>{n.hidden=!1});let l="",h=0;t.addEventListener("abort",()=>URL.revokeObjectURL(l),{once:!0});function x(b,y){let{ctx:w,scale:p}=F(r,de,de);b.anchor>=0&&H(w,e,{item:b.anchor,x:0,y:0,size:de*p}),URL.revokeObjectURL(l),l=y.byteLength?URL.createObjectURL(new Blob([y],{type:"image/jpeg"})):"",n.hidden=!0,l?n.src=l:n.removeAttribute("src"),n.alt=`the anchor ${b.name}`,i.textContent=l?"":e.thumb.missing||"No picture of this image."}return{element:u,show(b,y,w){b.serial!==h&&x(b,y),h=b.serial;let p=b.anchor<0?null:te(w,b.anchor);a.textContent=b.name,a.title=b.name;let d=[];p?.second?d.push(`label ${p.first}`,`predicted ${p.second} ${p.confidence}`):p&&d.push(p.first);let f=p?.mark==="wrong"?c("span",{class:"nbi-warn"},"✗ classified wrongly"):p?.mark==="right"?"✓ classified correctly":null;s.replaceChildren(...d.map(m=>c("div",{},m)),...f?[c("div",{},f)]:[])},async frame(b,y,w){o.replaceChildren();let{anchor:p,grid:d}=b;if(p<0||!d||e.thumb.missing||(await e.thumbs.ready([p]).catch(()=>{}),t.aborted||b.serial!==h))return;let[k,f,m,g]=e.thumbs.boxes(p).seen,v=[];for(let[$,S]of b.literals.entries()){if(S.y===null||S.x===null||y[$]==="ignored")continue;let M=document.createElementNS(Be,"rect"),N={x:k+S.x/d[1]*m,y:f+S.y/d[0]*g,width:m/d[1],height:g/d[0]};for(let[C,j]of Object.entries(N))M.setAttribute(C,String(j));M.setAttribute("class",S===w?"nbi-place nbi-pointed":"nbi-place");let E=M.cloneNode();E.setAttribute("class","nbi-place nbi-around"),v.push([E,M])}v.sort(([,$],[,S])=>$.classList.length-S.classList.length),o.replaceChildren(...v.flat())}}}var ne={k:"Size of the neighbour set: the images nearest to the anchor, itself included, whose common states make the rule",t:"Literals of the rule: so many of the states that the neighbours share and few other images have",tolerance:"How many literals a member may violate",among:"Which images count: neighbours and members are among them, and base rates are theirs",follow:"An image that is selected by itself becomes the anchor; the members are then selected in every linked view"},rn=[["all","all images"],["prediction","those of its prediction"],["label","those of its label"],["chosen","chosen images"]];function He({write:e}){let t=c("div",{class:"nbi-layers",role:"radiogroup","aria-label":"Layer"}),r=l("k","k",4,32),n=l("t","t",1,30),o=l("tolerance","Tolerance",0,10),i=c("select",{class:"nbi-select",onchange:()=>e({among:i.value})},...rn.map(([b,y])=>c("option",{value:b},y))),a=c("button",{type:"button",class:"nbi-button"},"Follow clicks"),s=c("span",{class:"nbi-status"});a.addEventListener("click",()=>e({follow:a.getAttribute("aria-pressed")!=="true"}));let u=c("div",{class:"nbi-region-controls"},c("div",{class:"nbi-bar"},c("span",{class:"nbi-status"},"Layer"),t),c("div",{class:"nbi-bar"},r.element,n.element,o.element,c("label",{class:"nbi-field",title:ne.among},"Among",i),a,s));t.addEventListener("keydown",h);function l(b,y,w,p){let d=c("input",{type:"range",min:w,max:p,class:"nbi-range","aria-label":`${y}: ${ne[b]}`}),k=c("output",{class:"nbi-output"});d.addEventListener("input",()=>{k.textContent=d.value,e({[b]:Number(d.value)})});let f=(m,g=p)=>{d.min=String(Math.min(w,m)),d.max=String(Math.max(g,m)),d.value=k.textContent=String(m)};return{element:c("label",{class:"nbi-field",title:ne[b]},y,d,k),input:d,show:f}}function h(b){let y={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[b.key],w=[...t.querySelectorAll("button:not(:disabled)")],p=w.indexOf(b.target);if(!y||p<0)return;let d=w[(p+y+w.length)%w.length];d.focus(),d.click(),b.preventDefault()}function x({layers:b,layer:y},w){t.childElementCount!==b.length&&t.replaceChildren(...b.map(({name:p})=>c("button",{type:"button",class:"nbi-button",role:"radio",onclick:()=>e({layer:p})},p))),b.forEach(({name:p,reason:d},k)=>{let f=t.children[k],m=p===y;f.setAttribute("aria-checked",String(m)),f.tabIndex=m?0:-1,f.disabled=!m&&(d||w)!=="",f.title=m?"":d||w})}return{element:u,show(b,{reason:y,nLiterals:w}){x(b,y),r.show(b.k),n.show(b.t),o.show(b.tolerance,Math.max(1,w)),i.value=b.among,i.options[3].hidden=b.among!=="chosen",a.setAttribute("aria-pressed",String(b.follow)),s.textContent=y;for(let p of[r.input,n.input,i,a])p.disabled=y!=="",p===a?p.title=y||ne.follow:p.parentElement&&(p.parentElement.title=y||p.parentElement.title)}}}var on={required:"ignored",ignored:"flipped",flipped:"required"};function Ke(e){return on[e]}function Ve({columns:e,reference:t,n:r,literals:n,modes:o,tolerance:i}){let a=Math.ceil(r/8),s=new Uint16Array(r);n.forEach(({state:l},h)=>{if(o[h]==="ignored")return;let x=+(l===(o[h]==="required"));for(let b=0;b<r;b++)s[b]+=+(qe(e,h*a,b)!==x)});let u=Array.from({length:i+1},()=>[]);for(let l=0;l<r;l++)s[l]<=i&&qe(t,0,l)&&u[s[l]].push(l);return Uint32Array.from(u.flat())}function qe(e,t,r){return e[t+(r>>3)]>>7-(r&7)&1}function ue(e,t){if(e?.kind!=="category")return null;let r=new Uint32Array(e.categories.length),n=0;for(let i=0;i<t.length;i++){let a=Number(e.values[t[i]]);a<0||(r[a]++,n++)}if(n===0)return null;let o=r.indexOf(Math.max(...r));return{name:e.categories[o],share:r[o]/n,known:n}}function Xe(e){return Object.entries(e).map(([r,n])=>n&&`${R(n.share)} ${n.name} by ${r}`).filter(Boolean).join(", ")}function R(e){let t=100*e;return`${t>0&&t<1?"< 1":t<100&&t>99?"> 99":t.toFixed(0)} %`}function fe({unit:e,y:t,x:r}){return t===null?`unit ${e}`:`unit ${e} at (${t}, ${r})`}function Ge({state:e},t){return t==="ignored"?"either":e===(t==="required")?"on":"off"}function Ye(e,t){let r=n=>n.toLocaleString("en-US");return`${r(e)} of ${r(t)} image${t===1?"":"s"}`}function X(e){let t=n=>e.filter(o=>o===n).length;return[t("ignored")&&`${t("ignored")} ignored`,t("flipped")&&`${t("flipped")} flipped`].filter(Boolean).join(", ")}function Je({verdict:e}){let t=e.indexOf(": "),r=t<0?e:e.slice(0,t);return{head:r.charAt(0).toUpperCase()+r.slice(1),facts:t<0?"":e.slice(t+2)}}function Ze(e,t,r){if(!r)return{text:"The verdict was not computed when this page was written.",act:""};let n=e.serial===t?e:null;return n?.state==="stopped"?{text:"Not compared with chance: it was stopped.",act:"again"}:{text:`Comparing with chance${n?.text?`: ${n.text}`:""} …`,act:n?"stop":""}}function Qe(e){let t=e.flatMap(o=>Array.from(o)).filter(o=>o>0&&Number.isFinite(o));if(t.length===0)return{low:-1,high:1};let r=t.map(Math.log10),n=Math.floor(Math.min(...r));return{low:n,high:Math.max(n+1,Math.ceil(Math.max(...r)))}}function G(e,{low:t,high:r},n){return e>0?(1+Math.min(1,Math.max(0,(Math.log10(e)-t)/(r-t)))*(n-1))/n:.5/n}function et(e,t,r){let n=new Float64Array(r);for(let o=0;o<e.length;o++)n[Math.min(r-1,Math.floor(G(e[o],t,r)*r))]+=1/e.length;return n}function tt({low:e,high:t},r){let n=Math.max(1,Math.ceil((t-e)/r)),o=[];for(let i=Math.ceil(e/n)*n;i<=t;i+=n)o.push(i);return o}var sn="⁰¹²³⁴⁵⁶⁷⁸⁹";function nt(e){if(e>=-1&&e<=3)return z(10**e);let t=[...String(Math.abs(e))].map(r=>sn[Number(r)]).join("");return`10${e<0?"⁻":""}${t}`}function rt({lift:e,null_lifts:t}){let r=Object.entries(t).map(([n,o])=>`${o.filter(a=>e!==null&&a>=e).length} of ${o.length} lifts of ${n} are as large`);return`Lift ${e===null?"unknown":z(e,3)}; ${r.join(", ")}`}var an="http://www.w3.org/2000/svg",U=276,pe=46,ot=34,J=ot+pe,I=J+pe+18,Y=30,cn=[["random anchors",-1,"random anchors ↑","nbi-random",ot-4],["shuffled",1,"shuffled codes ↓","nbi-shuffled",I-5]];function T(e,t,r){let n=document.createElementNS(an,e);for(let[o,i]of Object.entries(t))n.setAttribute(o,String(i));return r!==void 0&&(n.textContent=r),n}function it({onStop:e,onAgain:t}){let r=c("span",{class:"nbi-verdict-sign","aria-hidden":"true"}),n=c("strong"),o=c("p",{class:"nbi-verdict-facts"}),i=c("p",{class:"nbi-verdict-note nbi-warn",hidden:!0}),a=c("button",{type:"button",class:"nbi-button",onclick:e,hidden:!0},"Stop");a.title="Stop comparing with chance; it can go on from there";let s=c("button",{type:"button",class:"nbi-button",onclick:t,hidden:!0},"Go on");s.title="Go on comparing with chance";let u=c("div",{class:"nbi-verdict",role:"status"},c("div",{class:"nbi-verdict-head"},r,n),i,o,a,s),l=T("svg",{class:"nbi-lifts",width:U,height:I+34,role:"img"});l.setAttribute("viewBox",`0 0 ${U} ${I+34}`);let h=c("div",{class:"nbi-evidence"},u,l);function x(w){let p=w.lift??Number.NaN,d=Qe([[p],...Object.values(w.null_lifts)]);l.replaceChildren(),l.setAttribute("aria-label",rt(w));let k=G(p,d,Y)<.5;for(let[f,m,g,v,$]of cn)l.append(...b(w.null_lifts[f]??[],d,f,m)),l.append(T("text",{x:k?U:0,y:$,"text-anchor":k?"end":"start",class:v},g));l.append(T("line",{x1:0,x2:U,y1:J,y2:J,class:"nbi-axis"})),l.append(T("line",{x1:0,x2:U,y1:I,y2:I,class:"nbi-axis"})),l.append(T("text",{x:0,y:I+14,class:"nbi-tick-text"},"0"));for(let f of tt(d,4)){let m=G(10**f,d,Y)*U;if(m<16)continue;let g=m>U-12?"end":"middle";l.append(T("line",{x1:m,x2:m,y1:I,y2:I+3,class:"nbi-axis"})),l.append(T("text",{x:m,y:I+14,"text-anchor":g,class:"nbi-tick-text"},nt(f)))}l.append(T("text",{x:U/2,y:I+29,"text-anchor":"middle",class:"nbi-tick-text"},"lift, log scale")),Number.isNaN(p)||y(p,d)}function b(w,p,d,k){let f=et(w,p,Y),m=Math.max(...f,1e-9),g=U/Y;return Array.from(f,(v,$)=>{let S=v/m*(pe-4),M=k<0?J-S:J,N=T("rect",{x:$*g+.5,y:M,width:g-1,height:S,class:d==="shuffled"?"nbi-shuffled":"nbi-random"});return N.append(T("title",{},`${(100*v).toFixed(0)} % of ${d}`)),N}).filter(v=>Number(v.getAttribute("height"))>0)}function y(w,p){let d=G(w,p,Y)*U;l.append(T("line",{x1:d,x2:d,y1:16,y2:I,class:"nbi-own"}));let k=d>U-70?"end":d<70?"start":"middle";l.append(T("text",{x:d,y:12,"text-anchor":k,class:"nbi-own"},`this image: ${z(w,3)}`))}return{element:h,show(w,{waiting:p,edited:d}){if(l.toggleAttribute("hidden",!w),a.hidden=w!==null||p.act!=="stop",s.hidden=w!==null||p.act!=="again",i.hidden=!d||!w,i.textContent="The verdict is on the rule as found, not as edited.",u.dataset.verdict=w?w.stands_out?"stands-out":"chance":"none",r.replaceChildren(...w?[O(w.stands_out?"check":"cross",13)]:[]),!w){n.textContent="",o.textContent=p.text;return}let k=Je(w);n.textContent=k.head,o.textContent=k.facts,x(w)}}}var st=`.nbi-body {
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
`;function at(e,t){return e>8e6?(e-t)/(8e6-t):1}function be({nRows:e,rowHeight:t,viewport:r,scrollTop:n,overscan:o=1}){let i=e*t,a=Math.min(i,8e6),s=Math.max(0,Math.min(n,a-r)),u=s*at(i,r);return{first:Math.max(0,Math.floor(u/t)-o),last:Math.min(e,Math.ceil((u+r)/t)+o),scrollHeight:a,shift:s-u}}function ct(e,{nRows:t,rowHeight:r,viewport:n,scrollTop:o}){let i=at(t*r,n),a=o*i,s=e*r;return s<a?s/i:s+r>a+n?Math.max(0,s+r-n)/i:o}function lt(e,{key:t,ctrl:r=!1},{count:n,columns:o,pageRows:i}){let a=e-e%o,s=Math.max(1,i)*o,u={ArrowLeft:e-1,ArrowRight:e+1,ArrowUp:e-o,ArrowDown:e+o,PageUp:e-s,PageDown:e+s,Home:r?0:a,End:r?n-1:a+o-1};if(!(t in u)||n===0)return null;let l=u[t];return t==="ArrowUp"&&l<0?e:t==="ArrowDown"&&l>=n?Math.floor(e/o)<Math.floor((n-1)/o)?n-1:e:t==="PageUp"&&l<0?e%o:Math.max(0,Math.min(n-1,l))}function dt({scroller:e,createRow:t,fillRow:r,onPaint:n,signal:o}){let i=c("div",{class:"nbi-sizer",role:"presentation"});e.append(i),e.before(c("style",{},st));let a=new Map,s=[],u={nRows:0,rowHeight:1},l=-1,h="",x=()=>({...u,viewport:e.clientHeight,scrollTop:e.scrollTop}),b=(p,d,k)=>p>=d&&p<k||p===l;function y(p=!1){let{first:d,last:k,scrollHeight:f,shift:m}=be(x());i.style.height=`${f}px`;for(let[v,$]of a)b(v,d,k)&&v<u.nRows||(a.delete(v),s.push($));let g=l>=0&&l<u.nRows&&(l<d||l>=k)?[l]:[];for(let v=d;v<k;v++)g.push(v);for(let v of g)w(v,m,p);for(let v of s)v.element.hidden=!0;(h!==`${d}-${k}`||p)&&n?.(d,k),h=`${d}-${k}`}function w(p,d,k){let f=a.get(p);f?k&&r(f,p):(f=s.pop()??t(),f.element.parentNode||i.append(f.element),f.element.hidden=!1,a.set(p,f),r(f,p)),f.element.style.top=`${p*u.rowHeight+d}px`}return e.addEventListener("scroll",()=>y(),{passive:!0,signal:o}),{paint:y,resize(p){u=p},reset(){i.replaceChildren(),a=new Map,s=[]},pin(p){l=p},reveal(p){let d=ct(p,x());d!==e.scrollTop&&(e.scrollTop=d),y()},row:p=>a.get(p),rows:()=>a.values(),firstInSight:()=>be({...x(),overscan:0}).first,rowsInSight:()=>Math.max(1,Math.floor(e.clientHeight/u.rowHeight))}}var ut=new WeakMap;function re(e){let t=e.target instanceof Element?e.target.closest(".nbi-cell"):null;return t?ut.get(t):void 0}function ft(e){let t=c("span",{class:"nbi-mark"}),[r,n,o]=["nbi-first","nbi-second","nbi-confidence"].map(l=>c("span",{class:l})),i=c("span",{class:"nbi-value",hidden:!0}),a=c("span",{class:"nbi-tick","aria-hidden":"true"},O("check",12)),s=c("div",{class:"nbi-cell",role:"gridcell",tabindex:"-1","aria-colindex":e+1},c("div",{class:"nbi-tile"},i,a),c("div",{class:"nbi-line"},t,r),c("div",{class:"nbi-line nbi-line-2"},n,o)),u={element:s,mark:t,first:r,second:n,confidence:o,value:i,position:-1,item:-1};return ut.set(s,u),u}var dn={right:["✓","right"],wrong:["✗","wrong"],unknown:["",""]};function pt(e,t,r){let[n,o]=dn[t.mark];Z(e.mark,n),e.mark.className=`nbi-mark nbi-mark-${t.mark}`,e.mark.title=o,Z(e.first,t.first),Z(e.second,t.second?`→ ${t.second}`:""),Z(e.confidence,t.confidence),Z(e.value,r),e.value.hidden=r==="";let i=r?`${t.full}, activation ${r}`:t.full;e.element.title=i,e.element.setAttribute("aria-label",i)}function Z(e,t){e.textContent!==t&&(e.textContent=t)}function he(e,t){e.element.setAttribute("aria-selected",String(t))}var bt=`.nbi-grid {
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
`;function ht({grid:e,rows:t,preview:r,selection:n,view:o,select:i,signal:a}){let s=0,u=0,l=-1;function h(f){let{columns:m}=o();return t.row(Math.floor(f/m))?.cells[f%m]}let x=()=>e.contains(document.activeElement);function b(f,m=!0){let{shown:g,columns:v}=o();h(s)?.element.setAttribute("tabindex","-1"),s=f,l=g[f]??-1,t.pin(Math.floor(s/v)),t.reveal(Math.floor(s/v));let $=h(s);$?.element.setAttribute("tabindex","0"),m&&$?.element.focus({preventScroll:!0}),r.item>=0&&y()}function y(){let f=h(s);if(!f||l<0)return;let m=f.element.getBoundingClientRect(),g=e.getBoundingClientRect(),v=m.left+m.width/2>g.left+g.width/2?"left":"right";r.open(l,f.first.textContent===""?`image ${l}`:f.element.title.split(", ")[0],v)}function w(){r.close(),p()}function p(){o().shown.length&&b(Math.min(s,o().shown.length-1))}function d(f,m){let{shown:g}=o();i(We({order:g,selected:n.get(),anchor:u,to:f},m)),m.range||(u=f)}function k(f){let{shown:m,columns:g}=o(),v=f.ctrlKey||f.metaKey,$=lt(s,{key:f.key,ctrl:v},{count:m.length,columns:g,pageRows:t.rowsInSight()});if($!==null)b($),f.shiftKey&&d($,{toggle:!1,range:!0});else if(f.key===" ")d(s,{toggle:!f.shiftKey,range:f.shiftKey});else if(f.key==="Enter")y();else if(v&&f.key.toLowerCase()==="a")i(Array.from(m));else if(f.key==="Escape"&&r.item>=0)w();else return;f.preventDefault()}return e.addEventListener("mousedown",f=>f.shiftKey&&f.preventDefault(),{signal:a}),e.addEventListener("click",f=>{let m=re(f);if(!m)return;let{shown:g}=o();u=Math.min(u,g.length-1),d(m.position,{toggle:f.ctrlKey||f.metaKey,range:f.shiftKey}),b(m.position)},{signal:a}),e.addEventListener("dblclick",f=>re(f)&&y(),{signal:a}),e.addEventListener("keydown",k,{signal:a}),r.element.addEventListener("keydown",f=>f.key==="Escape"&&w(),{signal:a}),e.addEventListener("focusin",f=>{let m=re(f);m&&m.position!==s&&b(m.position,!1)},{signal:a}),e.addEventListener("focusout",()=>t.pin(-1),{signal:a}),{hasFocus:x,focus:p,closePreview:w,touch(f){f.element.setAttribute("tabindex",f.position===s?"0":"-1")},follow(){let{shown:f}=o();s=Math.max(0,l<0?0:f.indexOf(l)),u=s,t.pin(-1)}}}var q=72;function mt({catalog:e,selection:t,onOpen:r,signal:n}){let o=new Uint32Array(0),i=-1,a=le({width:1,tile:q,count:0}),s={},u=c("div",{class:"nbi-scroll",role:"grid","aria-multiselectable":"true","aria-label":"Members"}),l=c("div",{class:"nbi-empty",hidden:!0}),h=c("div",{class:"nbi-grid nbi-members"},c("style",{},bt),c("div",{class:"nbi-body"},u,l)),x=dt({scroller:u,createRow:w,fillRow:p,signal:n}),b={item:-1,element:c("div"),open:r,close(){},draw(){}},y=ht({grid:u,rows:x,preview:b,selection:t,signal:n,view:()=>({shown:o,columns:a.columns}),select:g=>t.set(g)});function w(){let g=Array.from({length:a.columns},($,S)=>ft(S)),v=c("canvas",{class:"nbi-strip-canvas","aria-hidden":"true"});return{element:c("div",{class:"nbi-row",role:"row"},v,...g.map($=>$.element)),canvas:v,cells:g}}function p(g,v){g.element.setAttribute("aria-rowindex",String(v+1)),g.cells.forEach(($,S)=>{$.position=v*a.columns+S,$.element.hidden=$.position>=o.length,!$.element.hidden&&($.item=o[$.position],pt($,te(s,$.item),""),$.value.hidden=$.item!==i,$.value.textContent=$.value.hidden?"":"anchor",he($,t.has($.item)),y.touch($))}),d(g)}function d({canvas:g,cells:v}){let{ctx:$,scale:S}=F(g,a.columns*a.cellWidth,q);v.forEach((M,N)=>{if(M.element.hidden)return;let E=(N*a.cellWidth+(a.cellWidth-q)/2)*S,C=H($,e,{item:M.item,x:E,y:0,size:q*S});M.element.classList.toggle("nbi-loading",!C)})}function k(g){for(let v of x.rows())for(let $ of v.cells)$.element.hidden||g($)}function f(){let g=a.columns;a=le({width:u.clientWidth,tile:q,count:o.length}),u.style.setProperty("--nbi-columns",String(a.columns)),u.style.setProperty("--nbi-thumb",`${q}px`),u.style.setProperty("--nbi-row-height",`${a.rowHeight}px`),u.setAttribute("aria-rowcount",String(a.nRows)),u.setAttribute("aria-colcount",String(a.columns)),x.resize(a),g!==a.columns&&x.reset(),x.paint(!0)}let m=new ResizeObserver(()=>u.clientWidth>0&&f());return m.observe(u),n.addEventListener("abort",()=>m.disconnect(),{once:!0}),e.thumbs.onLoad(_(()=>{for(let g of x.rows())d(g)},n),n),t.on("change",_(()=>k(g=>he(g,t.has(g.item))),n),n),{element:h,show(g,v,$,S){let M=v!==i;[o,i,s]=[g,v,$],l.hidden=o.length>0,l.textContent=S,y.follow(),M&&(u.scrollTop=0),f()}}}function gt({catalog:e,selection:t,nameOf:r,signal:n}){let o=new Set;function i({element:h,canvas:x,item:b,size:y,map:w}){let{ctx:p,scale:d}=F(x,y,y),k=H(p,e,{item:b,x:0,y:0,size:y*d,map:w,as:"mask"});h.classList.toggle("nbi-loading",!k)}function a({element:h,item:x}){h.tagName==="BUTTON"&&h.setAttribute("aria-pressed",String(t.has(x)))}let s=new Set,u=_(()=>{for(let h of s)i(h);s.clear()},n),l=_(()=>{for(let h of[...o])h.element.isConnected?i(h):o.delete(h)},n);return e.thumbs.onLoad(l,n),t.on("change",_(()=>{for(let h of[...o])h.element.isConnected?a(h):o.delete(h)},n),n),{create(h,{size:x,map:b=null,still:y=!1,words:w=""}){let p=c("canvas",{class:"nbi-small",style:`width: ${x}px; height: ${x}px`}),d=w||r(h),k=c("span",{class:"nbi-tick","aria-hidden":"true"},O("check",10)),f=y?c("span",{class:"nbi-shot nbi-loading"},p):c("button",{type:"button",class:"nbi-shot nbi-loading",title:d,"aria-label":d},p,k);y||f.addEventListener("click",()=>t.set([h]));let m={element:f,canvas:p,item:h,size:x,map:b};return o.add(m),s.add(m),u(),a(m),f},redraw:l}}function wt(e,t,r){let n=t*e.k+r,o=e.exemplars[n];if(r>=e.k||o===void 0||o<0)return null;let i=e.mapHeight*e.mapWidth,a=e.exemplarMaps&&i>0?{height:e.mapHeight,width:e.mapWidth,data:e.exemplarMaps.subarray(n*i,(n+1)*i)}:null;return{image:o,value:e.exemplarValues[n],map:a}}var fn=3,pn=38,xt={required:"required: click to ignore it",ignored:"ignored: click to ask for the other state",flipped:"turned round: click to require it as found"};function yt({pictures:e,selection:t,onEdit:r,onPoint:n}){let o=null,i=[],a=[],s=c("span",{class:"nbi-rule-count"}),u=c("button",{type:"button",class:"nbi-button",onclick:()=>b(i.map(()=>"required"))});u.append(O("undo",13)," Reset rule");let l=c("ol",{class:"nbi-literals","aria-label":"Rule"}),h=c("p",{class:"nbi-status"},"The neighbours share no state that is not shared by all images."),x=c("section",{class:"nbi-rule","aria-label":"Rule"},c("div",{class:"nbi-rule-head"},c("strong",{},"Rule"),s,u),l,h);function b(d){i=d,a.forEach(w),y(),r(i)}function y(){let d=a.length,k=X(i);s.textContent=`${d} literal${d===1?"":"s"}${k?`: ${k}`:""}`,u.disabled=k==="",u.title=k?"Require all literals as they were found":"The rule is as it was found",h.hidden=d>0}function w({toggle:d,literal:k},f){let m=i[f],g=Ge(k,m);d.dataset.mode=m,d.title=xt[m],d.setAttribute("aria-label",`${fe(k)}, ${g}, ${xt[m]}`);let v=d.querySelector(".nbi-state");v.textContent=m==="required"?g:m==="ignored"?"ignored":`⇄ ${g}`,v.classList.toggle("nbi-on",g==="on")}function p(d,k,f){let m=o?.layer??"",g=fe(d),v=`on in ${R(d.base_rate)}`,$=c("span",{class:"nbi-literal-facts",title:`${R(d.score)} of the reference images are in the other state`},c("span",{class:"nbi-track","aria-hidden":"true"},c("span",{style:`width: ${100*d.base_rate}%`})),c("span",{},`${v} · score ${d.score.toFixed(2)}`)),S=c("button",{type:"button",class:"nbi-literal-toggle",onclick:()=>b(i.map((E,C)=>C===k?Ke(E):E))},c("span",{class:"nbi-literal-line"},c("span",{class:"nbi-neuron"},g),c("span",{class:"nbi-state"})),$),M=c("button",{type:"button",class:"nbi-unit-strip",title:`Select unit ${d.unit} of ${m} in all linked views: these images activate it most`,"aria-label":`Select unit ${d.unit} of ${m} in all linked views`,onclick:()=>{let E=t.unit?.layer===m&&t.unit.unit===d.unit;t.setUnit(E?null:{layer:m,unit:d.unit})}});for(let E=0;f&&E<fn;E++){let C=wt(f,d.unit,E);C&&M.append(e.create(C.image,{size:pn,map:C.map,still:!0}))}M.hidden=M.childElementCount===0;let N=c("li",{class:"nbi-literal"},S,M);for(let E of["pointerenter","focusin"])N.addEventListener(E,()=>n(d));for(let E of["pointerleave","focusout"])N.addEventListener(E,()=>n(null));return l.append(N),{toggle:S,unit:M,literal:d}}return{element:x,get modes(){return i},show(d,k,f){let m=a.findIndex(g=>g.toggle===document.activeElement);o=d,i=k,l.replaceChildren(),a=(o?.literals??[]).map((g,v)=>p(g,v,f)),a.forEach(w),y(),this.markUnit(),a[m]?.toggle.focus({preventScroll:!0})},markUnit(){let d=t.unit;for(let{unit:k,literal:f}of a)k.setAttribute("aria-pressed",String(d?.layer===o?.layer&&d?.unit===f.unit))}}}var bn=12,hn=48,vt={layers:mn,neighbours:gn,mistake:xn,subclasses:vn};function kt(e,t,r,n){if(n)return[c("p",{class:"nbi-panel-words"},me(n))];if(!t)return[c("p",{class:"nbi-panel-words"},r.reason?`Not computed. ${r.reason}.`:"Asking the kernel …")];if(t.state==="failed")return[c("p",{class:"nbi-panel-words nbi-warn",role:"alert"},me(t.text??""))];if(t.state==="running"){let o=t.text?`Computing: ${t.text} …`:"Computing …",i=c("button",{type:"button",class:"nbi-button",onclick:()=>r.stop(e)},"Stop");return i.disabled=r.reason!=="",i.title=r.reason||"Stop, and keep what there is",[c("p",{class:"nbi-panel-words"},c("progress",{"aria-label":"Computing"}),` ${o} `,i)]}if(t.state==="stopped"){let o=c("button",{type:"button",class:"nbi-button",onclick:()=>r.compute(e)},"Compute");o.disabled=r.reason!=="",o.title=r.reason||"Compute it again, to the end";let i=c("p",{class:"nbi-panel-words nbi-warn",role:"status"},`${me(t.text??"")} `,o);return t.rows?[i,...vt[e](t,r)]:[i]}return vt[e](t,r)}function me(e){let t=/[.!?]$/.test(e)?"":".";return e.charAt(0).toUpperCase()+e.slice(1)+t}function $t(e,t){let r=e?"stands out":"no more than chance";return c("span",{class:`nbi-chip ${e?"nbi-good":"nbi-chance"}`,title:t},O(e?"check":"cross",11),r)}function ge(e){return Object.entries(e).filter(([,t])=>t).map(([t,r])=>`${r} by ${t}`).join(", ")}function Q({title:e,mark:t,facts:r,images:n,n:o,extra:i=[]},{pictures:a,selection:s}){let u=n.slice(0,bn).map(x=>a.create(x,{size:hn})),l=o>u.length?c("span",{class:"nbi-status"},`and ${(o-u.length).toLocaleString("en-US")} more`):null,h=c("button",{type:"button",class:"nbi-button",disabled:n.length===0,onclick:()=>s.set(n)},`Select ${n.length.toLocaleString("en-US")}`);return c("div",{class:"nbi-panel-row",role:"listitem"},c("div",{class:"nbi-panel-head"},e,t??null,c("span",{class:"nbi-gap"}),...i,h),c("div",{class:"nbi-panel-facts"},...r.flatMap(x=>x?[typeof x=="string"?c("span",{},x):x]:[])),c("div",{class:"nbi-shots"},...u,l))}function oe(e,t){return c("div",{class:"nbi-panel-list",role:"list","aria-label":e},...t)}var we=e=>`${e.toLocaleString("en-US")} member${e===1?"":"s"}`;function mn({layer:e,rows:t,overlap:r},n){let o=t.findIndex(s=>s.name===e),i=t.map((s,u)=>{let l=s.name===e,h=c("button",{type:"button",class:"nbi-button",onclick:()=>n.setLayer(s.name)},"Show");h.disabled=l||n.reason!=="",h.title=l?"It is shown":n.reason||`Show the region in ${s.name}`;let x=r[o]?.[u],b=l||x===null||x===void 0?"":`overlap with ${e}: ${R(x)}`,y={title:c("strong",{},s.name),mark:$t(s.stands_out,s.verdict),extra:[h]};return Q({...y,facts:[we(s.n),ge(s.purity),b],images:s.images,n:s.n},n)});return[c("p",{class:"nbi-panel-words"},"The same image's region in every layer. Overlap: images in both regions over images in either."),oe("Regions by layer",i)]}function gn({features:e,rows:t},r){let n=t.map((i,a)=>{let s=a===0||i.overlap===null?"":`overlap with the region: ${R(i.overlap)}`,u={title:c("strong",{},i.name),facts:[we(i.n).replace("member","image"),ge(i.purity),s]};return Q({...u,images:i.images,n:i.n},r)}),o=`As many nearest images as the region has members. Euclidean and cosine distance: ${e}. The region seldom is purer; what it adds is a rule.`;return[c("p",{class:"nbi-panel-words"},o),oe("Sets of equal size",n)]}var wn={neurons:"setting the neurons that differ",units:"setting all positions of their units",control:"control: as many other neurons, at random"};function xn({label:e,prediction:t,probability:r,rows:n},o){let i=`Labelled ${e}, taken for ${t}; probability of ${e}: ${R(r)}. Below: the regions of the nearest correct images of ${e}, the literals of their rules that this image violates, and what its prediction becomes when these neurons are set to the other state.`,a=n.map(s=>{let u=s.differs.length?`violates ${s.differs.length} of ${s.n_literals} literals: ${s.differs.join(", ")}`:`violates none of ${s.n_literals} literals`,l=c("span",{class:"nbi-panel-title"},o.pictures.create(s.anchor,{size:36}),c("strong",{},s.name)),h=s.outcomes.find(w=>w.set==="control")?.repaired??0,b=s.outcomes.some(w=>w.set!=="control"&&w.repaired>h)?c("span",{class:"nbi-chip nbi-good"},O("check",11),"repaired"):void 0,y=c("div",{class:"nbi-outcomes"},...s.outcomes.map(w=>yn(w,e,r)));return Q({title:l,mark:b,facts:[u,y],images:s.images,n:s.n},o)});return[c("p",{class:"nbi-panel-words"},i),oe("Regions of correct images",a)]}function yn(e,t,r){let n=e.set==="control"?`${R(e.repaired)} of the draws are repaired`:`predicted ${e.prediction}${e.repaired?": repaired":""}`,o=`${wn[e.set]} (${e.n_neurons}): ${t} ${R(r)} → ${R(e.probability)}; ${n}`;return c("div",{class:e.set!=="control"&&e.repaired?"nbi-repaired":""},o)}function vn({class_name:e,n_images:t,n_covered:r,n_candidates:n,uncovered:o,rows:i},a){let s=i.length,u=`${s===0?"No region stands":s===1?"One region stands":`${s} regions stand`} out among the ${t.toLocaleString("en-US")} images predicted as ${e}${s?` and cover ${R(r/t)} of them`:""}. Of all images as anchors, ${n} stand out; one in twenty does by chance.`,l=i.map((x,b)=>{let y=c("button",{type:"button",class:"nbi-button",onclick:()=>a.setAnchor(x.anchor)},"Make anchor");y.disabled=a.reason!=="",y.title=a.reason||`Show the region of ${x.name} among all images`;let w=[we(x.n),`${x.new} in no region above`,ge(x.purity)],p=c("span",{class:"nbi-panel-rule"},x.rule.join(", ")),d=c("strong",{},`Subclass ${b+1}`);return Q({title:d,mark:$t(x.stands_out,x.verdict),facts:[...w,p],images:x.images,n:x.n,extra:[y]},a)}),h=o.length?[Q({title:c("strong",{},"In none of them"),facts:[],images:o,n:t-r},a)]:[];return[c("p",{class:"nbi-panel-words"},u),oe("Subclasses",[...l,...h])]}var At=[["members","Members"],["layers","Across layers"],["neighbours","Neighbours"],["mistake","Why wrong"],["subclasses","Subclasses"]],kn=0;function St({members:e,pictures:t,selection:r,onTab:n,onSelect:o,setAnchor:i,setLayer:a,stop:s,compute:u}){let l=`nbi-region-${++kn}`,h=At.map(([g,v])=>c("button",{type:"button",class:"nbi-tab",role:"tab",id:`${l}-${g}`,"aria-controls":`${l}-panel`,onclick:()=>n(g)},v)),x=c("div",{class:"nbi-tabs",role:"tablist","aria-label":"What to show of the region"},...h),b=c("strong",{class:"nbi-members-count",role:"status"}),y=c("span",{class:"nbi-members-purity"}),w=c("button",{type:"button",class:"nbi-button",onclick:o},"Select members");w.title="Select the members in every linked view";let p=c("div",{class:"nbi-members-view"},c("div",{class:"nbi-bar"},b,y,w),e),d=c("div",{class:"nbi-panel"}),k=c("div",{class:"nbi-tab-panel",role:"tabpanel",id:`${l}-panel`},p,d),f=c("section",{class:"nbi-region-right","aria-label":"Members and more"},x,k),m=null;return x.addEventListener("keydown",g=>{let v={ArrowRight:1,ArrowLeft:-1}[g.key],$=h.filter(N=>!N.disabled),S=$.indexOf(g.target);if(!v||S<0)return;let M=$[(S+v+$.length)%$.length];M.focus(),M.click(),g.preventDefault()}),{element:f,showMembers({count:g,n:v,purity:$,edited:S}){b.textContent=g,y.textContent=`${S?"follow the edited rule":"follow the rule"}${$?`: ${$}`:""}`,y.title=y.textContent,w.disabled=v===0},show(g,{panel:v,reasons:$,reason:S}){if(At.forEach(([E],C)=>{let j=h[C],D=E===g;j.setAttribute("aria-selected",String(D)),j.tabIndex=D?0:-1;let W=$[E]??"";j.disabled=W!==""&&!D,j.title=W?`Not here: ${W}`:""}),k.setAttribute("aria-labelledby",`${l}-${g}`),p.hidden=g!=="members",d.hidden=g==="members",g==="members")return;let M=JSON.stringify([g,v,$[g],S]);if(M===m)return;m=M;let N={pictures:t,selection:r,setAnchor:i,setLayer:a,stop:s,compute:u,reason:S};d.replaceChildren(...kt(g,v,N,$[g]??""))}}}var $n="Another region needs a running kernel",An="No image yet: click an image in a linked view, and its region is shown here.",Sn=["name","label","prediction","confidence","correct"],Mn=150;function Et(e,{catalog:t,selection:r,settings:n,write:o,send:i,signal:a}){let s=null,u=[],l=new Uint32Array(0),h={},x=null,b=En(n),y=!1,w=null,p=He({write:o}),d=c("div",{class:"nbi-warn nbi-region-problem",role:"alert",hidden:!0}),k=Fe({catalog:t,signal:a}),f=it({onStop:()=>i({kind:"stop",name:"verdict"}),onAgain:()=>i({kind:"judge"})}),m=c("div",{class:"nbi-region-about"}),v=gt({catalog:t,selection:r,nameOf:A=>h.name&&K(h.name,A)||`image ${A}`,signal:a}),$=yt({pictures:v,selection:r,onEdit:Lt,onPoint:A=>ie(A)}),S=mt({catalog:t,selection:r,onOpen:A=>o({anchor:A}),signal:a}),M=St({members:S.element,pictures:v,selection:r,onTab:A=>o({tab:A}),onSelect:()=>W(),setAnchor:A=>o({anchor:A}),setLayer:A=>o({layer:A}),stop:A=>i({kind:"stop",name:A}),compute:A=>i({kind:"panel",name:A})}),N=c("section",{class:"nbi-region-left","aria-label":"Anchor and verdict"},k.element,f.element,m),E=c("div",{class:"nbi-region-main"},N,$.element,M.element),C=c("div",{class:"nbi-region-empty"},An);e.append(p.element,d,E,C),Ue(e,r,a);let j=()=>t.hasKernel?"":$n,D=Ce(W,Mn);a.addEventListener("abort",D.cancel,{once:!0});function W(){y=!0,r.set(l),y=!1}function Lt(A){u=A,se(),ie(null),n.follow&&D()}function ie(A){s&&k.frame(s,u,A)}function se(){if(!s)return;l=Ve({columns:Mt(n.columns),reference:Mt(n.reference),n:t.nItems,literals:s.literals,modes:u,tolerance:n.tolerance}),S.show(l,s.anchor,h,"No image follows this rule: loosen a literal by clicking it.");let A={label:ue(h.label,l),prediction:ue(h.prediction,l)};M.showMembers({count:Ye(l.length,s.n_reference),n:l.length,purity:Xe(A),edited:X(u)}),xe()}function xe(){let A=n.evidence.serial===s?.serial?n.evidence:null,L=Ze(n.judging,s?.serial??0,t.hasKernel);f.show(A,{waiting:L,edited:X(u)!==""||n.tolerance!==s?.tolerance})}function Nt(){let A=s;if(s=n.shown.serial===void 0?null:n.shown,E.hidden=s===null,C.hidden=s!==null,!s)return;let L=A&&Ln(A,s);L||(u=s.literals.map(()=>"required")),k.show(s,ce(n.picture),h),(!L||A?.serial===s.serial)&&$.show(s,u,x?.layer===s.layer?x:null);let{thresholded:P,among_words:B,k:It,notes:Pt}=s;m.replaceChildren(...[`Among ${B}, k = ${It}.`,`States: ${P}.`,...Pt.map(Nn)].map(_t=>c("p",{},_t))),se(),ie(null),x?.layer!==s.layer&&Ct(s.layer),s.serial!==b&&(b=s.serial,n.follow&&D())}async function Ct(A){let L=await t.units(A).catch(()=>null);a.aborted||A!==s?.layer||!L||(x=L,$.show(s,u,x))}async function Ot(){let A=Sn.filter(P=>t.columns.some(B=>B.name===P)),L=await Promise.all(A.map(P=>t.column(P).catch(()=>null)));h=Object.fromEntries(A.flatMap((P,B)=>L[B]?[[P,L[B]]]:[]))}function Rt(){let A=["layer","k","t","among","anchor"],L=t.hasKernel&&s!==null&&A.some(P=>n[P]!==n.shown[P]);E.classList.toggle("nbi-waiting",L&&n.problem===""),E.setAttribute("aria-busy",String(L&&n.problem==="")),d.hidden=n.problem==="",d.textContent=n.problem,p.show(n,{reason:j(),nLiterals:s?.literals.length??n.t})}function Tt(){if(!s)return;let A=s.reasons[n.tab]??"",L=n.panels[n.tab];M.show(n.tab,{panel:L,reasons:s.reasons,reason:j()}),!(n.tab==="members"||A||L||!t.hasKernel)&&i({kind:"panel",name:n.tab})}return r.on("change",({indices:A,transient:L})=>{y||L||!n.follow||!t.hasKernel||A.length!==1||o({anchor:A[0]})},a),r.on("unit",()=>$.markUnit(),a),{async apply(A){w??=Ot(),await w,n={...n,...A},"height"in A&&e.style.setProperty("--nbi-height",`${n.height}px`),"shown"in A?Nt():"tolerance"in A?Ut():("evidence"in A||"judging"in A)&&xe(),Rt(),["shown","tab","panels"].some(L=>L in A)&&Tt()}};function Ut(){se(),n.follow&&s&&D()}}function En(e){return e.shown.serial??0}function Ln(e,t){return e.anchor===t.anchor&&e.layer===t.layer&&JSON.stringify(e.literals)===JSON.stringify(t.literals)}function Mt(e){let t=ce(e);return new Uint8Array(t.buffer,t.byteOffset,t.byteLength)}function Nn(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}.`}var Cn=["anchor","layer","k","t","tolerance","among","follow","tab","layers","shown","columns","reference","evidence","judging","panels","problem","picture","height"],Bo={initialize(){},render:Re({className:"nbi-region",traits:Cn,create:Et,together:Oe})};export{Bo as default};
