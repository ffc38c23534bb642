// Cards with a drawing each: known networks to start from. Built on paint.js.

function card(row, pick) {
  const button = document.createElement("button");
  button.className = "card";
  button.type = "button";
  const svg = make("svg", { class: "still" });
  if (row.drawing) paintStill(svg, row.drawing);
  const text = document.createElement("span");
  text.className = "text";
  for (const [tag, className, words] of [["b", "", row.title], ["small", "", row.facts], ["span", "sentence", row.sentence]]) {
    const part = document.createElement(tag);
    part.className = className;
    part.textContent = words;
    text.appendChild(part);
  }
  button.append(svg, text);
  button.onclick = () => pick(row.name);
  return button;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const place = parentElement.querySelector(".cards");
  // A Streamlit dialog stands outside the app's element, which carries the colour scheme.
  place.style.colorScheme = data.scheme;
  const drawn = JSON.stringify(data.cards);
  if (place.drawn !== drawn) {
    place.drawn = drawn; // what is being clicked stays the same element
    place.replaceChildren(...data.cards.map((row) => card(row, (name) => setTriggerValue("picked", name))));
  }
  return () => requestAnimationFrame(() => giveFocusBack(place, data.opener));
}

// A dialog that is gone gives the focus back to what opened it; Streamlit's own does so only now and then.
function giveFocusBack(place, opener) {
  if (place.isConnected || document.activeElement !== document.body) return;
  document.querySelector(`.st-key-${opener} button`)?.focus({ preventScroll: true });
}
