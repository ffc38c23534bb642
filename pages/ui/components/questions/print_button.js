// Opens the browser's print window; what is printed and what is not stands in sheet.css.

export default function (component) {
  component.parentElement.querySelector("button").onclick = () => window.print();
}
