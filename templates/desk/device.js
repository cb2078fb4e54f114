// What was written and could not be kept yet stays on this device, sealed by a key no script can read out, until the
// installation has it, the person throws it away or signs out, or somebody else signs in here.
const NAME = "bid-desk";
const offer = document.querySelector("template[data-device]");
const who = offer ? offer.dataset.device : "";
let here = location.pathname;
const isAble = Boolean(offer) && Boolean(globalThis.crypto && crypto.subtle && globalThis.indexedDB);
let opened = null;

const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const base = () => {
  opened = opened || new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("keys");
      request.result.createObjectStore("written");
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => { request.result.close(); opened = null; };
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
};

const store = async (name, mode) => (await base()).transaction(name, mode).objectStore(name);

const key = async () => {
  const kept = await asked((await store("keys", "readonly")).get(who));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await asked((await store("keys", "readwrite")).put(made, who));
  return made;
};

// Nothing of an earlier person is left when another one signs in, or when nobody is signed in any more by choice.
const wipe = async () => {
  if (opened) (await opened).close();
  opened = null;
  await asked(indexedDB.deleteDatabase(NAME));
};

const list = async () => asked((await store("written", "readonly")).getAllKeys());

export const put = async (fields) => {
  if (!isAble) return;
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(fields));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(here) }, await key(), plain);
  await asked((await store("written", "readwrite")).put({ nonce, sealed }, here));
};

// A new entry gets an address of its own when it is kept first; what is written from then on belongs there.
export const moveTo = async (path) => {
  const before = here;
  here = path;
  if (isAble && before !== path) await forget(before);
};

export const forget = async (path = here) => {
  if (isAble) await asked((await store("written", "readwrite")).delete(path));
};

const take = async () => {
  const kept = await asked((await store("written", "readonly")).get(here));
  if (!kept) return null;
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.nonce, additionalData: new TextEncoder().encode(here) }, await key(), kept.sealed);
  return JSON.parse(new TextDecoder().decode(plain));
};

// What belongs to the page as it is now stays: its token, and which question about two versions it asks.
const OURS = /^(form_token|both)$/;
const MARK = /^was\./;

const fill = (form, fields) => {
  const marks = fields.filter(([name]) => MARK.test(name));
  const place = form.querySelector("[data-marks]");
  if (place && marks.length) {
    place.replaceChildren(...marks.map(([name, value]) => Object.assign(document.createElement("input"), { type: "hidden", name, value })));
  }
  for (const one of form.elements) {
    if (!one.name || one.type === "hidden" || one.type === "submit" || OURS.test(one.name)) continue;
    const said = fields.filter(([name]) => name === one.name).map(([, text]) => text);
    if (one.type === "checkbox" || one.type === "radio") one.checked = said.includes(one.value);
    else if (one.multiple) for (const choice of one.options) choice.selected = said.includes(choice.value);
    else one.value = said[0] || "";
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
};

const isSame = (form, fields) => {
  const plain = (all) => JSON.stringify([...all].filter(([name]) => !OURS.test(name) && !MARK.test(name)));
  return plain(new FormData(form)) === plain(fields);
};

const show = (kind, act) => {
  const box = offer.content.firstElementChild.cloneNode(true);
  for (const part of box.querySelectorAll("[data-when]")) if (!part.dataset.when.split(" ").includes(kind)) part.remove();
  box.addEventListener("click", (event) => {
    const wish = event.target.dataset ? event.target.dataset.wish : "";
    if (wish) { box.remove(); act(wish); }
  });
  document.querySelector("main h1").after(box);
  return box;
};

export const look = async (form) => {
  if (!isAble) {
    if (here === "/desk/signed-out" && globalThis.indexedDB) await wipe();
    return;
  }
  const keys = await asked((await store("keys", "readonly")).getAllKeys());
  if (keys.some((one) => one !== who)) { await wipe(); return; }
  const paths = await list();
  if (paths.includes(here)) {
    const fields = form ? await take() : null;
    if (form && isSame(form, fields)) await forget();
    else if (form) show("back", (wish) => { if (wish === "back") fill(form, fields); else forget().catch(() => {}); });
    else show("lost", () => { forget().catch(() => {}); });
  } else if (here === "/desk" && paths.length) {
    const lines = show("list", () => {}).querySelector("ul");
    for (const path of paths) {
      const link = Object.assign(document.createElement("a"), { href: path, className: "govuk-link", textContent: `${lines.dataset.each} ${lines.children.length + 1}` });
      lines.append(document.createElement("li"));
      lines.lastChild.append(link);
    }
  }
};
