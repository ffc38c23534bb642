// The smallest stage (bench/apps/live_page.py): a matrix to edit, a curve with a point to drag, a player.

const STAGE = {
  mount(root) {
    root.classList.add("live-example");
    for (const part of ["matrix", "sum", "plot", "bars", "walk", "numbers"]) element("div", `example-${part}`, "", root);
  },
  draw(root, picture, tools) {
    const [matrix, sum, plot, bars, walk, numbers] = root.children;
    const grid = drawMatrix(matrix, {
      values: picture.rows,
      label: "A matrix",
      editable: true,
      limit: 3,
      onEdit: (y, x, value, { final }) => {
        const rows = tools.values.rows.map((row, j) => row.map((old, i) => (j === y && i === x ? value : old)));
        tools.send({ rows }, { final });
      },
      onPoint: (y, x) => grid.light(y === null ? [] : [[y, x]]),
    });
    sum.textContent = `sum ${numberText(picture.sum)}`;
    drawPlot(plot, {
      label: "A wave",
      x: { label: "x" },
      y: { label: "y", range: [-3, 3] },
      lines: [{ name: "wave", x: picture.x, y: picture.y }],
      marks: [{ x: 0, y: picture.height, label: "Height", drag: (x, y, options) => tools.send({ height: Math.round(y * 100) / 100 }, options) }],
    });
    drawBars(bars, { label: "Row sums", rows: picture.row_sums.map((value, i) => ({ label: `row ${i + 1}`, value })), range: [-9, 9] });
    player(walk, { n: 9, label: "Walk over the cells", onStep: (i) => grid.light([[Math.floor(i / 3), i % 3]], "lit-strong") });
    drawTable(numbers, { caption: "The matrix", head: ["row", "1", "2", "3"], rows: picture.rows.map((row, i) => [i + 1, ...row]) });
  },
};
