// The menu of layer kinds, with a search. CATALOGUE, written above this text by Python, is
// [{group, kinds: [{kind, title, sentence, sources}]}].

function mountMenu(parent, add) {
  const dialog = element("dialog", "menu", undefined, parent);
  dialog.setAttribute("aria-label", "Add a layer");
  const head = element("div", "menu-head", undefined, dialog);
  const menu = { dialog, add, title: element("h2", "", "", head) };
  const close = element("button", "close", undefined, head);
  close.type = "button";
  close.setAttribute("aria-label", "Close");
  icon("close", close);
  close.onclick = () => dialog.close();
  menu.search = element("input", "", undefined, head);
  menu.search.type = "search";
  menu.search.placeholder = "Search: conv, pool, relu, skip …";
  menu.search.setAttribute("aria-label", "Search the kinds of layers");
  menu.search.oninput = () => fillMenu(menu);
  menu.kinds = element("div", "kinds", undefined, dialog);
  dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
  dialog.onkeydown = (event) => onMenuKey(menu, event);
  return menu;
}

// A symbol of the font that the page has loaded.
function icon(name, parent) {
  const node = element("span", "icon", name, parent);
  node.setAttribute("aria-hidden", "true");
  return node;
}

function openMenu(menu, after) {
  menu.after = after;
  menu.title.textContent = after === "input" ? "Add a first layer" : `Add a layer after ${after}`;
  menu.search.value = "";
  fillMenu(menu);
  menu.dialog.showModal();
  menu.search.focus();
}

function onMenuKey(menu, event) {
  event.stopPropagation(); // the list's keys, and undo, are not meant in here
  if (event.key === "Enter" && event.target === menu.search) {
    event.preventDefault();
    menu.dialog.querySelector(".layer-choice")?.click();
  }
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const choices = [menu.search, ...menu.dialog.querySelectorAll(".layer-choice")];
  const now = choices.indexOf(menu.dialog.getRootNode().activeElement);
  event.preventDefault();
  choices[Math.min(choices.length - 1, Math.max(0, now + (event.key === "ArrowDown" ? 1 : -1)))].focus();
}

function fillMenu(menu) {
  const words = menu.search.value;
  const wanted = words.trim().toLowerCase();
  menu.kinds.replaceChildren();
  const found = CATALOGUE.map(({ group, kinds }) => ({ group, kinds: bestFirst(kinds.map((kind) => ({ ...kind, far: distanceOf(kind, group, wanted) }))) }));
  for (const { group, kinds } of bestFirst(found.filter(({ kinds }) => kinds.length).map((row) => ({ ...row, far: row.kinds[0].far })))) {
    element("h3", "", group, menu.kinds);
    for (const kind of kinds) kindChoice(menu, kind, group);
  }
  if (!menu.kinds.childElementCount) element("p", "nothing", `No kind of layer matches “${words}”.`, menu.kinds);
}

// Whose name it is comes before whose name begins so, and that before who is only described so.
function distanceOf({ kind, title, sentence }, group, wanted) {
  const names = [kind.toLowerCase(), title.toLowerCase()];
  if (!wanted || names.includes(wanted)) return 0;
  if (names.some((name) => name.startsWith(wanted))) return 1;
  return `${names.join(" ")} ${group} ${sentence}`.toLowerCase().includes(wanted) ? 2 : Infinity;
}

const bestFirst = (rows) => rows.filter(({ far }) => far < Infinity).sort((a, b) => a.far - b.far);

function kindChoice(menu, kind, group) {
  const button = element("button", "layer-choice", undefined, menu.kinds);
  button.type = "button";
  button.style.setProperty("--c", `var(--group-${group.toLowerCase()})`);
  const title = element("span", "kind-title", undefined, button);
  element("span", "dot", undefined, title);
  element("b", "", kind.title, title);
  if (kind.title !== kind.kind) element("code", "", kind.kind, title);
  element("span", "kind-sentence", kind.sentence, button);
  button.onclick = () => {
    menu.dialog.close();
    menu.add(kind.kind, menu.after);
  };
}
