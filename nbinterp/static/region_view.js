function Te(e,t,r,n){if(n.aborted)return;let o=()=>r(e.get(t));e.on(`change:${t}`,o),n.addEventListener("abort",()=>e.off(`change:${t}`,o),{once:!0})}function Re(e,t){let r=Object.entries(t).filter(([n,o])=>!Qt(e.get(n),o));for(let[n,o]of r)e.set(n,o);r.length>0&&e.save_changes()}function Qt(e,t){return e===t||typeof e=="object"&&JSON.stringify(e)===JSON.stringify(t)}function Ue(e){let t=new AbortController,r=()=>t.abort();return e?.aborted?r():e?.addEventListener("abort",r,{once:!0}),{signal:t.signal,end:r}}function Pe(e){let t=document.createElement("div");t.className="nbi-hint",t.popover="manual",t.ariaHidden="true";let r,n=-1/0,o=new AbortController,i=()=>{clearTimeout(r),o.abort(),t.remove()},a=(f,u)=>{f.isConnected&&(t.textContent=u,e.append(t),t.showPopover(),tn(t,f),o=new AbortController,window.addEventListener("scroll",i,{capture:!0,passive:!0,signal:o.signal}))},s=f=>{n=f.timeStamp,i()};e.addEventListener("focusin",f=>{let u=f.target;if(i(),u.closest(".nbi")!==e||f.timeStamp-n<500||!u.matches(":focus-visible"))return;let d=en(u,f.relatedTarget,e);d&&(r=setTimeout(()=>a(u,d),500))});for(let f of["pointerdown","pointerup"])e.addEventListener(f,s,{capture:!0});e.addEventListener("focusout",i),e.addEventListener("keydown",i,{capture:!0})}function en(e,t,r){let n=e.closest("[title]:not([title=''])"),o=e.closest("[aria-description]"),a=n&&r.contains(n)&&n.title!==e.textContent?.trim()?n.title:e.dataset.title,s=o&&r.contains(o)&&!(t instanceof Node&&o.contains(t));return[a,s?o.getAttribute("aria-description"):""].filter(Boolean).join(`
`)}function tn(e,t){let r=t.getBoundingClientRect(),{width:n,height:o}=e.getBoundingClientRect(),i=r.top-6-o,a=r.bottom+6,s=a+o<=window.innerHeight||i<0?a:i;e.style.left=`${Math.max(4,Math.min(r.left,window.innerWidth-n-4))}px`,e.style.top=`${Math.max(4,Math.min(s,window.innerHeight-o-4))}px`}function nn(e){let t=e.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number)??[];if(t.length<3||(t[3]??1)<.5)return null;let r=e.startsWith("rgb")?255:1,[n,o,i]=t.map(a=>a/r);return .2126*n+.7152*o+.0722*i}var rn="cell-output-ipywidget-background";function de(e){for(let n=Ie(e);n;n=Ie(n)){if(n.classList.contains(rn))continue;let o=nn(getComputedStyle(n).backgroundColor);if(o!==null)return o<.5}let t=document.body.dataset.vscodeThemeKind;if(t)return t==="vscode-dark"||t==="vscode-high-contrast";let r=getComputedStyle(document.documentElement).colorScheme;return r==="dark"||/dark/.test(r)&&matchMedia("(prefers-color-scheme: dark)").matches}function Ie(e){let t=e.getRootNode();return e.parentElement??(t instanceof ShadowRoot?t.host:null)}function _e(e,t,r=()=>{}){let n=null,o=()=>{let u=de(e);u!==n&&(n=u,e.classList.toggle("nbi-dark",u),e.classList.toggle("nbi-light",!u),r(u))},i=()=>requestAnimationFrame(()=>!t.aborted&&o()),a=new MutationObserver(i),s={attributes:!0,attributeFilter:["class","style","data-jp-theme-light","data-theme","data-vscode-theme-kind"]};a.observe(document.documentElement,s),a.observe(document.body,s),a.observe(document.head,{childList:!0}),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",i,{signal:t}),t.addEventListener("abort",()=>a.disconnect(),{once:!0}),o()}function l(e,t={},...r){let n=document.createElement(e);for(let[o,i]of Object.entries(t))i==null||i===!1||(typeof i=="function"?n.addEventListener(o.replace(/^on/,""),i):n.setAttribute(o,i===!0?"":String(i)));return n.append(...r.filter(o=>o!==null)),n}function T(e,t){e.textContent!==t&&(e.textContent=t)}function fe(e,t){e.textContent="",setTimeout(()=>{e.textContent=t})}function je(e,t,r={}){let n=l("div",{class:`nbi ${t}`,"data-lm-suppress-shortcuts":"true",...r});n.addEventListener("keydown",i=>i.stopPropagation());let o=i=>{i.target instanceof Element&&i.target.closest("button[aria-disabled=true]")&&(i.preventDefault(),i.stopPropagation())};return n.addEventListener("click",o,{capture:!0}),Pe(n),e.replaceChildren(n),n}function Fe(e,t){let r=t instanceof Error?t.message:String(t),n=l("div",{class:"nbi nbi-problem",role:"alert"},r);e.replaceChildren(n),n.classList.add(de(n)?"nbi-dark":"nbi-light")}function He(e,t){if(!e||t.aborted)return;let r=`.nbinterp-snapshot-${CSS.escape(e)}`,n=[".jp-OutputArea-child",".output_area"].map(i=>`${i}:has(> * > ${r}, > ${r})`),o=l("style",{},`${[r,...n].join(", ")} { display: none !important; }`);document.head.append(o),t.addEventListener("abort",()=>o.remove(),{once:!0})}var on="This front end does not support linked widgets: it needs anywidget 0.11 or newer. Upgrade anywidget where the notebook server runs, then reload the page.";async function De(e,t,r){if(!t)throw new Error(on);let n=await t.getWidget(e.get(r)).catch(o=>{let i=o instanceof Error?o.message:String(o);throw new Error(`The widget's ${r} could not be reached (${i}). Run the cell again.`)});if(!n.exports)throw new Error(`The widget's ${r} is of another version. Restart the kernel, reload the page.`);return n.exports}var sn="This view was saved without its kernel; the picture shows it as it was. Run the cell again to explore it.";async function an(e){try{return(await e.widget_manager.get_model(String(e.get("catalog")).replace(/^anywidget:/,""))).comm_live===!1}catch{return!1}}async function We(e,t){if(await an(e))throw new Error(sn);let[r,n]=await Promise.all([De(e,t,"catalog"),De(e,t,"link")]);return{catalog:r,selection:n}}function pe(e,t){let r=null,n=null,o=()=>{let s=n;i(),s&&e(...s)},i=()=>{r!==null&&clearTimeout(r),r=null,n=null};return Object.assign((...s)=>{r!==null&&clearTimeout(r),n=s,r=setTimeout(o,t)},{cancel:i,flush:o})}function H(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,requestAnimationFrame(()=>{r=!1,t?.aborted||e()}))}}function Ke(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,queueMicrotask(()=>{r=!1,t?.aborted||e()}))}}function Be({className:e,traits:t,create:r,together:n=H}){return async function({model:i,el:a,host:s,signal:f}){let{signal:u,end:d}=Ue(f);try{let{catalog:w,selection:b}=await We(i,s);if(u.aborted)return d;let x=je(a,e);_e(x,u);let k=cn(i,t),h=m=>i.send(m),A=r(x,{catalog:w,selection:b,settings:k,write:m=>Re(i,m),send:h,signal:u});ln(i,t,A.apply,u,n);let{receive:c}=A;if(c){let m=(p,g)=>c(p,g);i.on("msg:custom",m),u.addEventListener("abort",()=>i.off("msg:custom",m),{once:!0})}await A.apply(k),He(i.get("snapshot_id"),u),c&&h({kind:"ready"})}catch(w){Fe(a,w)}return d}}function cn(e,t){return Object.fromEntries(t.map(r=>[r,e.get(r)]))}function ln(e,t,r,n,o=H){let i={},a=o(()=>{let s=i;i={},r(s)},n);for(let s of t)Te(e,s,u=>{i[s]=u,a()},n)}function he(e){return e instanceof DataView?e:ArrayBuffer.isView(e)?new DataView(e.buffer,e.byteOffset,e.byteLength):e instanceof ArrayBuffer?new DataView(e):new DataView(new ArrayBuffer(0))}var pr=new Intl.Collator(void 0,{numeric:!0,sensitivity:"base"});function B(e,t=4){if(Number.isNaN(e))return"–";if(!Number.isFinite(e))return e>0?"∞":"−∞";let r=Math.abs(e);return r>=1e6||r>0&&r<.001?e.toExponential(t-2).replace("-","−"):String(Number(e.toPrecision(t))).replace("-","−")}function Y(e,t){let r=e.values[t];if(e.kind==="text")return String(r??"");let n=Number(r);return e.kind==="category"?e.categories[n]??"":e.kind==="boolean"?n?"yes":"no":Number.isNaN(n)?"":B(n)}function be(e,t,r){let n=null,o=d=>e.contains(d.closest("[hidden]")),i=()=>[...e.querySelectorAll(t)].filter(d=>!d.matches(":disabled")&&!o(d)),a=()=>{let d=i();(!n||!d.includes(n))&&(n=d[0]??null);for(let w of d)w.tabIndex=w===n?0:-1},s=d=>{let w=i(),b=w.indexOf(d.target);if(b<0||d.ctrlKey||d.metaKey||d.altKey)return;let x=w.length-1,[k,h]=[b===x?0:b+1,b===0?x:b-1],y={ArrowRight:k,ArrowDown:k,ArrowLeft:h,ArrowUp:h,Home:0,End:x};d.key in y&&(d.preventDefault(),w[y[d.key]].focus())},f=d=>{let w=d.target;i().includes(w)&&(n=w,a())};e.addEventListener("keydown",s,{signal:r}),e.addEventListener("focusin",f,{signal:r});let u=new MutationObserver(a);u.observe(e,{subtree:!0,childList:!0,attributes:!0,attributeFilter:["disabled","hidden"]}),r.addEventListener("abort",()=>u.disconnect(),{once:!0}),a()}function ne(e,t){let r=t&&e.matches(":focus");if(e.disabled=t&&!r,!r)return e.removeAttribute("aria-disabled");e.ariaDisabled!=="true"&&(e.ariaDisabled="true",e.addEventListener("blur",()=>e.ariaDisabled==="true"&&ne(e,!0),{once:!0}))}var un={undo:"M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",redo:"M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",invert:"M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",clear:"M4 4l8 8 M12 4l-8 8",save:"M4 2.5h8v11l-4-3-4 3z",list:"M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",download:"M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",check:"M3 8.5l3.5 3.5L13 4.5",cross:"M4 4l8 8 M12 4l-8 8",up:"M8 13V3 M4 7l4-4 4 4",down:"M8 3v10 M4 9l4 4 4-4",search:"M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",filter:"M2 3h12L9.5 8.5V13l-3-1.5v-3z",refresh:"M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5"},ze="http://www.w3.org/2000/svg";function I(e,t=14){let r=document.createElementNS(ze,"svg"),n={viewBox:"0 0 16 16",width:t,height:t,fill:"none",stroke:"currentColor"};for(let[i,a]of Object.entries(n))r.setAttribute(i,String(a));r.setAttribute("stroke-width","1.7"),r.setAttribute("stroke-linecap","round"),r.setAttribute("stroke-linejoin","round"),r.setAttribute("aria-hidden","true"),r.classList.add("nbi-icon"),e==="invert"&&r.setAttribute("fill-rule","evenodd");let o=document.createElementNS(ze,"path");return o.setAttribute("d",un[e]),r.append(o),r}var dn="button, input, select, textarea, a[href], [tabindex]";function z(e,t){let{activeElement:r}=e.getRootNode(),n=r;if(!n||!e.contains(n))return t();let o=qe(e),i=me(n),a=o.filter(d=>me(d)===i).indexOf(n);if(t(),n.isConnected&&Ve(n))return n.focus({preventScroll:!0});let s=qe(e),f=s.filter(d=>me(d)===i),u=f[Math.min(a,f.length-1)]??s[Math.min(o.indexOf(n),s.length-1)];u||(e.tabIndex=-1),(u??e).focus({preventScroll:!0})}function Ve(e){return!e.matches(":disabled")&&e.checkVisibility({visibilityProperty:!0})}function qe(e){return[...e.querySelectorAll(dn)].filter(Ve)}function me(e){return e.getAttribute("aria-label")??e.textContent??""}function Xe(e,t,r){e.addEventListener("keydown",n=>{if(!(n.ctrlKey||n.metaKey)||n.target.matches("input:not([type=range], [type=radio], [type=checkbox]), textarea"))return;let o=n.key.toLowerCase();o!=="z"&&o!=="y"||(n.preventDefault(),o==="y"||n.shiftKey?t.redo():t.undo())},{signal:r})}function Ge(e,t){let r=new Int32Array(t),n=new Float32Array(t);for(let o=0;o<t;o++){let i=Math.min(Math.max((o+.5)*e/t-.5,0),e-1);r[o]=Math.min(Math.floor(i),Math.max(0,e-2)),n[o]=i-r[o]}return{low:r,weight:n}}function fn(e,t,r){let n=Ge(e.height,t),o=Ge(e.width,r),i=e.height>1?e.width:0,a=e.width>1?1:0,s=new Float32Array(t*r);for(let f=0;f<t;f++){let u=n.low[f]*e.width,d=n.weight[f];for(let w=0;w<r;w++){let b=u+o.low[w],x=o.weight[w],k=e.data[b]*(1-x)+e.data[b+a]*x,h=e.data[b+i]*(1-x)+e.data[b+i+a]*x;s[f*r+w]=(k*(1-d)+h*d)/255}}return s}function Ye(e,t,r=.6){let n=fn(e,t,t),o=0;for(let a of n)o=Math.max(o,a);let i=new Uint8ClampedArray(4*t*t);for(let a=0;a<n.length;a++){let s=o>0?Math.min(1,Math.max(0,(n[a]/o-.35)/.25)):0;i[4*a+3]=255*r*(1-s*s*(3-2*s))}return i}var pn=.1;function Je(e,t,r=.8){let n=new Uint8ClampedArray(4*e.data.length),o=Math.max(1,...e.data)/255,i=r*Math.min(1,o/pn);for(let a=0;a<e.data.length;a++){let s=e.data[a]/255,f=3*Math.round(255*Math.sqrt(s));for(let u=0;u<3;u++)n[4*a+u]=t[f+u];n[4*a+3]=255*i*(s/o)}return n}var hn="44015444025645045745055946075a46085c460a5d460b5e470d60470e6147106347116447136548146748166848176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a48621a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf7046c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d54989d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21ad8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723fde725",zr=Uint8Array.from({length:768},(e,t)=>Number.parseInt(hn.slice(2*t,2*t+2),16));var re=[[176,0,120],[255,84,0],[255,255,96]],Ze=Uint8Array.from({length:768},(e,t)=>{let r=Math.floor(t/3)/255*(re.length-1),n=Math.min(Math.floor(r),re.length-2),[o,i]=[re[n][t%3],re[n+1][t%3]];return Math.round(o+(r-n)*(i-o))});var J=56;function V(e,t,r){let n=Math.min(2,window.devicePixelRatio||1),[o,i]=[t,r].map(s=>Math.round(s*n));e.width!==o&&(e.width=o),e.height!==i&&(e.height=i);let a=e.getContext("2d");return a.clearRect(0,0,o,i),{ctx:a,scale:n}}function X(e,t,{item:r,x:n,y:o,size:i,map:a,as:s="heat"}){let[f,u,d]=[n,o,i].map(Math.round);if(!t.thumbs.draw(e,r,f,u,d,d))return!1;let{image:w,seen:b}=t.thumbs.boxes(r);if(mn(e,w,f,u,d),a){let[x,k,h,y]=b.map(c=>c*d);s==="mask"&&gn(e,w,b,f,u,d);let{canvas:A}=s==="heat"?wn(a):xn(a);e.drawImage(A,f+x,u+k,h,y)}return!0}function mn(e,t,r,n,o){let[i,a,s,f]=t.map(u=>u*o);(i>0||s<o)&&(e.clearRect(r,n,i,o),e.clearRect(r+i+s,n,o-i-s,o)),(a>0||f<o)&&(e.clearRect(r,n,o,a),e.clearRect(r,n+a+f,o,o-a-f))}function gn(e,t,r,n,o,i){let a=new Path2D;for(let[s,f,u,d]of[t,r])a.rect(n+s*i,o+f*i,u*i,d*i);e.fillStyle=`rgba(0, 0, 0, ${.6})`,e.fill(a,"evenodd")}function wn(e){let t=et(e.width,e.height);return t.putImageData(new ImageData(Je(e,Ze),e.width,e.height),0,0),t}function xn(e){let t=et(J,J);return t.putImageData(new ImageData(Ye(e,J),J,J),0,0),t}var Qe=new Map;function et(e,t){let r=`${e}×${t}`,n=Qe.get(r);return n||(n=l("canvas",{width:e,height:t}).getContext("2d",{willReadFrequently:!0}),Qe.set(r,n)),n.clearRect(0,0,e,t),n}function tt({order:e,selected:t,anchor:r,to:n},{toggle:o,range:i}){let a=e[n];if(i){let[s,f]=r<n?[r,n]:[n,r],u=Array.from(e.subarray(Math.max(0,s),f+1));return o?[...new Set([...t,...u])]:u}return o?t.includes(a)?Array.from(t).filter(s=>s!==a):[...t,a]:[a]}function ge({width:e,tile:t,count:r}){let n=t+8,o=Math.max(1,Math.floor(e/n));return{columns:o,nRows:Math.ceil(r/o),cellWidth:e/o,rowHeight:t+44}}function oe(e,t){let r=d=>e[d]?Y(e[d],t):"",n=r("name")||`image ${t}`,o=r("label"),i=r("prediction"),a=e.confidence?Number(e.confidence.values[t]):Number.NaN,s=Number.isNaN(a)?"":`${(100*a).toFixed(0)} %`,f=vn(e,o,i,t),u=[n];return o&&u.push(`label ${o}`),i&&u.push(`predicted ${i}${s?` (${s})`:""}`),f!=="unknown"&&u.push(f),{mark:f,first:o||n,second:i,confidence:s,name:n,full:u.join(", ")}}function vn(e,t,r,n){if(!t||!r)return"unknown";let o=e.correct;return(o?.kind==="boolean"?Number(o.values[n])===1:t===r)?"right":"wrong"}var we=168,nt="http://www.w3.org/2000/svg";function rt({catalog:e,signal:t}){let r=l("canvas",{class:"nbi-anchor-thumb","aria-hidden":"true"}),n=l("img",{class:"nbi-anchor-image",draggable:"false",hidden:!0}),o=document.createElementNS(nt,"svg");o.setAttribute("class","nbi-anchor-cells"),o.setAttribute("viewBox","0 0 1 1"),o.setAttribute("aria-hidden","true");let i=l("span",{class:"nbi-status"}),a=l("strong",{class:"nbi-anchor-name"}),s=l("div",{class:"nbi-anchor-facts"}),f=l("div",{class:"nbi-anchor"},l("div",{class:"nbi-anchor-frame"},r,n,o,i),l("div",{class:"nbi-anchor-words"},a,s));n.addEventListener("load",()=>{n.hidden=!1});let u="",d=0;t.addEventListener("abort",()=>URL.revokeObjectURL(u),{once:!0});function w(b,x){let{ctx:k,scale:h}=V(r,we,we);b.anchor>=0&&X(k,e,{item:b.anchor,x:0,y:0,size:we*h}),URL.revokeObjectURL(u),u=x.byteLength?URL.createObjectURL(new Blob([x],{type:"image/jpeg"})):"",n.hidden=!0,u?n.src=u:n.removeAttribute("src"),n.alt=`the anchor ${b.name}`,i.textContent=u?"":e.thumb.missing||"No picture of this image."}return{element:f,show(b,x,k){b.serial!==d&&w(b,x),d=b.serial;let h=b.anchor<0?null:oe(k,b.anchor);a.textContent=b.name,a.title=b.name;let y=[];h?.second?y.push(`label ${h.first}`,`predicted ${h.second} ${h.confidence}`):h&&y.push(h.first);let c=h?.mark==="wrong"?l("span",{class:"nbi-warn"},"✗ classified wrongly"):h?.mark==="right"?"✓ classified correctly":null;s.replaceChildren(...y.map(m=>l("div",{},m)),...c?[l("div",{},c)]:[])},async frame(b,x,k){o.replaceChildren();let{anchor:h,grid:y}=b;if(h<0||!y||e.thumb.missing||(await e.thumbs.ready([h]).catch(()=>{}),t.aborted||b.serial!==d))return;let[A,c,m,p]=e.thumbs.boxes(h).seen,g=[];for(let[v,$]of b.literals.entries()){if($.y===null||$.x===null||x[v]==="ignored")continue;let E=document.createElementNS(nt,"rect"),M={x:A+$.x/y[1]*m,y:c+$.y/y[0]*p,width:m/y[1],height:p/y[0]};for(let[O,C]of Object.entries(M))E.setAttribute(O,String(C));E.setAttribute("class",$===k?"nbi-place nbi-pointed":"nbi-place");let L=E.cloneNode();L.setAttribute("class","nbi-place nbi-around"),g.push([L,E])}g.sort(([,v],[,$])=>v.classList.length-$.classList.length),o.replaceChildren(...g.flat())}}}var ie={k:"Size of the neighbour set: the images nearest to the anchor, itself included, whose common states make the rule",t:"Literals of the rule: so many of the states that the neighbours share and few other images have",tolerance:"How many literals a member may violate",among:"Which images count: neighbours and members are among them, and base rates are theirs",follow:"An image that is selected by itself becomes the anchor; the members are then selected in every linked view"},kn=[["all","all images"],["prediction","those of its prediction"],["label","those of its label"],["chosen","chosen images"]];function ot({write:e}){let t=l("div",{class:"nbi-layers",role:"radiogroup","aria-label":"Layer"}),r=u("k","k",4,32),n=u("t","t",1,30),o=u("tolerance","Tolerance",0,10),i=l("select",{class:"nbi-select",onchange:()=>e({among:i.value})},...kn.map(([b,x])=>l("option",{value:b},x))),a=l("button",{type:"button",class:"nbi-button"},"Follow clicks"),s=l("span",{class:"nbi-status"});a.addEventListener("click",()=>e({follow:a.getAttribute("aria-pressed")!=="true"}));let f=l("div",{class:"nbi-region-controls"},l("div",{class:"nbi-bar"},l("span",{class:"nbi-status"},"Layer"),t),l("div",{class:"nbi-bar"},r.element,n.element,o.element,l("label",{class:"nbi-field",title:ie.among},"Among",i),a,s));t.addEventListener("keydown",d);function u(b,x,k,h){let y=l("input",{type:"range",min:k,max:h,class:"nbi-range","aria-label":`${x}: ${ie[b]}`}),A=l("output",{class:"nbi-output"});y.addEventListener("input",()=>{A.textContent=y.value,e({[b]:Number(y.value)})});let c=(m,p=h)=>{y.min=String(Math.min(k,m)),y.max=String(Math.max(p,m)),y.value=A.textContent=String(m)};return{element:l("label",{class:"nbi-field",title:ie[b]},x,y,A),input:y,show:c}}function d(b){let x={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[b.key],k=[...t.querySelectorAll("button")],h=k.indexOf(b.target);if(!x||h<0)return;let y=k[(h+x+k.length)%k.length];y.focus(),y.click(),b.preventDefault()}function w({layers:b,layer:x},k){t.childElementCount!==b.length&&t.replaceChildren(...b.map(({name:h})=>l("button",{type:"button",class:"nbi-button",role:"radio",onclick:()=>e({layer:h})},h))),b.forEach(({name:h,reason:y},A)=>{let c=t.children[A],m=h===x;c.setAttribute("aria-checked",String(m)),c.tabIndex=m?0:-1,c.setAttribute("aria-disabled",String(!m&&(y||k)!=="")),c.title=m?"":y||k})}return{element:f,show(b,{reason:x,nLiterals:k}){w(b,x),r.show(b.k),n.show(b.t),o.show(b.tolerance,Math.max(1,k)),i.value=b.among,i.options[3].hidden=b.among!=="chosen",a.setAttribute("aria-pressed",String(b.follow)),s.textContent=x;for(let h of[r.input,n.input,i,a])h.disabled=x!=="",h===a?h.title=x||ie.follow:h.parentElement&&(h.parentElement.title=x||h.parentElement.title)}}}var Sn={required:"ignored",ignored:"flipped",flipped:"required"};function st(e){return Sn[e]}function at({columns:e,reference:t,n:r,literals:n,modes:o,tolerance:i}){let a=Math.ceil(r/8),s=new Uint16Array(r);n.forEach(({state:u},d)=>{if(o[d]==="ignored")return;let w=+(u===(o[d]==="required"));for(let b=0;b<r;b++)s[b]+=+(it(e,d*a,b)!==w)});let f=Array.from({length:i+1},()=>[]);for(let u=0;u<r;u++)s[u]<=i&&it(t,0,u)&&f[s[u]].push(u);return Uint32Array.from(f.flat())}function it(e,t,r){return e[t+(r>>3)]>>7-(r&7)&1}function xe(e,t){if(e?.kind!=="category")return null;let r=new Uint32Array(e.categories.length),n=0;for(let i=0;i<t.length;i++){let a=Number(e.values[t[i]]);a<0||(r[a]++,n++)}if(n===0)return null;let o=r.indexOf(Math.max(...r));return{name:e.categories[o],share:r[o]/n,known:n}}function ct(e){return Object.entries(e).map(([r,n])=>n&&`${_(n.share)} ${n.name} by ${r}`).filter(Boolean).join(", ")}function _(e){let t=100*e;return`${t>0&&t<1?"< 1":t<100&&t>99?"> 99":t.toFixed(0)} %`}function lt({unit:e,y:t,x:r}){return t===null?`unit ${e}`:`unit ${e} at (${t}, ${r})`}function ut({state:e},t){return t==="ignored"?"either":e===(t==="required")?"on":"off"}function dt(e,t){let r=n=>n.toLocaleString("en-US");return`${r(e)} of ${r(t)} image${t===1?"":"s"}`}function Z(e){let t=n=>e.filter(o=>o===n).length;return[t("ignored")&&`${t("ignored")} ignored`,t("flipped")&&`${t("flipped")} flipped`].filter(Boolean).join(", ")}function ft({verdict:e}){let t=e.indexOf(": "),r=t<0?e:e.slice(0,t);return{head:r.charAt(0).toUpperCase()+r.slice(1),facts:t<0?"":e.slice(t+2)}}function pt(e,t,r){if(!r)return{text:"The verdict was not computed when this page was written.",act:""};let n=e.serial===t?e:null;return n?.state==="stopped"?{text:"Not compared with chance: it was stopped.",act:"again"}:{text:`Comparing with chance${n?.text?`: ${n.text}`:""} …`,act:n?"stop":""}}function ht(e){let t=e.flatMap(o=>Array.from(o)).filter(o=>o>0&&Number.isFinite(o));if(t.length===0)return{low:-1,high:1};let r=t.map(Math.log10),n=Math.floor(Math.min(...r));return{low:n,high:Math.max(n+1,Math.ceil(Math.max(...r)))}}function Q(e,{low:t,high:r},n){return e>0?(1+Math.min(1,Math.max(0,(Math.log10(e)-t)/(r-t)))*(n-1))/n:.5/n}function ye(e,t,r){let n=new Float64Array(r);for(let o=0;o<e.length;o++)n[Math.min(r-1,Math.floor(Q(e[o],t,r)*r))]+=1/e.length;return n}function bt(e,{low:t,high:r},n){let o=i=>10**(t+i/(n-1)*(r-t));return e===0?[0,0]:[o(e-1),o(e)]}function mt({low:e,high:t},r){let n=Math.max(1,Math.ceil((t-e)/r)),o=[];for(let i=Math.ceil(e/n)*n;i<=t;i+=n)o.push(i);return o}var An="⁰¹²³⁴⁵⁶⁷⁸⁹";function gt(e){if(e>=-1&&e<=3)return B(10**e);let t=[...String(Math.abs(e))].map(r=>An[Number(r)]).join("");return`10${e<0?"⁻":""}${t}`}function ve(e){return e>=999.5&&Number.isFinite(e)?Math.round(e).toLocaleString("en-US"):B(e,3)}function wt({lift:e,null_lifts:t}){let r=Object.entries(t).map(([n,o])=>`${o.filter(a=>e!==null&&a>=e).length} of ${o.length} lifts of ${n} are as large`);return`Lift ${e===null?"unknown":ve(e)}; ${r.join(", ")}`}var $n="http://www.w3.org/2000/svg",U=276,ke=46,se=34,ee=se+ke,D=ee+ke+18,j=30,xt=[["random anchors",-1,"random anchors ↑","nbi-random",se-4,"random"],["shuffled",1,"shuffled codes ↓","nbi-shuffled",D-5,"shuffled"]];function P(e,t,r){let n=document.createElementNS($n,e);for(let[o,i]of Object.entries(t))n.setAttribute(o,String(i));return r!==void 0&&(n.textContent=r),n}var yt=({lift:e,null_lifts:t})=>ht([[e??Number.NaN],...Object.values(t)]);function vt({onStop:e,onAgain:t}){let r=l("span",{class:"nbi-verdict-sign","aria-hidden":"true"}),n=l("strong"),o=l("p",{class:"nbi-verdict-facts"}),i=l("p",{class:"nbi-verdict-note nbi-warn",role:"status"}),a=l("span",{class:"nbi-hidden",role:"status"}),s=l("button",{type:"button",class:"nbi-button",onclick:e,hidden:!0},"Stop");s.title="Stop comparing with chance; it can go on from there";let f=l("button",{type:"button",class:"nbi-button",onclick:t,hidden:!0},"Go on");f.title="Go on comparing with chance";let u=l("div",{class:"nbi-verdict"},l("div",{class:"nbi-verdict-head"},r,n),i,o,s,f),d=P("svg",{class:"nbi-lifts",width:U,height:D+34,role:"img",tabindex:0});d.setAttribute("aria-description","Left and Right go from bar to bar."),d.setAttribute("viewBox",`0 0 ${U} ${D+34}`);let w=l("div",{class:"nbi-evidence"},u,a,d),b=P("text",{x:U/2,y:D+29,"text-anchor":"middle",class:"nbi-tick-text"}),x=P("rect",{y:se,width:U/j,height:D-se,class:"nbi-pointed"}),k=null,h=-1;d.addEventListener("keydown",p=>{let{key:g,ctrlKey:v,metaKey:$,altKey:E}=p,M={ArrowRight:h+1,ArrowLeft:h-1,Home:0,End:j-1}[g];M===void 0||v||$||E||(p.preventDefault(),y(Math.max(0,Math.min(M,j-1))),T(a,b.textContent??""))}),d.addEventListener("blur",()=>y(-1));function y(p){if(h=p,x.remove(),T(b,"lift, log scale"),h<0||!k)return;let g=yt(k),[v,$]=bt(h,g,j).map(M=>B(M,2)),E=xt.map(([M,,,,,L])=>`${(100*ye(k?.null_lifts[M]??[],g,j)[h]).toFixed(0)} % of ${L}`);x.setAttribute("x",String(h*U/j)),d.prepend(x),T(b,`lift ${h?`${v}–${$}`:"0"}: ${E.join(", ")}`)}function A(p){k=p;let g=p.lift??Number.NaN,v=yt(p);d.replaceChildren(),d.setAttribute("aria-label",wt(p));let $=Q(g,v,j)<.5;for(let[E,M,L,O,C]of xt)d.append(...c(p.null_lifts[E]??[],v,E,M)),d.append(P("text",{x:$?U:0,y:C,"text-anchor":$?"end":"start",class:O},L));d.append(P("line",{x1:0,x2:U,y1:ee,y2:ee,class:"nbi-axis"})),d.append(P("line",{x1:0,x2:U,y1:D,y2:D,class:"nbi-axis"})),d.append(P("text",{x:0,y:D+14,class:"nbi-tick-text"},"0"));for(let E of mt(v,4)){let M=Q(10**E,v,j)*U;if(M<16)continue;let L=M>U-12?"end":"middle";d.append(P("line",{x1:M,x2:M,y1:D,y2:D+3,class:"nbi-axis"})),d.append(P("text",{x:M,y:D+14,"text-anchor":L,class:"nbi-tick-text"},gt(E)))}d.append(b),y(h),Number.isNaN(g)||m(g,v)}function c(p,g,v,$){let E=ye(p,g,j),M=Math.max(...E,1e-9),L=U/j;return Array.from(E,(O,C)=>{let R=O/M*(ke-4),W=$<0?ee-R:ee,K=P("rect",{x:C*L+.5,y:W,width:L-1,height:R,class:v==="shuffled"?"nbi-shuffled":"nbi-random"});return K.append(P("title",{},`${(100*O).toFixed(0)} % of ${v}`)),K}).filter(O=>Number(O.getAttribute("height"))>0)}function m(p,g){let v=Q(p,g,j)*U;d.append(P("line",{x1:v,x2:v,y1:16,y2:D,class:"nbi-own"}));let $=v>U-70?"end":v<70?"start":"middle";d.append(P("text",{x:v,y:12,"text-anchor":$,class:"nbi-own"},`this image: ${ve(p)}`))}return{element:w,show(p,{waiting:g,edited:v}){if(d.toggleAttribute("hidden",!p),z(u,()=>{s.hidden=p!==null||g.act!=="stop",f.hidden=p!==null||g.act!=="again"}),T(i,v&&p?"The verdict is on the rule as found, not as edited.":""),T(a,p?p.verdict:g.text.split(":")[0]),u.dataset.verdict=p?p.stands_out?"stands-out":"chance":"none",r.replaceChildren(...p?[I(p.stands_out?"check":"cross",13)]:[]),!p){n.textContent="",o.textContent=g.text;return}let $=ft(p);n.textContent=$.head,o.textContent=$.facts,A(p)}}}var kt=`.nbi-body {
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
`;function St(e,t){return e>8e6?(e-t)/(8e6-t):1}function Se({nRows:e,rowHeight:t,viewport:r,scrollTop:n,overscan:o=1}){let i=e*t,a=Math.min(i,8e6),s=Math.max(0,Math.min(n,a-r)),f=s*St(i,r);return{first:Math.max(0,Math.floor(f/t)-o),last:Math.min(e,Math.ceil((f+r)/t)+o),scrollHeight:a,shift:s-f}}function At(e,{nRows:t,rowHeight:r,viewport:n,scrollTop:o}){let i=St(t*r,n),a=o*i,s=e*r;return s<a?s/i:s+r>a+n?Math.max(0,s+r-n)/i:o}function $t(e,{key:t,ctrl:r=!1},{count:n,columns:o,pageRows:i}){let a=e-e%o,s=Math.max(1,i)*o,f={ArrowLeft:e-1,ArrowRight:e+1,ArrowUp:e-o,ArrowDown:e+o,PageUp:e-s,PageDown:e+s,Home:r?0:a,End:r?n-1:a+o-1};if(!(t in f)||n===0)return null;let u=f[t];return t==="ArrowUp"&&u<0?e:t==="ArrowDown"&&u>=n?Math.floor(e/o)<Math.floor((n-1)/o)?n-1:e:t==="PageUp"&&u<0?e%o:Math.max(0,Math.min(n-1,u))}function Et({scroller:e,createRow:t,fillRow:r,onPaint:n,signal:o}){let i=l("div",{class:"nbi-sizer",role:"presentation"});e.append(i),e.before(l("style",{},kt));let a=new Map,s=[],f={nRows:0,rowHeight:1},u=-1,d="",w=()=>({...f,viewport:e.clientHeight,scrollTop:e.scrollTop}),b=(h,y,A)=>h>=y&&h<A||h===u;function x(h=!1){let{first:y,last:A,scrollHeight:c,shift:m}=Se(w());i.style.height=`${c}px`;for(let[g,v]of a)b(g,y,A)&&g<f.nRows||(a.delete(g),s.push(v));let p=u>=0&&u<f.nRows&&(u<y||u>=A)?[u]:[];for(let g=y;g<A;g++)p.push(g);for(let g of p)k(g,m,h);for(let g of s)g.element.hidden=!0;(d!==`${y}-${A}`||h)&&n?.(y,A),d=`${y}-${A}`}function k(h,y,A){let c=a.get(h);c?A&&r(c,h):(c=s.pop()??t(),c.element.parentNode||i.append(c.element),c.element.hidden=!1,a.set(h,c),r(c,h)),c.element.style.top=`${h*f.rowHeight+y}px`}return e.addEventListener("scroll",()=>x(),{passive:!0,signal:o}),{paint:x,resize(h){f=h},reset(){i.replaceChildren(),a=new Map,s=[]},pin(h){u=h},reveal(h){let y=At(h,w());y!==e.scrollTop&&(e.scrollTop=y),x()},row:h=>a.get(h),rows:()=>a.values(),firstInSight:()=>Se({...w(),overscan:0}).first,rowsInSight:()=>Math.max(1,Math.floor(e.clientHeight/f.rowHeight))}}var Mt=new WeakMap;function ae(e){let t=e.target instanceof Element?e.target.closest(".nbi-cell"):null;return t?Mt.get(t):void 0}function Lt(e){let t=l("span",{class:"nbi-mark"}),[r,n,o]=["nbi-first","nbi-second","nbi-confidence"].map(d=>l("span",{class:d})),i=l("span",{class:"nbi-value",hidden:!0}),a=l("span",{class:"nbi-hidden"}),s=l("span",{class:"nbi-tick","aria-hidden":"true"},I("check",12)),f=l("div",{class:"nbi-cell",role:"gridcell",tabindex:"-1","aria-colindex":e+1},l("div",{class:"nbi-tile"},i,s),l("div",{class:"nbi-line"},t,r),l("div",{class:"nbi-line nbi-line-2"},n,o),a),u={element:f,mark:t,first:r,second:n,confidence:o,value:i,unseen:a,position:-1,item:-1};return Mt.set(f,u),u}var Mn={right:["✓","right"],wrong:["✗","wrong"],unknown:["",""]};function Ct(e,t,r){let[n,o]=Mn[t.mark];T(e.mark,n),e.mark.className=`nbi-mark nbi-mark-${t.mark}`,e.mark.title=o,T(e.first,t.first),T(e.second,t.second?`→ ${t.second}`:""),T(e.confidence,t.confidence),T(e.value,r),e.value.hidden=r==="";let i=r?`${t.full}, activation ${r}`:t.full;e.element.title=i;let a=[t.first===t.name?"":t.name,o,r&&`activation ${r}`];T(e.unseen,a.filter(Boolean).map(s=>`, ${s}`).join(""))}function Ae(e,t){e.element.setAttribute("aria-selected",String(t))}var Nt=`.nbi-grid {
  display: flex;
  flex-direction: column;
  container-type: inline-size;
  height: var(--nbi-height, 520px);
  min-height: 320px;
}
.nbi-grid > .nbi-selection {
  padding: 4px 0 0;
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
.nbi-grid .nbi-group-name {
  flex: 1;
  overflow: hidden;
  color: var(--nbi-text);
  text-overflow: ellipsis;
  white-space: nowrap;
}
`;function Ot({grid:e,rows:t,preview:r,selection:n,view:o,select:i,signal:a}){let s=0,f=0,u=-1;function d(c){let{columns:m}=o();return t.row(Math.floor(c/m))?.cells[c%m]}let w=()=>e.matches(":focus-within");function b(c,m=!0){let{shown:p,columns:g}=o();d(s)?.element.setAttribute("tabindex","-1"),s=c,u=p[c]??-1,t.pin(Math.floor(s/g)),t.reveal(Math.floor(s/g));let v=d(s);v?.element.setAttribute("tabindex","0"),m&&v?.element.focus({preventScroll:!0}),r.item>=0&&x()}function x(){let c=d(s);if(!c||u<0)return;let m=c.element.getBoundingClientRect(),p=e.getBoundingClientRect(),g=m.left+m.width/2>p.left+p.width/2?"left":"right";r.open(u,c.first.textContent===""?`image ${u}`:c.element.title.split(", ")[0],g)}function k(){r.close(),h()}function h(){o().shown.length&&b(Math.min(s,o().shown.length-1))}function y(c,m){let{shown:p}=o();i(tt({order:p,selected:n.get(),anchor:f,to:c},m)),m.range||(f=c)}function A(c){let{shown:m,columns:p}=o(),g=c.ctrlKey||c.metaKey,v=$t(s,{key:c.key,ctrl:g},{count:m.length,columns:p,pageRows:t.rowsInSight()});if(v!==null)b(v),c.shiftKey&&y(v,{toggle:!1,range:!0});else if(c.key===" ")y(s,{toggle:g||!c.shiftKey,range:c.shiftKey});else if(c.key==="Enter")x();else if(g&&c.key.toLowerCase()==="a")i(Array.from(m));else if(c.key==="Escape"&&r.item>=0)k();else return;c.preventDefault()}return e.addEventListener("mousedown",c=>c.shiftKey&&c.preventDefault(),{signal:a}),e.addEventListener("click",c=>{let m=ae(c);if(!m)return;let{shown:p}=o();f=Math.min(f,p.length-1),y(m.position,{toggle:c.ctrlKey||c.metaKey,range:c.shiftKey}),b(m.position)},{signal:a}),e.addEventListener("dblclick",c=>ae(c)&&x(),{signal:a}),e.addEventListener("keydown",A,{signal:a}),r.element.addEventListener("keydown",c=>c.key==="Escape"&&k(),{signal:a}),e.addEventListener("focusin",c=>{let m=ae(c);m&&m.position!==s&&b(m.position,!1)},{signal:a}),e.addEventListener("focusout",()=>t.pin(-1),{signal:a}),{hasFocus:w,focus:h,closePreview:k,touch(c){c.element.setAttribute("tabindex",c.position===s?"0":"-1")},follow(){let{shown:c}=o();s=Math.max(0,u<0?0:c.indexOf(u)),f=s,t.pin(-1)}}}var G=72,Cn="Arrow keys go from image to image, Space selects, Shift with arrows selects a range, Ctrl+A all, Enter makes the image the anchor. Ctrl+Z takes a selection back.";function Tt({catalog:e,selection:t,onOpen:r,signal:n}){let o=new Uint32Array(0),i=-1,a=ge({width:1,tile:G,count:0}),s={},f=l("div",{class:"nbi-scroll",role:"grid","aria-multiselectable":"true","aria-label":"Members","aria-description":Cn}),u=l("div",{class:"nbi-empty",tabindex:-1,hidden:!0}),d=l("div",{class:"nbi-grid nbi-members"},l("style",{},Nt),l("div",{class:"nbi-body"},f,u)),w=Et({scroller:f,createRow:k,fillRow:h,signal:n}),b={item:-1,element:l("div"),open:r,close(){},draw(){}},x=Ot({grid:f,rows:w,preview:b,selection:t,signal:n,view:()=>({shown:o,columns:a.columns}),select:p=>t.set(p)});function k(){let p=Array.from({length:a.columns},(v,$)=>Lt($)),g=l("canvas",{class:"nbi-strip-canvas","aria-hidden":"true"});return{element:l("div",{class:"nbi-row",role:"row"},g,...p.map(v=>v.element)),canvas:g,cells:p}}function h(p,g){p.element.setAttribute("aria-rowindex",String(g+1)),p.cells.forEach((v,$)=>{v.position=g*a.columns+$,v.element.hidden=v.position>=o.length,!v.element.hidden&&(v.item=o[v.position],Ct(v,oe(s,v.item),""),v.value.hidden=v.item!==i,v.value.textContent=v.value.hidden?"":"anchor",Ae(v,t.has(v.item)),x.touch(v))}),y(p)}function y({canvas:p,cells:g}){let{ctx:v,scale:$}=V(p,a.columns*a.cellWidth,G);g.forEach((E,M)=>{if(E.element.hidden)return;let L=(M*a.cellWidth+(a.cellWidth-G)/2)*$,O=X(v,e,{item:E.item,x:L,y:0,size:G*$});E.element.classList.toggle("nbi-loading",!O)})}function A(p){for(let g of w.rows())for(let v of g.cells)v.element.hidden||p(v)}function c(){let p=a.columns;a=ge({width:f.clientWidth,tile:G,count:o.length}),f.style.setProperty("--nbi-columns",String(a.columns)),f.style.setProperty("--nbi-thumb",`${G}px`),f.style.setProperty("--nbi-row-height",`${a.rowHeight}px`),f.setAttribute("aria-rowcount",String(a.nRows)),f.setAttribute("aria-colcount",String(a.columns)),w.resize(a),p!==a.columns&&w.reset(),w.paint(!0)}let m=new ResizeObserver(()=>f.clientWidth>0&&c());return m.observe(f),n.addEventListener("abort",()=>m.disconnect(),{once:!0}),e.thumbs.onLoad(H(()=>{for(let p of w.rows())y(p)},n),n),t.on("change",H(()=>A(p=>Ae(p,t.has(p.item))),n),n),{element:d,show(p,g,v,$){let E=g!==i,M=x.hasFocus()||u.matches(":focus");[o,i,s]=[p,g,v],u.hidden=o.length>0,u.textContent=$,x.follow(),E&&(f.scrollTop=0),c(),M&&o.length?x.focus():M&&u.focus()}}}function Rt({catalog:e,selection:t,nameOf:r,signal:n}){let o=new Set;function i({element:d,canvas:w,item:b,size:x,map:k}){let{ctx:h,scale:y}=V(w,x,x),A=X(h,e,{item:b,x:0,y:0,size:x*y,map:k,as:"mask"});d.classList.toggle("nbi-loading",!A)}function a({element:d,item:w}){d.tagName==="BUTTON"&&d.setAttribute("aria-pressed",String(t.has(w)))}let s=new Set,f=H(()=>{for(let d of s)i(d);s.clear()},n),u=H(()=>{for(let d of[...o])d.element.isConnected?i(d):o.delete(d)},n);return e.thumbs.onLoad(u,n),t.on("change",H(()=>{for(let d of[...o])d.element.isConnected?a(d):o.delete(d)},n),n),{create(d,{size:w,map:b=null,still:x=!1,words:k=""}){let h=l("canvas",{class:"nbi-small",style:`width: ${w}px; height: ${w}px`}),y=k||r(d),A=l("span",{class:"nbi-tick","aria-hidden":"true"},I("check",10)),c=x?l("span",{class:"nbi-shot nbi-loading"},h):l("button",{type:"button",class:"nbi-shot nbi-loading",title:y,"aria-label":y},h,A);x||c.addEventListener("click",()=>t.set([d]));let m={element:c,canvas:h,item:d,size:w,map:b};return o.add(m),s.add(m),f(),a(m),c},redraw:u}}function Ut(e,t,r){let n=t*e.k+r,o=e.exemplars[n];if(r>=e.k||o===void 0||o<0)return null;let i=e.mapHeight*e.mapWidth,a=e.exemplarMaps&&i>0?{height:e.mapHeight,width:e.mapWidth,data:e.exemplarMaps.subarray(n*i,(n+1)*i)}:null;return{image:o,value:e.exemplarValues[n],map:a}}var Nn=3,On=38,Tn="Up and Down go from literal to literal, Tab to its unit; Enter loosens, turns round, restores it.",Rn={required:"Required: a click or Enter ignores it",ignored:"Ignored: a click or Enter asks for the other state",flipped:"Turned round: a click or Enter requires it as found"},Pt=({score:e})=>`${_(e)} of the reference images are in the other state`;function It({pictures:e,selection:t,onEdit:r,onPoint:n}){let o=null,i=[],a=[],s=0,f=l("span",{class:"nbi-rule-count"}),u=l("button",{type:"button",class:"nbi-button",onclick:()=>k(i.map(()=>"required"))});u.append(I("undo",13)," Reset rule");let d=l("ol",{class:"nbi-literals","aria-label":"Rule","aria-description":Tn}),w=l("p",{class:"nbi-status"},"The neighbours share no state that is not shared by all images."),b=l("section",{class:"nbi-rule","aria-label":"Rule"},l("div",{class:"nbi-rule-head"},l("strong",{},"Rule"),f,u),d,w);function x(c){s=Math.max(0,Math.min(c,a.length-1)),a.forEach(({toggle:m,unit:p},g)=>{m.tabIndex=p.tabIndex=g===s?0:-1})}d.addEventListener("focusin",({target:c})=>{x(a.findIndex(({toggle:m,unit:p})=>c===m||c===p))}),d.addEventListener("keydown",c=>{let m={ArrowDown:s+1,ArrowUp:s-1,Home:0,End:a.length-1}[c.key];if(m===void 0||c.ctrlKey||c.metaKey||c.altKey)return;c.preventDefault();let p=c.target===a[s]?.unit?"unit":"toggle";a[Math.max(0,Math.min(m,a.length-1))]?.[p].focus()});function k(c){i=c,a.forEach(y),h(),r(i)}function h(){let c=a.length,m=Z(i);f.textContent=`${c} literal${c===1?"":"s"}${m?`: ${m}`:""}`,ne(u,m===""),u.title=m?"Require all literals as they were found":"The rule is as it was found",w.hidden=c>0}function y({toggle:c,literal:m},p){let g=i[p],v=ut(m,g);c.dataset.mode=g,c.title=`${Rn[g]}
${Pt(m)}`;let $=c.querySelector(".nbi-state");$.textContent=g==="required"?v:g==="ignored"?"ignored":`⇄ ${v}`,$.classList.toggle("nbi-on",v==="on")}function A(c,m,p){let g=o?.layer??"",v=lt(c),$=`on in ${_(c.base_rate)}`,E=l("span",{class:"nbi-literal-facts",title:Pt(c)},l("span",{class:"nbi-track","aria-hidden":"true"},l("span",{style:`width: ${100*c.base_rate}%`})),l("span",{},`${$} · score ${c.score.toFixed(2)}`)),M=l("button",{type:"button",class:"nbi-literal-toggle",onclick:()=>k(i.map((C,R)=>R===m?st(C):C))},l("span",{class:"nbi-literal-line"},l("span",{class:"nbi-neuron"},v),l("span",{class:"nbi-state"})),E),L=l("button",{type:"button",class:"nbi-unit-strip",title:`Select unit ${c.unit} of ${g} in all linked views: these images activate it most`,"aria-label":`Select unit ${c.unit} of ${g} in all linked views`,onclick:()=>{let C=t.unit?.layer===g&&t.unit.unit===c.unit;t.setUnit(C?null:{layer:g,unit:c.unit})}});for(let C=0;p&&C<Nn;C++){let R=Ut(p,c.unit,C);R&&L.append(e.create(R.image,{size:On,map:R.map,still:!0}))}L.hidden=L.childElementCount===0;let O=l("li",{class:"nbi-literal"},M,L);for(let C of["pointerenter","focusin"])O.addEventListener(C,()=>n(c));for(let C of["pointerleave","focusout"])O.addEventListener(C,()=>n(null));return d.append(O),{toggle:M,unit:L,literal:c}}return{element:b,get modes(){return i},show(c,m,p){o=c,i=m,z(d,()=>{d.replaceChildren(),a=(o?.literals??[]).map((g,v)=>A(g,v,p)),a.forEach(y),x(s)}),h(),this.markUnit()},markUnit(){let c=t.unit;for(let{unit:m,literal:p}of a)m.setAttribute("aria-pressed",String(c?.layer===o?.layer&&c?.unit===p.unit))}}}var Un=12,Pn=48,In="Arrow keys go from image to image, Enter selects.",_t={layers:_n,neighbours:Dn,mistake:Fn,subclasses:Wn};function Dt(e,t,r,n){if(n)return[l("p",{class:"nbi-panel-words"},$e(n))];if(!t)return[l("p",{class:"nbi-panel-words"},r.reason?`Not computed. ${r.reason}.`:"Asking the kernel …")];if(t.state==="failed")return[l("p",{class:"nbi-panel-words nbi-warn",role:"alert"},$e(t.text??""))];if(t.state==="running"){let o=l("button",{type:"button",class:"nbi-button",onclick:()=>r.stop(e)},"Stop");o.disabled=r.reason!=="",o.title=r.reason||"Stop, and keep what there is";let i=l("span",{class:"nbi-panel-running"},Ee(t));return[l("p",{class:"nbi-panel-words"},l("progress",{"aria-label":"Computing"})," ",i," ",o)]}if(t.state==="stopped"){let o=l("button",{type:"button",class:"nbi-button",onclick:()=>r.compute(e)},"Compute");o.disabled=r.reason!=="",o.title=r.reason||"Compute it again, to the end";let i=l("p",{class:"nbi-panel-words nbi-warn",role:"status"},`${$e(t.text??"")} `,o);return t.rows?[i,..._t[e](t,r)]:[i]}return _t[e](t,r)}function Ee({text:e}){return e?`Computing: ${e} …`:"Computing …"}function $e(e){let t=/[.!?]$/.test(e)?"":".";return e.charAt(0).toUpperCase()+e.slice(1)+t}function jt(e,t){let r=e?"stands out":"no more than chance";return l("span",{class:`nbi-chip ${e?"nbi-good":"nbi-chance"}`,title:t,tabindex:0},I(e?"check":"cross",11),r)}function Me(e){return Object.entries(e).filter(([,t])=>t).map(([t,r])=>`${r} by ${t}`).join(", ")}function te({title:e,mark:t,facts:r,images:n,n:o,extra:i=[]},{pictures:a,selection:s,say:f,signal:u}){let d=n.slice(0,Un).map(y=>a.create(y,{size:Pn})),w=o>d.length?l("span",{class:"nbi-status"},`and ${(o-d.length).toLocaleString("en-US")} more`):null,b=n.length.toLocaleString("en-US"),x=()=>{s.set(n),f(`${b} image${n.length===1?"":"s"} selected`)},k=l("button",{type:"button",class:"nbi-button",disabled:n.length===0,onclick:x},`Select ${b}`),h=l("div",{class:"nbi-shots",role:"toolbar","aria-label":"Images","aria-description":In},...d,w);return be(h,"button",u),l("div",{class:"nbi-panel-row",role:"listitem"},l("div",{class:"nbi-panel-head"},e,t??null,l("span",{class:"nbi-gap"}),...i,k),l("div",{class:"nbi-panel-facts"},...r.flatMap(y=>y?[typeof y=="string"?l("span",{},y):y]:[])),h)}function ce(e,t){return l("div",{class:"nbi-panel-list",role:"list","aria-label":e},...t)}var Le=e=>`${e.toLocaleString("en-US")} member${e===1?"":"s"}`;function _n({layer:e,rows:t,overlap:r},n){let o=t.findIndex(s=>s.name===e),i=t.map((s,f)=>{let u=s.name===e,d=l("button",{type:"button",class:"nbi-button",onclick:()=>n.setLayer(s.name)},"Show");d.disabled=u||n.reason!=="",d.title=u?"It is shown":n.reason||`Show the region in ${s.name}`;let w=r[o]?.[f],b=u||w===null||w===void 0?"":`overlap with ${e}: ${_(w)}`,x={title:l("strong",{},s.name),mark:jt(s.stands_out,s.verdict),extra:[d]};return te({...x,facts:[Le(s.n),Me(s.purity),b],images:s.images,n:s.n},n)});return[l("p",{class:"nbi-panel-words"},"The same image's region in every layer. Overlap: images in both regions over images in either."),ce("Regions by layer",i)]}function Dn({features:e,rows:t},r){let n=t.map((i,a)=>{let s=a===0||i.overlap===null?"":`overlap with the region: ${_(i.overlap)}`,f={title:l("strong",{},i.name),facts:[Le(i.n).replace("member","image"),Me(i.purity),s]};return te({...f,images:i.images,n:i.n},r)}),o=`As many nearest images as the region has members. Euclidean and cosine distance: ${e}. The region seldom is purer; what it adds is a rule.`;return[l("p",{class:"nbi-panel-words"},o),ce("Sets of equal size",n)]}var jn={neurons:"setting the neurons that differ",units:"setting all positions of their units",control:"control: as many other neurons, at random"};function Fn({label:e,prediction:t,probability:r,rows:n},o){let i=`Labelled ${e}, taken for ${t}; probability of ${e}: ${_(r)}. Below: the regions of the nearest correct images of ${e}, the literals of their rules that this image violates, and what its prediction becomes when these neurons are set to the other state.`,a=n.map(s=>{let f=s.differs.length?`violates ${s.differs.length} of ${s.n_literals} literals: ${s.differs.join(", ")}`:`violates none of ${s.n_literals} literals`,u=l("span",{class:"nbi-panel-title"},o.pictures.create(s.anchor,{size:36}),l("strong",{},s.name)),d=s.outcomes.find(k=>k.set==="control")?.repaired??0,b=s.outcomes.some(k=>k.set!=="control"&&k.repaired>d)?l("span",{class:"nbi-chip nbi-good"},I("check",11),"repaired"):void 0,x=l("div",{class:"nbi-outcomes"},...s.outcomes.map(k=>Hn(k,e,r)));return te({title:u,mark:b,facts:[f,x],images:s.images,n:s.n},o)});return[l("p",{class:"nbi-panel-words"},i),ce("Regions of correct images",a)]}function Hn(e,t,r){let n=e.set==="control"?`${_(e.repaired)} of the draws are repaired`:`predicted ${e.prediction}${e.repaired?": repaired":""}`,o=`${jn[e.set]} (${e.n_neurons}): ${t} ${_(r)} → ${_(e.probability)}; ${n}`;return l("div",{class:e.set!=="control"&&e.repaired?"nbi-repaired":""},o)}function Wn({class_name:e,n_images:t,n_covered:r,n_candidates:n,uncovered:o,rows:i},a){let s=i.length,f=`${s===0?"No region stands":s===1?"One region stands":`${s} regions stand`} out among the ${t.toLocaleString("en-US")} images predicted as ${e}${s?` and cover ${_(r/t)} of them`:""}. Of all images as anchors, ${n} stand out; one in twenty does by chance.`,u=i.map((w,b)=>{let x=l("button",{type:"button",class:"nbi-button",onclick:()=>a.setAnchor(w.anchor)},"Make anchor");x.disabled=a.reason!=="",x.title=a.reason||`Show the region of ${w.name} among all images`;let k=[Le(w.n),`${w.new} in no region above`,Me(w.purity)],h=l("span",{class:"nbi-panel-rule"},w.rule.join(", ")),y=l("strong",{},`Subclass ${b+1}`);return te({title:y,mark:jt(w.stands_out,w.verdict),facts:[...k,h],images:w.images,n:w.n,extra:[x]},a)}),d=o.length?[te({title:l("strong",{},"In none of them"),facts:[],images:o,n:t-r},a)]:[];return[l("p",{class:"nbi-panel-words"},f),ce("Subclasses",[...u,...d])]}var Ce=[["members","Members"],["layers","Across layers"],["neighbours","Neighbours"],["mistake","Why wrong"],["subclasses","Subclasses"]],Kn={running:"computing …",done:"computed",stopped:"stopped",failed:"failed"},Bn=0;function Ft(e){let{members:t,onTab:r,onSelect:n,say:o}=e,i=`nbi-region-${++Bn}`,a=Ce.map(([c,m])=>l("button",{type:"button",class:"nbi-tab",role:"tab",id:`${i}-${c}`,"aria-controls":`${i}-panel`,onclick:()=>r(c)},m)),s=l("div",{class:"nbi-tabs",role:"tablist","aria-label":"What to show of the region"},...a),f=l("strong",{class:"nbi-members-count",role:"status"}),u=l("span",{class:"nbi-members-purity"}),d=l("button",{type:"button",class:"nbi-button",onclick:n},"Select members");d.title="Select the members in every linked view";let w=l("div",{class:"nbi-members-view"},l("div",{class:"nbi-bar"},f,u,d),t),b=l("div",{class:"nbi-panel"}),x=l("div",{class:"nbi-tab-panel",role:"tabpanel",id:`${i}-panel`},w,b),k=l("section",{class:"nbi-region-right","aria-label":"Members and more"},s,x),h="",y="",A=new AbortController;return s.addEventListener("keydown",c=>{let m=a.indexOf(c.target),p=a.length-1,g={ArrowRight:m+1,ArrowLeft:m-1,Home:0,End:p}[c.key];if(g===void 0||m<0)return;let v=a[g>p?0:g<0?p:g];v.focus(),v.click(),c.preventDefault()}),{element:k,showMembers({count:c,n:m,purity:p,edited:g}){T(f,c),u.textContent=`${g?"follow the edited rule":"follow the rule"}${p?`: ${p}`:""}`,u.title=u.textContent,d.disabled=m===0},show(c,{panel:m,reasons:p,reason:g}){if(Ce.forEach(([L],O)=>{let C=a[O],R=L===c;C.setAttribute("aria-selected",String(R)),C.tabIndex=R?0:-1;let W=p[L]??"";C.setAttribute("aria-disabled",String(W!==""&&!R)),C.title=W?`Not here: ${W}`:""}),x.setAttribute("aria-labelledby",`${i}-${c}`),w.hidden=c!=="members",b.hidden=c==="members",c==="members")return;let v=b.querySelector(".nbi-panel-running"),$=zn(c,m,[p[c]??"",g]);if(m&&v&&$===h&&T(v,Ee(m)),$===h)return;h=$,A.abort(),A=new AbortController;let E={...e,reason:g,signal:A.signal};z(b,()=>b.replaceChildren(...Dt(c,m,E,p[c]??"")));let M=m?JSON.stringify([c,m.key,m.state]):"";m&&M!==y&&o(`${Ce.find(([L])=>L===c)?.[1]}: ${Kn[m.state]}`),y=M}}}function zn(e,t,r){return JSON.stringify([e,t?.state==="running"?{...t,text:""}:t,...r])}var qn="Another region needs a running kernel",Vn="No image yet: click an image in a linked view, and its region is shown here.",Xn=["name","label","prediction","confidence","correct"],Gn=150;function Wt(e,{catalog:t,selection:r,settings:n,write:o,send:i,signal:a}){let s=null,f=[],u=new Uint32Array(0),d={},w=null,b=Yn(n),x=!1,k=null,h=l("div",{class:"nbi-hidden",role:"status"}),y=S=>fe(h,S),A=ot({write:o}),c=l("div",{class:"nbi-warn nbi-region-problem",role:"alert",hidden:!0}),m=rt({catalog:t,signal:a}),p=vt({onStop:()=>i({kind:"stop",name:"verdict"}),onAgain:()=>i({kind:"judge"})}),g=l("div",{class:"nbi-region-about"}),$=Rt({catalog:t,selection:r,nameOf:S=>d.name&&Y(d.name,S)||`image ${S}`,signal:a}),E=It({pictures:$,selection:r,onEdit:Kt,onPoint:S=>le(S)}),M=Tt({catalog:t,selection:r,onOpen:S=>o({anchor:S}),signal:a}),L=Ft({members:M.element,pictures:$,selection:r,onTab:S=>o({tab:S}),onSelect(){Ne(),y(`${u.length.toLocaleString("en-US")} image${u.length===1?"":"s"} selected`)},say:y,setAnchor:S=>o({anchor:S}),setLayer:S=>o({layer:S}),stop:S=>i({kind:"stop",name:S}),compute:S=>i({kind:"panel",name:S})}),O=l("section",{class:"nbi-region-left","aria-label":"Anchor and verdict"},m.element,p.element,g),C=l("div",{class:"nbi-region-main"},O,E.element,L.element),R=l("div",{class:"nbi-region-empty"},Vn);e.append(A.element,c,C,R,h),Xe(e,r,a);let W=()=>t.hasKernel?"":qn,K=pe(Ne,Gn);a.addEventListener("abort",K.cancel,{once:!0});function Ne(){x=!0,r.set(u),x=!1}function Kt(S){f=S,ue(),le(null),n.follow&&K()}function le(S){s&&m.frame(s,f,S)}function ue(){if(!s)return;u=at({columns:Ht(n.columns),reference:Ht(n.reference),n:t.nItems,literals:s.literals,modes:f,tolerance:n.tolerance}),M.show(u,s.anchor,d,"No image follows this rule: loosen a literal by clicking it.");let S={label:xe(d.label,u),prediction:xe(d.prediction,u)};L.showMembers({count:dt(u.length,s.n_reference),n:u.length,purity:ct(S),edited:Z(f)}),Oe()}function Oe(){let S=n.evidence.serial===s?.serial?n.evidence:null,N=pt(n.judging,s?.serial??0,t.hasKernel);p.show(S,{waiting:N,edited:Z(f)!==""||n.tolerance!==s?.tolerance})}function Bt(){let S=s;if(s=n.shown.serial===void 0?null:n.shown,C.hidden=s===null,R.hidden=s!==null,!s)return;let N=S&&Jn(S,s);N||(f=s.literals.map(()=>"required")),m.show(s,he(n.picture),d),(!N||S?.serial===s.serial)&&E.show(s,f,w?.layer===s.layer?w:null);let{thresholded:F,among_words:q,k:Yt,notes:Jt}=s;g.replaceChildren(...[`Among ${q}, k = ${Yt}.`,`States: ${F}.`,...Jt.map(Zn)].map(Zt=>l("p",{},Zt))),ue(),le(null),w?.layer!==s.layer&&zt(s.layer),s.serial!==b&&(b=s.serial,y(`Region of ${s.name}`),n.follow&&K())}async function zt(S){let N=await t.units(S).catch(()=>null);a.aborted||S!==s?.layer||!N||(w=N,E.show(s,f,w))}async function qt(){let S=Xn.filter(F=>t.columns.some(q=>q.name===F)),N=await Promise.all(S.map(F=>t.column(F).catch(()=>null)));d=Object.fromEntries(S.flatMap((F,q)=>N[q]?[[F,N[q]]]:[]))}function Vt(){let S=["layer","k","t","among","anchor"],N=t.hasKernel&&s!==null&&S.some(F=>n[F]!==n.shown[F]);C.classList.toggle("nbi-waiting",N&&n.problem===""),C.setAttribute("aria-busy",String(N&&n.problem==="")),c.hidden=n.problem==="",T(c,n.problem),A.show(n,{reason:W(),nLiterals:s?.literals.length??n.t})}function Xt(){if(!s)return;let S=s.reasons[n.tab]??"",N=n.panels[n.tab];L.show(n.tab,{panel:N,reasons:s.reasons,reason:W()}),!(n.tab==="members"||S||N||!t.hasKernel)&&i({kind:"panel",name:n.tab})}return r.on("change",({indices:S,transient:N})=>{x||N||!n.follow||!t.hasKernel||S.length!==1||o({anchor:S[0]})},a),r.on("unit",()=>E.markUnit(),a),{async apply(S){k??=qt(),await k,n={...n,...S},"height"in S&&e.style.setProperty("--nbi-height",`${n.height}px`),"shown"in S?Bt():"tolerance"in S?Gt():("evidence"in S||"judging"in S)&&Oe(),Vt(),["shown","tab","panels"].some(N=>N in S)&&Xt()}};function Gt(){ue(),n.follow&&s&&K()}}function Yn(e){return e.shown.serial??0}function Jn(e,t){return e.anchor===t.anchor&&e.layer===t.layer&&JSON.stringify(e.literals)===JSON.stringify(t.literals)}function Ht(e){let t=he(e);return new Uint8Array(t.buffer,t.byteOffset,t.byteLength)}function Zn(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}.`}var Qn=["anchor","layer","k","t","tolerance","among","follow","tab","layers","shown","columns","reference","evidence","judging","panels","problem","picture","height"],Ai={initialize(){},render:Be({className:"nbi-region",traits:Qn,create:Wt,together:Ke})};export{Ai as default};
