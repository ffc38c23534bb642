// The controls of a stage: native inputs that send while they move. What they show comes from arrange.js.

const KEY_IDLE_MS = 200;
const TYPE_IDLE_MS = 900;
let nControls = 0;

function buildControl(fact, live) {
  const row = element("div", `live-control kind-${fact.kind}`);
  row.dataset.field = fact.field;
  row.dataset.kind = fact.kind;
  const control = { row, fact, live, id: `live-${(nControls += 1)}`, isGrasped: false, isDirty: false };
  const head = element("div", "live-head", undefined, row);
  control.head = head;
  BUILD[fact.kind](control);
  control.help = element("button", "live-help", "?", head);
  control.help.type = "button";
  control.about = element("p", "live-about", "", row);
  control.about.hidden = true;
  control.about.id = `${control.id}-about`;
  control.help.setAttribute("aria-controls", control.about.id);
  control.help.setAttribute("aria-expanded", "false");
  control.help.onclick = () => {
    control.about.hidden = !control.about.hidden;
    control.help.setAttribute("aria-expanded", String(!control.about.hidden));
  };
  control.problem = element("p", "live-problem", "", row);
  control.problem.id = `${control.id}-problem`;
  control.problem.setAttribute("role", "alert");
  bindAhead(control);
  return control;
}

const BUILD = {
  slider(control) {
    control.label = element("label", "live-label", "", control.head);
    control.range = element("input", "live-range");
    control.range.type = "range";
    if (control.fact.choices) {
      control.range.id = control.id;
      control.shown = element("output", "live-output", "", control.head);
      control.shown.htmlFor = control.id;
    } else {
      buildBox(control);
    }
    control.label.htmlFor = control.id;
    control.row.append(control.range);
    bindRange(control);
  },
  number(control) {
    control.label = element("label", "live-label", "", control.head);
    control.label.htmlFor = control.id;
    buildBox(control);
  },
  choice(control) {
    control.label = element("label", "live-label", "", control.head);
    control.label.htmlFor = control.id;
    control.menu = element("select", "live-menu", undefined, control.row);
    control.menu.id = control.id;
    control.menu.onchange = () => sendControl(control, control.fact.choices[control.menu.selectedIndex].value, true);
  },
  buttons(control) {
    control.label = element("span", "live-label", "", control.head);
    control.label.id = control.id;
    control.set = element("div", "live-set", undefined, control.row);
    control.set.setAttribute("role", "radiogroup");
    control.set.setAttribute("aria-labelledby", control.id);
  },
  switch(control) {
    control.label = element("label", "live-label", "", control.head);
    control.label.htmlFor = control.id;
    control.check = element("input", "live-check");
    control.check.type = "checkbox";
    control.check.id = control.id;
    control.check.setAttribute("role", "switch");
    control.head.prepend(control.check);
    control.check.onchange = () => sendControl(control, control.check.checked, true);
  },
  text(control) {
    control.label = element("label", "live-label", "", control.head);
    control.label.htmlFor = control.id;
    const words = (control.words = element("input", "live-text", undefined, control.row));
    words.type = "text";
    words.id = control.id;
    words.setAttribute("aria-describedby", `${control.id}-problem`);
    words.oninput = () => showProblem(control, "");
    words.onchange = () => sendControl(control, words.value, true);
  },
};

function buildBox(control) {
  const box = element("input", "live-number", undefined, control.head);
  box.type = "number";
  box.id = control.id;
  box.setAttribute("aria-describedby", `${control.id}-problem`);
  control.box = box;
  box.oninput = () => typed(control, false);
  box.onchange = () => typed(control, true);
  box.onkeydown = (event) => {
    if (event.key === "Enter") typed(control, true);
    if (goesByStops(control.fact) && UPWARDS[event.key] !== undefined) {
      event.preventDefault();
      toNextStop(control, UPWARDS[event.key]);
    }
  };
  box.onblur = () => {
    settleOwed(control);
    // Whatever could not be read goes, and the mark with it; the sentence stays until the next change.
    control.isDirty = false;
    box.removeAttribute("aria-invalid");
    showValue(control, control.live.values[control.fact.field]);
  };
}

const UPWARDS = { ArrowUp: true, ArrowDown: false };
// Among numbers like 0.001, 0.01 and 0.1 a box's arrow keys go to the next stop: steps of one size suit no more than one.
const goesByStops = (fact) => Boolean(fact.stops) && (fact.only || !fact.whole);

function toNextStop(control, isUp) {
  const { fact, live } = control;
  const now = live.values[fact.field];
  const value = now === null ? fact.stops[0] : isUp ? fact.stops.find((stop) => stop > now) : fact.stops.findLast((stop) => stop < now);
  if (value === undefined) return;
  clearTimeout(control.idle);
  showProblem(control, "");
  control.isDirty = false;
  placeThumb(control, value);
  showOwn(control, value);
  sendControl(control, value, false);
  control.idle = setTimeout(() => settleOwed(control), KEY_IDLE_MS);
}

function typed(control, final) {
  clearTimeout(control.idle);
  control.isDirty = true;
  const text = control.box.validity.badInput ? "?" : control.box.value;
  const { value, problem } = readNumber(text, control.fact);
  if (problem) {
    // A half-typed number is no mistake yet: it is said when the typing stops.
    const say = () => showProblem(control, problem);
    if (final) {
      say();
      settleOwed(control);
    } else control.idle = setTimeout(say, KEY_IDLE_MS * 2);
    return;
  }
  showProblem(control, "");
  if (control.range && value !== null) placeThumb(control, value);
  sendControl(control, value, final);
  if (final) control.isDirty = false; // from here on Ctrl+Z is the page's, not the box's
  else control.idle = setTimeout(() => settleOwed(control), TYPE_IDLE_MS);
}

function bindRange(control) {
  const range = control.range;
  const read = () => {
    const { choices, stops } = control.fact;
    const place = range.valueAsNumber;
    return choices ? choices[place].value : stops ? stops[Math.round(place)] : place;
  };
  const release = () => {
    if (!control.isGrasped) return;
    control.isGrasped = false;
    settleOwed(control);
    showValue(control, control.live.values[control.fact.field]); // a thumb that was touched, and stayed
  };
  range.onpointerdown = () => {
    control.isGrasped = true;
    takeThumb(control, Math.round);
  };
  range.onkeydown = (event) => { if (TAKES_UP[event.key]) takeThumb(control, TAKES_UP[event.key]); };
  range.onpointerup = range.onpointercancel = range.onlostpointercapture = release;
  range.onblur = () => settleOwed(control); // or it would come after what is clicked next, and take it back
  range.oninput = () => {
    clearTimeout(control.idle);
    showProblem(control, "");
    control.isDirty = false;
    setRange(range, range.value);
    const value = read();
    showOwn(control, value);
    sendControl(control, value, false);
  };
  range.onchange = () => {
    // By mouse the release ends it; by keyboard the pause after the last key.
    clearTimeout(control.idle);
    if (control.isGrasped) release();
    else control.idle = setTimeout(() => settleOwed(control), KEY_IDLE_MS);
  };
}

// A key goes from between two stops to the next one on its way, not past it.
const TAKES_UP = { ArrowRight: Math.floor, ArrowUp: Math.floor, PageUp: Math.floor, ArrowLeft: Math.ceil, ArrowDown: Math.ceil, PageDown: Math.ceil, Home: Math.floor, End: Math.ceil };

function takeThumb({ range, fact }, toStop) {
  if (!fact.stops || Number.isInteger(range.valueAsNumber)) return;
  const stop = toStop(range.valueAsNumber);
  range.step = 1;
  setRange(range, stop);
}

function sendControl(control, value, final) {
  control.owed = final ? null : { value };
  control.live.send({ [control.fact.field]: value }, { final });
}

// What moved, and was not settled yet: a hand that still holds it, a pause of the keys that has not passed.
function settleOwed(control) {
  clearTimeout(control.idle);
  if (control.owed) sendControl(control, control.owed.value, true);
}

function showProblem(control, sentence) {
  if (control.problem.textContent !== sentence) control.problem.textContent = sentence;
  const field = control.box ?? control.menu ?? control.range ?? control.check ?? control.words ?? control.set;
  // A box that was left shows the good value again: a refusal that comes later is said, and marks nothing.
  const isLeft = field === control.box && !control.isDirty && !field.matches(":focus");
  if (sentence && !isLeft) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}
