// What a recipe will cost, in a sentence under its controls; it moves while they are dragged.

const STAGE = {
  isForm: true, // the controls are what there is to see: on a phone they stay where they are
  mount(root) {
    element("p", "recipe-cost", "", root);
  },
  draw(root, picture) {
    const place = root.firstChild;
    if (place.textContent !== picture.cost) place.textContent = picture.cost;
  },
};
