// Copying to the clipboard. Outside localhost and https a browser has no navigator.clipboard: then the old way.

const COPIED = "Copied";
const NOT_COPIED = "The browser does not allow it: select the text and copy it.";

function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.appendChild(area);
  area.select();
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}

// Says what came of it.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return COPIED;
  } catch {
    return copyTheOldWay(text) ? COPIED : NOT_COPIED;
  }
}
