/* The page for queries of one's own: terms are completed while one types, and an error is shown at its place. */
"use strict";
(() => {
  const field = document.getElementById("field.query"), list = document.getElementById("query.terms");
  const told = document.getElementById("query.told");
  if (!field || !list || !told) return;
  const MOST = 8;
  let known = null, options = [], chosen = -1, word = null;

  // An error: the cursor stands where it is.
  const { line, column } = field.dataset;
  if (line) {
    const before = field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    const at = Math.min(before + Number(column) - 1, field.value.length);
    field.focus();
    field.setSelectionRange(at, at);
  }

  const load = () => known ??= fetch(field.dataset.terms).then((r) => (r.ok ? r.json() : Promise.reject(r.status)))
    .catch(() => ({ prefixes: {}, terms: [] }));

  // The word before the cursor, unless it is a variable, or stands in an IRI or a text.
  const current = () => {
    const end = field.selectionStart, before = field.value.slice(0, end);
    const found = /(^|[\s{}()[\].;,|/^*+?!=])([A-Za-z][\w-]*:?[\w-]*)$/.exec(before);
    if (!found || end !== field.selectionEnd || /[?$]/.test(found[1])) return null;
    return { text: found[2].toLowerCase(), start: end - found[2].length, end };
  };
  const rank = ([name, label], text) => {
    const low = name.toLowerCase(), words = label.toLowerCase();
    if (low.startsWith(text) || low.slice(low.indexOf(":") + 1).startsWith(text)) return 0;
    return words.startsWith(text) ? 1 : words.split(/[\s-]+/).some((w) => w.startsWith(text)) ? 2 : 3;
  };

  const close = (message = "") => {
    options = []; chosen = -1; list.hidden = true; list.replaceChildren();
    field.removeAttribute("aria-activedescendant");
    told.textContent = message;
  };
  const choose = (n) => {
    chosen = n;
    [...list.children].forEach((li, i) => li.setAttribute("aria-selected", String(i === n)));
    if (n < 0) { field.removeAttribute("aria-activedescendant"); return; }
    field.setAttribute("aria-activedescendant", list.children[n].id);
    list.children[n].scrollIntoView({ block: "nearest" });
  };
  const show = async (least) => {
    word = current();
    if (!word || word.text.length < least) { close(); return; }
    const { terms } = await load(), asked = word.text, now = current();
    if (!now || now.text !== asked) return;
    options = terms.map((t) => [rank(t, asked), t]).filter(([r]) => r < 3).sort((a, b) => a[0] - b[0]).slice(0, MOST)
      .map(([, t]) => t);
    if (!options.length || (options.length === 1 && options[0][0].toLowerCase() === asked)) { close(); return; }
    list.replaceChildren(...options.map(([name, label, kind], i) => {
      const li = document.createElement("li"), code = document.createElement("code"), rest = document.createElement("span");
      Object.assign(li, { id: `query.term.${i}`, role: "option" });
      code.textContent = name;
      rest.textContent = ` ${label} · ${kind}`;
      rest.className = "quiet";
      li.append(code, rest);
      li.addEventListener("mousedown", (event) => { event.preventDefault(); take(i); });
      return li;
    }));
    list.hidden = false;
    choose(-1);
    told.textContent = `${options.length} ${options.length === 1 ? "term" : "terms"}: arrow down to choose, Enter to take, Escape to close`;
  };
  const take = async (n) => {
    const name = options[n][0], { prefixes } = await load(), prefix = name.slice(0, name.indexOf(":"));
    field.setRangeText(name, word.start, word.end, "end");
    if (prefixes[prefix] && !new RegExp(`PREFIX\\s+${prefix}:`, "i").test(field.value)) {
      const own = `PREFIX ${prefix}: <${prefixes[prefix]}>\n`, at = field.selectionStart;
      field.setRangeText(own, 0, 0, "preserve");
      field.setSelectionRange(at + own.length, at + own.length);
    }
    close(`${name} inserted`);
  };

  field.addEventListener("input", () => show(2));
  field.addEventListener("blur", () => close());
  field.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === " " && event.ctrlKey) { event.preventDefault(); show(1); return; }
    if (list.hidden) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (step) choose((chosen + step + options.length + 2) % (options.length + 1) - 1);
    else if (key === "Enter" && chosen >= 0) take(chosen);
    else if (key === "Escape") close();
    else { if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) close(); return; }
    event.preventDefault();
  });
})();
