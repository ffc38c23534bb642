// A 3×3 window walks over a photo and a new picture appears: what one kernel of a convolutional layer does.
// All numbers come from Python; this only looks them up under the window.

const signed = (value) => (value < 0 ? `−${Math.abs(value)}` : `${value}`);

function paint(canvas, width, height, colourAt) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  for (let place = 0; place < width * height; place += 1) image.data.set(colourAt(place), 4 * place);
  context.putImageData(image, 0, 0);
}

function frame(box, left, top, width, height) {
  box.style.left = `${left}%`;
  box.style.top = `${top}%`;
  box.style.width = `${width}%`;
  box.style.height = `${height}%`;
}

export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".walk");
  const find = (selector) => root.querySelector(selector);
  const side = data.side;
  const inner = side - 2;
  const photo = bytesOf(data.photo);
  const table = bytesOf(data.colours);
  const isDark = getComputedStyle(root).colorScheme.includes("dark");
  const palette = table.subarray(isDark ? 768 : 0);
  const memory = root.memory ?? (root.memory = { kernel: 0, at: 0, seen: 0, walking: !window.matchMedia("(prefers-reduced-motion: reduce)").matches });
  if (!memory.walking && !memory.at) memory.at = Math.floor(inner * inner * 0.43);
  clearInterval(root.timer);

  const maps = data.kernels.map((kernel) => new Int16Array(bytesOf(kernel.map).buffer));
  const limits = data.kernels.map((kernel) => kernel.limit);

  const cells = (place) => {
    if (place.childElementCount !== 9) {
      place.replaceChildren();
      for (let k = 0; k < 9; k += 1) element("span", "", "", place);
    }
    return [...place.children];
  };
  const patchCells = cells(find(".patch"));
  const weightCells = cells(find(".weights"));

  const paintMap = () => {
    const map = maps[memory.kernel];
    const limit = limits[memory.kernel];
    paint(find(".map"), inner, inner, (place) => {
      const step = Math.round(128 + (127 * Math.max(-1, Math.min(1, map[place] / limit))));
      const faded = memory.walking && place > memory.at ? 60 : 255;
      return [palette[3 * step], palette[3 * step + 1], palette[3 * step + 2], faded];
    });
  };

  const show = () => {
    const x = memory.at % inner;
    const y = Math.floor(memory.at / inner);
    frame(find(".window"), (100 * x) / side, (100 * y) / side, 300 / side, 300 / side);
    frame(find(".cell"), (100 * x) / inner, (100 * y) / inner, 100 / inner, 100 / inner);
    patchCells.forEach((cell, k) => {
      const value = photo[(y + Math.floor(k / 3)) * side + x + (k % 3)];
      cell.textContent = value;
      cell.style.background = `rgb(${value} ${value} ${value})`;
      cell.style.color = inkOn([value, value, value]);
    });
    const value = maps[memory.kernel][memory.at];
    const result = find(".result");
    result.textContent = signed(value);
    const step = Math.round(128 + (127 * Math.max(-1, Math.min(1, value / limits[memory.kernel]))));
    const colour = palette.subarray(3 * step, 3 * step + 3);
    result.style.background = `rgb(${colour.join(" ")})`;
    result.style.color = inkOn(colour);
  };

  const choose = (number) => {
    memory.kernel = number;
    const kernel = data.kernels[number];
    [...find(".kernels").children].forEach((button, place) => button.setAttribute("aria-pressed", place === number));
    weightCells.forEach((cell, k) => { cell.textContent = kernel.words[k]; });
    find(".sentence").textContent = kernel.sentence;
    paintMap();
    show();
  };

  const goTo = (x, y) => {
    memory.walking = false;
    memory.at = Math.max(0, Math.min(inner - 1, y)) * inner + Math.max(0, Math.min(inner - 1, x));
    paintMap();
    show();
  };

  const follow = (stage, size, shift) => {
    stage.onpointermove = stage.onpointerdown = (event) => {
      const box = stage.getBoundingClientRect();
      const x = Math.floor((size * (event.clientX - box.left)) / box.width) - shift;
      const y = Math.floor((size * (event.clientY - box.top)) / box.height) - shift;
      goTo(x, y);
    };
    stage.onkeydown = (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!move) return;
      event.preventDefault();
      goTo((memory.at % inner) + move[0], Math.floor(memory.at / inner) + move[1]);
    };
  };

  if (find(".kernels").childElementCount !== data.kernels.length) {
    find(".kernels").replaceChildren();
    data.kernels.forEach((kernel) => element("button", "", kernel.name, find(".kernels")));
  }
  [...find(".kernels").children].forEach((button, number) => { button.onclick = () => choose(number); });
  paint(find(".photo"), side, side, (place) => [photo[place], photo[place], photo[place], 255]);
  follow(find(".photo-stage"), side, 1);
  follow(find(".map-stage"), inner, 0);
  choose(memory.kernel);

  // Six positions a tick: the whole photo takes about twenty seconds.
  root.timer = setInterval(() => {
    if (!memory.walking || document.hidden) return;
    memory.at += 6;
    if (memory.at >= inner * inner) {
      memory.at = 0;
      choose((memory.kernel + 1) % data.kernels.length);
      return;
    }
    paintMap();
    show();
  }, 33);
  return () => clearInterval(root.timer);
}
