// Size formula with today's numbers, costs, and the layer's code: sentences that Python wrote.

function buildFacts(conv, root) {
  conv.facts = element("div", "conv-facts", undefined, root);
  conv.sizes = element("div", "conv-sizes", undefined, conv.facts);
  conv.symbols = element("p", "conv-symbols", "", conv.facts);
  conv.rows = element("dl", "conv-rows", undefined, conv.facts);
  conv.code = element("div", "conv-code", undefined, conv.facts);
}

function drawFacts(conv, facts) {
  const text = JSON.stringify(facts);
  if (text === conv.factsText) return;
  conv.factsText = text;
  conv.sizes.replaceChildren(...facts.size.map(([name, symbols, numbers]) => {
    const line = element("p", "conv-size");
    element("span", "conv-size-name", name, line);
    element("span", "conv-formula", symbols, line);
    element("span", "conv-formula conv-today", `= ${numbers}`, line);
    return line;
  }));
  conv.symbols.replaceChildren(...facts.symbols.map(([letter, words]) => {
    const one = element("span", "conv-symbol");
    element("b", "", letter, one);
    one.append(` ${words}`);
    return one;
  }));
  conv.rows.replaceChildren(...facts.rows.map(([name, value, words]) => {
    const row = element("div", "conv-fact");
    element("dt", "", name, row);
    const told = element("dd", "", undefined, row);
    element("strong", "", value, told);
    element("span", "", ` ${words}`, told);
    return row;
  }));
  conv.code.replaceChildren(...facts.code.map(([name, line]) => {
    const box = element("div", "conv-snippet");
    element("span", "", name, box);
    const code = element("pre", "", line, box);
    code.tabIndex = 0;
    code.setAttribute("aria-label", `${name} code`);
    code.setAttribute("role", "region");
    return box;
  }));
}
