function Ne(e,t,r,n){if(n.aborted)return;let o=()=>r(e.get(t));e.on(`change:${t}`,o),n.addEventListener("abort",()=>e.off(`change:${t}`,o),{once:!0})}function Oe(e,t){let r=Object.entries(t).filter(([n,o])=>!Jt(e.get(n),o));for(let[n,o]of r)e.set(n,o);r.length>0&&e.save_changes()}function Jt(e,t){return e===t||typeof e=="object"&&JSON.stringify(e)===JSON.stringify(t)}function Te(e){let t=new AbortController,r=()=>t.abort();return e?.aborted?r():e?.addEventListener("abort",r,{once:!0}),{signal:t.signal,end:r}}function Re(e){let t=document.createElement("div");t.className="nbi-hint",t.popover="manual",t.ariaHidden="true";let r,n=-1/0,o=new AbortController,i=()=>{clearTimeout(r),o.abort(),t.remove()},a=(f,c)=>{f.isConnected&&(t.textContent=c,e.append(t),t.showPopover(),Qt(t,f),o=new AbortController,window.addEventListener("scroll",i,{capture:!0,passive:!0,signal:o.signal}))},s=f=>{n=f.timeStamp,i()};e.addEventListener("focusin",f=>{let c=f.target;if(i(),c.closest(".nbi")!==e||f.timeStamp-n<500||!c.matches(":focus-visible"))return;let u=Zt(c,f.relatedTarget,e);u&&(r=setTimeout(()=>a(c,u),500))});for(let f of["pointerdown","pointerup"])e.addEventListener(f,s,{capture:!0});e.addEventListener("focusout",i),e.addEventListener("keydown",i,{capture:!0})}function Zt(e,t,r){let n=e.closest("[title]:not([title=''])"),o=e.closest("[aria-description]"),a=n&&r.contains(n)&&n.title!==e.textContent?.trim()?n.title:e.dataset.title,s=o&&r.contains(o)&&!(t instanceof Node&&o.contains(t));return[a,s?o.getAttribute("aria-description"):""].filter(Boolean).join(`
`)}function Qt(e,t){let r=t.getBoundingClientRect(),{width:n,height:o}=e.getBoundingClientRect(),i=r.top-6-o,a=r.bottom+6,s=a+o<=window.innerHeight||i<0?a:i;e.style.left=`${Math.max(4,Math.min(r.left,window.innerWidth-n-4))}px`,e.style.top=`${Math.max(4,Math.min(s,window.innerHeight-o-4))}px`}function en(e){let t=e.match(/[\d.]+(?:e-?\d+)?/g)?.map(Number)??[];if(t.length<3||(t[3]??1)<.5)return null;let r=e.startsWith("rgb")?255:1,[n,o,i]=t.map(a=>a/r);return .2126*n+.7152*o+.0722*i}var tn="cell-output-ipywidget-background";function ue(e){for(let n=Ue(e);n;n=Ue(n)){if(n.classList.contains(tn))continue;let o=en(getComputedStyle(n).backgroundColor);if(o!==null)return o<.5}let t=document.body.dataset.vscodeThemeKind;if(t)return t==="vscode-dark"||t==="vscode-high-contrast";let r=getComputedStyle(document.documentElement).colorScheme;return r==="dark"||/dark/.test(r)&&matchMedia("(prefers-color-scheme: dark)").matches}function Ue(e){let t=e.getRootNode();return e.parentElement??(t instanceof ShadowRoot?t.host:null)}function Pe(e,t,r=()=>{}){let n=null,o=()=>{let c=ue(e);c!==n&&(n=c,e.classList.toggle("nbi-dark",c),e.classList.toggle("nbi-light",!c),r(c))},i=()=>requestAnimationFrame(()=>!t.aborted&&o()),a=new MutationObserver(i),s={attributes:!0,attributeFilter:["class","style","data-jp-theme-light","data-theme","data-vscode-theme-kind"]};a.observe(document.documentElement,s),a.observe(document.body,s),a.observe(document.head,{childList:!0}),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",i,{signal:t}),t.addEventListener("abort",()=>a.disconnect(),{once:!0}),o()}function l(e,t={},...r){let n=document.createElement(e);for(let[o,i]of Object.entries(t))i==null||i===!1||(typeof i=="function"?n.addEventListener(o.replace(/^on/,""),i):n.setAttribute(o,i===!0?"":String(i)));return n.append(...r.filter(o=>o!==null)),n}function T(e,t){e.textContent!==t&&(e.textContent=t)}function _e(e,t,r={}){let n=l("div",{class:`nbi ${t}`,"data-lm-suppress-shortcuts":"true",...r});n.addEventListener("keydown",i=>i.stopPropagation());let o=i=>{i.target instanceof Element&&i.target.closest("button[aria-disabled=true]")&&(i.preventDefault(),i.stopPropagation())};return n.addEventListener("click",o,{capture:!0}),Re(n),e.replaceChildren(n),n}function De(e,t){let r=t instanceof Error?t.message:String(t),n=l("div",{class:"nbi nbi-problem",role:"alert"},r);e.replaceChildren(n),n.classList.add(ue(n)?"nbi-dark":"nbi-light")}function je(e,t){if(!e||t.aborted)return;let r=`.nbinterp-snapshot-${CSS.escape(e)}`,n=[".jp-OutputArea-child",".output_area"].map(i=>`${i}:has(> * > ${r}, > ${r})`),o=l("style",{},`${[r,...n].join(", ")} { display: none !important; }`);document.head.append(o),t.addEventListener("abort",()=>o.remove(),{once:!0})}var nn="This front end does not support linked widgets: it needs anywidget 0.11 or newer. Upgrade anywidget where the notebook server runs, then reload the page.";async function Ie(e,t,r){if(!t)throw new Error(nn);let n=await t.getWidget(e.get(r)).catch(o=>{let i=o instanceof Error?o.message:String(o);throw new Error(`The widget's ${r} could not be reached (${i}). Run the cell again.`)});if(!n.exports)throw new Error(`The widget's ${r} is of another version. Restart the kernel, reload the page.`);return n.exports}var rn="This view was saved without its kernel; the picture shows it as it was. Run the cell again to explore it.";async function on(e){try{return(await e.widget_manager.get_model(String(e.get("catalog")).replace(/^anywidget:/,""))).comm_live===!1}catch{return!1}}async function Fe(e,t){if(await on(e))throw new Error(rn);let[r,n]=await Promise.all([Ie(e,t,"catalog"),Ie(e,t,"link")]);return{catalog:r,selection:n}}function fe(e,t){let r=null,n=null,o=()=>{let s=n;i(),s&&e(...s)},i=()=>{r!==null&&clearTimeout(r),r=null,n=null};return Object.assign((...s)=>{r!==null&&clearTimeout(r),n=s,r=setTimeout(o,t)},{cancel:i,flush:o})}function H(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,requestAnimationFrame(()=>{r=!1,t?.aborted||e()}))}}function He(e,t){let r=!1;return()=>{r||t?.aborted||(r=!0,queueMicrotask(()=>{r=!1,t?.aborted||e()}))}}function Ke({className:e,traits:t,create:r,together:n=H}){return async function({model:i,el:a,host:s,signal:f}){let{signal:c,end:u}=Te(f);try{let{catalog:x,selection:b}=await Fe(i,s);if(c.aborted)return u;let w=_e(a,e);Pe(w,c);let k=sn(i,t),h=m=>i.send(m),A=r(w,{catalog:x,selection:b,settings:k,write:m=>Oe(i,m),send:h,signal:c});an(i,t,A.apply,c,n);let{receive:d}=A;if(d){let m=(p,g)=>d(p,g);i.on("msg:custom",m),c.addEventListener("abort",()=>i.off("msg:custom",m),{once:!0})}await A.apply(k),je(i.get("snapshot_id"),c),d&&h({kind:"ready"})}catch(x){De(a,x)}return u}}function sn(e,t){return Object.fromEntries(t.map(r=>[r,e.get(r)]))}function an(e,t,r,n,o=H){let i={},a=o(()=>{let s=i;i={},r(s)},n);for(let s of t)Ne(e,s,c=>{i[s]=c,a()},n)}function pe(e){return e instanceof DataView?e:ArrayBuffer.isView(e)?new DataView(e.buffer,e.byteOffset,e.byteLength):e instanceof ArrayBuffer?new DataView(e):new DataView(new ArrayBuffer(0))}var dr=new Intl.Collator(void 0,{numeric:!0,sensitivity:"base"});function z(e,t=4){if(Number.isNaN(e))return"–";if(!Number.isFinite(e))return e>0?"∞":"−∞";let r=Math.abs(e);return r>=1e6||r>0&&r<.001?e.toExponential(t-2).replace("-","−"):String(Number(e.toPrecision(t))).replace("-","−")}function G(e,t){let r=e.values[t];if(e.kind==="text")return String(r??"");let n=Number(r);return e.kind==="category"?e.categories[n]??"":e.kind==="boolean"?n?"yes":"no":Number.isNaN(n)?"":z(n)}function he(e,t,r){let n=null,o=()=>[...e.querySelectorAll(t)].filter(c=>!c.matches(":disabled")&&!c.closest("[hidden]")),i=()=>{let c=o();(!n||!c.includes(n))&&(n=c[0]??null);for(let u of c)u.tabIndex=u===n?0:-1},a=c=>{let u=o(),x=u.indexOf(c.target);if(x<0||c.ctrlKey||c.metaKey||c.altKey)return;let b=u.length-1,[w,k]=[x===b?0:x+1,x===0?b:x-1],h={ArrowRight:w,ArrowDown:w,ArrowLeft:k,ArrowUp:k,Home:0,End:b};c.key in h&&(c.preventDefault(),u[h[c.key]].focus())},s=c=>{let u=c.target;o().includes(u)&&(n=u,i())};e.addEventListener("keydown",a,{signal:r}),e.addEventListener("focusin",s,{signal:r});let f=new MutationObserver(i);f.observe(e,{subtree:!0,childList:!0,attributes:!0,attributeFilter:["disabled","hidden"]}),r.addEventListener("abort",()=>f.disconnect(),{once:!0}),i()}function ne(e,t){let r=t&&e.matches(":focus");if(e.disabled=t&&!r,!r)return e.removeAttribute("aria-disabled");e.ariaDisabled!=="true"&&(e.ariaDisabled="true",e.addEventListener("blur",()=>e.ariaDisabled==="true"&&ne(e,!0),{once:!0}))}var cn={undo:"M6 3 2.5 6.5 6 10 M3 6.5h6.5a3.5 3.5 0 0 1 0 7H7",redo:"M10 3l3.5 3.5L10 10 M13 6.5H6.5a3.5 3.5 0 0 0 0 7H9",invert:"M2.5 2.5h11v11h-11z M2.5 13.5l11-11v11z",clear:"M4 4l8 8 M12 4l-8 8",save:"M4 2.5h8v11l-4-3-4 3z",list:"M5.5 4h8 M5.5 8h8 M5.5 12h8 M2.5 4h.5 M2.5 8h.5 M2.5 12h.5",download:"M8 2.5v7.5 M4.5 7 8 10.5 11.5 7 M2.5 13.5h11",check:"M3 8.5l3.5 3.5L13 4.5",cross:"M4 4l8 8 M12 4l-8 8",up:"M8 13V3 M4 7l4-4 4 4",down:"M8 3v10 M4 9l4 4 4-4",search:"M7 2.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 0 0 0-9z M10.5 10.5l3.5 3.5",filter:"M2 3h12L9.5 8.5V13l-3-1.5v-3z",refresh:"M13 8a5 5 0 1 1-1.5-3.6 M13 2.5v2.5h-2.5"},ze="http://www.w3.org/2000/svg";function P(e,t=14){let r=document.createElementNS(ze,"svg"),n={viewBox:"0 0 16 16",width:t,height:t,fill:"none",stroke:"currentColor"};for(let[i,a]of Object.entries(n))r.setAttribute(i,String(a));r.setAttribute("stroke-width","1.7"),r.setAttribute("stroke-linecap","round"),r.setAttribute("stroke-linejoin","round"),r.setAttribute("aria-hidden","true"),r.classList.add("nbi-icon"),e==="invert"&&r.setAttribute("fill-rule","evenodd");let o=document.createElementNS(ze,"path");return o.setAttribute("d",cn[e]),r.append(o),r}var ln="button, input, select, textarea, a[href], [tabindex]";function B(e,t){let{activeElement:r}=e.getRootNode(),n=r;if(!n||!e.contains(n))return t();let o=Be(e),i=be(n),a=o.filter(u=>be(u)===i).indexOf(n);if(t(),n.isConnected&&We(n))return n.focus({preventScroll:!0});let s=Be(e),f=s.filter(u=>be(u)===i),c=f[Math.min(a,f.length-1)]??s[Math.min(o.indexOf(n),s.length-1)];c||(e.tabIndex=-1),(c??e).focus({preventScroll:!0})}function We(e){return!e.matches(":disabled")&&e.checkVisibility({visibilityProperty:!0})}function Be(e){return[...e.querySelectorAll(ln)].filter(We)}function be(e){return e.getAttribute("aria-label")??e.textContent??""}function qe(e,t,r){e.addEventListener("keydown",n=>{if(!(n.ctrlKey||n.metaKey)||n.target.matches("input:not([type=range], [type=radio], [type=checkbox]), textarea"))return;let o=n.key.toLowerCase();o!=="z"&&o!=="y"||(n.preventDefault(),o==="y"||n.shiftKey?t.redo():t.undo())},{signal:r})}function Ve(e,t){let r=new Int32Array(t),n=new Float32Array(t);for(let o=0;o<t;o++){let i=Math.min(Math.max((o+.5)*e/t-.5,0),e-1);r[o]=Math.min(Math.floor(i),Math.max(0,e-2)),n[o]=i-r[o]}return{low:r,weight:n}}function dn(e,t,r){let n=Ve(e.height,t),o=Ve(e.width,r),i=e.height>1?e.width:0,a=e.width>1?1:0,s=new Float32Array(t*r);for(let f=0;f<t;f++){let c=n.low[f]*e.width,u=n.weight[f];for(let x=0;x<r;x++){let b=c+o.low[x],w=o.weight[x],k=e.data[b]*(1-w)+e.data[b+a]*w,h=e.data[b+i]*(1-w)+e.data[b+i+a]*w;s[f*r+x]=(k*(1-u)+h*u)/255}}return s}function Xe(e,t,r=.6){let n=dn(e,t,t),o=0;for(let a of n)o=Math.max(o,a);let i=new Uint8ClampedArray(4*t*t);for(let a=0;a<n.length;a++){let s=o>0?Math.min(1,Math.max(0,(n[a]/o-.35)/.25)):0;i[4*a+3]=255*r*(1-s*s*(3-2*s))}return i}var un=.1;function Ge(e,t,r=.8){let n=new Uint8ClampedArray(4*e.data.length),o=Math.max(1,...e.data)/255,i=r*Math.min(1,o/un);for(let a=0;a<e.data.length;a++){let s=e.data[a]/255,f=3*Math.round(255*Math.sqrt(s));for(let c=0;c<3;c++)n[4*a+c]=t[f+c];n[4*a+3]=255*i*(s/o)}return n}var fn="44015444025645045745055946075a46085c460a5d460b5e470d60470e6147106347116447136548146748166848176948186a481a6c481b6d481c6e481d6f481f70482071482173482374482475482576482677482878482979472a7a472c7a472d7b472e7c472f7d46307e46327e46337f463480453581453781453882443983443a83443b84433d84433e85423f854240864241864142874144874045884046883f47883f48893e49893e4a893e4c8a3d4d8a3d4e8a3c4f8a3c508b3b518b3b528b3a538b3a548c39558c39568c38588c38598c375a8c375b8d365c8d365d8d355e8d355f8d34608d34618d33628d33638d32648e32658e31668e31678e31688e30698e306a8e2f6b8e2f6c8e2e6d8e2e6e8e2e6f8e2d708e2d718e2c718e2c728e2c738e2b748e2b758e2a768e2a778e2a788e29798e297a8e297b8e287c8e287d8e277e8e277f8e27808e26818e26828e26828e25838e25848e25858e24868e24878e23888e23898e238a8d228b8d228c8d228d8d218e8d218f8d21908d21918c20928c20928c20938c1f948c1f958b1f968b1f978b1f988b1f998a1f9a8a1e9b8a1e9c891e9d891f9e891f9f881fa0881fa1881fa1871fa28720a38620a48621a58521a68522a78522a88423a98324aa8325ab8225ac8226ad8127ad8128ae8029af7f2ab07f2cb17e2db27d2eb37c2fb47c31b57b32b67a34b67935b77937b87838b9773aba763bbb753dbc743fbc7340bd7242be7144bf7046c06f48c16e4ac16d4cc26c4ec36b50c46a52c56954c56856c66758c7655ac8645cc8635ec96260ca6063cb5f65cb5e67cc5c69cd5b6ccd5a6ece5870cf5773d05675d05477d1537ad1517cd2507fd34e81d34d84d44b86d54989d5488bd6468ed64590d74393d74195d84098d83e9bd93c9dd93ba0da39a2da37a5db36a8db34aadc32addc30b0dd2fb2dd2db5de2bb8de29bade28bddf26c0df25c2df23c5e021c8e020cae11fcde11dd0e11cd2e21bd5e21ad8e219dae319dde318dfe318e2e418e5e419e7e419eae51aece51befe51cf1e51df4e61ef6e620f8e621fbe723fde725",Hr=Uint8Array.from({length:768},(e,t)=>Number.parseInt(fn.slice(2*t,2*t+2),16));var re=[[176,0,120],[255,84,0],[255,255,96]],Ye=Uint8Array.from({length:768},(e,t)=>{let r=Math.floor(t/3)/255*(re.length-1),n=Math.min(Math.floor(r),re.length-2),[o,i]=[re[n][t%3],re[n+1][t%3]];return Math.round(o+(r-n)*(i-o))});var Y=56;function q(e,t,r){let n=Math.min(2,window.devicePixelRatio||1),[o,i]=[t,r].map(s=>Math.round(s*n));e.width!==o&&(e.width=o),e.height!==i&&(e.height=i);let a=e.getContext("2d");return a.clearRect(0,0,o,i),{ctx:a,scale:n}}function V(e,t,{item:r,x:n,y:o,size:i,map:a,as:s="heat"}){let[f,c,u]=[n,o,i].map(Math.round);if(!t.thumbs.draw(e,r,f,c,u,u))return!1;let{image:x,seen:b}=t.thumbs.boxes(r);if(hn(e,x,f,c,u),a){let[w,k,h,y]=b.map(d=>d*u);s==="mask"&&bn(e,x,b,f,c,u);let{canvas:A}=s==="heat"?mn(a):gn(a);e.drawImage(A,f+w,c+k,h,y)}return!0}function hn(e,t,r,n,o){let[i,a,s,f]=t.map(c=>c*o);(i>0||s<o)&&(e.clearRect(r,n,i,o),e.clearRect(r+i+s,n,o-i-s,o)),(a>0||f<o)&&(e.clearRect(r,n,o,a),e.clearRect(r,n+a+f,o,o-a-f))}function bn(e,t,r,n,o,i){let a=new Path2D;for(let[s,f,c,u]of[t,r])a.rect(n+s*i,o+f*i,c*i,u*i);e.fillStyle=`rgba(0, 0, 0, ${.6})`,e.fill(a,"evenodd")}function mn(e){let t=Ze(e.width,e.height);return t.putImageData(new ImageData(Ge(e,Ye),e.width,e.height),0,0),t}function gn(e){let t=Ze(Y,Y);return t.putImageData(new ImageData(Xe(e,Y),Y,Y),0,0),t}var Je=new Map;function Ze(e,t){let r=`${e}×${t}`,n=Je.get(r);return n||(n=l("canvas",{width:e,height:t}).getContext("2d",{willReadFrequently:!0}),Je.set(r,n)),n.clearRect(0,0,e,t),n}function Qe({order:e,selected:t,anchor:r,to:n},{toggle:o,range:i}){let a=e[n];if(i){let[s,f]=r<n?[r,n]:[n,r],c=Array.from(e.subarray(Math.max(0,s),f+1));return o?[...new Set([...t,...c])]:c}return o?t.includes(a)?Array.from(t).filter(s=>s!==a):[...t,a]:[a]}function me({width:e,tile:t,count:r}){let n=t+8,o=Math.max(1,Math.floor(e/n));return{columns:o,nRows:Math.ceil(r/o),cellWidth:e/o,rowHeight:t+44}}function oe(e,t){let r=u=>e[u]?G(e[u],t):"",n=r("name")||`image ${t}`,o=r("label"),i=r("prediction"),a=e.confidence?Number(e.confidence.values[t]):Number.NaN,s=Number.isNaN(a)?"":`${(100*a).toFixed(0)} %`,f=xn(e,o,i,t),c=[n];return o&&c.push(`label ${o}`),i&&c.push(`predicted ${i}${s?` (${s})`:""}`),f!=="unknown"&&c.push(f),{mark:f,first:o||n,second:i,confidence:s,name:n,full:c.join(", ")}}function xn(e,t,r,n){if(!t||!r)return"unknown";let o=e.correct;return(o?.kind==="boolean"?Number(o.values[n])===1:t===r)?"right":"wrong"}var ge=168,et="http://www.w3.org/2000/svg";function tt({catalog:e,signal:t}){let r=l("canvas",{class:"nbi-anchor-thumb","aria-hidden":"true"}),n=l("img",{class:"nbi-anchor-image",draggable:"false",hidden:!0}),o=document.createElementNS(et,"svg");o.setAttribute("class","nbi-anchor-cells"),o.setAttribute("viewBox","0 0 1 1"),o.setAttribute("aria-hidden","true");let i=l("span",{class:"nbi-status"}),a=l("strong",{class:"nbi-anchor-name"}),s=l("div",{class:"nbi-anchor-facts"}),f=l("div",{class:"nbi-anchor"},l("div",{class:"nbi-anchor-frame"},r,n,o,i),l("div",{class:"nbi-anchor-words"},a,s));n.addEventListener("load",()=>{n.hidden=!1});let c="",u=0;t.addEventListener("abort",()=>URL.revokeObjectURL(c),{once:!0});function x(b,w){let{ctx:k,scale:h}=q(r,ge,ge);b.anchor>=0&&V(k,e,{item:b.anchor,x:0,y:0,size:ge*h}),URL.revokeObjectURL(c),c=w.byteLength?URL.createObjectURL(new Blob([w],{type:"image/jpeg"})):"",n.hidden=!0,c?n.src=c:n.removeAttribute("src"),n.alt=`the anchor ${b.name}`,i.textContent=c?"":e.thumb.missing||"No picture of this image."}return{element:f,show(b,w,k){b.serial!==u&&x(b,w),u=b.serial;let h=b.anchor<0?null:oe(k,b.anchor);a.textContent=b.name,a.title=b.name;let y=[];h?.second?y.push(`label ${h.first}`,`predicted ${h.second} ${h.confidence}`):h&&y.push(h.first);let d=h?.mark==="wrong"?l("span",{class:"nbi-warn"},"✗ classified wrongly"):h?.mark==="right"?"✓ classified correctly":null;s.replaceChildren(...y.map(m=>l("div",{},m)),...d?[l("div",{},d)]:[])},async frame(b,w,k){o.replaceChildren();let{anchor:h,grid:y}=b;if(h<0||!y||e.thumb.missing||(await e.thumbs.ready([h]).catch(()=>{}),t.aborted||b.serial!==u))return;let[A,d,m,p]=e.thumbs.boxes(h).seen,g=[];for(let[v,$]of b.literals.entries()){if($.y===null||$.x===null||w[v]==="ignored")continue;let M=document.createElementNS(et,"rect"),E={x:A+$.x/y[1]*m,y:d+$.y/y[0]*p,width:m/y[1],height:p/y[0]};for(let[N,C]of Object.entries(E))M.setAttribute(N,String(C));M.setAttribute("class",$===k?"nbi-place nbi-pointed":"nbi-place");let L=M.cloneNode();L.setAttribute("class","nbi-place nbi-around"),g.push([L,M])}g.sort(([,v],[,$])=>v.classList.length-$.classList.length),o.replaceChildren(...g.flat())}}}var ie={k:"Size of the neighbour set: the images nearest to the anchor, itself included, whose common states make the rule",t:"Literals of the rule: so many of the states that the neighbours share and few other images have",tolerance:"How many literals a member may violate",among:"Which images count: neighbours and members are among them, and base rates are theirs",follow:"An image that is selected by itself becomes the anchor; the members are then selected in every linked view"},yn=[["all","all images"],["prediction","those of its prediction"],["label","those of its label"],["chosen","chosen images"]];function nt({write:e}){let t=l("div",{class:"nbi-layers",role:"radiogroup","aria-label":"Layer"}),r=c("k","k",4,32),n=c("t","t",1,30),o=c("tolerance","Tolerance",0,10),i=l("select",{class:"nbi-select",onchange:()=>e({among:i.value})},...yn.map(([b,w])=>l("option",{value:b},w))),a=l("button",{type:"button",class:"nbi-button"},"Follow clicks"),s=l("span",{class:"nbi-status"});a.addEventListener("click",()=>e({follow:a.getAttribute("aria-pressed")!=="true"}));let f=l("div",{class:"nbi-region-controls"},l("div",{class:"nbi-bar"},l("span",{class:"nbi-status"},"Layer"),t),l("div",{class:"nbi-bar"},r.element,n.element,o.element,l("label",{class:"nbi-field",title:ie.among},"Among",i),a,s));t.addEventListener("keydown",u);function c(b,w,k,h){let y=l("input",{type:"range",min:k,max:h,class:"nbi-range","aria-label":`${w}: ${ie[b]}`}),A=l("output",{class:"nbi-output"});y.addEventListener("input",()=>{A.textContent=y.value,e({[b]:Number(y.value)})});let d=(m,p=h)=>{y.min=String(Math.min(k,m)),y.max=String(Math.max(p,m)),y.value=A.textContent=String(m)};return{element:l("label",{class:"nbi-field",title:ie[b]},w,y,A),input:y,show:d}}function u(b){let w={ArrowRight:1,ArrowDown:1,ArrowLeft:-1,ArrowUp:-1}[b.key],k=[...t.querySelectorAll("button")],h=k.indexOf(b.target);if(!w||h<0)return;let y=k[(h+w+k.length)%k.length];y.focus(),y.click(),b.preventDefault()}function x({layers:b,layer:w},k){t.childElementCount!==b.length&&t.replaceChildren(...b.map(({name:h})=>l("button",{type:"button",class:"nbi-button",role:"radio",onclick:()=>e({layer:h})},h))),b.forEach(({name:h,reason:y},A)=>{let d=t.children[A],m=h===w;d.setAttribute("aria-checked",String(m)),d.tabIndex=m?0:-1,d.setAttribute("aria-disabled",String(!m&&(y||k)!=="")),d.title=m?"":y||k})}return{element:f,show(b,{reason:w,nLiterals:k}){x(b,w),r.show(b.k),n.show(b.t),o.show(b.tolerance,Math.max(1,k)),i.value=b.among,i.options[3].hidden=b.among!=="chosen",a.setAttribute("aria-pressed",String(b.follow)),s.textContent=w;for(let h of[r.input,n.input,i,a])h.disabled=w!=="",h===a?h.title=w||ie.follow:h.parentElement&&(h.parentElement.title=w||h.parentElement.title)}}}var vn={required:"ignored",ignored:"flipped",flipped:"required"};function ot(e){return vn[e]}function it({columns:e,reference:t,n:r,literals:n,modes:o,tolerance:i}){let a=Math.ceil(r/8),s=new Uint16Array(r);n.forEach(({state:c},u)=>{if(o[u]==="ignored")return;let x=+(c===(o[u]==="required"));for(let b=0;b<r;b++)s[b]+=+(rt(e,u*a,b)!==x)});let f=Array.from({length:i+1},()=>[]);for(let c=0;c<r;c++)s[c]<=i&&rt(t,0,c)&&f[s[c]].push(c);return Uint32Array.from(f.flat())}function rt(e,t,r){return e[t+(r>>3)]>>7-(r&7)&1}function we(e,t){if(e?.kind!=="category")return null;let r=new Uint32Array(e.categories.length),n=0;for(let i=0;i<t.length;i++){let a=Number(e.values[t[i]]);a<0||(r[a]++,n++)}if(n===0)return null;let o=r.indexOf(Math.max(...r));return{name:e.categories[o],share:r[o]/n,known:n}}function st(e){return Object.entries(e).map(([r,n])=>n&&`${I(n.share)} ${n.name} by ${r}`).filter(Boolean).join(", ")}function I(e){let t=100*e;return`${t>0&&t<1?"< 1":t<100&&t>99?"> 99":t.toFixed(0)} %`}function at({unit:e,y:t,x:r}){return t===null?`unit ${e}`:`unit ${e} at (${t}, ${r})`}function ct({state:e},t){return t==="ignored"?"either":e===(t==="required")?"on":"off"}function lt(e,t){let r=n=>n.toLocaleString("en-US");return`${r(e)} of ${r(t)} image${t===1?"":"s"}`}function J(e){let t=n=>e.filter(o=>o===n).length;return[t("ignored")&&`${t("ignored")} ignored`,t("flipped")&&`${t("flipped")} flipped`].filter(Boolean).join(", ")}function dt({verdict:e}){let t=e.indexOf(": "),r=t<0?e:e.slice(0,t);return{head:r.charAt(0).toUpperCase()+r.slice(1),facts:t<0?"":e.slice(t+2)}}function ut(e,t,r){if(!r)return{text:"The verdict was not computed when this page was written.",act:""};let n=e.serial===t?e:null;return n?.state==="stopped"?{text:"Not compared with chance: it was stopped.",act:"again"}:{text:`Comparing with chance${n?.text?`: ${n.text}`:""} …`,act:n?"stop":""}}function ft(e){let t=e.flatMap(o=>Array.from(o)).filter(o=>o>0&&Number.isFinite(o));if(t.length===0)return{low:-1,high:1};let r=t.map(Math.log10),n=Math.floor(Math.min(...r));return{low:n,high:Math.max(n+1,Math.ceil(Math.max(...r)))}}function Z(e,{low:t,high:r},n){return e>0?(1+Math.min(1,Math.max(0,(Math.log10(e)-t)/(r-t)))*(n-1))/n:.5/n}function xe(e,t,r){let n=new Float64Array(r);for(let o=0;o<e.length;o++)n[Math.min(r-1,Math.floor(Z(e[o],t,r)*r))]+=1/e.length;return n}function pt(e,{low:t,high:r},n){let o=i=>10**(t+i/(n-1)*(r-t));return e===0?[0,0]:[o(e-1),o(e)]}function ht({low:e,high:t},r){let n=Math.max(1,Math.ceil((t-e)/r)),o=[];for(let i=Math.ceil(e/n)*n;i<=t;i+=n)o.push(i);return o}var kn="⁰¹²³⁴⁵⁶⁷⁸⁹";function bt(e){if(e>=-1&&e<=3)return z(10**e);let t=[...String(Math.abs(e))].map(r=>kn[Number(r)]).join("");return`10${e<0?"⁻":""}${t}`}function ye(e){return e>=1e3&&Number.isFinite(e)?Math.round(e).toLocaleString("en-US"):z(e,3)}function mt({lift:e,null_lifts:t}){let r=Object.entries(t).map(([n,o])=>`${o.filter(a=>e!==null&&a>=e).length} of ${o.length} lifts of ${n} are as large`);return`Lift ${e===null?"unknown":ye(e)}; ${r.join(", ")}`}var An="http://www.w3.org/2000/svg",R=276,ve=46,se=34,Q=se+ve,_=Q+ve+18,j=30,gt=[["random anchors",-1,"random anchors ↑","nbi-random",se-4,"random"],["shuffled",1,"shuffled codes ↓","nbi-shuffled",_-5,"shuffled"]];function U(e,t,r){let n=document.createElementNS(An,e);for(let[o,i]of Object.entries(t))n.setAttribute(o,String(i));return r!==void 0&&(n.textContent=r),n}var wt=({lift:e,null_lifts:t})=>ft([[e??Number.NaN],...Object.values(t)]);function xt({onStop:e,onAgain:t}){let r=l("span",{class:"nbi-verdict-sign","aria-hidden":"true"}),n=l("strong"),o=l("p",{class:"nbi-verdict-facts"}),i=l("p",{class:"nbi-verdict-note nbi-warn",role:"status"}),a=l("span",{class:"nbi-hidden",role:"status"}),s=l("button",{type:"button",class:"nbi-button",onclick:e,hidden:!0},"Stop");s.title="Stop comparing with chance; it can go on from there";let f=l("button",{type:"button",class:"nbi-button",onclick:t,hidden:!0},"Go on");f.title="Go on comparing with chance";let c=l("div",{class:"nbi-verdict"},l("div",{class:"nbi-verdict-head"},r,n),i,o,s,f),u=U("svg",{class:"nbi-lifts",width:R,height:_+34,role:"img",tabindex:0});u.setAttribute("aria-description","Left and Right go from bar to bar."),u.setAttribute("viewBox",`0 0 ${R} ${_+34}`);let x=l("div",{class:"nbi-evidence"},c,a,u),b=U("text",{x:R/2,y:_+29,"text-anchor":"middle",class:"nbi-tick-text"}),w=U("rect",{y:se,width:R/j,height:_-se,class:"nbi-pointed"}),k=null,h=-1;u.addEventListener("keydown",p=>{let{key:g,ctrlKey:v,metaKey:$,altKey:M}=p,E={ArrowRight:h+1,ArrowLeft:h-1,Home:0,End:j-1}[g];E===void 0||v||$||M||(p.preventDefault(),y(Math.max(0,Math.min(E,j-1))),T(a,b.textContent??""))}),u.addEventListener("blur",()=>y(-1));function y(p){if(h=p,w.remove(),T(b,"lift, log scale"),h<0||!k)return;let g=wt(k),[v,$]=pt(h,g,j).map(E=>z(E,2)),M=gt.map(([E,,,,,L])=>`${(100*xe(k?.null_lifts[E]??[],g,j)[h]).toFixed(0)} % of ${L}`);w.setAttribute("x",String(h*R/j)),u.prepend(w),T(b,`lift ${h?`${v}–${$}`:"0"}: ${M.join(", ")}`)}function A(p){k=p;let g=p.lift??Number.NaN,v=wt(p);u.replaceChildren(),u.setAttribute("aria-label",mt(p));let $=Z(g,v,j)<.5;for(let[M,E,L,N,C]of gt)u.append(...d(p.null_lifts[M]??[],v,M,E)),u.append(U("text",{x:$?R:0,y:C,"text-anchor":$?"end":"start",class:N},L));u.append(U("line",{x1:0,x2:R,y1:Q,y2:Q,class:"nbi-axis"})),u.append(U("line",{x1:0,x2:R,y1:_,y2:_,class:"nbi-axis"})),u.append(U("text",{x:0,y:_+14,class:"nbi-tick-text"},"0"));for(let M of ht(v,4)){let E=Z(10**M,v,j)*R;if(E<16)continue;let L=E>R-12?"end":"middle";u.append(U("line",{x1:E,x2:E,y1:_,y2:_+3,class:"nbi-axis"})),u.append(U("text",{x:E,y:_+14,"text-anchor":L,class:"nbi-tick-text"},bt(M)))}u.append(b),y(h),Number.isNaN(g)||m(g,v)}function d(p,g,v,$){let M=xe(p,g,j),E=Math.max(...M,1e-9),L=R/j;return Array.from(M,(N,C)=>{let D=N/E*(ve-4),te=$<0?Q-D:Q,K=U("rect",{x:C*L+.5,y:te,width:L-1,height:D,class:v==="shuffled"?"nbi-shuffled":"nbi-random"});return K.append(U("title",{},`${(100*N).toFixed(0)} % of ${v}`)),K}).filter(N=>Number(N.getAttribute("height"))>0)}function m(p,g){let v=Z(p,g,j)*R;u.append(U("line",{x1:v,x2:v,y1:16,y2:_,class:"nbi-own"}));let $=v>R-70?"end":v<70?"start":"middle";u.append(U("text",{x:v,y:12,"text-anchor":$,class:"nbi-own"},`this image: ${ye(p)}`))}return{element:x,show(p,{waiting:g,edited:v}){if(u.toggleAttribute("hidden",!p),B(c,()=>{s.hidden=p!==null||g.act!=="stop",f.hidden=p!==null||g.act!=="again"}),T(i,v&&p?"The verdict is on the rule as found, not as edited.":""),T(a,p?p.verdict:g.text.split(":")[0]),c.dataset.verdict=p?p.stands_out?"stands-out":"chance":"none",r.replaceChildren(...p?[P(p.stands_out?"check":"cross",13)]:[]),!p){n.textContent="",o.textContent=g.text;return}let $=dt(p);n.textContent=$.head,o.textContent=$.facts,A(p)}}}var yt=`.nbi-body {
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
`;function vt(e,t){return e>8e6?(e-t)/(8e6-t):1}function ke({nRows:e,rowHeight:t,viewport:r,scrollTop:n,overscan:o=1}){let i=e*t,a=Math.min(i,8e6),s=Math.max(0,Math.min(n,a-r)),f=s*vt(i,r);return{first:Math.max(0,Math.floor(f/t)-o),last:Math.min(e,Math.ceil((f+r)/t)+o),scrollHeight:a,shift:s-f}}function kt(e,{nRows:t,rowHeight:r,viewport:n,scrollTop:o}){let i=vt(t*r,n),a=o*i,s=e*r;return s<a?s/i:s+r>a+n?Math.max(0,s+r-n)/i:o}function At(e,{key:t,ctrl:r=!1},{count:n,columns:o,pageRows:i}){let a=e-e%o,s=Math.max(1,i)*o,f={ArrowLeft:e-1,ArrowRight:e+1,ArrowUp:e-o,ArrowDown:e+o,PageUp:e-s,PageDown:e+s,Home:r?0:a,End:r?n-1:a+o-1};if(!(t in f)||n===0)return null;let c=f[t];return t==="ArrowUp"&&c<0?e:t==="ArrowDown"&&c>=n?Math.floor(e/o)<Math.floor((n-1)/o)?n-1:e:t==="PageUp"&&c<0?e%o:Math.max(0,Math.min(n-1,c))}function St({scroller:e,createRow:t,fillRow:r,onPaint:n,signal:o}){let i=l("div",{class:"nbi-sizer",role:"presentation"});e.append(i),e.before(l("style",{},yt));let a=new Map,s=[],f={nRows:0,rowHeight:1},c=-1,u="",x=()=>({...f,viewport:e.clientHeight,scrollTop:e.scrollTop}),b=(h,y,A)=>h>=y&&h<A||h===c;function w(h=!1){let{first:y,last:A,scrollHeight:d,shift:m}=ke(x());i.style.height=`${d}px`;for(let[g,v]of a)b(g,y,A)&&g<f.nRows||(a.delete(g),s.push(v));let p=c>=0&&c<f.nRows&&(c<y||c>=A)?[c]:[];for(let g=y;g<A;g++)p.push(g);for(let g of p)k(g,m,h);for(let g of s)g.element.hidden=!0;(u!==`${y}-${A}`||h)&&n?.(y,A),u=`${y}-${A}`}function k(h,y,A){let d=a.get(h);d?A&&r(d,h):(d=s.pop()??t(),d.element.parentNode||i.append(d.element),d.element.hidden=!1,a.set(h,d),r(d,h)),d.element.style.top=`${h*f.rowHeight+y}px`}return e.addEventListener("scroll",()=>w(),{passive:!0,signal:o}),{paint:w,resize(h){f=h},reset(){i.replaceChildren(),a=new Map,s=[]},pin(h){c=h},reveal(h){let y=kt(h,x());y!==e.scrollTop&&(e.scrollTop=y),w()},row:h=>a.get(h),rows:()=>a.values(),firstInSight:()=>ke({...x(),overscan:0}).first,rowsInSight:()=>Math.max(1,Math.floor(e.clientHeight/f.rowHeight))}}var $t=new WeakMap;function ae(e){let t=e.target instanceof Element?e.target.closest(".nbi-cell"):null;return t?$t.get(t):void 0}function Et(e){let t=l("span",{class:"nbi-mark"}),[r,n,o]=["nbi-first","nbi-second","nbi-confidence"].map(u=>l("span",{class:u})),i=l("span",{class:"nbi-value",hidden:!0}),a=l("span",{class:"nbi-hidden"}),s=l("span",{class:"nbi-tick","aria-hidden":"true"},P("check",12)),f=l("div",{class:"nbi-cell",role:"gridcell",tabindex:"-1","aria-colindex":e+1},l("div",{class:"nbi-tile"},i,s),l("div",{class:"nbi-line"},t,r),l("div",{class:"nbi-line nbi-line-2"},n,o),a),c={element:f,mark:t,first:r,second:n,confidence:o,value:i,unseen:a,position:-1,item:-1};return $t.set(f,c),c}var $n={right:["✓","right"],wrong:["✗","wrong"],unknown:["",""]};function Mt(e,t,r){let[n,o]=$n[t.mark];T(e.mark,n),e.mark.className=`nbi-mark nbi-mark-${t.mark}`,e.mark.title=o,T(e.first,t.first),T(e.second,t.second?`→ ${t.second}`:""),T(e.confidence,t.confidence),T(e.value,r),e.value.hidden=r==="";let i=r?`${t.full}, activation ${r}`:t.full;e.element.title=i;let a=[t.first===t.name?"":t.name,o,r&&`activation ${r}`];T(e.unseen,a.filter(Boolean).map(s=>`, ${s}`).join(""))}function Ae(e,t){e.element.setAttribute("aria-selected",String(t))}var Lt=`.nbi-grid {
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
`;function Ct({grid:e,rows:t,preview:r,selection:n,view:o,select:i,signal:a}){let s=0,f=0,c=-1;function u(d){let{columns:m}=o();return t.row(Math.floor(d/m))?.cells[d%m]}let x=()=>e.matches(":focus-within");function b(d,m=!0){let{shown:p,columns:g}=o();u(s)?.element.setAttribute("tabindex","-1"),s=d,c=p[d]??-1,t.pin(Math.floor(s/g)),t.reveal(Math.floor(s/g));let v=u(s);v?.element.setAttribute("tabindex","0"),m&&v?.element.focus({preventScroll:!0}),r.item>=0&&w()}function w(){let d=u(s);if(!d||c<0)return;let m=d.element.getBoundingClientRect(),p=e.getBoundingClientRect(),g=m.left+m.width/2>p.left+p.width/2?"left":"right";r.open(c,d.first.textContent===""?`image ${c}`:d.element.title.split(", ")[0],g)}function k(){r.close(),h()}function h(){o().shown.length&&b(Math.min(s,o().shown.length-1))}function y(d,m){let{shown:p}=o();i(Qe({order:p,selected:n.get(),anchor:f,to:d},m)),m.range||(f=d)}function A(d){let{shown:m,columns:p}=o(),g=d.ctrlKey||d.metaKey,v=At(s,{key:d.key,ctrl:g},{count:m.length,columns:p,pageRows:t.rowsInSight()});if(v!==null)b(v),d.shiftKey&&y(v,{toggle:!1,range:!0});else if(d.key===" ")y(s,{toggle:g||!d.shiftKey,range:d.shiftKey});else if(d.key==="Enter")w();else if(g&&d.key.toLowerCase()==="a")i(Array.from(m));else if(d.key==="Escape"&&r.item>=0)k();else return;d.preventDefault()}return e.addEventListener("mousedown",d=>d.shiftKey&&d.preventDefault(),{signal:a}),e.addEventListener("click",d=>{let m=ae(d);if(!m)return;let{shown:p}=o();f=Math.min(f,p.length-1),y(m.position,{toggle:d.ctrlKey||d.metaKey,range:d.shiftKey}),b(m.position)},{signal:a}),e.addEventListener("dblclick",d=>ae(d)&&w(),{signal:a}),e.addEventListener("keydown",A,{signal:a}),r.element.addEventListener("keydown",d=>d.key==="Escape"&&k(),{signal:a}),e.addEventListener("focusin",d=>{let m=ae(d);m&&m.position!==s&&b(m.position,!1)},{signal:a}),e.addEventListener("focusout",()=>t.pin(-1),{signal:a}),{hasFocus:x,focus:h,closePreview:k,touch(d){d.element.setAttribute("tabindex",d.position===s?"0":"-1")},follow(){let{shown:d}=o();s=Math.max(0,c<0?0:d.indexOf(c)),f=s,t.pin(-1)}}}var X=72,Mn="Arrow keys go from image to image, Space selects, Shift with arrows selects a range, Ctrl+A all, Enter makes the image the anchor. Ctrl+Z takes a selection back.";function Nt({catalog:e,selection:t,onOpen:r,signal:n}){let o=new Uint32Array(0),i=-1,a=me({width:1,tile:X,count:0}),s={},f=l("div",{class:"nbi-scroll",role:"grid","aria-multiselectable":"true","aria-label":"Members","aria-description":Mn}),c=l("div",{class:"nbi-empty",tabindex:-1,hidden:!0}),u=l("div",{class:"nbi-grid nbi-members"},l("style",{},Lt),l("div",{class:"nbi-body"},f,c)),x=St({scroller:f,createRow:k,fillRow:h,signal:n}),b={item:-1,element:l("div"),open:r,close(){},draw(){}},w=Ct({grid:f,rows:x,preview:b,selection:t,signal:n,view:()=>({shown:o,columns:a.columns}),select:p=>t.set(p)});function k(){let p=Array.from({length:a.columns},(v,$)=>Et($)),g=l("canvas",{class:"nbi-strip-canvas","aria-hidden":"true"});return{element:l("div",{class:"nbi-row",role:"row"},g,...p.map(v=>v.element)),canvas:g,cells:p}}function h(p,g){p.element.setAttribute("aria-rowindex",String(g+1)),p.cells.forEach((v,$)=>{v.position=g*a.columns+$,v.element.hidden=v.position>=o.length,!v.element.hidden&&(v.item=o[v.position],Mt(v,oe(s,v.item),""),v.value.hidden=v.item!==i,v.value.textContent=v.value.hidden?"":"anchor",Ae(v,t.has(v.item)),w.touch(v))}),y(p)}function y({canvas:p,cells:g}){let{ctx:v,scale:$}=q(p,a.columns*a.cellWidth,X);g.forEach((M,E)=>{if(M.element.hidden)return;let L=(E*a.cellWidth+(a.cellWidth-X)/2)*$,N=V(v,e,{item:M.item,x:L,y:0,size:X*$});M.element.classList.toggle("nbi-loading",!N)})}function A(p){for(let g of x.rows())for(let v of g.cells)v.element.hidden||p(v)}function d(){let p=a.columns;a=me({width:f.clientWidth,tile:X,count:o.length}),f.style.setProperty("--nbi-columns",String(a.columns)),f.style.setProperty("--nbi-thumb",`${X}px`),f.style.setProperty("--nbi-row-height",`${a.rowHeight}px`),f.setAttribute("aria-rowcount",String(a.nRows)),f.setAttribute("aria-colcount",String(a.columns)),x.resize(a),p!==a.columns&&x.reset(),x.paint(!0)}let m=new ResizeObserver(()=>f.clientWidth>0&&d());return m.observe(f),n.addEventListener("abort",()=>m.disconnect(),{once:!0}),e.thumbs.onLoad(H(()=>{for(let p of x.rows())y(p)},n),n),t.on("change",H(()=>A(p=>Ae(p,t.has(p.item))),n),n),{element:u,show(p,g,v,$){let M=g!==i,E=w.hasFocus();[o,i,s]=[p,g,v],c.hidden=o.length>0,c.textContent=$,w.follow(),M&&(f.scrollTop=0),d(),E&&o.length?w.focus():E&&c.focus()}}}function Ot({catalog:e,selection:t,nameOf:r,signal:n}){let o=new Set;function i({element:u,canvas:x,item:b,size:w,map:k}){let{ctx:h,scale:y}=q(x,w,w),A=V(h,e,{item:b,x:0,y:0,size:w*y,map:k,as:"mask"});u.classList.toggle("nbi-loading",!A)}function a({element:u,item:x}){u.tagName==="BUTTON"&&u.setAttribute("aria-pressed",String(t.has(x)))}let s=new Set,f=H(()=>{for(let u of s)i(u);s.clear()},n),c=H(()=>{for(let u of[...o])u.element.isConnected?i(u):o.delete(u)},n);return e.thumbs.onLoad(c,n),t.on("change",H(()=>{for(let u of[...o])u.element.isConnected?a(u):o.delete(u)},n),n),{create(u,{size:x,map:b=null,still:w=!1,words:k=""}){let h=l("canvas",{class:"nbi-small",style:`width: ${x}px; height: ${x}px`}),y=k||r(u),A=l("span",{class:"nbi-tick","aria-hidden":"true"},P("check",10)),d=w?l("span",{class:"nbi-shot nbi-loading"},h):l("button",{type:"button",class:"nbi-shot nbi-loading",title:y,"aria-label":y},h,A);w||d.addEventListener("click",()=>t.set([u]));let m={element:d,canvas:h,item:u,size:x,map:b};return o.add(m),s.add(m),f(),a(m),d},redraw:c}}function Tt(e,t,r){let n=t*e.k+r,o=e.exemplars[n];if(r>=e.k||o===void 0||o<0)return null;let i=e.mapHeight*e.mapWidth,a=e.exemplarMaps&&i>0?{height:e.mapHeight,width:e.mapWidth,data:e.exemplarMaps.subarray(n*i,(n+1)*i)}:null;return{image:o,value:e.exemplarValues[n],map:a}}var Ln=3,Cn=38,Nn="Up and Down go from literal to literal, Tab to its unit; Enter loosens, turns round, restores it.",On={required:"Required: a click or Enter ignores it",ignored:"Ignored: a click or Enter asks for the other state",flipped:"Turned round: a click or Enter requires it as found"},Rt=({score:e})=>`${I(e)} of the reference images are in the other state`;function Ut({pictures:e,selection:t,onEdit:r,onPoint:n}){let o=null,i=[],a=[],s=0,f=l("span",{class:"nbi-rule-count"}),c=l("button",{type:"button",class:"nbi-button",onclick:()=>k(i.map(()=>"required"))});c.append(P("undo",13)," Reset rule");let u=l("ol",{class:"nbi-literals","aria-label":"Rule","aria-description":Nn}),x=l("p",{class:"nbi-status"},"The neighbours share no state that is not shared by all images."),b=l("section",{class:"nbi-rule","aria-label":"Rule"},l("div",{class:"nbi-rule-head"},l("strong",{},"Rule"),f,c),u,x);function w(d){s=Math.max(0,Math.min(d,a.length-1)),a.forEach(({toggle:m,unit:p},g)=>{m.tabIndex=p.tabIndex=g===s?0:-1})}u.addEventListener("focusin",({target:d})=>{w(a.findIndex(({toggle:m,unit:p})=>d===m||d===p))}),u.addEventListener("keydown",d=>{let m={ArrowDown:s+1,ArrowUp:s-1,Home:0,End:a.length-1}[d.key];if(m===void 0||d.ctrlKey||d.metaKey||d.altKey)return;d.preventDefault();let p=d.target===a[s]?.unit?"unit":"toggle";a[Math.max(0,Math.min(m,a.length-1))]?.[p].focus()});function k(d){i=d,a.forEach(y),h(),r(i)}function h(){let d=a.length,m=J(i);f.textContent=`${d} literal${d===1?"":"s"}${m?`: ${m}`:""}`,ne(c,m===""),c.title=m?"Require all literals as they were found":"The rule is as it was found",x.hidden=d>0}function y({toggle:d,literal:m},p){let g=i[p],v=ct(m,g);d.dataset.mode=g,d.title=`${On[g]}
${Rt(m)}`;let $=d.querySelector(".nbi-state");$.textContent=g==="required"?v:g==="ignored"?"ignored":`⇄ ${v}`,$.classList.toggle("nbi-on",v==="on")}function A(d,m,p){let g=o?.layer??"",v=at(d),$=`on in ${I(d.base_rate)}`,M=l("span",{class:"nbi-literal-facts",title:Rt(d)},l("span",{class:"nbi-track","aria-hidden":"true"},l("span",{style:`width: ${100*d.base_rate}%`})),l("span",{},`${$} · score ${d.score.toFixed(2)}`)),E=l("button",{type:"button",class:"nbi-literal-toggle",onclick:()=>k(i.map((C,D)=>D===m?ot(C):C))},l("span",{class:"nbi-literal-line"},l("span",{class:"nbi-neuron"},v),l("span",{class:"nbi-state"})),M),L=l("button",{type:"button",class:"nbi-unit-strip",title:`Select unit ${d.unit} of ${g} in all linked views: these images activate it most`,"aria-label":`Select unit ${d.unit} of ${g} in all linked views`,onclick:()=>{let C=t.unit?.layer===g&&t.unit.unit===d.unit;t.setUnit(C?null:{layer:g,unit:d.unit})}});for(let C=0;p&&C<Ln;C++){let D=Tt(p,d.unit,C);D&&L.append(e.create(D.image,{size:Cn,map:D.map,still:!0}))}L.hidden=L.childElementCount===0;let N=l("li",{class:"nbi-literal"},E,L);for(let C of["pointerenter","focusin"])N.addEventListener(C,()=>n(d));for(let C of["pointerleave","focusout"])N.addEventListener(C,()=>n(null));return u.append(N),{toggle:E,unit:L,literal:d}}return{element:b,get modes(){return i},show(d,m,p){o=d,i=m,B(u,()=>{u.replaceChildren(),a=(o?.literals??[]).map((g,v)=>A(g,v,p)),a.forEach(y),w(s)}),h(),this.markUnit()},markUnit(){let d=t.unit;for(let{unit:m,literal:p}of a)m.setAttribute("aria-pressed",String(d?.layer===o?.layer&&d?.unit===p.unit))}}}var Tn=12,Rn=48,Un="Arrow keys go from image to image, Enter selects.",Pt={layers:Pn,neighbours:In,mistake:Dn,subclasses:Fn};function It(e,t,r,n){if(n)return[l("p",{class:"nbi-panel-words"},Se(n))];if(!t)return[l("p",{class:"nbi-panel-words"},r.reason?`Not computed. ${r.reason}.`:"Asking the kernel …")];if(t.state==="failed")return[l("p",{class:"nbi-panel-words nbi-warn",role:"alert"},Se(t.text??""))];if(t.state==="running"){let o=t.text?`Computing: ${t.text} …`:"Computing …",i=l("button",{type:"button",class:"nbi-button",onclick:()=>r.stop(e)},"Stop");return i.disabled=r.reason!=="",i.title=r.reason||"Stop, and keep what there is",[l("p",{class:"nbi-panel-words"},l("progress",{"aria-label":"Computing"}),` ${o} `,i)]}if(t.state==="stopped"){let o=l("button",{type:"button",class:"nbi-button",onclick:()=>r.compute(e)},"Compute");o.disabled=r.reason!=="",o.title=r.reason||"Compute it again, to the end";let i=l("p",{class:"nbi-panel-words nbi-warn",role:"status"},`${Se(t.text??"")} `,o);return t.rows?[i,...Pt[e](t,r)]:[i]}return Pt[e](t,r)}function Se(e){let t=/[.!?]$/.test(e)?"":".";return e.charAt(0).toUpperCase()+e.slice(1)+t}function _t(e,t){let r=e?"stands out":"no more than chance";return l("span",{class:`nbi-chip ${e?"nbi-good":"nbi-chance"}`,title:t,tabindex:0},P(e?"check":"cross",11),r)}function $e(e){return Object.entries(e).filter(([,t])=>t).map(([t,r])=>`${r} by ${t}`).join(", ")}function ee({title:e,mark:t,facts:r,images:n,n:o,extra:i=[]},{pictures:a,selection:s,say:f,signal:c}){let u=n.slice(0,Tn).map(y=>a.create(y,{size:Rn})),x=o>u.length?l("span",{class:"nbi-status"},`and ${(o-u.length).toLocaleString("en-US")} more`):null,b=n.length.toLocaleString("en-US"),w=()=>{s.set(n),f(`${b} image${n.length===1?"":"s"} selected`)},k=l("button",{type:"button",class:"nbi-button",disabled:n.length===0,onclick:w},`Select ${b}`),h=l("div",{class:"nbi-shots",role:"toolbar","aria-label":"Images","aria-description":Un},...u,x);return he(h,"button",c),l("div",{class:"nbi-panel-row",role:"listitem"},l("div",{class:"nbi-panel-head"},e,t??null,l("span",{class:"nbi-gap"}),...i,k),l("div",{class:"nbi-panel-facts"},...r.flatMap(y=>y?[typeof y=="string"?l("span",{},y):y]:[])),h)}function ce(e,t){return l("div",{class:"nbi-panel-list",role:"list","aria-label":e},...t)}var Ee=e=>`${e.toLocaleString("en-US")} member${e===1?"":"s"}`;function Pn({layer:e,rows:t,overlap:r},n){let o=t.findIndex(s=>s.name===e),i=t.map((s,f)=>{let c=s.name===e,u=l("button",{type:"button",class:"nbi-button",onclick:()=>n.setLayer(s.name)},"Show");u.disabled=c||n.reason!=="",u.title=c?"It is shown":n.reason||`Show the region in ${s.name}`;let x=r[o]?.[f],b=c||x===null||x===void 0?"":`overlap with ${e}: ${I(x)}`,w={title:l("strong",{},s.name),mark:_t(s.stands_out,s.verdict),extra:[u]};return ee({...w,facts:[Ee(s.n),$e(s.purity),b],images:s.images,n:s.n},n)});return[l("p",{class:"nbi-panel-words"},"The same image's region in every layer. Overlap: images in both regions over images in either."),ce("Regions by layer",i)]}function In({features:e,rows:t},r){let n=t.map((i,a)=>{let s=a===0||i.overlap===null?"":`overlap with the region: ${I(i.overlap)}`,f={title:l("strong",{},i.name),facts:[Ee(i.n).replace("member","image"),$e(i.purity),s]};return ee({...f,images:i.images,n:i.n},r)}),o=`As many nearest images as the region has members. Euclidean and cosine distance: ${e}. The region seldom is purer; what it adds is a rule.`;return[l("p",{class:"nbi-panel-words"},o),ce("Sets of equal size",n)]}var _n={neurons:"setting the neurons that differ",units:"setting all positions of their units",control:"control: as many other neurons, at random"};function Dn({label:e,prediction:t,probability:r,rows:n},o){let i=`Labelled ${e}, taken for ${t}; probability of ${e}: ${I(r)}. Below: the regions of the nearest correct images of ${e}, the literals of their rules that this image violates, and what its prediction becomes when these neurons are set to the other state.`,a=n.map(s=>{let f=s.differs.length?`violates ${s.differs.length} of ${s.n_literals} literals: ${s.differs.join(", ")}`:`violates none of ${s.n_literals} literals`,c=l("span",{class:"nbi-panel-title"},o.pictures.create(s.anchor,{size:36}),l("strong",{},s.name)),u=s.outcomes.find(k=>k.set==="control")?.repaired??0,b=s.outcomes.some(k=>k.set!=="control"&&k.repaired>u)?l("span",{class:"nbi-chip nbi-good"},P("check",11),"repaired"):void 0,w=l("div",{class:"nbi-outcomes"},...s.outcomes.map(k=>jn(k,e,r)));return ee({title:c,mark:b,facts:[f,w],images:s.images,n:s.n},o)});return[l("p",{class:"nbi-panel-words"},i),ce("Regions of correct images",a)]}function jn(e,t,r){let n=e.set==="control"?`${I(e.repaired)} of the draws are repaired`:`predicted ${e.prediction}${e.repaired?": repaired":""}`,o=`${_n[e.set]} (${e.n_neurons}): ${t} ${I(r)} → ${I(e.probability)}; ${n}`;return l("div",{class:e.set!=="control"&&e.repaired?"nbi-repaired":""},o)}function Fn({class_name:e,n_images:t,n_covered:r,n_candidates:n,uncovered:o,rows:i},a){let s=i.length,f=`${s===0?"No region stands":s===1?"One region stands":`${s} regions stand`} out among the ${t.toLocaleString("en-US")} images predicted as ${e}${s?` and cover ${I(r/t)} of them`:""}. Of all images as anchors, ${n} stand out; one in twenty does by chance.`,c=i.map((x,b)=>{let w=l("button",{type:"button",class:"nbi-button",onclick:()=>a.setAnchor(x.anchor)},"Make anchor");w.disabled=a.reason!=="",w.title=a.reason||`Show the region of ${x.name} among all images`;let k=[Ee(x.n),`${x.new} in no region above`,$e(x.purity)],h=l("span",{class:"nbi-panel-rule"},x.rule.join(", ")),y=l("strong",{},`Subclass ${b+1}`);return ee({title:y,mark:_t(x.stands_out,x.verdict),facts:[...k,h],images:x.images,n:x.n,extra:[w]},a)}),u=o.length?[ee({title:l("strong",{},"In none of them"),facts:[],images:o,n:t-r},a)]:[];return[l("p",{class:"nbi-panel-words"},f),ce("Subclasses",[...c,...u])]}var Me=[["members","Members"],["layers","Across layers"],["neighbours","Neighbours"],["mistake","Why wrong"],["subclasses","Subclasses"]],Hn={running:"computing …",done:"computed",stopped:"stopped",failed:"failed"},Kn=0;function Dt(e){let{members:t,onTab:r,onSelect:n,say:o}=e,i=`nbi-region-${++Kn}`,a=Me.map(([A,d])=>l("button",{type:"button",class:"nbi-tab",role:"tab",id:`${i}-${A}`,"aria-controls":`${i}-panel`,onclick:()=>r(A)},d)),s=l("div",{class:"nbi-tabs",role:"tablist","aria-label":"What to show of the region"},...a),f=l("strong",{class:"nbi-members-count",role:"status"}),c=l("span",{class:"nbi-members-purity"}),u=l("button",{type:"button",class:"nbi-button",onclick:n},"Select members");u.title="Select the members in every linked view";let x=l("div",{class:"nbi-members-view"},l("div",{class:"nbi-bar"},f,c,u),t),b=l("div",{class:"nbi-panel"}),w=l("div",{class:"nbi-tab-panel",role:"tabpanel",id:`${i}-panel`},x,b),k=l("section",{class:"nbi-region-right","aria-label":"Members and more"},s,w),h=null,y=new AbortController;return s.addEventListener("keydown",A=>{let d=a.indexOf(A.target),m=a.length-1,p={ArrowRight:d+1,ArrowLeft:d-1,Home:0,End:m}[A.key];if(p===void 0||d<0)return;let g=a[p>m?0:p<0?m:p];g.focus(),g.click(),A.preventDefault()}),{element:k,showMembers({count:A,n:d,purity:m,edited:p}){T(f,A),c.textContent=`${p?"follow the edited rule":"follow the rule"}${m?`: ${m}`:""}`,c.title=c.textContent,u.disabled=d===0},show(A,{panel:d,reasons:m,reason:p}){if(Me.forEach(([$],M)=>{let E=a[M],L=$===A;E.setAttribute("aria-selected",String(L)),E.tabIndex=L?0:-1;let N=m[$]??"";E.setAttribute("aria-disabled",String(N!==""&&!L)),E.title=N?`Not here: ${N}`:""}),w.setAttribute("aria-labelledby",`${i}-${A}`),x.hidden=A!=="members",b.hidden=A==="members",A==="members")return;let g=JSON.stringify([A,d,m[A],p]);if(g===h)return;h=g,y.abort(),y=new AbortController;let v={...e,reason:p,signal:y.signal};B(b,()=>b.replaceChildren(...It(A,d,v,m[A]??""))),d&&o(`${Me.find(([$])=>$===A)?.[1]}: ${Hn[d.state]}`)}}}var zn="Another region needs a running kernel",Bn="No image yet: click an image in a linked view, and its region is shown here.",Wn=["name","label","prediction","confidence","correct"],qn=150;function Ft(e,{catalog:t,selection:r,settings:n,write:o,send:i,signal:a}){let s=null,f=[],c=new Uint32Array(0),u={},x=null,b=Vn(n),w=!1,k=null,h=l("div",{class:"nbi-hidden",role:"status"}),y=S=>T(h,S),A=nt({write:o}),d=l("div",{class:"nbi-warn nbi-region-problem",role:"alert",hidden:!0}),m=tt({catalog:t,signal:a}),p=xt({onStop:()=>i({kind:"stop",name:"verdict"}),onAgain:()=>i({kind:"judge"})}),g=l("div",{class:"nbi-region-about"}),$=Ot({catalog:t,selection:r,nameOf:S=>u.name&&G(u.name,S)||`image ${S}`,signal:a}),M=Ut({pictures:$,selection:r,onEdit:Ht,onPoint:S=>le(S)}),E=Nt({catalog:t,selection:r,onOpen:S=>o({anchor:S}),signal:a}),L=Dt({members:E.element,pictures:$,selection:r,onTab:S=>o({tab:S}),onSelect(){Le(),y(`${c.length.toLocaleString("en-US")} image${c.length===1?"":"s"} selected`)},say:y,setAnchor:S=>o({anchor:S}),setLayer:S=>o({layer:S}),stop:S=>i({kind:"stop",name:S}),compute:S=>i({kind:"panel",name:S})}),N=l("section",{class:"nbi-region-left","aria-label":"Anchor and verdict"},m.element,p.element,g),C=l("div",{class:"nbi-region-main"},N,M.element,L.element),D=l("div",{class:"nbi-region-empty"},Bn);e.append(A.element,d,C,D,h),qe(e,r,a);let te=()=>t.hasKernel?"":zn,K=fe(Le,qn);a.addEventListener("abort",K.cancel,{once:!0});function Le(){w=!0,r.set(c),w=!1}function Ht(S){f=S,de(),le(null),n.follow&&K()}function le(S){s&&m.frame(s,f,S)}function de(){if(!s)return;c=it({columns:jt(n.columns),reference:jt(n.reference),n:t.nItems,literals:s.literals,modes:f,tolerance:n.tolerance}),E.show(c,s.anchor,u,"No image follows this rule: loosen a literal by clicking it.");let S={label:we(u.label,c),prediction:we(u.prediction,c)};L.showMembers({count:lt(c.length,s.n_reference),n:c.length,purity:st(S),edited:J(f)}),Ce()}function Ce(){let S=n.evidence.serial===s?.serial?n.evidence:null,O=ut(n.judging,s?.serial??0,t.hasKernel);p.show(S,{waiting:O,edited:J(f)!==""||n.tolerance!==s?.tolerance})}function Kt(){let S=s;if(s=n.shown.serial===void 0?null:n.shown,C.hidden=s===null,D.hidden=s!==null,!s)return;let O=S&&Xn(S,s);O||(f=s.literals.map(()=>"required")),m.show(s,pe(n.picture),u),(!O||S?.serial===s.serial)&&M.show(s,f,x?.layer===s.layer?x:null);let{thresholded:F,among_words:W,k:Xt,notes:Gt}=s;g.replaceChildren(...[`Among ${W}, k = ${Xt}.`,`States: ${F}.`,...Gt.map(Gn)].map(Yt=>l("p",{},Yt))),de(),le(null),x?.layer!==s.layer&&zt(s.layer),s.serial!==b&&(b=s.serial,y(`Region of ${s.name}`),n.follow&&K())}async function zt(S){let O=await t.units(S).catch(()=>null);a.aborted||S!==s?.layer||!O||(x=O,M.show(s,f,x))}async function Bt(){let S=Wn.filter(F=>t.columns.some(W=>W.name===F)),O=await Promise.all(S.map(F=>t.column(F).catch(()=>null)));u=Object.fromEntries(S.flatMap((F,W)=>O[W]?[[F,O[W]]]:[]))}function Wt(){let S=["layer","k","t","among","anchor"],O=t.hasKernel&&s!==null&&S.some(F=>n[F]!==n.shown[F]);C.classList.toggle("nbi-waiting",O&&n.problem===""),C.setAttribute("aria-busy",String(O&&n.problem==="")),d.hidden=n.problem==="",T(d,n.problem),A.show(n,{reason:te(),nLiterals:s?.literals.length??n.t})}function qt(){if(!s)return;let S=s.reasons[n.tab]??"",O=n.panels[n.tab];L.show(n.tab,{panel:O,reasons:s.reasons,reason:te()}),!(n.tab==="members"||S||O||!t.hasKernel)&&i({kind:"panel",name:n.tab})}return r.on("change",({indices:S,transient:O})=>{w||O||!n.follow||!t.hasKernel||S.length!==1||o({anchor:S[0]})},a),r.on("unit",()=>M.markUnit(),a),{async apply(S){k??=Bt(),await k,n={...n,...S},"height"in S&&e.style.setProperty("--nbi-height",`${n.height}px`),"shown"in S?Kt():"tolerance"in S?Vt():("evidence"in S||"judging"in S)&&Ce(),Wt(),["shown","tab","panels"].some(O=>O in S)&&qt()}};function Vt(){de(),n.follow&&s&&K()}}function Vn(e){return e.shown.serial??0}function Xn(e,t){return e.anchor===t.anchor&&e.layer===t.layer&&JSON.stringify(e.literals)===JSON.stringify(t.literals)}function jt(e){let t=pe(e);return new Uint8Array(t.buffer,t.byteOffset,t.byteLength)}function Gn(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}.`}var Yn=["anchor","layer","k","t","tolerance","among","follow","tab","layers","shown","columns","reference","evidence","judging","panels","problem","picture","height"],yi={initialize(){},render:Ke({className:"nbi-region",traits:Yn,create:Ft,together:He})};export{yi as default};
