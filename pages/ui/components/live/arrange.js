// What the controls of a stage show: their values, bounds and names, and their order. What is grasped, being typed or on its
// way is never overwritten by an answer of the server.

// The thumb, and the part of the track before it, which CSS alone cannot know.
function setRange(range, value) {
  if (range.value !== String(value)) range.value = value;
  const [least, most] = [Number(range.min), Number(range.max)];
  range.style.setProperty("--share", `${(100 * (range.valueAsNumber - least)) / (most - least || 1)}%`);
}

// What goes with a slider's own thumb: its number, or its words.
function showOwn(control, value) {
  if (control.box && !control.isDirty) control.box.value = boxText(value);
  if (control.fact.stops) control.range?.setAttribute("aria-valuetext", boxText(value) || control.fact.placeholder);
  if (control.shown) {
    const words = control.fact.choices.find((choice) => same(choice.value, value))?.text ?? "";
    control.shown.textContent = words;
    control.range.setAttribute("aria-valuetext", words);
  }
}

// Where a slider stands at a value: listed ones by their place, among stops at its place or between two of them.
function sliderPlace(fact, value) {
  if (fact.choices) return fact.choices.findIndex((choice) => same(choice.value, value));
  if (!fact.stops) return value ?? fact.least;
  if (value === null) return 0; // "auto"
  const next = fact.stops.findIndex((stop) => stop >= value);
  if (next <= 0) return next < 0 ? fact.stops.length - 1 : 0;
  return next - (fact.stops[next] - value) / (fact.stops[next] - fact.stops[next - 1]);
}

// A value that was typed may lie between two stops, and so does the thumb, until a hand takes it (takeThumb).
function placeThumb({ range, fact }, value) {
  const place = sliderPlace(fact, value);
  if (fact.stops) setAttributes(range, { step: Number.isInteger(place) ? 1 : "any" });
  setRange(range, place);
}

const same = (a, b) => a === b || JSON.stringify(a) === JSON.stringify(b);

function showValue(control, value) {
  if (control.isGrasped) return;
  const fact = control.fact;
  if (control.range) placeThumb(control, value);
  showOwn(control, value);
  if (control.words && !control.words.matches(":focus")) control.words.value = value;
  if (control.menu) control.menu.selectedIndex = fact.choices.findIndex((choice) => same(choice.value, value));
  if (control.set) {
    [...control.set.querySelectorAll("input")].forEach((input, i) => { input.checked = same(fact.choices[i].value, value); });
  }
  if (control.check) control.check.checked = Boolean(value);
}

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, String(value));
  }
}

// Bounds, names and choices may change with every answer; what did not change is left alone.
function updateControl(control, fact) {
  const before = control.facts;
  const now = JSON.stringify(fact);
  if (before === now) return;
  control.facts = now;
  control.fact = fact;
  control.label.textContent = fact.label;
  control.help.hidden = !fact.help;
  control.help.setAttribute("aria-label", `About ${fact.label}`);
  control.help.title = fact.help;
  control.about.textContent = fact.help;
  if (control.range) {
    const listed = fact.choices ?? fact.stops;
    const bounds = listed ? { min: 0, max: listed.length - 1, step: 1 } : { min: fact.least, max: fact.most, step: fact.step };
    setAttributes(control.range, { ...bounds, "aria-label": fact.choices ? null : `${fact.label}, slider` });
  }
  if (control.box) setAttributes(control.box, { min: fact.least, max: fact.most, step: fact.step ?? "any", placeholder: fact.placeholder || null, "data-by-stops": goesByStops(fact) || null });
  if (control.menu) control.menu.replaceChildren(...fact.choices.map((choice) => element("option", "", choice.text)));
  if (control.set) fillSet(control);
}

function fillSet(control) {
  control.set.replaceChildren();
  control.fact.choices.forEach((choice, i) => {
    const label = element("label", "live-option", undefined, control.set);
    const input = element("input", "", undefined, label);
    input.type = "radio";
    input.name = control.id;
    input.id = `${control.id}-${i}`;
    input.onchange = () => sendControl(control, control.fact.choices[i].value, true);
    element("span", "", choice.text, label);
  });
}

// Build what is new, drop what is gone, keep the rest where it is: a control that moves would lose the focus.
function arrangeControls(live, place, facts) {
  if (live.facts === facts) return;
  live.facts = facts;
  const wanted = new Set(facts.map((fact) => fact.field));
  for (const [field, control] of live.controls) {
    const fact = facts.find((row) => row.field === field);
    if (wanted.has(field) && fact.kind === control.fact.kind && fact.group === control.fact.group && Boolean(fact.choices) === Boolean(control.fact.choices)) continue;
    clearTimeout(control.idle);
    if (control.owed) postValues(live.wire, { [field]: control.owed.value }, true); // or no step would be made of it
    control.row.remove();
    live.controls.delete(field);
  }
  const cursors = new Map();
  for (const fact of facts) {
    if (!live.controls.has(fact.field)) live.controls.set(fact.field, buildControl(fact, live));
    const control = live.controls.get(fact.field);
    updateControl(control, fact);
    const parent = fact.group ? groupOf(live, place, fact.group) : place;
    const node = control.row;
    const cursor = cursors.has(parent) ? cursors.get(parent).nextSibling : firstRow(parent);
    if (node !== cursor) parent.insertBefore(node, cursor);
    cursors.set(parent, node);
    if (fact.group && !live.homes.has(fact.group) && !cursors.has(`in ${fact.group}`)) {
      cursors.set(`in ${fact.group}`, parent);
      const outer = cursors.has(place) ? cursors.get(place).nextSibling : firstRow(place);
      if (parent !== outer) place.insertBefore(parent, outer);
      cursors.set(place, parent);
    }
  }
  for (const [name, group] of live.groups) {
    if (facts.some((fact) => fact.group === name)) continue;
    group.remove();
    live.groups.delete(name);
  }
}

const firstRow = (parent) => [...parent.children].find((node) => node.matches(".live-control, .live-group")) ?? null;

function groupOf(live, place, name) {
  if (!live.groups.has(name)) {
    const group = element("fieldset", "live-group", undefined, live.homes.get(name) ?? place);
    element("legend", "", name, group);
    live.groups.set(name, group);
  }
  return live.groups.get(name);
}

// A group of controls that stands in the drawing, beside what it changes.
function houseGroup(live, name, home) {
  live.homes.set(name, home);
  if (live.groups.has(name)) home.append(live.groups.get(name));
}

// After an answer: every control that nobody holds shows what the server has.
function showValues(live) {
  for (const [field, control] of live.controls) {
    if (!isOnItsWay(live.wire, field)) showValue(control, live.values[field]);
  }
}
