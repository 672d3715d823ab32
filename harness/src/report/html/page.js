"use strict";
// What is selected and shown is in the fragment of the address: #step=5&collapsed=1&only=flag&find=store&arrows=reads&beside=passing
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const execution = document.getElementById("execution");
const find = document.getElementById("find");
const rows = all(".row[data-step]");
const edges = JSON.parse(document.getElementById("edges").textContent);
const laneCount = Number(execution.dataset.lanes);
const everyArrow = ["orders", "reads"];

const nothingChosen = () => ({ step: 0, collapsed: new Set(), only: "", find: "", arrows: new Set(everyArrow), beside: "source" });
const shown = nothingChosen();

const rowOf = (step) => rows.find((row) => Number(row.dataset.step) <= step && step <= Number(row.dataset.last));
const isVisible = (row) => row !== undefined && !row.classList.contains("hidden");

function readFragment() {
  const said = new URLSearchParams(location.hash.slice(1));
  shown.step = Number(said.get("step") ?? 0);
  shown.collapsed = new Set((said.get("collapsed") ?? "").split(",").filter((lane) => lane !== ""));
  shown.only = said.get("only") ?? "";
  shown.find = said.get("find") ?? "";
  shown.beside = said.get("beside") === "passing" ? "passing" : "source";
  shown.arrows = new Set(said.has("arrows") ? said.get("arrows").split(",") : everyArrow);
}

function writeFragment() {
  const say = new URLSearchParams();
  if (shown.step !== 0) say.set("step", shown.step);
  if (shown.collapsed.size !== 0) say.set("collapsed", [...shown.collapsed].join(","));
  if (shown.only !== "") say.set("only", shown.only);
  if (shown.find !== "") say.set("find", shown.find);
  if (shown.arrows.size !== everyArrow.length) say.set("arrows", [...shown.arrows].join(","));
  if (shown.beside !== "source") say.set("beside", shown.beside);
  history.replaceState(null, "", "#" + say);
}

function wanted(row) {
  const text = row.textContent.toLowerCase();
  return !shown.collapsed.has(row.dataset.lane)
    && (shown.only === "" || row.dataset.object === shown.only)
    && (shown.find === "" || text.includes(shown.find.toLowerCase()));
}

function lanes() {
  const widths = Array.from({ length: laneCount }, (_, lane) => shown.collapsed.has(String(lane)) ? "1.6rem" : "minmax(0, 1fr)");
  execution.style.setProperty("--columns", "3rem minmax(3rem, 8.5rem) " + widths.join(" "));
  for (const button of all(".toggle[data-lane]")) button.setAttribute("aria-pressed", !shown.collapsed.has(button.dataset.lane));
  for (const button of all(".toggle[data-arrows]")) button.setAttribute("aria-pressed", shown.arrows.has(button.dataset.arrows));
}

// From the middle of one step's dot to another's; the text lies over the arrows.
function dot(row) {
  const cell = row.querySelector(".cell").getBoundingClientRect();
  const at = execution.getBoundingClientRect();
  return { x: cell.left - at.left + 9, y: cell.top - at.top + 10 };
}

function pathBetween(from, to) {
  const a = dot(from);
  const b = dot(to);
  if (Math.abs(a.x - b.x) < 4) return `M${a.x - 3} ${a.y} C${a.x - 14} ${a.y} ${b.x - 14} ${b.y} ${b.x - 6} ${b.y}`;
  const gap = b.x > a.x ? -7 : 7;
  const bend = Math.min(40, Math.abs(b.x - a.x) / 3) * Math.sign(b.x - a.x);
  return `M${a.x} ${a.y} C${a.x + bend} ${a.y} ${b.x - bend} ${b.y} ${b.x + gap} ${b.y}`;
}

const isFailure = (edge) => ["missing", "held"].includes(edge.kind);

function isDrawn(edge) {
  const from = rowOf(Number(edge.from));
  const to = rowOf(Number(edge.to));
  if (!isVisible(from) || !isVisible(to) || from === to) return false;
  const isSelected = [Number(edge.from), Number(edge.to)].includes(shown.step);
  if (from.dataset.lane === to.dataset.lane && !isSelected) return false;
  return isFailure(edge) || shown.arrows.has(edge.kind === "orders" ? "orders" : "reads");
}

function draw() {
  const group = document.querySelector("#arrows g");
  group.replaceChildren(...edges.filter(isDrawn).map((edge) => {
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", pathBetween(rowOf(Number(edge.from)), rowOf(Number(edge.to))));
    if (edge.kind !== "missing") path.setAttribute("marker-end", "url(#head)");
    path.classList.add(edge.kind);
    path.classList.toggle("here", [Number(edge.from), Number(edge.to)].includes(shown.step));
    return path;
  }));
}

function show() {
  for (const row of rows) row.classList.toggle("hidden", !wanted(row));
  for (const object of all(".object")) object.querySelector(".toggle").setAttribute("aria-pressed", object.dataset.object === shown.only);
  const here = shown.step === 0 ? undefined : rowOf(shown.step);
  for (const row of rows) row.classList.toggle("here", row === here);
  for (const line of all(".line")) line.classList.toggle("here", here !== undefined && line.dataset.place === here.dataset.place);
  for (const chip of all(".chip")) chip.classList.toggle("here", here !== undefined && chip.dataset.step === here.dataset.step);
  find.value = shown.find;
  document.querySelector("main").dataset.beside = shown.beside;
  for (const button of all(".toggle[data-beside]")) button.setAttribute("aria-pressed", shown.beside === button.dataset.beside);
  lanes();
  draw();
  writeFragment();
}

function select(step) {
  shown.step = step;
  show();
  rowOf(step)?.scrollIntoView({ block: "nearest" });
  const line = document.querySelector(".line.here");
  const source = document.getElementById("source");
  if (line !== null) source.scrollTop = line.offsetTop - source.clientHeight / 3;
}

function toggle(set, value) {
  if (!set.delete(value)) set.add(value);
  show();
}

function move(by) {
  const visible = rows.filter(isVisible);
  const at = visible.indexOf(rowOf(shown.step));
  const next = visible[at < 0 ? (by > 0 ? 0 : visible.length - 1) : at + by];
  if (next !== undefined) select(Number(next.dataset.step));
}

function source() {
  const edge = edges.find((candidate) => Number(candidate.to) === shown.step && !isFailure(candidate)) ?? edges.find((candidate) => Number(candidate.to) === shown.step);
  if (edge !== undefined) select(Number(edge.from));
}

function nextFailure() {
  const failures = rows.filter((row) => row.classList.contains("failure"));
  const at = failures.indexOf(rowOf(shown.step));
  if (failures.length !== 0) select(Number(failures[(at + 1) % failures.length].dataset.step));
}

function clear() {
  Object.assign(shown, nothingChosen());
  document.activeElement.blur();
  show();
}

const hasPassing = document.getElementById("passing") !== null;

function setBeside(what) {
  shown.beside = what;
  show();
  document.querySelector("#passing .differs")?.scrollIntoView({ block: "nearest" });
}

const keys = {
  j: () => move(1), ArrowDown: () => move(1), k: () => move(-1), ArrowUp: () => move(-1),
  s: source, f: nextFailure, "/": () => find.focus(),
  p: () => hasPassing && setBeside(shown.beside === "source" ? "passing" : "source"),
  r: () => toggle(shown.arrows, "reads"), h: () => toggle(shown.arrows, "orders"),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return clear();
  if (event.target === find || event.ctrlKey || event.metaKey || event.altKey) return;
  const isLane = /^[0-9]$/.test(event.key) && Number(event.key) < laneCount;
  const act = isLane ? () => toggle(shown.collapsed, event.key) : keys[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act();
});

document.addEventListener("click", (event) => {
  const on = (selector) => event.target.closest(selector);
  if (on(".toggle[data-lane]")) toggle(shown.collapsed, on(".toggle").dataset.lane);
  else if (on(".toggle[data-arrows]")) toggle(shown.arrows, on(".toggle").dataset.arrows);
  else if (on(".toggle[data-beside]")) setBeside(on(".toggle").dataset.beside);
  else if (on(".object > .toggle")) {
    const object = on(".object").dataset.object;
    shown.only = shown.only === object ? "" : object;
    show();
  } else if (on(".chip")) select(Number(on(".chip").dataset.step));
  else if (on(".row[data-step]")) select(Number(on(".row").dataset.step));
  else if (on(".line.used")) {
    const here = rows.filter((row) => row.dataset.place === on(".line").dataset.place);
    const at = here.indexOf(rowOf(shown.step));
    if (here.length !== 0) select(Number(here[(at + 1) % here.length].dataset.step));
  }
});

find.addEventListener("input", () => { shown.find = find.value; show(); });
window.addEventListener("hashchange", () => { readFragment(); show(); });
window.addEventListener("resize", draw);
readFragment();
show();
if (shown.step !== 0) select(shown.step);
