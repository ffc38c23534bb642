// Which layers the chosen one reads. A choice shows at once; the next counts from it, also before the server has answered.

const READS_HELP = "The layer whose output it takes; usually the one before it.";
const JOINS_HELP = "The layers whose outputs it joins, in this order.";

// The stage keeps a value that is on its way; when the answer is there, the picture says what the layer reads.
const sourcesOf = ({ tools }, { id, sources }) => tools.values[`${id}.inputs`] ?? sources;

function sendSources(panel, facts, rows, inputs) {
  panel.tools.send({ [`${facts.id}.inputs`]: inputs });
  fillExtra(panel, facts, rows);
}

function oneSource(panel, facts, earlier, rows) {
  const options = earlier.toReversed().map((one) => [one, one]);
  const [now] = sourcesOf(panel, facts);
  menuOf(panel.reads, "reads", options, now, (one) => sendSources(panel, facts, rows, [one])).title = READS_HELP;
}

function manySources(panel, facts, earlier, rows) {
  const sources = sourcesOf(panel, facts);
  const send = (inputs) => sendSources(panel, facts, rows, inputs);
  const set = element("div", "panel-field", undefined, panel.reads);
  set.setAttribute("role", "group");
  set.setAttribute("aria-label", "reads");
  element("span", "live-label", "reads", set).title = JOINS_HELP;
  const chips = element("div", "chips", undefined, set);
  sources.forEach((one, at) => {
    const chip = element("span", "chip", one, chips);
    const button = element("button", "", undefined, chip);
    button.type = "button";
    button.setAttribute("aria-label", `Do not read ${one}`);
    icon("close", button);
    button.disabled = sources.length === 1;
    button.onclick = () => send(sources.filter((_, place) => place !== at));
  });
  const more = element("select", "live-menu", undefined, chips);
  more.setAttribute("aria-label", "Read one more layer");
  element("option", "", "one more …", more).value = "";
  for (const one of earlier.toReversed()) element("option", "", one, more).value = one;
  more.onchange = () => send([...sources, more.value]);
}
