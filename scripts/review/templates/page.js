"use strict";
(() => {
  const tools = document.getElementById("tools");
  if (!tools) return;
  const text = document.getElementById("filter");
  const told = document.getElementById("told");
  const boxes = [...tools.querySelectorAll("input[type=checkbox]")];
  const rows = [...document.querySelectorAll("details.resource")];
  const stacks = [...document.querySelectorAll("details.stack")];
  const apply = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const shown = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let count = 0;
    for (const row of rows) {
      const hit = shown.has(row.dataset.action) && words.every((word) => row.dataset.words.includes(word));
      row.hidden = !hit;
      count += hit;
    }
    told.textContent = `${count} of ${rows.length} shown`;
  };
  text.addEventListener("input", apply);
  boxes.forEach((box) => box.addEventListener("change", apply));
  document.getElementById("open").addEventListener("click", () => {
    stacks.forEach((stack) => { stack.open = true; });
    rows.filter((row) => !row.hidden).forEach((row) => { row.open = true; });
  });
  document.getElementById("close").addEventListener("click", () => rows.forEach((row) => { row.open = false; }));
  const follow = () => {
    const row = location.hash && document.getElementById(location.hash.slice(1));
    if (!row || !row.matches("details.resource")) return;
    row.hidden = false;
    row.open = true;
    row.closest("details.stack").open = true;
    row.scrollIntoView({ block: "center" });
    row.querySelector("summary").focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  tools.hidden = false;
  apply();
  follow();
})();
