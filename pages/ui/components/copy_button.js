// Copies the text that Python sent. Outside localhost and https a browser has no navigator.clipboard: then the old way.

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

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyTheOldWay(text);
  }
}

export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector(".said");
  button.textContent = data.label;
  button.onclick = async () => {
    said.textContent = (await copied(data.text)) ? "Copied" : "The browser does not allow it: select the text and copy it.";
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { said.textContent = ""; }, 3000);
    button.focus();
  };
  return () => clearTimeout(button.timer);
}
