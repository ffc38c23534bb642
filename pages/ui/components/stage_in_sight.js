// Moves the page to the live stage above, once for every time that it was set from below.

const HEADER_PX = 72; // Streamlit's own bar lies over the top of the page
const LEAST_SHARE = 0.5; // of the window has to show the stage, or all of it

export default function (component) {
  const { data, parentElement } = component;
  const seen = parentElement.labSeen ?? data.n_set; // a page that is opened stays at its top
  parentElement.labSeen = data.n_set;
  if (data.n_set > seen) showStage(stageAbove(parentElement.host ?? parentElement));
}

function stageAbove(place) {
  const stages = [...document.querySelectorAll("*")].filter((element) => element.shadowRoot?.querySelector(".live-stage"));
  return stages.findLast((stage) => place.compareDocumentPosition(stage) & Node.DOCUMENT_POSITION_PRECEDING);
}

function showStage(stage) {
  if (!stage) return;
  const { top, bottom, height } = stage.getBoundingClientRect();
  const seen = Math.min(bottom, innerHeight) - Math.max(top, HEADER_PX);
  if (seen >= Math.min(height, LEAST_SHARE * innerHeight)) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  stage.style.scrollMarginTop = `${HEADER_PX}px`;
  stage.scrollIntoView({ block: "start", behavior: still ? "auto" : "smooth" });
}
