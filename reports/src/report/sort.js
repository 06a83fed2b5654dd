"use strict";
// A click on a head sorts its table by that column: numbers by their value, words by the alphabet; a second click turns
// the order round. Rows without a number come last either way.
for (const table of document.querySelectorAll(".grid table")) {
  const heads = [...table.querySelectorAll("th")];
  const body = table.tBodies[0];
  const key = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.key === undefined ? null : Number(cell.dataset.key);
  };
  const compare = (a, b, column, sign) => {
    const [x, y] = [key(a, column), key(b, column)];
    if (x !== null && y !== null) return sign * (x - y);
    if (x !== null || y !== null) return x === null ? 1 : -1;
    return sign * a.cells[column].textContent.localeCompare(b.cells[column].textContent, "en", { numeric: true });
  };
  heads.forEach((head, column) => {
    head.querySelector("button").addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const rows = [...body.rows];
      rows.sort((a, b) => compare(a, b, column, down ? -1 : 1));
      body.append(...rows);
    });
  });
}
