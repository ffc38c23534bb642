// Copies the text that Python sent.

export default function (component) {
  const { data, parentElement } = component;
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector(".said");
  button.textContent = data.label;
  button.onclick = async () => {
    said.textContent = await copied(data.text);
    clearTimeout(button.timer);
    button.timer = setTimeout(() => { said.textContent = ""; }, 3000);
    button.focus();
  };
  return () => clearTimeout(button.timer);
}
