// The big cards of the first page: a number, a small live picture, what to do there. Built on paint.js and element.js.

function picture(row, place) {
  if (row.drawing) {
    paintStill(make("svg", { class: "still" }, place), row.drawing);
  } else if (row.curve) {
    const svg = make("svg", { class: "still curve", viewBox: "0 0 100 44", preserveAspectRatio: "none", "aria-hidden": "true" }, place);
    make("polyline", { points: row.curve.map((point) => point.join(",")).join(" ") }, svg);
  } else {
    const strip = element("span", "strip", undefined, place);
    row.pictures.forEach((source) => {
      const image = element("img", "", undefined, strip);
      image.alt = "";
      image.src = source;
    });
  }
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const place = parentElement.querySelector(".cards");
  place.replaceChildren();
  data.cards.forEach((row, number) => {
    const button = element("button", "card", undefined, place);
    button.type = "button";
    picture(row, element("span", "picture", undefined, button));
    const text = element("span", "text", undefined, button);
    const title = element("span", "title", undefined, text);
    element("span", "number", String(number + 1), title);
    element("b", "", row.title, title);
    element("span", "sentence", row.sentence, text);
    element("span", "note", row.note, text);
    button.onclick = () => setTriggerValue("chosen", row.go);
  });
}
