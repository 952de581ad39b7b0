// Two ways to show a table of results: with labels, and as points on a map without tiles.

const ROWS = 500;
const SVG = "http://www.w3.org/2000/svg";
const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const LABELS = `SELECT ?x ?label { VALUES ?x { IRIS }
  ?x <http://www.w3.org/2000/01/rdf-schema#label>|<http://www.w3.org/2004/02/skos/core#prefLabel>|<http://purl.org/dc/terms/title>|<https://w3id.org/testimonia#content> ?label }`;

function element(name, attributes = {}, ...children) {
  const made = name.startsWith("svg:")
    ? document.createElementNS(SVG, name.slice(4))
    : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function bindings(yasr) {
  return yasr.results?.getBindings() ?? [];
}

async function labelsOf(rows) {
  const iris = new Set();
  for (const row of rows)
    for (const value of Object.values(row)) if (value.type === "uri") iris.add(value.value);
  const safe = [...iris].filter((iri) => /^[^\u0000-\u0020<>"{}|^`\\]+$/.test(iri));
  if (!safe.length) return new Map();
  const query = LABELS.replace("IRIS", () => safe.map((iri) => `<${iri}>`).join(" "));
  const answer = await fetch(location.pathname, {
    method: "POST",
    headers: { Accept: "application/sparql-results+json" },
    body: new URLSearchParams({ query }),
  });
  if (!answer.ok) return new Map();
  const found = (await answer.json()).results.bindings;
  return new Map(found.map((row) => [row.x.value, row.label.value]));
}

// Pages are where this server is, whatever host the archive's IRIs name: all that is known of the
// base is that it comes before these kinds.
const OWN = /^[a-z][a-z0-9+.-]*:[^#]*?\/((?:document|statement|actor|place|event|run)\/[^#]+)/;

function shown(value, labels) {
  if (!value) return "";
  if (value.type !== "uri") return value.value;
  const label = labels.get(value.value) ?? value.value;
  const own = OWN.exec(value.value);
  if (!own) return element("span", { title: value.value }, label);
  return element("a", { href: own[1], title: value.value }, label);
}

export class LabelledTable {
  priority = 20;
  label = "Labels";

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return (this.yasr.results?.getVariables() ?? []).length > 0;
  }

  async draw() {
    const names = this.yasr.results.getVariables();
    const all = bindings(this.yasr);
    const rows = all.slice(0, ROWS);
    const labels = await labelsOf(rows);
    const head = element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)));
    const body = rows.map((row) =>
      element("tr", {}, ...names.map((name) => element("td", {}, shown(row[name], labels)))),
    );
    const table = element("table", { class: "labelled" }, element("thead", {}, head));
    table.append(element("tbody", {}, ...body));
    const note = all.length > ROWS ? `The first ${ROWS} of ${all.length} rows.` : "";
    this.yasr.resultsEl.replaceChildren(element("p", { class: "note" }, note), table);
  }

  getIcon() {
    return element("span", {}, "☰");
  }
}

// WKT 1.2.1, in longitude and latitude; of other shapes than points the corners.
function shapes(rows) {
  const found = [];
  for (const row of rows) {
    for (const value of Object.values(row)) {
      if (value.datatype !== WKT) continue;
      const pairs = value.value.match(/-?\d+(?:\.\d+)?\s+-?\d+(?:\.\d+)?/g) ?? [];
      const points = pairs.map((pair) => pair.split(/\s+/).map(Number));
      if (points.length) found.push({ points, row });
    }
  }
  return found;
}

function frame(found) {
  const points = found.flatMap((each) => each.points);
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  const margin = (low, high) => Math.max((high - low) * 0.15, 1);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const [wide, tall] = [margin(left, right), margin(bottom, top)];
  return { left: left - wide, right: right + wide, bottom: bottom - tall, top: top + tall };
}

export class PointMap {
  priority = 5;
  label = "Map";

  constructor(yasr) {
    this.yasr = yasr;
  }

  canHandleResults() {
    return shapes(bindings(this.yasr).slice(0, ROWS)).length > 0;
  }

  async draw() {
    const rows = bindings(this.yasr).slice(0, ROWS);
    const found = shapes(rows);
    const labels = await labelsOf(rows);
    const box = frame(found);
    // Degrees of longitude are narrower than those of latitude: equirectangular, true in the middle.
    const narrow = Math.max(Math.cos((((box.top + box.bottom) / 2) * Math.PI) / 180), 0.1);
    const width = 800;
    const scale = width / ((box.right - box.left) * narrow);
    const height = Math.min(Math.max((box.top - box.bottom) * scale, 200), 900);
    const upright = height / (box.top - box.bottom);
    const place = ([x, y]) => [
      (((x - box.left) / (box.right - box.left)) * width).toFixed(1),
      ((box.top - y) * upright).toFixed(1),
    ];
    const map = element("svg:svg", {
      viewBox: `0 0 ${width} ${height.toFixed(0)}`,
      class: "map",
      role: "img",
      "aria-label": `${found.length} places`,
    });
    map.append(...graticule(box, place, width, height));
    const written = [];
    for (const each of found) map.append(drawn(each, place, labels, written));
    this.yasr.resultsEl.replaceChildren(map);
  }

  getIcon() {
    return element("span", {}, "◍");
  }
}

function graticule(box, place, width, height) {
  const span = Math.max(box.right - box.left, box.top - box.bottom);
  const step = [0.1, 0.5, 1, 2, 5, 10, 20, 45].find((each) => span / each <= 8) ?? 90;
  const lines = [];
  for (let x = Math.ceil(box.left / step) * step; x < box.right; x += step) {
    const [at] = place([x, box.bottom]);
    lines.push(element("svg:line", { x1: at, x2: at, y1: 0, y2: height }));
    lines.push(element("svg:text", { x: at, y: height - 4 }, `${+x.toFixed(1)}°`));
  }
  for (let y = Math.ceil(box.bottom / step) * step; y < box.top; y += step) {
    const [, at] = place([box.left, y]);
    lines.push(element("svg:line", { x1: 0, x2: width, y1: at, y2: at }));
    lines.push(element("svg:text", { x: 4, y: at - 4 }, `${+y.toFixed(1)}°`));
  }
  return lines;
}

// How far up or down a name goes so that it lies on no other; null where it would have to go far,
// and is left to the tooltip.
function shiftOf(x, y, name, written) {
  const right = x + name.length * 7;
  const free = (shift) =>
    written.every(
      (each) => Math.abs(each.y - y - shift) >= 13 || each.left >= right || x >= each.right,
    );
  const shift = [0, 14, -14, 28, -28].find(free);
  if (shift === undefined) return null;
  written.push({ left: x, right, y: y + shift });
  return shift;
}

function drawn({ points, row }, place, labels, written) {
  const named = Object.values(row).filter((value) => value.datatype !== WKT);
  const name = named.map((value) => labels.get(value.value) ?? value.value).join(" · ");
  const group = element("svg:g", {}, element("svg:title", {}, name));
  if (points.length === 1) {
    const [x, y] = place(points[0]);
    group.append(element("svg:circle", { cx: x, cy: y, r: 5 }));
    const shift = shiftOf(+x + 8, +y + 4, name, written);
    if (shift !== null) {
      const at = { class: "name", x: +x + 8, y: +y + 4 + shift };
      group.append(element("svg:text", at, name));
    }
  } else {
    group.append(element("svg:polyline", { points: points.map((each) => place(each)).join(" ") }));
  }
  return group;
}
