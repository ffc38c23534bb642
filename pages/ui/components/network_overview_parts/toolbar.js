// The bar over the drawing: what shares a colour scale, training checkpoints, folding.

const SHOWN = [4, 6, 8, 10, 12, 16];
const FEWEST_SHOWN = SHOWN[0];
const SCALES = [["layer", "Layer"], ["block", "Block"], ["global", "Network"]];

function buildToolbar(stage) {
  const { bar } = stage.els;
  bar.replaceChildren(scaleChoice(stage));
  if (stage.data.columns.length > 16) bar.append(foldChoice(stage));
  if (stage.data.columns.some((column) => column.form === "maps" && column.shape[0] > FEWEST_SHOWN)) bar.append(shownChoice(stage));
  if (stage.data.epochs?.length > 1) bar.append(epochSlider(stage));
  bar.append(element("span", "whatitis", stage.data.sentence ?? ""), element("span", "hint", "Hover a map, or click it to take it apart."));
}

function scaleChoice(stage) {
  const group = element("div", "choice");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", "One colour scale per");
  group.append(element("span", "caption", "One colour scale per"));
  for (const [value, text] of SCALES) {
    const option = button("option", text, "", () => chooseScale(stage, value));
    option.setAttribute("role", "radio");
    option.setAttribute("aria-checked", String(stage.scale === value));
    option.dataset.scale = value;
    group.append(option);
  }
  return group;
}

function chooseScale(stage, value) {
  stage.scale = value;
  buildToolbar(stage);
  buildScales(stage);
  paintStage(stage);
  stage.els.bar.querySelector(`[data-scale="${value}"]`).focus();
  stage.send("scale", value);
}

function shownChoice(stage) {
  const label = element("label", "choice");
  const select = element("select", "option");
  for (const count of SHOWN) {
    const option = element("option", "", String(count));
    option.value = count;
    option.selected = count === stage.data.nShown;
    select.append(option);
  }
  select.onchange = () => stage.send("n_shown", Number(select.value));
  label.append(element("span", "caption", "Maps per layer"), select);
  return label;
}

function foldChoice(stage) {
  const group = element("div", "choice");
  const many = stage.data.blocks.map((ids, i) => [ids, i]).filter(([ids]) => ids.length > 1).map(([, i]) => i);
  group.append(
    button("option", "Fold all", "Fold all: every block into its last layer", () => { stage.folded = new Set(many); buildStage(stage); }),
    button("option", "Unfold all", "Unfold all: show every layer", () => { stage.folded = new Set(); buildStage(stage); }),
  );
  return group;
}

// Only one question is on its way at a time; the newest position is asked for as soon as an answer arrives.
function epochSlider(stage) {
  const { epochs, epoch } = stage.data;
  const label = element("label", "epochs");
  const slider = element("input");
  Object.assign(slider, { type: "range", min: 0, max: epochs.length - 1, step: 1, value: epochs.indexOf(epoch) });
  const told = element("output", "", epochText(epoch));
  slider.setAttribute("aria-label", "Checkpoint of the run");
  slider.setAttribute("aria-valuetext", epochText(epoch));
  slider.oninput = () => {
    const wanted = epochs[Number(slider.value)];
    told.textContent = epochText(wanted);
    slider.setAttribute("aria-valuetext", epochText(wanted));
    askForEpoch(stage, wanted);
  };
  stage.els.slider = slider;
  const play = button("option play", "Play", "Play through the checkpoints", () => playEpochs(stage, slider, play));
  label.append(element("span", "caption", "Training"), slider, told);
  const group = element("div", "choice");
  group.append(label, play);
  return group;
}

const epochText = (epoch) => (epoch === 0 ? "before training" : `after epoch ${epoch}`);

function askForEpoch(stage, epoch) {
  stage.wantedEpoch = epoch;
  if (stage.askedEpoch !== null || epoch === stage.data.epoch) return;
  stage.askedEpoch = epoch;
  stage.send("epoch", epoch);
}

function epochArrived(stage) {
  stage.askedEpoch = null;
  if (stage.wantedEpoch !== null && stage.wantedEpoch !== stage.data.epoch) askForEpoch(stage, stage.wantedEpoch);
}

function playEpochs(stage, slider, play) {
  if (stage.playing) {
    clearInterval(stage.playing);
    stage.playing = null;
    play.textContent = "Play";
    return;
  }
  play.textContent = "Pause";
  if (Number(slider.value) === Number(slider.max)) slider.value = -1;
  stage.playing = setInterval(() => {
    if (!slider.isConnected || Number(slider.value) >= Number(slider.max)) {
      clearInterval(stage.playing);
      stage.playing = null;
      play.textContent = "Play";
      return;
    }
    slider.value = Number(slider.value) + 1;
    slider.oninput();
  }, 450);
}
