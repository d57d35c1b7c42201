"use strict";
(() => {
  const root = document.documentElement;
  const form = document.getElementById("filters");
  const items = [...document.querySelectorAll("li.f")];
  root.classList.add("js");

  const openTo = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      if (at.classList.contains("doc")) at.classList.add("seen");
    }
  };
  const go = (id, focus) => {
    const node = document.getElementById(id);
    if (!node) return;
    openTo(node);
    for (const old of document.querySelectorAll(".cur")) old.classList.remove("cur");
    node.classList.add("cur");
    const twin = document.getElementById((id[0] === "f" ? "m" : "f") + id.slice(1));
    if (twin) {
      twin.classList.add("cur");
      const pane = twin.closest(".text");
      if (pane && pane.scrollHeight > pane.clientHeight + 1) {
        /* List and article stand side by side: bring the other one into view, too. */
        openTo(twin);
        pane.scrollTop += twin.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 2;
      }
    }
    node.scrollIntoView({ block: "center" });
    if (focus) node.focus({ preventScroll: true });
  };

  /* The state of the filters lives in the address, so that a view can be shared. */
  const read = () => {
    const state = { level: new Set(), pass: new Set(), rule: "", doc: "", at: "" };
    const hash = location.hash.slice(1);
    if (!hash.includes("=")) return state;
    const given = new URLSearchParams(hash);
    for (const key of ["level", "pass"]) {
      for (const value of (given.get(key) || "").split(",")) if (value) state[key].add(value);
    }
    for (const key of ["rule", "doc", "at"]) state[key] = given.get(key) || "";
    return state;
  };
  const write = (state) => {
    const out = new URLSearchParams();
    for (const key of ["level", "pass"]) if (state[key].size) out.set(key, [...state[key]].join(","));
    for (const key of ["rule", "doc", "at"]) if (state[key]) out.set(key, state[key]);
    const hash = out.toString().replace(/%2F/g, "/").replace(/%2C/g, ",");
    try {
      history.replaceState(null, "", "#" + hash);
    } catch (_) {
      location.hash = hash;
    }
  };
  let state = read();

  const apply = () => {
    let shown = 0;
    const sections = new Map();
    for (const item of items) {
      const data = item.dataset;
      const section = item.closest(".doc");
      const fits =
        (!state.level.size || state.level.has(data.level)) &&
        (!state.pass.size || state.pass.has(data.pass)) &&
        (!state.rule || state.rule === data.rule) &&
        (!state.doc || state.doc === section.dataset.doc);
      item.hidden = !fits;
      shown += fits ? 1 : 0;
      sections.set(section, (sections.get(section) || 0) + (fits ? 1 : 0));
    }
    const active = Boolean(state.level.size || state.pass.size || state.rule || state.doc);
    for (const section of document.querySelectorAll(".doc")) {
      section.hidden = active && !sections.get(section);
    }
    for (const ref of document.querySelectorAll(".ref")) {
      const item = document.getElementById("f" + ref.id.slice(1));
      ref.hidden = Boolean(item && item.hidden);
    }
    for (const mark of document.querySelectorAll("mark[data-f]")) {
      mark.classList.toggle("off", mark.dataset.f.split(" ").every((id) => document.getElementById(id).hidden));
    }
    const output = document.getElementById("shown");
    if (output) output.textContent = `显示 ${shown} / ${items.length} 处`;
    const remark = document.getElementById("filtered");
    if (remark) {
      remark.hidden = !active;
      remark.textContent = `以下内容经过筛选，只列出 ${shown} 处（共 ${items.length} 处）。`;
    }
    root.dataset.shown = String(shown);
  };

  const show = () => {
    if (!form) return;
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = state[box.name].has(box.value);
    for (const list of form.querySelectorAll("select")) list.value = state[list.name];
  };

  if (form) {
    form.addEventListener("change", () => {
      for (const key of ["level", "pass"]) {
        state[key] = new Set([...form.querySelectorAll(`input[name=${key}]:checked`)].map((box) => box.value));
      }
      for (const list of form.querySelectorAll("select")) state[list.name] = list.value;
      state.at = "";
      write(state);
      apply();
    });
    form.addEventListener("reset", (event) => {
      event.preventDefault();
      state = { level: new Set(), pass: new Set(), rule: "", doc: "", at: "" };
      write(state);
      show();
      apply();
    });
    form.addEventListener("submit", (event) => event.preventDefault());
    const measure = () => root.style.setProperty("--bar", `${form.offsetHeight}px`);
    window.addEventListener("resize", measure);
    measure();
  }
  document.getElementById("print").addEventListener("click", () => window.print());

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.no, a.ref");
    const mark = event.target.closest("mark[data-f]");
    let id = "";
    if (link) id = link.getAttribute("href").slice(1);
    else if (mark) id = mark.dataset.f.split(" ").find((one) => !document.getElementById(one).hidden) || "";
    if (!id) return;
    event.preventDefault();
    state.at = id;
    write(state);
    go(id, true);
  });

  const arrive = () => {
    state = read();
    show();
    apply();
    const plain = location.hash.slice(1);
    const id = state.at || (plain && !plain.includes("=") ? plain : "");
    if (/^[fm]-\d+-\d+$/.test(id)) {
      go(id, false);
      requestAnimationFrame(() => go(id, false));
    }
  };
  window.addEventListener("hashchange", arrive);

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.keep:not([open])")];
    for (const one of opened) one.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
  arrive();
})();
