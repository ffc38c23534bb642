// What is wrong with the network and what mends it, where the totals stand as long as nothing is: between the drawing and
// the list, in sight whichever layer is chosen. Nothing moves for it. On a phone there is no room, and the list says it
// above the tray.

function mountTrouble(figures, act) {
  const place = element("section", "trouble-now", undefined, figures);
  place.setAttribute("aria-label", "What does not fit");
  const trouble = { figures, act, place, told: "" };
  trouble.sentence = element("p", "", undefined, place);
  trouble.fixes = element("div", "fixes", undefined, place);
  return trouble;
}

// The chosen layer's own trouble before another's.
function drawTrouble(trouble, rows, chosen) {
  const broken = rows.filter((row) => row.error);
  const row = broken.find(({ id }) => id === chosen) ?? broken[0];
  trouble.figures.classList.toggle("broken", Boolean(row));
  trouble.place.hidden = !row;
  const told = row ? JSON.stringify([row.id, row.error, row.fixes]) : "";
  if (trouble.told === told) return;
  trouble.told = told;
  tellError(trouble.sentence, row ?? {});
  fillFixes(trouble.fixes, row ?? {}, trouble.act);
}
