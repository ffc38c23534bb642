// What each activation does to a layer's values: a histogram before, one after for each, and the three shares as bars.

const HEIGHT = 64;

function drawCards(host, { words, before, rows, meaning }) {
  const cards = (host.labCards ??= newCards(host));
  cards.words.textContent = words;
  cards.meaning.textContent = meaning ?? "";
  cards.grid.hidden = !before;
  if (!before) return;
  keepCards(cards.grid, rows.length + 1);
  const [first, ...rest] = cards.grid.children;
  fillCard(first, { title: "Before", effect: before, note: `mean ${numberText(before.mean, 3)}, spread ${numberText(before.std, 3)}` });
  rest.forEach((card, i) => fillCard(card, { title: rows[i].title, colour: i, effect: rows[i].after, note: noteOf(rows[i].after) }));
}

function newCards(host) {
  return {
    words: element("p", "act-words", "", host),
    grid: element("ul", "act-cards", undefined, host),
    meaning: element("p", "act-meaning", "", host),
  };
}

function noteOf(effect) {
  if (effect.refusal) return effect.refusal;
  return `mean ${numberText(effect.mean, 3)}, spread ${numberText(effect.std, 3)}, exactly 0: ${effect.zero_text}`;
}

function keepCards(grid, n) {
  while (grid.childElementCount > n) grid.lastElementChild.remove();
  while (grid.childElementCount < n) {
    const card = element("li", "act-card", undefined, grid);
    const head = element("p", "act-card-head", undefined, card);
    element("span", "act-card-line", undefined, head);
    element("b", "", "", head);
    make("svg", { class: "act-histogram", role: "img", viewBox: `0 0 200 ${HEIGHT}`, preserveAspectRatio: "none" }, card);
    element("p", "act-ends", undefined, card);
    element("p", "act-note", "", card);
    element("div", "act-health", undefined, card);
  }
}

function fillCard(card, { title, colour, effect, note }) {
  if (card.labEffect === effect && card.labTitle === title) return;
  Object.assign(card, { labEffect: effect, labTitle: title });
  const [head, svg, ends, words, health] = card.children;
  head.firstElementChild.replaceChildren(...(colour === undefined ? [] : [sampleOf(colour)]));
  head.lastElementChild.textContent = title;
  words.textContent = note;
  svg.toggleAttribute("hidden", Boolean(effect.refusal));
  ends.replaceChildren();
  health.hidden = !effect.health;
  if (effect.refusal) return;
  setAttributes(svg, { "aria-label": `${title}: values from ${numberText(effect.low, 3)} to ${numberText(effect.high, 3)}, ${note}` });
  drawHistogram(svg, effect, colour);
  element("span", "", numberText(effect.low, 3), ends);
  if (effect.bars.cut) element("span", "act-cut", `tall bar: ${effect.bars.cut.text}`, ends);
  element("span", "", numberText(effect.high, 3), ends);
  if (effect.health) drawHealth(health, effect.health);
}

function drawHistogram(svg, effect, colour) {
  const { heights, cut } = effect.bars;
  const width = 200 / heights.length;
  const bars = heights.map((height, i) => {
    const tall = height > 0 ? Math.max(height * (HEIGHT - 6), 0.8) : 0;
    return tall ? `M${(i * width + 0.3).toFixed(2)} ${HEIGHT}v${-tall.toFixed(2)}h${(width - 0.6).toFixed(2)}v${tall.toFixed(2)}z` : "";
  });
  svg.replaceChildren();
  make("path", { d: bars.join(""), style: `fill:${colour === undefined ? "var(--muted)" : seriesColour(undefined, colour)}` }, svg);
  // Two strokes through a bar that is higher than there is room for.
  if (cut) make("path", { d: `M${cut.bar * width - 3} 16 l${width + 6} -5 M${cut.bar * width - 3} 21 l${width + 6} -5`, class: "act-break" }, svg);
}

const SHARES = [["flat", "flat values"], ["saturated", "saturated units"], ["dead", "dead units"]];

function drawHealth(host, health) {
  drawBars(host, {
    label: "Shares that hardly learn",
    range: [0, 1],
    rows: SHARES.map(([name, words]) => ({ label: words, ...health[name], colour: "var(--status-muted)" })),
  });
}
