// Keys on the review page: the buttons work without.
"use strict";
(() => {
  const cards = () => [...document.querySelectorAll("article.card")];
  let at = 0;
  const go = (next) => {
    const all = cards();
    if (!all.length) return;
    at = Math.max(0, Math.min(all.length - 1, next));
    all[at].focus();
    all[at].scrollIntoView({ block: "center" });
  };
  const keys = { a: "accept", r: "refuse", l: "later", u: "undo" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("textarea, input")) return;
    const all = cards();
    const inside = all.findIndex((card) => card.contains(document.activeElement));
    if (inside >= 0) at = inside;
    if (event.key === "j" || event.key === "k") {
      go(at + (inside < 0 ? 0 : event.key === "j" ? 1 : -1));
    } else if (event.key === "e" && inside >= 0) {
      const edit = all[at].querySelector("details");
      edit.open = true;
      edit.querySelector("textarea").focus();
    } else if (event.key === "u") {
      document.querySelector("#undo").click();
    } else if (keys[event.key] && inside >= 0) {
      all[at].querySelector(`button[value="${keys[event.key]}"]`).click();
    } else {
      return;
    }
    event.preventDefault();
  });
  const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (named) named.focus();
  else go(0);
})();
