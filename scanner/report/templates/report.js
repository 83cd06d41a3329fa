"use strict";
// Search, filter, sort, open a row, walk-round sheets. Everything a device says is set as text, never as markup.
(() => {
  const $ = (id) => document.getElementById(id);
  const body = $("rows"), rows = [...body.rows], count = $("count"), shown = new Set(rows);
  const filters = ["status", "maker", "instrument", "kind"].map((name) => [name, $("by-" + name)]);
  let details = null;

  const element = (name, text, ...children) => {
    const made = document.createElement(name);
    if (text !== null) made.textContent = text;
    made.append(...children);
    return made;
  };

  async function load() {
    if (details) return details;
    const packed = Uint8Array.from(atob($("details").textContent.trim()), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    details = await new Response(stream).json();
    return details;
  }

  function layOut([lead, facts, groups, findings, claims], texts) {
    const t = (number) => texts[number];
    const made = element("div", null, element("p", t(lead)));
    const list = element("dl", null);
    for (const [title, value] of facts) list.append(element("div", null, element("dt", t(title)), element("dd", t(value))));
    made.append(list);
    for (const [heading, said] of findings) {
      made.append(element("h4", t(heading)), element("ul", null, ...said.map((text) => element("li", t(text)))));
    }
    for (const [heading, said] of groups) {
      made.append(element("h4", t(heading)), element("ul", null, ...said.map((text) => element("li", t(text)))));
    }
    if (claims.length) {
      const table = element("table", null, element("caption", "Claims, each with the text that it rests on"));
      const heads = ["Claim", "Says", "Weight", "Fingerprint", "Where", "Text"].map((text) => {
        const th = element("th", text); th.scope = "col"; return th;
      });
      table.append(element("thead", null, element("tr", null, ...heads)));
      table.append(element("tbody", null, ...claims.map((claim) =>
        element("tr", null, ...claim.map((text, at) => element("td", null, element(at === 5 ? "code" : "span", t(text))))))));
      made.append(table);
    }
    return made;
  }

  async function toggle(row, open) {
    const button = row.querySelector("button");
    const next = row.nextElementSibling;
    const there = next && next.classList.contains("opened") ? next : null;
    if (there && open !== true) { there.remove(); button.setAttribute("aria-expanded", "false"); return; }
    if (there || open === false) return;
    button.setAttribute("aria-expanded", "true");
    const cell = element("td", "…");
    cell.colSpan = row.cells.length;
    const made = element("tr", null, cell);
    made.className = "opened";
    row.after(made);
    try {
      const { texts, devices } = await load();
      cell.replaceChildren(layOut(devices[Number(row.dataset.n)], texts));
    } catch {
      cell.textContent = "This browser can't show the details (it lacks DecompressionStream); inventory.json has them all.";
    }
  }

  function closeAll() {
    body.querySelectorAll("tr.opened").forEach((row) => row.remove());
    body.querySelectorAll("button[aria-expanded=true]").forEach((button) => button.setAttribute("aria-expanded", "false"));
  }

  function filter() {
    closeAll();
    const wanted = $("search").value.trim().toLocaleLowerCase().split(/\s+/).filter(Boolean);
    shown.clear();
    for (const row of rows) {
      const text = row.dataset.text || (row.dataset.text = row.textContent.toLocaleLowerCase());
      const fits = wanted.every((word) => text.includes(word)) && filters.every(([name, select]) =>
        !select.value || (name === "instrument" ? row.dataset.instrument.split(" ").includes(select.value) : row.dataset[name] === select.value));
      row.hidden = !fits;
      if (fits) shown.add(row);
    }
    count.textContent = `${shown.size} of ${rows.length} devices shown`;
  }

  function sort(head) {
    closeAll();
    const at = head.cellIndex, down = head.getAttribute("aria-sort") === "ascending";
    document.querySelectorAll("#devices-table th").forEach((each) => each.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.cells[at].dataset.key || row.cells[at].textContent;
    const collator = new Intl.Collator("en", { numeric: true });
    rows.sort((a, b) => collator.compare(key(a), key(b)) * (down ? -1 : 1));
    body.append(...rows);
  }

  function sheets() {
    const place = $("sheets");
    place.replaceChildren();
    const chosen = rows.filter((row) => shown.has(row)).slice(0, 300);
    for (const row of chosen) {
      const cells = [...row.cells].slice(0, 7).map((cell) => cell.textContent.trim());
      const box = element("div", "Photo");
      box.className = "photo";
      const lines = ["Where it hangs", "What the label reads", "Serial number on the label", "Seen by, on"].map((text) => element("p", text + ": "));
      lines.forEach((line) => { line.className = "line"; });
      const sheet = element("section", null, element("h3", `${cells[0]}  ${cells[2]} ${cells[4]}`.trim()),
        element("p", `The network says: ${[cells[1], "made by " + (cells[3] || "not established"), cells[5]].join(", ")}`), ...lines, box);
      sheet.className = "sheet";
      place.append(sheet);
    }
    const left = shown.size - chosen.length;
    if (left > 0) place.append(element("p", `${left} more are shown above and have no sheet: narrow the filter.`));
    place.scrollIntoView();
  }

  body.addEventListener("click", (event) => {
    const button = event.target.closest("button.open");
    if (button) toggle(button.closest("tr"));
  });
  document.querySelectorAll("#devices-table th button").forEach((button) =>
    button.addEventListener("click", () => sort(button.closest("th"))));
  $("search").addEventListener("input", filter);
  filters.forEach(([, select]) => select.addEventListener("change", filter));
  $("reset").addEventListener("click", () => {
    $("search").value = "";
    filters.forEach(([, select]) => { select.value = ""; });
    filter();
  });
  $("open-all").addEventListener("click", async () => {
    for (const row of rows.filter((each) => shown.has(each)).slice(0, 200)) await toggle(row, true);
  });
  $("make-sheets").addEventListener("click", sheets);
  document.querySelector(".controls").hidden = false;
  filter();
})();
