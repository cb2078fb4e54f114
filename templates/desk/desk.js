import { createAll, Button, ErrorSummary, SkipLink } from "./kit.js";
import { forget, look as lookOnDevice, moveTo, put } from "./device.js";

createAll(Button);
createAll(ErrorSummary);
createAll(SkipLink);

// The sitting screen follows the room. Nothing is replaced under somebody who is writing or choosing, and a screen
// nobody has touched for half an hour stops asking, so that its session can end.
const EVERY = 5000;
const UNTOUCHED = 30 * 60 * 1000;
const room = document.querySelector("[data-live-from]");

if (room) {
  let touched = Date.now();
  let isDirty = false;
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => { touched = Date.now(); });
  }
  room.addEventListener("input", () => { isDirty = true; });

  const look = async () => {
    if (document.hidden || Date.now() - touched > UNTOUCHED) return;
    const answer = await fetch(room.dataset.liveFrom, { credentials: "same-origin" });
    if (!answer.ok) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html");
    const stage = now.querySelector("[data-stage]");
    if (stage && stage.dataset.stage !== room.dataset.stage && !isDirty) {
      location.reload();
      return;
    }
    for (const part of now.querySelectorAll("[data-live]")) {
      const shown = room.querySelector(`[data-live="${part.dataset.live}"]`);
      const inUse = shown && shown.contains(document.activeElement);
      if (shown && !inUse && shown.innerHTML.trim() !== part.innerHTML.trim()) {
        shown.replaceChildren(...part.childNodes);
      }
    }
  };
  setInterval(() => { look().catch(() => {}); }, EVERY);
}

// A draft is kept while somebody writes: some seconds after the last change, and when the page is left. When the line
// is down, what was typed stays here and is tried again; nothing is ever taken out of the page. What was sent and never
// answered is named on the next try, so that nobody is told that somebody else wrote it.
const PAUSE = 8000;
const AGAIN = 15000;
const SOON = 1000;
const draft = document.querySelector("[data-draft]");
const SENT = "bid-sent";
const [sent, sentFrom] = JSON.parse(sessionStorage.getItem(SENT) || "[]");
sessionStorage.removeItem(SENT);
const isRefused = Boolean(draft && document.querySelector(".govuk-error-summary"));
// Only the installation says that something was saved; leaving the page while it was being sent says nothing.
const isSaid = new URLSearchParams(location.search).has("kept") && location.href !== sentFrom;
const wasSaved = Boolean(sent && !isRefused && isSaid);
addEventListener("pageshow", () => sessionStorage.removeItem(SENT));

(async () => {
  if (wasSaved) await forget(sent);
  if (!isRefused) await lookOnDevice(draft);
})().catch(() => {});

if (draft) {
  const said = draft.querySelector("[data-said]");
  let isOpen = false;
  let isSending = false;
  let pressed = null;
  let unheard = [];
  let timer = 0;
  const say = (text) => { said.textContent = text; };
  const later = (pause) => { clearTimeout(timer); timer = setTimeout(() => { keep().catch(() => {}); }, pause); };

  const heard = async (answer) => {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const kept = page.querySelector("[data-kept]");
    unheard = [];
    if (kept) await moveTo(kept.dataset.path).catch(() => {});
    if (kept && !isOpen) forget().catch(() => {});
    if (!kept) {
      const title = page.querySelector(".govuk-error-summary__title");
      const choose = page.querySelector('[name^="choose."]');
      isOpen = true;
      say(answer.status === 401 ? draft.dataset.ended : choose ? draft.dataset.both : `${draft.dataset.refused} ${title ? title.textContent : ""}`);
      return;
    }
    const marks = kept.querySelector("[data-marks]");
    for (const place of document.querySelectorAll("[data-marks]")) place.replaceChildren(...marks.cloneNode(true).childNodes);
    draft.action = kept.dataset.path;
    history.replaceState(null, "", kept.dataset.path);
    if (!isOpen) say(kept.querySelector("p").textContent);
  };

  const keep = async () => {
    if (!isOpen || isSending) return;
    isSending = true;
    isOpen = false;
    const typed = new FormData(draft);
    const body = new URLSearchParams(typed);
    body.set("auto", "yes");
    try {
      await heard(await fetch(draft.action, { method: "POST", body, credentials: "same-origin", redirect: "manual" }));
    } catch {
      isOpen = true;
      unheard = [...typed].filter(([name]) => !/^(form_token|both|was\.|tried\.)/.test(name));
      say(draft.dataset.gone);
      later(AGAIN);
    } finally {
      isSending = false;
    }
    if (pressed) draft.requestSubmit(pressed);
  };

  draft.addEventListener("formdata", (event) => {
    for (const [name, text] of unheard) event.formData.append(`tried.${name}`, text);
  });
  let soon = 0;
  draft.addEventListener("input", () => {
    isOpen = true;
    say(draft.dataset.waits);
    later(PAUSE);
    clearTimeout(soon);
    soon = setTimeout(() => { if (isOpen || isSending) put([...new FormData(draft)]).catch(() => {}); }, SOON);
  });
  draft.addEventListener("submit", (event) => {
    clearTimeout(timer);
    pressed = isSending ? event.submitter : null;
    if (pressed) { event.preventDefault(); return; }
    isOpen = false;
    sessionStorage.setItem(SENT, JSON.stringify([location.pathname, location.href]));
  });
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => { if (document.hidden) keep().catch(() => {}); });
  addEventListener("beforeunload", (event) => { if (isOpen) event.preventDefault(); });
}
