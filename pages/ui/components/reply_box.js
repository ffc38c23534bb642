// Where an answer goes: one box, options to choose from, or a box per cell. Built on element.js; text is never HTML.
// Python says what is asked and what was said to the last reply; nothing is judged here.

const DELAY_MS = 250; // typing is told when it rests

const ABOVE_PX = 60; // the shortest question is higher than this
const HEAD_PX = 70; // the app's own bar covers the top of the window

function focusOn(node, select, preventScroll = false) {
  if (!node) return;
  node.focus({ preventScroll });
  if (select && node.select) node.select();
}

// The nearest thing around the box that begins well above it holds the question's text. Some that have no box of their
// own lie in between.
function bringIntoSight(root) {
  const { top } = root.getBoundingClientRect();
  const height = (node) => (node.getClientRects().length ? top - node.getBoundingClientRect().top : 0);
  let above = root.getRootNode().host ?? root;
  while (above.parentElement && height(above) < ABOVE_PX) above = above.parentElement;
  if (top - height(above) >= HEAD_PX) return;
  root.style.scrollMarginTop = `${height(above) + HEAD_PX}px`;
  root.scrollIntoView({ block: "start" });
}

function sameReply(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

function textPart(box, data, place) {
  const input = element("input", "line", undefined, place);
  Object.assign(input, { type: "text", id: "reply", autocomplete: "off", spellcheck: false, maxLength: 400 });
  input.setAttribute("autocapitalize", "off");
  input.setAttribute("enterkeyhint", "done");
  input.setAttribute("aria-labelledby", "label unit");
  input.setAttribute("aria-describedby", "example");
  if (typeof data.kept === "string") input.value = data.kept;
  const unit = element("span", "unit", data.unit, place);
  unit.id = "unit";
  input.oninput = () => box.changed();
  return {
    read: () => input.value,
    first: () => input,
    mark: () => {},
  };
}

function choicePart(box, data, place) {
  const rows = data.options.map((text, i) => {
    const row = element("label", "option", undefined, place);
    const radio = element("input", "", undefined, row);
    Object.assign(radio, { type: "radio", name: "option", value: String(i), checked: data.kept === i });
    element("span", "letter", "ABCDEFGH"[i], row).setAttribute("aria-hidden", "true");
    element("span", "words", text, row);
    radio.onchange = () => box.changed();
    return radio;
  });
  const chosen = () => rows.findIndex((radio) => radio.checked);
  place.onkeydown = (event) => {
    const i = event.key.length === 1 ? "ABCDEFGH".indexOf(event.key.toUpperCase()) : -1;
    if (i < 0 || i >= rows.length || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    rows[i].checked = true;
    rows[i].focus();
    box.changed();
  };
  return {
    read: () => (chosen() < 0 ? "" : chosen()),
    first: () => rows[Math.max(0, chosen())],
    mark: () => {},
  };
}

function matrixPart(box, data, place) {
  const grid = element("div", "grid", undefined, place);
  grid.style.setProperty("--columns", data.columns);
  const cells = Array.from({ length: data.rows }, (_, y) =>
    Array.from({ length: data.columns }, (_, x) => {
      const input = element("input", "cell", undefined, grid);
      Object.assign(input, { type: "text", autocomplete: "off", spellcheck: false, maxLength: 40 });
      input.setAttribute("enterkeyhint", "next");
      input.setAttribute("aria-label", `Row ${y + 1}, column ${x + 1}`);
      input.oninput = () => box.changed();
      return input;
    }),
  );
  const area = element("textarea", "area", undefined, place);
  Object.assign(area, { rows: data.rows + 1, maxLength: 2000, spellcheck: false });
  area.setAttribute("aria-label", "All cells as text: a line for each row, spaces between the numbers");
  area.oninput = () => box.changed();
  const turn = element("button", "quiet", undefined, place);
  turn.type = "button";
  const fill = (rows) => cells.forEach((row, y) => row.forEach((cell, x) => { cell.value = rows[y]?.[x] ?? ""; }));
  const asText = () => cells.map((row) => row.map((cell) => cell.value.trim() || "…").join("  ")).join("\n");
  const show = (isText) => {
    place.dataset.text = isText ? "yes" : "";
    grid.hidden = isText;
    area.hidden = !isText;
    turn.textContent = isText ? "Type it cell by cell" : "Type it as text";
  };
  turn.onclick = () => {
    const isText = area.hidden;
    if (isText && !cells.flat().every((cell) => !cell.value)) area.value = asText();
    if (!isText) fill(area.value.trim().split("\n").map((line) => line.trim().split(/[\s;,]+/)));
    show(isText);
    focusOn(isText ? area : cells[0][0]);
    box.changed();
  };
  if (Array.isArray(data.kept)) fill(data.kept);
  else if (typeof data.kept === "string") area.value = data.kept;
  show(typeof data.kept === "string" && data.kept !== "");
  const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0] };
  grid.onkeydown = (event) => {
    const y = cells.findIndex((row) => row.includes(event.target));
    if (y < 0) return;
    const x = cells[y].indexOf(event.target);
    const step = move[event.key];
    if (step && cells[y + step[0]]) {
      event.preventDefault();
      focusOn(cells[y + step[0]][x], true);
    } else if (event.key === "Enter" && !event.isComposing) {
      const next = cells.flat().find((cell) => !cell.value.trim());
      if (!next) return; // the form takes it
      event.preventDefault();
      event.stopPropagation();
      focusOn(next, true);
    }
  };
  area.onkeydown = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) box.enter(event);
  };
  return {
    read: () => (area.hidden ? cells.map((row) => row.map((cell) => cell.value)) : area.value),
    first: () => (area.hidden ? cells.flat().find((cell) => cell.getAttribute("aria-invalid")) ?? cells[0][0] : area),
    mark: (wrong) => cells.forEach((row, y) => row.forEach((cell, x) => {
      if (wrong.some(([r, c]) => r === y && c === x)) cell.setAttribute("aria-invalid", "true");
      else cell.removeAttribute("aria-invalid");
    })),
  };
}

const PARTS = { text: textPart, choice: choicePart, matrix: matrixPart };

function build(box, data) {
  const { root } = box;
  root.replaceChildren();
  const form = element("form", `reply ${data.kind}`, undefined, root);
  form.noValidate = true;
  const many = data.kind !== "text";
  const frame = element(many ? "fieldset" : "div", "frame", undefined, form);
  const label = element(many ? "legend" : "label", "label", data.label, frame);
  label.id = "label";
  if (!many) label.htmlFor = "reply";
  const place = element("div", "place", undefined, frame);
  box.frame = frame;
  box.part = PARTS[data.kind](box, data, place);
  element("p", "example", data.example, frame).id = "example";
  element("p", "example keys", data.keys, frame);
  const bar = element("div", "bar", undefined, form);
  box.main = element("button", "main", undefined, bar);
  box.main.type = "submit";
  box.quiet = {};
  ["next", "hint", "solution"].forEach((name) => {
    box.quiet[name] = element("button", "quiet", undefined, bar);
    box.quiet[name].type = "button";
    box.quiet[name].onclick = () => box.act(name);
  });
  form.onsubmit = (event) => {
    event.preventDefault();
    box.enter(event);
  };
  frame.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    if (!event.repeat) box.enter(event);
  });
}

function boxOf(root) {
  const box = {
    root,
    timer: 0,
    hasLeft: false, // Enter was pressed and leads on
    sent: undefined, // the reply that the next answer is about
    told: undefined,
    tell() {
      clearTimeout(box.timer);
      const reply = box.part.read();
      if (box.data.tells && !sameReply(reply, box.told)) {
        box.told = reply;
        box.setState("reply", { id: box.data.id, reply });
      }
    },
    changed() {
      box.part.mark([]);
      box.label();
      clearTimeout(box.timer);
      if (box.data.tells) box.timer = setTimeout(box.tell, DELAY_MS);
    },
    isJudged: () => box.data.stage === "wrong" && sameReply(box.part.read(), box.data.kept),
    isDone: () => box.data.stage === "done",
    label() {
      const { data } = box;
      box.main.hidden = !data.check;
      box.main.textContent = box.isDone() ? data.next : data.check;
      const words = { next: data.stage === "open" ? data.skip : data.next, hint: data.hint, solution: data.solution };
      Object.entries(words).forEach(([name, text]) => {
        box.quiet[name].hidden = !text || box.isDone();
        box.quiet[name].textContent = text;
      });
    },
    act(name) {
      clearTimeout(box.timer);
      box.hasLeft = name === "enter" && box.data.leaves;
      box.sent = box.part.read();
      box.setTrigger("act", { id: box.data.id, name, reply: box.sent });
    },
    enter() {
      if (box.isDone()) box.act("next");
      else if (box.isJudged()) focusOn(box.quiet.next); // the same again: on to the next with one more Enter
      else box.act(box.data.check ? "check" : "enter");
    },
  };
  // Whatever takes the focus away, a click on a button too, finds the reply told. There is no onfocusout to assign.
  root.addEventListener("focusout", () => {
    box.hasLeft = false;
    if (box.data.tells) box.tell();
  });
  // Until the next question stands here, a key is meant for that one and must not change the answer that was given.
  ["keydown", "beforeinput"].forEach((name) => root.addEventListener(name, (event) => {
    if (!box.hasLeft) return;
    event.preventDefault();
    event.stopPropagation();
  }, true));
  return box;
}

export default function (component) {
  const { data, parentElement, setStateValue, setTriggerValue } = component;
  const root = parentElement.querySelector(".reply-box");
  const box = (root.box ??= boxOf(root));
  box.setState = setStateValue;
  box.setTrigger = setTriggerValue;
  const isNew = box.data?.id !== data.id || box.data?.kind !== data.kind;
  const isAnswer = !isNew && box.data.turn !== data.turn;
  const isNext = isNew && box.data;
  if (isNext) box.tell();
  if (isNew) box.hasLeft = false;
  box.data = data;
  if (isNew) {
    build(box, data);
    box.told = box.sent = data.kept;
  }
  // Whoever has written on since is not disturbed; under the solution stands the reply that it is about.
  const isAhead = isAnswer && !sameReply(box.part.read(), box.sent);
  const isOver = isAhead && data.stage === "done";
  if (isOver) build(box, { ...data, kept: box.sent });
  if (isNew || (isAnswer && !isAhead)) box.part.mark(data.wrong);
  box.label();
  root.dataset.stage = data.stage;
  root.dataset.at = data.id;
  box.frame.querySelectorAll("input, textarea, button").forEach((node) => { node.disabled = box.isDone(); });
  if (isNew ? data.focus : isAnswer && (!isAhead || isOver)) {
    if (box.isDone()) focusOn(box.main, false, isNew);
    else focusOn(box.part.first(), !isNew, isNew);
  }
  if (isNext) bringIntoSight(root);
}
