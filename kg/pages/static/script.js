/* What pages do better with a script; they work without. */
"use strict";
(() => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];

  // On a web server an address needs no file name; from the file system it does.
  if (location.protocol !== "file:") {
    for (const a of all("a[href]")) {
      const href = a.getAttribute("href");
      if (!/^[a-z]+:/i.test(href)) a.setAttribute("href", href.replace(/(^|\/)index\.html(?=$|[?#])/, (_, s) => s || "./"));
    }
  }

  // On a narrow page the facts of a sentence open on demand; on paper everything is open.
  const narrow = matchMedia("(max-width: 62.49rem)");
  const notes = all(".notes > details");
  const fold = () => notes.forEach((d) => { d.open = !narrow.matches; });
  if (notes.length) { fold(); narrow.addEventListener("change", fold); }
  addEventListener("beforeprint", () => all("main details").forEach((d) => {
    if (!d.open && !d.classList.contains("how-to-read")) { d.open = true; d.dataset.printed = ""; }
  }));
  addEventListener("afterprint", () => all("details[data-printed]").forEach((d) => {
    d.open = false; delete d.dataset.printed;
  }));

  // Choose a passage, and its facts light up; choose a fact, and its passages do.
  const text = document.querySelector(".text");
  if (text) {
    const names = (e) => (e.dataset.p || "").split(" ");
    const lit = new Set();
    let hairline = null;
    const clear = () => { lit.forEach((e) => e.classList.remove("lit")); lit.clear(); hairline?.remove(); hairline = null; };
    const light = (from) => {
      clear();
      const chosen = new Set(names(from));
      const isMark = from.tagName === "MARK";
      const wanted = isMark ? [names(from)[0]] : names(from);
      for (const e of all("[data-p]", text)) {
        if (names(e).some((n) => (isMark ? wanted.includes(n) : chosen.has(n))) && (isMark || e.tagName === "MARK" || e === from)) {
          e.classList.add("lit"); lit.add(e);
        }
      }
      join(from, isMark);
    };
    const join = (from, isMark) => {
      if (narrow.matches) return;
      const other = [...lit].find((e) => (e.tagName === "MARK") !== isMark);
      if (!other) return;
      const [mark, note] = isMark ? [from, other] : [other, from];
      const base = text.getBoundingClientRect();
      const rects = mark.getClientRects(), a = rects[rects.length - 1], b = note.getBoundingClientRect();
      if (Math.abs(a.bottom - b.top) > 400) return;
      hairline = document.createElement("div");
      hairline.className = "hairline";
      const [x1, y1, x2, y2] = [a.right, a.bottom, b.left, b.top + 12];
      hairline.style.left = `${x1 - base.left}px`;
      hairline.style.top = `${y1 - base.top}px`;
      hairline.style.width = `${Math.hypot(x2 - x1, y2 - y1)}px`;
      hairline.style.transformOrigin = "0 0";
      hairline.style.transform = `rotate(${Math.atan2(y2 - y1, x2 - x1)}rad)`;
      text.append(hairline);
    };
    const heed = (event) => {
      const found = event.target.closest?.("[data-p]");
      if (found && text.contains(found)) light(found); else if (event.type !== "focusin") clear();
    };
    text.addEventListener("mouseover", heed);
    text.addEventListener("mouseleave", clear);
    text.addEventListener("focusin", heed);
    text.addEventListener("click", (event) => {
      const a = event.target.closest?.("mark a");
      const box = a && narrow.matches && document.getElementById(decodeURIComponent(a.hash.slice(1)));
      if (box) box.querySelector("details").open = true;
    });
    const arrive = () => {
      const found = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (found?.dataset?.p) light(found);
      if (found?.matches?.(".notes")) found.querySelector("details").open = true;
    };
    addEventListener("hashchange", arrive);
    arrive();
  }

  // Search in static pages: the words are in small files by their first letters, the entries in others by number.
  const list = document.getElementById("found.list");
  if (list?.dataset.index !== undefined) {
    const parts = {}, waiting = {};
    globalThis.kgSearch = (kind, name, data) => { parts[`${kind}-${name}`] = data; };
    const load = (file, key) => waiting[key] ??= new Promise((done) => {
      const script = document.createElement("script");
      script.src = file;
      script.onload = script.onerror = () => done(parts[key]);
      document.head.append(script);
    });
    const starts = list.dataset.index.split(" "), limits = list.dataset.limits.split(" ").map(Number);
    const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]+/gu) || [];
    const numbers = async (word) => {
      const own = starts.filter((s) => word.startsWith(s) || s.startsWith(word));
      const names = own.length ? own : starts.includes("other") ? ["other"] : [];
      const found = new Set();
      for (const name of names) {
        const words = await load(`words-${name}.js`, `words-${name}`) || {};
        for (const other in words) {
          if (other === word || (word.length > 1 && other.startsWith(word))) words[other].forEach((n) => found.add(n));
        }
      }
      return found;
    };
    const entry = async (n) => {
      let at = limits.length - 1;
      while (limits[at] > n) at -= 1;
      return (await load(`entries-${at}.js`, `entries-${limits[at]}`))?.[n - limits[at]];
    };
    const search = async (text) => {
      let found = null;
      for (const word of fold(text).slice(0, 12)) {
        const own = await numbers(word);
        found = found ? found.filter((n) => own.has(n)) : [...own].sort((a, b) => a - b);
      }
      const ul = document.createElement("ul");
      ul.className = "plain found";
      for (const n of (found || []).slice(0, 60)) {
        const e = await entry(n);
        if (!e) continue;
        const [title, kind, path, place] = e, li = document.createElement("li"), a = document.createElement("a");
        const file = location.protocol === "file:" ? "index.html" : "";
        a.textContent = title;
        a.dir = "auto";
        a.href = `..${path}${file}${place ? `#${encodeURIComponent(place)}` : ""}`;
        const span = document.createElement("span");
        span.className = "quiet";
        span.textContent = ` ${kind}`;
        li.append(a, span);
        ul.append(li);
      }
      const none = document.createElement("p");
      none.textContent = "Nothing has all of these words.";
      list.replaceChildren(...(text.trim() ? [ul.children.length ? ul : none] : []));
    };
    const input = document.getElementById("field.q");
    input.value = new URLSearchParams(location.search).get("q") || "";
    search(input.value);
    let timer = 0;
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => search(input.value), 120); });
    input.form.addEventListener("submit", (event) => { event.preventDefault(); search(input.value); });
  }

  // A picture: filter its ties by kind and by time, and follow those of the thing that is pointed at.
  const picture = document.querySelector("svg.network"), controls = document.querySelector(".controls");
  if (picture && controls) {
    const ties = all(".tie, [data-first]", picture);
    const families = [...new Set(ties.map((t) => t.dataset.family).filter(Boolean))].sort();
    const years = ties.flatMap((t) => [t.dataset.from, t.dataset.to]).filter(Boolean).map((d) => parseInt(d, 10));
    const labelled = (text, input, first) => {
      const label = document.createElement("label");
      label.append(...(first ? [input, text] : [text, input]));
      controls.append(label);
      input.addEventListener("change", filter);
      return input;
    };
    const input = (type, more) => Object.assign(document.createElement("input"), { type, ...more });
    const boxes = families.map((f) => labelled(f, input("checkbox", { value: f, checked: true }), true));
    const limits = years.length
      ? [["from", Math.min(...years)], ["until", Math.max(...years)]].map(([text, value]) => labelled(text, input("number", { value })))
      : [];
    function filter() {
      const on = new Set(boxes.filter((b) => b.checked).map((b) => b.value));
      const [from, until] = limits.map((l) => l.value.padStart(4, "0"));
      for (const t of ties) {
        const { family, from: begins = "", to: ends = "" } = t.dataset;
        const early = from && ends && ends.slice(0, 4) < from, late = until && begins && begins.slice(0, 4) > until;
        t.classList.toggle("off", (family && !on.has(family)) || Boolean(early || late));
      }
    }
    controls.hidden = false;
    const follow = (event) => {
      const iri = event.target.closest?.("[data-iri]")?.dataset.iri;
      for (const t of ties) t.classList.toggle("dim", Boolean(iri) && t.dataset.first !== iri && t.dataset.second !== iri);
    };
    for (const kind of ["mouseover", "focusin"]) picture.addEventListener(kind, follow);
    picture.addEventListener("mouseleave", () => ties.forEach((t) => t.classList.remove("dim")));
  }
})();
