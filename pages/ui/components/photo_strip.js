// A strip of small pictures as a radio group: arrow keys move, a click or space chooses.

function thumbnail(row, isChosen) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumbnail";
  button.title = row.title;
  button.dataset.name = row.name;
  button.setAttribute("role", "radio");
  button.setAttribute("aria-checked", String(isChosen));
  button.setAttribute("aria-label", row.title);
  button.tabIndex = isChosen ? 0 : -1;
  const image = document.createElement("img");
  image.src = row.uri;
  image.alt = "";
  image.draggable = false;
  button.appendChild(image);
  return button;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const strip = parentElement.querySelector(".strip");
  const hadFocus = strip.contains(strip.getRootNode().activeElement);
  strip.setAttribute("aria-label", data.label);
  const buttons = data.thumbnails.map((row) => thumbnail(row, row.name === data.chosen));
  if (buttons.length && !buttons.some((button) => button.tabIndex === 0)) buttons[0].tabIndex = 0;
  strip.replaceChildren(...buttons);
  const pick = (button) => {
    buttons.forEach((other) => other.setAttribute("aria-checked", String(other === button)));
    setTriggerValue("picked", button.dataset.name);
  };
  buttons.forEach((button) => { button.onclick = () => pick(button); });
  strip.onkeydown = (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const current = buttons.indexOf(strip.getRootNode().activeElement);
    const next = buttons[(current + step + buttons.length) % buttons.length];
    buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
    pick(next);
  };
  const chosen = strip.querySelector('[aria-checked="true"]');
  if (chosen && (chosen.offsetLeft < strip.scrollLeft || chosen.offsetLeft + 64 > strip.scrollLeft + strip.clientWidth)) {
    strip.scrollLeft = chosen.offsetLeft - strip.clientWidth / 2;
  }
  if (hadFocus) chosen?.focus({ preventScroll: true });
}
