// Offers the address that `address.js` kept before this tab was opened.

export default function ({ parentElement }) {
  const link = parentElement.querySelector(".last");
  const address = addressBefore();
  link.hidden = !address || new URL(address, location.href).search === location.search;
  if (link.hidden) return;
  link.href = address;
  link.onclick = () => sessionStorage.setItem(BEFORE, "");
}

function addressBefore() {
  try {
    const kept = sessionStorage.getItem(BEFORE) ?? localStorage.getItem(LAST);
    return kept && new URL(kept, location.href).origin === location.origin ? kept : "";
  } catch {
    return "";
  }
}
