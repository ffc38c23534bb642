// The data sets as little pictures: one radio button each.

const SMALL_PX = 44;

function mountData(view) {
  const set = element("fieldset", "n-data", undefined, view.root);
  element("legend", "n-quiet", "Data", set);
  view.data = { set, buttons: new Map() };
}

function drawData(view, picture) {
  const { set, buttons } = view.data;
  for (const one of picture.data) {
    if (!buttons.has(one.name)) buttons.set(one.name, newDataButton(view, set, one));
    const button = buttons.get(one.name);
    button.input.checked = view.tools.values.data === one.name;
    if (button.scheme === view.scheme) continue;
    button.scheme = view.scheme;
    const context = sharpContext(button.canvas, SMALL_PX);
    paintPoints(context, one.points, { classes: one.classes, half_width: 6 }, { side: SMALL_PX, size: 1.7, scheme: view.scheme });
    if (one.name === "own") paintHand(context, view.scheme);
  }
}

function newDataButton(view, set, one) {
  const label = element("label", "n-data-option", undefined, set);
  const input = element("input", "", undefined, label);
  input.type = "radio";
  input.name = "n-data";
  input.value = one.name;
  input.onchange = () => view.tools.send({ data: one.name }, { final: true });
  const canvas = element("canvas", "", undefined, label);
  canvas.setAttribute("aria-hidden", "true");
  element("span", "", one.text, label);
  return { input, canvas };
}

// A plus: these points are clicked by hand.
function paintHand(context, scheme) {
  context.strokeStyle = cssColour(CLASS_COLOURS[scheme][1]);
  context.lineWidth = 2.5;
  context.beginPath();
  context.moveTo(SMALL_PX / 2, 13);
  context.lineTo(SMALL_PX / 2, SMALL_PX - 13);
  context.moveTo(13, SMALL_PX / 2);
  context.lineTo(SMALL_PX - 13, SMALL_PX / 2);
  context.stroke();
}
