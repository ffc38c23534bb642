// The cards of the first page: a number, a small picture, what to do there. Built on paint.js and element.js.

function greyCell(value, place) {
  const cell = element("span", "", String(value), place);
  cell.style.background = `rgb(${value} ${value} ${value})`;
  cell.style.color = value > 117 ? "#000" : "#fff"; // the grey on which both stand 4.6 to 1
}

function picture(row, place) {
  if (row.drawing) {
    paintStill(make("svg", { class: "still" }, place), row.drawing);
  } else if (row.numbers.length) {
    const grid = element("span", "numbers", undefined, place);
    grid.style.setProperty("--columns", row.numbers[0].length);
    row.numbers.flat().forEach((value) => greyCell(value, grid));
  } else if (row.lines.length) {
    const words = element("span", "lines", undefined, place);
    row.lines.forEach((line) => element("span", "", line, words));
  } else {
    // One picture is a photo; three are maps; more are tiny images with black around them, shown whole.
    const kind = row.pictures.length === 1 ? "photo" : row.pictures.length > 3 ? "dark" : "";
    const strip = element("span", `strip ${kind}`, undefined, place);
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
  const drawn = JSON.stringify(data.cards);
  if (place.drawn === drawn) return; // what is being clicked stays the same element
  place.drawn = drawn;
  place.replaceChildren();
  data.cards.forEach((row, number) => {
    const button = element("button", "card", undefined, place);
    button.type = "button";
    const shown = element("span", "picture", undefined, button);
    shown.setAttribute("aria-hidden", "true");
    picture(row, shown);
    const text = element("span", "text", undefined, button);
    const title = element("span", "title", undefined, text);
    element("span", "number", String(number + 1), title);
    element("b", "", row.title, title);
    element("span", "sentence", row.sentence, text);
    element("span", "note", row.note, text);
    button.onclick = () => setTriggerValue("chosen", row.go);
  });
}
