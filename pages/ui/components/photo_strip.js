// A strip of small pictures as a radio group: arrow keys move, a click or space chooses. Keys and clicks may be faster than
// the answers: what was chosen here last stands until the answer to it is there, and the pictures stay the same elements.

const PATIENCE_MS = 10000; // after that the choice did not arrive, and what the server says holds

function thumbnail(row) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumbnail";
  button.title = row.title;
  button.dataset.name = row.name;
  button.setAttribute("role", "radio");
  button.setAttribute("aria-label", row.title);
  const image = document.createElement("img");
  image.src = row.uri;
  image.alt = "";
  image.draggable = false;
  button.appendChild(image);
  return button;
}

function build(strip, thumbnails) {
  const hadFocus = strip.contains(strip.getRootNode().activeElement);
  strip.buttons = thumbnails.map(thumbnail);
  strip.replaceChildren(...strip.buttons);
  return hadFocus;
}

function mark(strip, name) {
  strip.buttons.forEach((button) => {
    const isChosen = button.dataset.name === name;
    button.setAttribute("aria-checked", String(isChosen));
    button.tabIndex = isChosen ? 0 : -1;
  });
  if (strip.buttons.length && !strip.buttons.some((button) => button.tabIndex === 0)) strip.buttons[0].tabIndex = 0;
}

// The one that was picked here while an older answer comes in; else the server's.
function chosenNow(strip, chosen) {
  const { picked } = strip;
  const isAwaited = picked && picked.name !== chosen && Date.now() - picked.at < PATIENCE_MS;
  if (!isAwaited || !strip.buttons.some((button) => button.dataset.name === picked.name)) strip.picked = null;
  return strip.picked?.name ?? chosen;
}

function bringIntoSight(strip, chosen) {
  if (chosen && (chosen.offsetLeft < strip.scrollLeft || chosen.offsetLeft + 64 > strip.scrollLeft + strip.clientWidth)) {
    strip.scrollLeft = chosen.offsetLeft - strip.clientWidth / 2;
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const strip = parentElement.querySelector(".strip");
  strip.setAttribute("aria-label", data.label);
  const drawn = JSON.stringify(data.thumbnails);
  const isNew = strip.drawn !== drawn;
  strip.drawn = drawn;
  const hadFocus = isNew && build(strip, data.thumbnails);
  const now = chosenNow(strip, data.chosen);
  mark(strip, now);
  const pick = (button) => {
    strip.picked = { name: button.dataset.name, at: Date.now() };
    mark(strip, button.dataset.name);
    setTriggerValue("picked", button.dataset.name);
  };
  const { buttons } = strip;
  buttons.forEach((button) => { button.onclick = () => pick(button); });
  strip.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const current = buttons.indexOf(strip.getRootNode().activeElement);
    const next = buttons[(current + step + buttons.length) % buttons.length];
    next.focus();
    pick(next);
  };
  const chosen = buttons.find((button) => button.dataset.name === now);
  if (isNew || !strip.picked) bringIntoSight(strip, chosen);
  if (hadFocus) chosen?.focus({ preventScroll: true });
}
