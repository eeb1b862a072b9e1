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
    if (!d.open && !d.classList.contains("key")) { d.open = true; d.dataset.printed = ""; }
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
})();
