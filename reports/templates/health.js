"use strict";
(() => {
  const root = document.documentElement;
  const form = document.getElementById("filters");
  const items = [...document.querySelectorAll("li.f")];
  const words = new Map();
  root.classList.add("js");

  /* Text is read only when somebody searches, once for each item. */
  const textOf = (item) => {
    let text = words.get(item);
    if (text === undefined) {
      text = item.textContent.toLowerCase();
      words.set(item, text);
    }
    return text;
  };
  const apply = () => {
    const picked = (name) => new Set([...form.querySelectorAll(`input[name=${name}]:checked`)].map((box) => box.value));
    const level = picked("level");
    const pass = picked("pass");
    const find = form.elements.find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const fits =
        (!level.size || level.has(item.dataset.level)) &&
        (!pass.size || pass.has(item.dataset.pass)) &&
        find.every((word) => textOf(item).includes(word));
      item.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    const active = Boolean(level.size || pass.size || find.length);
    for (const group of document.querySelectorAll(".level")) {
      group.hidden = active && !group.querySelector("li.f:not([hidden])");
    }
    document.getElementById("shown").textContent = `显示 ${shown} / ${items.length} 处`;
    const remark = document.getElementById("filtered");
    remark.hidden = !active;
    remark.textContent = `以下内容经过筛选，只列出 ${shown} 处。`;
    root.dataset.shown = String(shown);
  };
  if (form) {
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(apply, 120);
    });
    form.addEventListener("reset", () => setTimeout(apply, 0));
    form.addEventListener("submit", (event) => event.preventDefault());
    const measure = () => root.style.setProperty("--bar", `${form.offsetHeight}px`);
    window.addEventListener("resize", measure);
    measure();
    apply();
  }
  document.getElementById("print").addEventListener("click", () => window.print());
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.keep:not([open])")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
})();
