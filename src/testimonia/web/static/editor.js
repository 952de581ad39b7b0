// Mounts the query editor in place of the plain form. Everything comes from this server.
import { LabelledTable, PointMap } from "./results.js";

const plain = document.querySelector("form.query");
const place = document.getElementById("editor");

if (window.Yasgui && plain && place) start();

async function start() {
  const answer = await fetch(new URL("editor.json", location.href));
  if (answer.ok) mount(await answer.json());
}

function mount(data) {
  const { Yasqe, Yasr } = window.Yasgui;
  const completers = registerCompleters(Yasqe, data);
  const endpoint = location.origin + location.pathname;
  plain.hidden = true;
  place.hidden = false;
  place.replaceChildren();
  const editing = place.appendChild(document.createElement("div"));
  const showing = place.appendChild(document.createElement("div"));

  Yasr.registerPlugin("labels", LabelledTable, true);
  Yasr.registerPlugin("points", PointMap, true);
  const yasr = new Yasr(showing, {
    persistenceId: null,
    pluginOrder: ["labels", "points", "table", "response"],
    defaultPlugin: "labels",
    prefixes: data.prefixes,
  });
  // Its help would lead to another host.
  if (yasr.documentationLink) yasr.documentationLink.remove();
  const yasqe = new Yasqe(editing, {
    value: shared() ?? plain.elements.query.value,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: (editor) => `${endpoint}#query=${encodeURIComponent(editor.getValue())}`,
    prefixCcApi: null,
    autocompleters: completers,
    requestConfig: {
      endpoint,
      method: "POST",
      acceptHeaderSelect: "application/sparql-results+json",
      acceptHeaderGraph: "text/turtle",
    },
  });
  yasqe.on("queryResponse", (_, response, duration) => {
    document.getElementById("answer")?.remove(); // what the plain form had answered
    yasr.setResponse(response, duration);
  });
  yasqe.getInputField().setAttribute("aria-label", "SPARQL query");
  bindExamples(yasqe);
  window.addEventListener("hashchange", () => {
    const query = shared();
    if (query !== null) yasqe.setValue(query);
  });
  place.dataset.ready = "yes";
}

// A completer of its own kind for each: the editor's would ask other hosts, and its list of prefixes
// is not ours.
function registerCompleters(Yasqe, data) {
  const prefixes = Object.entries(data.prefixes).map(([name, iri]) => `${name}: <${iri}>`);
  const completers = { prefixes, class: data.classes, property: data.properties };
  Yasqe.defaults.autocompleters = ["variables"];
  for (const [kind, words] of Object.entries(completers)) {
    const own = { name: `our-${kind}`, get: () => words, bulk: true, persistenceId: null };
    Yasqe.forkAutocompleter(kind, own, true);
  }
  return ["variables", ...Object.keys(completers).map((kind) => `our-${kind}`)];
}

function shared() {
  return new URLSearchParams(location.hash.slice(1)).get("query");
}

function bindExamples(yasqe) {
  for (const link of document.querySelectorAll("a.example")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      yasqe.setValue(new URL(link.href).searchParams.get("query"));
      yasqe.query();
      place.scrollIntoView();
    });
  }
}
