/* Draws what the kernel answers, and sends what a person says. It keeps nothing, and every value is set as text. */

const VERDICTS = { a: "same", r: "different", u: "unsure" };
const SPOKEN = { same: "the same", different: "different", unsure: "unsure" };
const WAIT = 8000; // milliseconds after which an answer is overdue

/** An element with attributes and children; strings become text, never HTML. */
function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "class") node.className = value;
    else if (value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

function button(words, key, act) {
  const node = h("button", { type: "button", class: "wb-button", "aria-keyshortcuts": key || undefined }, h("span", {}, words));
  if (key) node.append(h("kbd", { "aria-hidden": "true" }, key.replace("ArrowLeft", "←").replace("ArrowRight", "→").toUpperCase()));
  node.addEventListener("click", act);
  return node;
}

/** Both texts as nodes; what stands between their common beginning and end is marked where they differ. */
function marked(text, other, same) {
  if (!text) return [h("span", { class: "wb-quiet" }, "— nothing —")];
  if (same || !other) return foldable(text);
  const mine = [...text], its = [...other];
  let start = 0, end = 0;
  while (start < mine.length && start < its.length && mine[start] === its[start]) start += 1;
  while (end < mine.length - start && end < its.length - start && mine[mine.length - 1 - end] === its[its.length - 1 - end]) end += 1;
  const middle = mine.slice(start, mine.length - end).join("");
  if (!middle) return foldable(text);
  return [...foldable(mine.slice(0, start).join("")), h("mark", {}, ...foldable(middle)), ...foldable(mine.slice(mine.length - end).join(""))];
}

/** Long values fold after a sign and not in the middle of a word. */
function foldable(text) {
  return text.split(/(?<=[@._/-])/u).flatMap((part, at) => (at ? [h("wbr"), part] : part ? [part] : []));
}

function compared(row) {
  if (row.same) return ["=", row.says || "same", "wb-same"];
  if (!row.left || !row.right) return ["○", row.says || "one is empty", "wb-half"];
  return row.says === "close" || row.says === "similar" ? ["≈", row.says, "wb-near"] : ["≠", row.says || "differs", "wb-apart"];
}

function sideBySide(pair) {
  const head = h("tr", {}, h("th", { scope: "col" }, "Attribute"), h("th", { scope: "col" }, record(pair.left)), h("th", { scope: "col" }, record(pair.right)), h("th", { scope: "col" }, "Compared"));
  const body = pair.rows.map((row) => {
    const [sign, words, tone] = compared(row);
    return h("tr", { class: tone }, h("th", { scope: "row" }, row.attribute), h("td", { "data-label": "Left" }, ...marked(row.left, row.right, row.same)),
      h("td", { "data-label": "Right" }, ...marked(row.right, row.left, row.same)),
      h("td", { class: "wb-verdict" }, h("span", { class: "wb-sign", "aria-hidden": "true" }, sign), words));
  });
  return h("table", { class: "wb-table wb-pair" }, h("caption", { class: "wb-said" }, "The two records side by side"), h("thead", {}, head), h("tbody", {}, ...body));
}

function record(key) {
  const at = key.indexOf(":");
  return h("span", {}, at < 0 ? "" : key.slice(0, at) + " ", h("code", {}, at < 0 ? key : key.slice(at + 1)));
}

/** Each step floats from the sum before it to the sum after it; zero is a line through all rows. */
function waterfall(pair) {
  const ends = pair.steps.flatMap((step) => [step.from, step.to, 0]);
  const low = Math.min(...ends), span = Math.max(Math.max(...ends) - low, 0.01);
  const place = (value) => ((value - low) / span) * 100;
  const rows = pair.steps.map((step) => {
    const bar = h("span", { class: "wb-fall" + (step.total ? " wb-whole" : step.to < step.from ? " wb-against" : "") });
    bar.style.left = `${place(Math.min(step.from, step.to))}%`;
    bar.style.width = `max(2px, ${place(Math.max(step.from, step.to)) - place(Math.min(step.from, step.to))}%)`;
    const zero = h("span", { class: "wb-nought" });
    zero.style.left = `${place(0)}%`;
    return h("tr", { class: step.total ? "wb-sum" : "" }, h("th", { scope: "row" }, step.label, h("span", { class: "wb-detail" }, step.words)),
      h("td", { class: "wb-track" }, h("span", { class: "wb-lane", "aria-hidden": "true" }, h("span", { class: "wb-run" }, zero, bar))), h("td", { class: "wb-right" }, step.weight));
  });
  const head = h("tr", {}, h("th", { scope: "col" }, "What speaks for it"), h("th", { scope: "col" }, h("span", { class: "wb-said" }, "Drawn")), h("th", { scope: "col", class: "wb-right" }, "Weight"));
  return h("table", { class: "wb-table wb-weights" }, h("caption", { class: "wb-said" }, "Match weights, adding up to the whole"), h("thead", {}, head), h("tbody", {}, ...rows));
}

function options(state) {
  const choice = (value, words) => h("option", { value }, words);
  const group = (label, prefix, entries) =>
    entries.length ? h("optgroup", { label }, ...entries.map(([name, count]) => choice(prefix + name, `${name} (${count.toLocaleString("en")})`))) : null;
  const listed = (entries, name) => (name && !entries.some(([each]) => each === name) ? [...entries, [name, 0]] : entries);
  return [choice("", `Everything that waits (${state.waiting.toLocaleString("en")})`), group("Band", "band:", listed(state.bands, state.band)),
    group("Pattern", "pattern:", listed(state.patterns, state.pattern))].filter((node) => node);
}

function render({ model, el }) {
  let state = null, busy = false, overdue = 0;
  const turn = () => (state ? state.turn : -1);

  const title = h("h3", { class: "wb-title" }, "The review opens …");
  const counts = h("p", { class: "wb-counts" });
  const bar = h("progress", { class: "wb-progress", max: "1", value: "0", "aria-label": "Decided so far" });
  const filter = h("select", { class: "wb-filter", "aria-label": "Which pairs to show" });
  const draw = button("Judge a sample of these", "", () => say({ do: "sample" }));
  const leave = button("Leave the sample", "", () => say({ do: "leave" }));
  const sample = h("div", { class: "wb-sample", role: "group", "aria-label": "Sample" });
  const facts = h("p", { class: "wb-facts" });
  const table = h("div", { class: "wb-records" });
  const weights = h("div", { class: "wb-why" });
  const reason = h("input", { class: "wb-reason", type: "text", maxlength: "500", autocomplete: "off", spellcheck: "false", placeholder: "Reason (optional)", "aria-label": "Reason, optional" });
  const decide = (verdict) => say({ do: "decide", verdict, because: reason.value });
  const verdicts = [button("Same", "a", () => decide("same")), button("Different", "r", () => decide("different")), button("Unsure", "u", () => decide("unsure"))];
  const again = button("Look at what was left unsure", "", () => say({ do: "filter", band: state.band, pattern: state.pattern }));
  const undo = button("Undo", "z", () => say({ do: "undo" }));
  const before = button("Previous", "ArrowLeft", () => say({ do: "move", by: -1 }));
  const after = button("Next", "ArrowRight", () => say({ do: "move", by: 1 }));
  const notice = h("p", { class: "wb-notice", role: "status" });
  const trouble = h("p", { class: "wb-trouble", role: "alert" });
  const hint = h("p", { class: "wb-hint" }, "Click here, or press Tab, to decide by keyboard.");
  const root = h("section", { class: "wb wb-review", role: "region", tabindex: "0", "aria-label": "Review of suggested pairs", "data-lm-suppress-shortcuts": "true" },
    h("header", {}, h("div", { class: "wb-line" }, title, counts), bar, h("div", { class: "wb-line wb-choose" }, filter, draw)),
    sample, h("div", { class: "wb-keys", role: "group", "aria-label": "Decide" }, h("span", { class: "wb-three" }, ...verdicts), undo, h("span", { class: "wb-walk" }, before, after)),
    h("div", { class: "wb-line wb-told" }, reason, notice, hint), trouble, facts, h("div", { class: "wb-body" }, table, weights));

  /** One question at a time: what is pressed before the answer is there would be about a pair that nobody has seen. */
  function say(message) {
    if (busy) return;
    busy = true;
    root.setAttribute("aria-busy", "true");
    overdue = setTimeout(() => {
      trouble.textContent = "The kernel has not answered yet: it is busy, or it was restarted. What you said last is not confirmed. If it was restarted, run the cell again; it goes on where the file ends.";
      busy = false;
    }, WAIT);
    model.send({ ...message, turn: turn() });
  }

  function heard(message) {
    if (!message || message.kind !== "state") return;
    clearTimeout(overdue);
    busy = false;
    root.removeAttribute("aria-busy");
    const within = root.contains(document.activeElement);
    if (!message.error && state && message.turn !== state.turn && message.notice) reason.value = "";
    state = message;
    draw_();
    if (within && (!root.contains(document.activeElement) || document.activeElement.offsetParent === null)) root.focus({ preventScroll: true });
  }

  function draw_() {
    const { pair } = state;
    title.textContent = `Are these two records the same ${state.entity}?`;
    counts.replaceChildren(h("strong", {}, state.done.toLocaleString("en")), " decided by ", state.by, " · ", h("strong", {}, state.waiting.toLocaleString("en")), state.waiting === 1 ? " waits" : " wait");
    bar.max = Math.max(state.done + state.waiting, 1);
    bar.value = state.done;
    bar.setAttribute("aria-valuetext", `${state.done} decided, ${state.waiting} wait`);
    filter.replaceChildren(...options(state));
    filter.value = state.band ? `band:${state.band}` : state.pattern ? `pattern:${state.pattern}` : "";
    draw.hidden = Boolean(state.sample) || !(state.band || state.pattern);
    filter.disabled = Boolean(state.sample);
    sampled();
    facts.hidden = !pair;
    table.replaceChildren(...(pair ? [sideBySide(pair)] : [h("p", { class: "wb-nothing" }, finished()), state.waiting && !state.sample ? again : ""].filter((node) => node)));
    weights.replaceChildren(...(pair ? [waterfall(pair)] : []));
    if (pair) {
      const said = pair.verdict ? h("strong", { class: "wb-before" }, `You said: ${SPOKEN[pair.verdict]}`) : null;
      facts.replaceChildren(...[h("span", {}, `Pair ${state.at.toLocaleString("en")} of ${state.of.toLocaleString("en")}`), h("span", {}, "score ", h("strong", {}, pair.score)),
        h("span", {}, "weight ", h("strong", {}, pair.weight)), pair.band ? h("span", {}, "band ", h("strong", {}, pair.band)) : null, pair.pattern ? h("span", { class: "wb-pattern" }, pair.pattern) : null, said].filter((node) => node));
    }
    for (const each of verdicts) each.setAttribute("aria-disabled", String(!pair));
    undo.setAttribute("aria-disabled", String(!state.own));
    before.setAttribute("aria-disabled", String(state.at <= 1));
    after.setAttribute("aria-disabled", String(!pair));
    notice.textContent = state.notice;
    trouble.textContent = state.error;
    root.dataset.turn = state.turn;
    root.dataset.pair = pair ? `${pair.left} ${pair.right}` : "";
  }

  function finished() {
    if (state.sample) return "Every pair of the sample is on file. Sign above for the whole, or leave the sample.";
    return state.waiting ? "You have seen all that waits here." : "Nothing waits any more. Run the project again to see what your decisions change.";
  }

  function sampled() {
    const drawn = state.sample;
    sample.hidden = !drawn;
    if (!drawn) return sample.replaceChildren();
    const sign = ({ verdict, words, bound }) => {
      const node = button(words, "", () => drawn.ready && say({ do: "sign", verdict, because: reason.value }));
      node.setAttribute("aria-disabled", String(!drawn.ready));
      return h("li", {}, node, h("span", {}, bound));
    };
    sample.replaceChildren(h("p", {}, h("strong", {}, `Sample of the ${drawn.name}`), ` · ${drawn.judged} of ${drawn.size} judged. Each judgement is a decision of its own; when all are judged, sign for the whole.`),
      h("ul", {}, ...drawn.signs.map(sign)), leave);
  }

  function pressed(event) {
    event.stopPropagation();
    const typing = event.target === reason || event.target === filter;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") return event.preventDefault(); // a browser would save the page with its values
    if (event.key === "Escape") return typing ? root.focus({ preventScroll: true }) : undefined;
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !state) return undefined;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = { ArrowLeft: () => say({ do: "move", by: -1 }), ArrowRight: () => say({ do: "move", by: 1 }), z: () => say({ do: "undo", because: "" }) }[key] || (VERDICTS[key] && state.pair && (() => decide(VERDICTS[key])));
    if (!act) return undefined;
    event.preventDefault();
    if (!event.repeat) act(); // a key held down is one word
    return undefined;
  }

  function chosen() {
    const [kind, name] = [filter.value.split(":", 1)[0], filter.value.slice(filter.value.indexOf(":") + 1)];
    say({ do: "filter", band: kind === "band" ? name : "", pattern: kind === "pattern" ? name : "" });
  }

  /** JupyterLab takes the focus of a click in an output for its own cell; a click here means this review. */
  function clicked(event) {
    event.stopPropagation();
    if (!root.contains(document.activeElement) || document.activeElement === document.body) root.focus({ preventScroll: true });
  }

  root.addEventListener("keydown", pressed);
  root.addEventListener("click", clicked);
  for (const name of ["keyup", "keypress", "mousedown"]) root.addEventListener(name, (event) => event.stopPropagation());
  filter.addEventListener("change", chosen);
  model.on("msg:custom", heard);
  el.append(root);
  say({ do: "open" });
  return () => {
    clearTimeout(overdue);
    model.off("msg:custom", heard);
  };
}

export default { render };
