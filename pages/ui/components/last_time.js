// Offers what `address.js` kept before this tab was opened: the last address, and networks that were built.

export default function ({ parentElement }) {
  const { last, built } = keptBefore();
  const rows = [
    { text: "Go on where you were last time", address: last },
    ...built.filter((row) => row.address !== last).map((row) => ({ text: `Go on with ${row.name}`, address: row.address })),
  ];
  parentElement.querySelector(".last").replaceChildren(...rows.filter(isElsewhere).map(linkOf));
}

// What cannot be read was written by somebody else, or by nobody.
function keptBefore() {
  try {
    return JSON.parse(sessionStorage.getItem(BEFORE)) ?? keptNow();
  } catch {
    return { last: "", built: [] };
  }
}

function isElsewhere({ address }) {
  const there = new URL(address || location.href, location.href);
  return there.origin === location.origin && there.search !== location.search;
}

function linkOf({ text, address }) {
  const link = Object.assign(document.createElement("a"), { href: address, textContent: text });
  link.onclick = () => sessionStorage.setItem(BEFORE, JSON.stringify({ last: "", built: [] }));
  return link;
}
