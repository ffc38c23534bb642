// One map taken apart: the frame that all kinds of layers share. What differs is in sum_view.js and window_view.js.

function openMap(stage, id, channel) {
  stage.opened = { layer: id, channel };
  stage.isClosed = false;
  stage.returnTo = { ...stage.focus };
  pointAway(stage);
  stage.els.host.classList.add("open");
  stage.els.tip.hidden = true;
  stage.send("open", stage.opened);
}

function askForAll(stage, id) {
  stage.opened = { layer: id, channel: -1 };
  stage.isClosed = false;
  stage.returnTo = { ...stage.focus };
  stage.els.host.classList.add("open");
  stage.send("open", stage.opened);
}

function closeDetail(stage) {
  stopSweep(stage);
  stage.opened = null;
  stage.isClosed = true;
  stage.detail = null;
  hideOverlay(stage);
  const node = stage.layout?.byId.get(stage.returnTo?.id);
  if (node) focusTile(stage, node, stage.returnTo.row);
  stage.send("open", null);
}

function hideOverlay(stage) {
  const { overlay, host } = stage.els;
  host.classList.remove("open");
  overlay.hidden = true;
  overlay.replaceChildren();
  stage.els.sheet.inert = false;
  stage.els.body.style.minHeight = "";
}

// What Python sends about the opened map, all maps of a layer, or softmax.
function showMail(stage, mail) {
  if (!mail || mail.what === "none") {
    if (stage.detail || !stage.els.overlay.hidden) { stage.detail = null; stopSweep(stage); hideOverlay(stage); }
    return;
  }
  const same = stage.detail && stage.detail.what === mail.what && stage.detail.id === mail.id && stage.detail.channel === mail.channel;
  const position = same ? stage.position : null;
  if (!same) stage.pinned = stage.wasPinned = false;
  const active = stage.root.activeElement;
  const hadFocus = stage.els.overlay.contains(active);
  const step = hadFocus && active.matches(".step") ? active.getAttribute("aria-label") : null;
  stopSweep(stage);
  stage.detail = mail;
  const { overlay, host, sheet, body } = stage.els;
  host.classList.add("open");
  sheet.inert = true;
  overlay.hidden = false;
  overlay.replaceChildren(detailHead(stage, mail), detailBody(stage, mail));
  body.style.minHeight = `${overlay.scrollHeight + 8}px`;
  if (!same) {
    // Whoever goes from map to map stays at the button for it.
    (overlay.querySelector(`.step[aria-label="${step}"]`) ?? overlay.querySelector(".close")).focus({ preventScroll: true });
    overlay.firstChild.scrollIntoView({ block: IS_TOUCHED ? "start" : "nearest", behavior: calm() ? "auto" : "smooth" });
  } else if (hadFocus) (overlay.querySelector(".large.pointable") ?? overlay.querySelector(".close")).focus({ preventScroll: true });
  if (stage.moveTo) startAt(stage, mail, position);
}

// A letter that was asked for before the map was closed is not wanted any more.
function readLetter(stage, letter) {
  const isNone = !letter || letter.what === "none";
  if (!isNone && stage.isClosed) return;
  stage.isClosed = false;
  showMail(stage, letter);
}

function startAt(stage, mail, position) {
  if (position) { stage.moveTo(position.y, position.x); return; }
  const { h, w } = mail.output;
  stage.moveTo(Math.floor(h / 2), Math.floor(w / 2));
  if (h * w > 1 && !calm()) startSweep(stage, h, w);
}

// The window travels over the map by itself until somebody takes it.
function startSweep(stage, h, w) {
  const rows = Math.min(h, 12);
  const cols = Math.min(w, 16);
  let step = Math.floor(rows / 3) * cols;
  stage.sweep = setInterval(() => {
    const y = Math.floor(((Math.floor(step / cols) % rows) + 0.5) * (h / rows));
    const x = Math.floor(((step % cols) + 0.5) * (w / cols));
    stage.moveTo(y, x);
    step += 1;
  }, 160);
  stage.els.overlay.querySelector(".sweep")?.replaceChildren("Stop");
  stage.els.overlay.setAttribute("aria-busy", "true"); // a screen reader waits until the numbers stand still
}

function stopSweep(stage) {
  clearInterval(stage.sweep);
  stage.sweep = null;
  stage.els.overlay.querySelector(".sweep")?.replaceChildren("Play");
  stage.els.overlay.removeAttribute("aria-busy");
}

function detailHead(stage, mail) {
  const head = element("header", "detailhead");
  const title = element("div", "title");
  const orders = element("div", "orders");
  head.append(title, orders);
  if (mail.what === "softmax") title.append(element("strong", "", "softmax"), element("span", "", "from numbers of any size to shares that add up to 1"));
  else if (mail.what === "all") title.append(element("strong", "", mail.id), element("span", "", `all ${mail.shape[0]} maps of ${mail.shape[1]}×${mail.shape[2]}, in channel order · click one to take it apart`));
  else {
    const thing = mail.output.h * mail.output.w === 1 && mail.shape.length === 1 ? "unit" : "map";
    title.append(element("strong", "", [mail.id, `${thing} ${mail.channel}`, mail.className].filter(Boolean).join(" · ")), element("span", "", `of ${mail.nChannels} · ${mail.kind} · ${times(mail.shape)}`));
    orders.append(stepButton(stage, mail, -1, "‹"), stepButton(stage, mail, 1, "›"));
    if (mail.output.h * mail.output.w > 1) {
      orders.append(button("option sweep", "Play", "Play: move the window by itself", () => (stage.sweep ? stopSweep(stage) : startSweep(stage, mail.output.h, mail.output.w))));
    }
  }
  orders.append(button("option close", "Close  Esc", "Close Esc: back to the whole network", () => closeDetail(stage)));
  return head;
}

function stepButton(stage, mail, by, sign) {
  return button("option step", sign, by > 0 ? "Next map" : "Previous map", () => {
    // Clicks may be faster than the answers: each counts from the one before.
    const from = stage.opened?.layer === mail.id ? stage.opened.channel : mail.channel;
    stage.opened = { layer: mail.id, channel: (from + by + mail.nChannels) % mail.nChannels };
    stage.send("open", stage.opened);
  });
}

function detailBody(stage, mail) {
  stage.table = colourTable(stage.data.palette, stage.host);
  stage.moveTo = null;
  if (mail.what === "softmax") return softmaxView(mail);
  if (mail.what === "all") return allMapsView(stage, mail);
  return mail.isSum ? sumView(stage, mail) : windowView(stage, mail);
}

// --- what every map has: the receptive field on the picture, and its statistics ---------------------------------------

function aside(stage, mail) {
  const box = element("aside", "facts");
  const [, height, width] = stage.data.columns[0].shape.length === 3 ? stage.data.columns[0].shape : [1, 1, 1];
  const picture = element("div", "map seen");
  const scale = 160 / Math.max(height, width);
  Object.assign(picture.style, { width: `${width * scale}px`, height: `${height * scale}px` });
  const image = element("img");
  image.src = stage.data.picture;
  image.alt = "The picture with the receptive field of the chosen unit";
  const field = element("div", "field");
  picture.append(image, field);
  const told = element("p", "told");
  box.append(element("h2", "", "What this unit can see"), picture, told);
  if (mail.output.h * mail.output.w > 1) box.append(statisticsOf(mail.stats));
  const move = (y, x) => {
    const [top, bottom] = mail.fields.rows[Math.min(y, mail.fields.rows.length - 1)];
    const [left, right] = mail.fields.cols[Math.min(x, mail.fields.cols.length - 1)];
    Object.assign(field.style, { left: `${left * scale}px`, top: `${top * scale}px`, width: `${(right - left) * scale}px`, height: `${(bottom - top) * scale}px` });
    const all = bottom - top === height && right - left === width;
    const [tall, wide] = mail.receptiveField ?? [0, 0];
    const cut = bottom - top < tall || right - left < wide ? " (cut by the edge)" : "";
    told.textContent = all ? `receptive field: the whole picture, ${height}×${width} px` : `receptive field: ${bottom - top}×${right - left} px of ${height}×${width}${cut}`;
  };
  return { box, move };
}

function statisticsOf(stats) {
  const table = element("table", "statistics");
  table.append(element("caption", "", "The map in numbers"));
  const rows = [["smallest", written(stats.min)], ["largest", written(stats.max)], ["mean", written(stats.mean)], ["spread (std)", written(stats.std)], ["exactly 0", percent(stats.zeros)], ["below 0", percent(stats.negatives)]];
  for (const [name, value] of rows) {
    const row = table.insertRow();
    const head = element("th", "", name);
    head.scope = "row";
    row.append(head, element("td", "", value));
  }
  return table;
}

// Arrow keys and the pointer move the chosen pixel on a map; a click holds it where it is until the next click.
function makePointable(stage, view, toPosition, size) {
  view.node.classList.add("pointable");
  view.node.tabIndex = 0;
  view.node.setAttribute("role", "application");
  view.node.setAttribute("aria-label", "Map: arrow keys move the chosen pixel");
  view.node.onpointermove = (event) => {
    if (stage.pinned) return;
    stopSweep(stage);
    const { y, x } = toPosition(cellUnder(view, event));
    stage.moveTo(y, x);
  };
  view.node.onclick = (event) => {
    stage.pinned = false;
    view.node.onpointermove(event);
    stage.pinned = event.detail > 0 && !stage.wasPinned;
    stage.wasPinned = stage.pinned;
  };
  view.node.onkeydown = (event) => {
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    stopSweep(stage);
    const { y, x } = stage.position;
    stage.moveTo(Math.max(0, Math.min(size.h - 1, y + step[0])), Math.max(0, Math.min(size.w - 1, x + step[1])));
  };
}

const sourceGrey = (stage, source) => (source === "input" && stage.data.columns[0].shape.length === 3 ? stage.data.columns[0].stats : null);
