/* Draws the rows that the kernel sends; it keeps nothing, and every value is set as text. */

const WAIT = 8000; // milliseconds after which an answer is overdue

function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function written(value) {
  return value === null ? "" : String(value);
}

function compare(one, other) {
  if (one === null || other === null) return (one === null) - (other === null);
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other));
}

function draw(el, told) {
  let sorted = -1, down = false, words = "";
  const body = h("tbody", {}), heads = told.columns.map((name, at) => {
    const order = h("button", { type: "button", class: "wb-order" }, name);
    order.addEventListener("click", () => { down = sorted === at && !down; sorted = at; fill(); });
    return h("th", { scope: "col", class: told.numeric[at] ? "wb-right" : "wb-left" }, order);
  });
  function fill() {
    const asked = words.toLowerCase();
    const rows = told.rows.filter((row) => !asked || row.some((value) => written(value).toLowerCase().includes(asked)));
    if (sorted >= 0) rows.sort((one, other) => compare(one[sorted], other[sorted]) * (down ? -1 : 1));
    heads.forEach((head, at) => head.setAttribute("aria-sort", at === sorted ? (down ? "descending" : "ascending") : "none"));
    body.replaceChildren(...rows.map((row) => h("tr", {}, ...row.map((value, at) =>
      h("td", { class: told.numeric[at] ? "wb-right" : "wb-left" }, written(value))))));
  }
  const find = h("input", { type: "search", class: "wb-find", placeholder: told.find, "aria-label": told.find });
  find.addEventListener("input", () => { words = find.value; fill(); });
  find.addEventListener("keydown", (event) => event.stopPropagation());
  fill();
  el.replaceChildren(h("div", { class: "wb wb-revealed" },
    h("p", { class: "wb-title" }, told.title), h("p", { class: "wb-subtitle" }, told.note), find,
    h("div", { class: "wb-scroll", tabindex: "0" }, h("table", { class: "wb-table" }, h("thead", {}, h("tr", {}, ...heads)), body))));
}

export default {
  render({ model, el }) {
    const overdue = setTimeout(() => { el.textContent = "The kernel has not answered. Run the cell again."; }, WAIT);
    const answer = (told) => { clearTimeout(overdue); draw(el, told); };
    model.on("msg:custom", answer);
    model.send({ do: "open" });
    return () => { clearTimeout(overdue); model.off("msg:custom", answer); };
  },
};
