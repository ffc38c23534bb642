// Streamlit makes every change of the address a step for Back. Here the address follows what is set, so that it can be
// copied at any time, and only another page is a step. What `last_time.js` offers next time is kept in this browser.

export default function () {
  if (Object.hasOwn(history, "pushState")) return;
  history.pushState = function pushState(state, unused, address) {
    const isSamePage = address === undefined || new URL(address, location.href).pathname === location.pathname;
    (isSamePage ? History.prototype.replaceState : History.prototype.pushState).call(history, state, unused, address);
    keepAddress();
  };
}

// A browser that keeps nothing offers nothing next time; all else goes on.
function keepAddress() {
  try {
    if (sessionStorage.getItem(BEFORE) === null) sessionStorage.setItem(BEFORE, JSON.stringify(keptNow()));
    const text = new URLSearchParams(location.search).get("s");
    if (!text) return;
    const address = location.pathname + location.search;
    localStorage.setItem(LAST, address);
    keepBuilt(text, address).catch(tellNotKept);
  } catch (error) {
    tellNotKept(error);
  }
}

const tellNotKept = (error) => console.info("This browser does not keep the last address.", error);

// A preset stands in a link by its name, a network that was built or changed as a whole (`pages/ui/link.py`).
async function keepBuilt(text, address) {
  const { network } = await read(text);
  if (typeof network !== "object" || !network) return;
  const others = builtNow().filter(({ name }) => name !== network.name);
  localStorage.setItem(BUILT, JSON.stringify([{ name: network.name, address }, ...others].slice(0, MAX_BUILT)));
}

async function read(text) {
  const packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const plain = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(plain).text());
}
