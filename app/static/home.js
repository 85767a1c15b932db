// The demo's page: pick who asks and what, send it to this gateway, show what comes back.
// Everything shown is set as text, so nothing in an answer can become markup.

const byId = (id) => document.getElementById(id);
const state = { about: null, tokens: {}, ids: {}, persona: null, role: null, sample: null };
const STAFF = "staff";
const SCHEMA = "schema";
const STAFF_ROLES = { SUPPORT: "reads every account", FINANCE: "approves and credits", SYSTEM: "usage and jobs" };

function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

function radio(group, value, checked, onPick) {
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: group, value, checked });
  input.addEventListener("change", onPick);
  return input;
}

function refill(fieldset, labels) {
  const legend = fieldset.querySelector("legend");
  fieldset.replaceChildren(legend, ...labels);
}

function words(constant) {
  return constant.toLowerCase().replaceAll("_", " ");
}

// who asks

function people(about) {
  const staff = { slug: STAFF, name: "Our own staff", state: "Sees every account, by role.", ids: {}, tokens: about.staff };
  const schema = {
    slug: SCHEMA, name: "The playground", state: "Reads the schema and no account.", ids: {}, tokens: { READER: about.schema },
  };
  return [...about.personas, staff, schema];
}

function showPersonas(list) {
  refill(byId("personas"), list.map((persona, at) => {
    const label = element("label");
    label.append(
      radio("persona", persona.slug, at === 0, () => pickPersona(persona)),
      element("b", persona.name), element("code", persona.slug), element("span", persona.state),
    );
    return label;
  }));
}

function pickPersona(persona) {
  const before = audience();
  state.persona = persona.slug;
  state.tokens = persona.tokens;
  if (Object.keys(persona.ids).length) state.ids = persona.ids;
  const roles = Object.keys(persona.tokens);
  state.role = roles.includes(state.role) ? state.role : roles.at(-1);
  refill(byId("roles"), roles.map((role) => {
    const label = element("label", words(role));
    label.title = STAFF_ROLES[role] ?? "";
    label.prepend(radio("role", role, role === state.role, () => { state.role = role; }));
    return label;
  }));
  if (before !== audience() || state.sample === null) showSamples();
  else showVariables();
}

function audience() {
  return state.persona === STAFF || state.persona === SCHEMA ? state.persona : "customer";
}

// what to ask

function showSamples() {
  const fitting = state.about.samples.filter((sample) => sample.audience === audience());
  const list = fitting.length ? fitting : state.about.samples;
  refill(byId("samples"), list.map((sample, at) => {
    const label = element("label", sample.title);
    label.prepend(radio("sample", sample.title, at === 0, () => pickSample(sample)));
    return label;
  }));
  if (list.length) pickSample(list[0]);
}

function pickSample(sample) {
  state.sample = sample;
  byId("sample-about").textContent = sample.about;
  byId("query").value = sample.query.trim();
  showVariables();
}

function showVariables() {
  state.ids = { ...state.ids, key: `page-${Date.now().toString(36)}` };
  const variables = filled(state.sample?.variables ?? {});
  byId("variables").value = Object.keys(variables).length ? JSON.stringify(variables, null, 2) : "";
}

// "{account}" in a sample's variables stands for the chosen persona's account
function filled(value) {
  if (typeof value === "string") return value.replace(/^\{(\w+)\}$/, (whole, name) => state.ids[name] ?? whole);
  if (Array.isArray(value)) return value.map(filled);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, filled(v)]));
  return value;
}

// the first quote and the first request for approval in an answer are what a later sample calls "{quote}", "{approval}"
const SEEN = { quote: /"(quot_[0-9a-f]{32})"/, approval: /"(aprv_[0-9a-f]{32})"/ };

function remember(text) {
  for (const [name, pattern] of Object.entries(SEEN)) {
    const found = text.match(pattern);
    if (found) state.ids = { ...state.ids, [name]: found[1] };
  }
}

// asking

function question() {
  const text = byId("variables").value.trim();
  const asked = { query: byId("query").value };
  if (text) asked.variables = JSON.parse(text);
  return JSON.stringify(asked);
}

function token() {
  return state.tokens[state.role];
}

async function send(event) {
  event?.preventDefault();
  let body;
  try {
    body = question();
  } catch (error) {
    say(`The variables are no JSON: ${error.message}`);
    return;
  }
  byId("send").disabled = true;
  say("");
  const started = performance.now();
  try {
    const answer = await fetch("/graphql", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/graphql-response+json, application/json;q=0.9",
        authorization: `Bearer ${token()}`,
      },
      body,
    });
    const text = await answer.text();
    remember(text);
    showAnswer(answer, text, performance.now() - started);
  } catch {
    say("The gateway does not answer. Is the demo still running?");
  } finally {
    byId("send").disabled = false;
  }
}

function showAnswer(answer, text, elapsed_ms) {
  let shown = text;
  let hasErrors = !answer.ok;
  try {
    const parsed = JSON.parse(text);
    hasErrors ||= Boolean(parsed.errors);
    shown = JSON.stringify(parsed, null, 2);
  } catch { /* shown as it came */ }
  fact("status", `${answer.status}${answer.ok && hasErrors ? ", with errors" : ""}`, hasErrors ? "bad" : "good");
  fact("time", `${elapsed_ms.toFixed(0)} ms`);
  fact("size", `${new Blob([text]).size.toLocaleString("en")} bytes`);
  fact("request-id", answer.headers.get("x-request-id") ?? "–");
  paint(byId("answer"), shown);
}

function fact(id, text, is = "") {
  byId(id).textContent = text;
  byId(id).dataset.is = is;
}

// keys, texts and the rest in their own colours; a long answer stays plain
function paint(place, text) {
  if (text.length > 200_000) {
    place.textContent = text;
    return;
  }
  const pieces = [];
  let at = 0;
  for (const match of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null|-?\d[\d.eE+-]*)\b/g)) {
    pieces.push(document.createTextNode(text.slice(at, match.index)));
    pieces.push(element("span", match[1] ?? match[0], match[2] ? "key" : match[1] ? "text" : "other"));
    if (match[2]) pieces.push(document.createTextNode(match[2]));
    at = match.index + match[0].length;
  }
  pieces.push(document.createTextNode(text.slice(at)));
  place.replaceChildren(...pieces);
}

// small things

function say(text) {
  byId("said").textContent = text;
}

const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    say(done);
  } catch {
    say("The browser did not allow copying.");
  }
}

function curl() {
  return [
    `curl -s ${location.origin}/graphql`,
    `-H ${quoted("content-type: application/json")}`,
    `-H ${quoted(`authorization: Bearer ${token()}`)}`,
    `-d ${quoted(question())}`,
  ].join(" \\\n  ");
}

async function showHealth() {
  const pill = byId("health");
  try {
    const answer = await fetch("/ready");
    pill.textContent = answer.ok ? "ready" : "not ready";
    pill.dataset.is = answer.ok ? "good" : "bad";
  } catch {
    pill.textContent = "not answering";
    pill.dataset.is = "bad";
  }
}

async function start() {
  byId("question").addEventListener("submit", send);
  byId("question").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
  });
  byId("copy-curl").addEventListener("click", () => {
    try {
      copy(curl(), "Copied.");
    } catch (error) {
      say(`The variables are no JSON: ${error.message}`);
    }
  });
  byId("copy-token").addEventListener("click", () => copy(token(), "Copied."));
  showHealth();
  try {
    const answer = await fetch("/demo/personas.json");
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    state.about = await answer.json();
  } catch (error) {
    byId("trouble").textContent = `The demo company could not be read (${error.message}). See the gateway's log.`;
    byId("trouble").hidden = false;
    return;
  }
  byId("about").textContent += ` Version ${state.about.version}, in demo mode.`;
  if (state.about.standsAt) {
    byId("stands-at").textContent = `: their clocks stand at ${state.about.standsAt.slice(0, 16).replace("T", " ")} UTC`;
  }
  const list = people(state.about);
  showPersonas(list);
  pickPersona(list[0]);
}

start();
