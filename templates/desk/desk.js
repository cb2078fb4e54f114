import { createAll, Button, ErrorSummary, SkipLink } from "./kit.js";

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
