// An editor over a box of rich text (portal.kernel.richtext.fields). The box stays and is what the form sends.
//
// Undo is our own: pasting and table work change the page by hand, and a browser undoes only what it did itself.

import { cleanMarkup, plainMarkup, readElement, safeAddress } from "./editor-clean.js";

const PAUSE = 700;
const STEPS = 60;
const EMPTY = "<p><br></p>";
const CELLS = "td, th";

// Place of the caret as numbers, so that it can be found again in a text drawn anew.
const savePlace = (surface) => {
  const selection = window.getSelection();
  if (!selection.rangeCount || !surface.contains(selection.anchorNode)) return null;
  const range = selection.getRangeAt(0);
  const path = (node, offset) => {
    const steps = [offset];
    for (let at = node; at !== surface; at = at.parentNode) steps.unshift(Array.prototype.indexOf.call(at.parentNode.childNodes, at));
    return steps;
  };
  return [path(range.startContainer, range.startOffset), path(range.endContainer, range.endOffset)];
};

const findPlace = (surface, place) => {
  if (!place) return;
  const find = (steps) => {
    let node = surface;
    steps.slice(0, -1).forEach((step) => {
      node = node.childNodes[step] || node;
    });
    const most = node.nodeType === 3 ? node.data.length : node.childNodes.length;
    return [node, Math.min(steps[steps.length - 1], most)];
  };
  const range = document.createRange();
  range.setStart(...find(place[0]));
  range.setEnd(...find(place[1]));
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
};

class Editor {
  constructor(holder) {
    this.box = holder.querySelector("[data-rich-text]");
    this.kind = holder.querySelector("[data-rich-kind]");
    this.before = holder.querySelector("[data-rich-before]");
    const frame = document.createElement("div");
    frame.className = "rich-editor";
    frame.append(holder.querySelector("[data-rich-bar]").content.cloneNode(true));
    this.bar = frame.querySelector("[role=toolbar]");
    this.said = frame.querySelector("[data-rich-said]");
    this.panel = frame.querySelector("[data-rich-link]");
    this.surface = this.makeSurface(holder);
    this.bar.after(this.panel);
    this.panel.after(this.surface);
    holder.append(frame);
    // Markup in the box (a draft that was kept, or the browser's own memory of it) wins over what the page brought.
    const isKept = this.box.value !== this.box.defaultValue && this.box.value.trimStart().startsWith("<");
    this.draw(isKept ? this.box.value : this.before.value || plainMarkup(this.box.value));
    this.undone = [];
    this.done = [];
    this.lastStep = 0;
    this.bind();
    this.send();
    this.show();
  }

  makeSurface(holder) {
    const surface = document.createElement("div");
    surface.className = "rich-surface rich form-control";
    surface.contentEditable = "true";
    surface.setAttribute("role", "textbox");
    surface.setAttribute("aria-multiline", "true");
    surface.spellcheck = false;
    const label = holder.parentElement.querySelector(`label[for="${this.box.id}"]`);
    if (label) {
      label.id = label.id || `${this.box.id}_label`;
      surface.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", () => surface.focus());
    }
    ["aria-describedby", "aria-invalid", "aria-required"].forEach((name) => {
      if (this.box.hasAttribute(name)) surface.setAttribute(name, this.box.getAttribute(name));
    });
    if (this.box.classList.contains("is-invalid")) surface.classList.add("is-invalid");
    // The summary of faults leads to the field by its id; the field is here now.
    surface.id = this.box.id;
    this.box.id = `${this.box.id}_source`;
    this.box.hidden = true;
    this.before.disabled = true;
    return surface;
  }

  bind() {
    const { surface } = this;
    document.execCommand("defaultParagraphSeparator", false, "p");
    document.execCommand("styleWithCSS", false, "false");
    surface.addEventListener("beforeinput", (event) => {
      if (event.inputType === "historyUndo" || event.inputType === "historyRedo") {
        event.preventDefault();
        this.step(event.inputType === "historyUndo");
      } else if (!event.isComposing) this.remember(event.inputType);
    });
    surface.addEventListener("input", (event) => {
      // Who deletes everything begins with a paragraph again, and not in what was left of a heading or a list.
      if ((event.inputType || "").startsWith("delete") && !surface.textContent.trim() && !surface.querySelector("table")) this.begin();
      this.changed();
    });
    surface.addEventListener("paste", (event) => this.paste(event, event.clipboardData));
    surface.addEventListener("drop", (event) => this.paste(event, event.dataTransfer));
    surface.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("selectionchange", () => this.show());
    this.bar.addEventListener("mousedown", (event) => event.preventDefault()); // the caret stays in the text
    this.bar.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-act]");
      if (tool) this.act(tool.dataset.act, tool.dataset.value);
    });
    this.bar.addEventListener("keydown", (event) => this.rove(event));
    this.bindPanel();
    this.box.form.addEventListener("submit", () => this.send(), true);
    window.addEventListener("pagehide", () => this.send());
    document.addEventListener("portal:restored", () => {
      if (this.box.value !== this.markup) {
        this.draw(this.box.value.trimStart().startsWith("<") ? this.box.value : plainMarkup(this.box.value));
        this.send();
      }
    });
  }

  // Content ---------------------------------------------------------------------------------------------------

  draw(markup) {
    this.surface.innerHTML = cleanMarkup(markup) || EMPTY;
    this.tidy();
  }

  // Browsers leave styles of their own where they join paragraphs, and nothing at all where everything was deleted.
  tidy() {
    this.surface.querySelectorAll("[style], [class], font").forEach((node) => {
      node.removeAttribute("style");
      node.removeAttribute("class");
    });
    this.surface.querySelectorAll("td:empty, th:empty, p:empty").forEach((node) => node.append(document.createElement("br")));
    const isBare = !this.surface.firstElementChild || (this.surface.childNodes.length === 1 && this.surface.firstChild.nodeName === "BR");
    if (isBare && !this.surface.textContent) this.begin();
    const last = this.surface.lastElementChild;
    if (last && last.nodeName === "TABLE") this.surface.insertAdjacentHTML("beforeend", EMPTY); // a place to go on writing
  }

  begin() {
    this.surface.innerHTML = EMPTY;
    if (document.activeElement === this.surface) this.caretIn(this.surface.firstChild, true);
  }

  changed() {
    this.tidy();
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.send(), 250);
    this.show();
  }

  send() {
    window.clearTimeout(this.waiting);
    const { markup, words } = readElement(this.surface);
    const isNew = markup !== this.markup;
    this.markup = markup;
    this.box.value = markup;
    this.box.portalWords = words;
    this.kind.value = "markup";
    if (isNew) this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Steps -----------------------------------------------------------------------------------------------------

  snapshot() {
    return { html: this.surface.innerHTML, place: savePlace(this.surface) };
  }

  remember(kind) {
    const now = Date.now();
    const goesOn = kind && kind === this.lastKind && now - this.lastStep < PAUSE;
    this.lastStep = now;
    this.lastKind = kind;
    if (goesOn) return;
    this.done.push(this.snapshot());
    if (this.done.length > STEPS) this.done.shift();
    this.undone = [];
  }

  step(isBack) {
    const [from, to] = isBack ? [this.done, this.undone] : [this.undone, this.done];
    const kept = from.pop();
    if (!kept) return;
    to.push(this.snapshot());
    this.surface.innerHTML = kept.html;
    this.surface.focus();
    findPlace(this.surface, kept.place);
    this.lastKind = null;
    this.say(isBack ? "undone" : "redone");
    this.changed();
  }

  say(what) {
    this.said.textContent = this.said.dataset[what];
  }

  // Caret -----------------------------------------------------------------------------------------------------

  range() {
    const selection = window.getSelection();
    if (selection.rangeCount && this.surface.contains(selection.anchorNode)) return selection.getRangeAt(0);
    this.caretIn(this.surface.lastElementChild || this.surface, false);
    return window.getSelection().getRangeAt(0);
  }

  caretIn(node, isStart) {
    const range = document.createRange();
    range.selectNodeContents(node);
    range.collapse(isStart);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  around(selector) {
    const selection = window.getSelection();
    const node = selection.rangeCount ? selection.anchorNode : null;
    const element = node && (node.nodeType === 1 ? node : node.parentElement);
    const found = element && element.closest(selector);
    return found && found !== this.surface && this.surface.contains(found) ? found : null;
  }

  topBlock() {
    let { startContainer: node } = this.range();
    while (node.parentNode !== this.surface && node !== this.surface) node = node.parentNode;
    return node === this.surface ? this.surface.lastElementChild : node;
  }

  // Acts ------------------------------------------------------------------------------------------------------

  act(name, value) {
    if (name === "undo" || name === "redo") {
      this.step(name === "undo");
      return;
    }
    if (name === "link") {
      this.openPanel();
      return;
    }
    this.surface.focus();
    this.range();
    this.remember(null);
    if (name === "block" && !this.around(CELLS)) {
      const kind = this.around("h2, h3, h4") && this.around(value) ? "p" : value;
      if (this.around("li")) document.execCommand(this.around("ol") ? "insertOrderedList" : "insertUnorderedList");
      document.execCommand("formatBlock", false, `<${kind}>`);
    } else if (name === "bold") document.execCommand("bold");
    else if (name === "list") {
      document.execCommand(value === "ol" ? "insertOrderedList" : "insertUnorderedList");
      // Browsers may leave the list inside the paragraph it was made of.
      this.surface.querySelectorAll("p > ul, p > ol").forEach((list) => list.parentElement.replaceWith(...list.parentElement.childNodes));
    } else if (name === "table") this.insertTable();
    else this.changeTable(name);
    this.changed();
  }

  insertTable() {
    const row = (tag) => `<tr>${`<${tag}><br></${tag}>`.repeat(3)}</tr>`;
    this.topBlock().insertAdjacentHTML("afterend", `<table><thead>${row("th")}</thead><tbody>${row("td").repeat(2)}</tbody></table>`);
    const table = this.topBlock().nextElementSibling;
    if (this.topBlock().nodeName === "P" && !this.topBlock().textContent) this.topBlock().remove();
    this.caretIn(table.querySelector(CELLS), true);
  }

  changeTable(name) {
    const cell = this.around(CELLS);
    if (!cell) return;
    const row = cell.parentElement;
    const table = cell.closest("table");
    const at = cell.cellIndex;
    const rows = Array.from(table.rows);
    if (name === "row-add") {
      const made = document.createElement("tr");
      Array.from(row.cells).forEach((one) => {
        const fresh = document.createElement("td");
        if (one.colSpan > 1) fresh.colSpan = one.colSpan;
        fresh.append(document.createElement("br"));
        made.append(fresh);
      });
      if (row.parentElement.nodeName === "THEAD") (table.tBodies[0] || table.createTBody()).prepend(made);
      else row.after(made);
      this.caretIn(made.cells[Math.min(at, made.cells.length - 1)], true);
    } else if (name === "column-add") {
      rows.forEach((one) => {
        const beside = one.cells[Math.min(at, one.cells.length - 1)];
        const fresh = document.createElement(beside.nodeName);
        fresh.append(document.createElement("br"));
        beside.after(fresh);
      });
      this.caretIn(row.cells[at + 1], true);
    } else if (name === "row-drop" || name === "column-drop") {
      const leaves = name === "row-drop" ? rows.length < 2 : row.cells.length < 2;
      if (leaves) {
        const next = table.nextElementSibling;
        table.remove();
        this.tidy();
        this.caretIn(next || this.surface.lastElementChild, true);
        return;
      }
      const near = name === "row-drop" ? rows[rows.indexOf(row) + 1] || rows[rows.indexOf(row) - 1] : row;
      if (name === "row-drop") row.remove();
      else rows.forEach((one) => one.cells[at] && one.cells.length > 1 && one.cells[at].remove());
      this.caretIn(near.cells[Math.min(at, near.cells.length - 1)], true);
    }
  }

  // Pasting ---------------------------------------------------------------------------------------------------

  paste(event, data) {
    event.preventDefault();
    if (!data) return;
    const html = data.getData("text/html");
    const markup = html ? cleanMarkup(html) : plainMarkup(data.getData("text/plain"));
    if (!markup) return;
    this.remember(null);
    this.insert(markup);
    if (html) this.say("pasted");
    this.changed();
  }

  insert(markup) {
    const range = this.range();
    range.deleteContents();
    this.tidy();
    const holder = document.createElement("template");
    holder.innerHTML = markup;
    const blocks = Array.from(holder.content.children);
    const isLine = blocks.length === 1 && blocks[0].nodeName === "P";
    if (isLine || this.around(CELLS)) {
      this.insertLine(blocks);
      return;
    }
    const block = this.topBlock();
    let after = null;
    if (/^(P|H2|H3|H4)$/.test(block.nodeName)) {
      const rest = document.createRange();
      rest.selectNodeContents(block);
      rest.setStart(window.getSelection().getRangeAt(0).endContainer, window.getSelection().getRangeAt(0).endOffset);
      if (rest.toString().trim()) {
        after = block.cloneNode(false);
        after.append(rest.extractContents());
      }
    }
    block.after(...blocks, ...(after ? [after] : []));
    if (!block.textContent.trim() && block.nodeName === "P") block.remove();
    this.caretIn(blocks[blocks.length - 1], false);
    blocks[blocks.length - 1].scrollIntoView({ block: "nearest" });
  }

  insertLine(blocks) {
    const piece = document.createDocumentFragment();
    blocks.forEach((block, at) => {
      if (at) piece.append(document.createElement("br"));
      const lines = block.matches("p, h2, h3, h4") ? [block] : Array.from(block.querySelectorAll("li, tr, p"));
      lines.forEach((line, number) => {
        if (number) piece.append(document.createElement("br"));
        if (line.nodeName === "TR") piece.append(Array.from(line.cells, (cell) => cell.textContent).join("　"));
        else piece.append(...Array.from(line.childNodes).filter((node) => !/^(UL|OL)$/.test(node.nodeName)));
      });
    });
    const last = piece.lastChild;
    if (!last) return;
    const range = this.range();
    const stray = range.startContainer.nodeType === 1 && range.startContainer.childNodes[range.startOffset];
    if (stray && stray.nodeName === "BR" && !range.startContainer.textContent) stray.remove();
    range.insertNode(piece);
    range.setStartAfter(last);
    range.collapse(true);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  // Links -----------------------------------------------------------------------------------------------------

  bindPanel() {
    const address = this.panel.querySelector("[data-rich-address]");
    address.id = `${this.surface.id}_address`;
    this.panel.querySelector("[data-rich-link-label]").htmlFor = address.id;
    const fault = this.panel.querySelector("[data-rich-link-fault]");
    const set = () => {
      const typed = address.value.trim();
      const isHost = /^[\w-]+(\.[\w-]+)+(\/|$)/.test(typed); // as people write it: gonghui.example.lan/notices
      const safe = safeAddress(isHost ? ["http:", "", typed].join("/") : typed);
      fault.textContent = safe ? "" : fault.dataset.words;
      if (!safe) return;
      this.closePanel();
      this.remember(null);
      const link = this.around("a");
      if (link) link.setAttribute("href", safe);
      else if (this.range().collapsed) {
        const made = document.createElement("a");
        made.href = safe;
        made.textContent = safe;
        this.range().insertNode(made);
        this.caretIn(made, false);
      } else document.execCommand("createLink", false, safe);
      this.changed();
    };
    this.panel.querySelector("[data-rich-link-set]").addEventListener("click", set);
    this.panel.querySelector("[data-rich-link-close]").addEventListener("click", () => this.closePanel());
    this.panel.querySelector("[data-rich-link-drop]").addEventListener("click", () => {
      this.closePanel();
      const link = this.around("a");
      if (!link) return;
      this.remember(null);
      link.replaceWith(...link.childNodes);
      this.changed();
    });
    this.panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.closePanel();
      if (event.key === "Enter" && event.target === address) {
        event.preventDefault(); // Enter would send the whole form
        set();
      }
    });
    // What is typed here is no part of the form.
    address.addEventListener("input", (event) => event.stopPropagation());
  }

  openPanel() {
    this.range();
    this.kept = savePlace(this.surface);
    const link = this.around("a");
    const address = this.panel.querySelector("[data-rich-address]");
    address.value = link ? link.getAttribute("href") : "";
    this.panel.querySelector("[data-rich-link-drop]").hidden = !link;
    this.panel.querySelector("[data-rich-link-fault]").textContent = "";
    this.panel.hidden = false;
    address.focus();
  }

  closePanel() {
    this.panel.hidden = true;
    this.surface.focus();
    findPlace(this.surface, this.kept);
  }

  // Keys and tools ---------------------------------------------------------------------------------------------

  key(event) {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    if (isCommand && (key === "z" || key === "y")) {
      event.preventDefault();
      this.step(key === "z" && !event.shiftKey);
    } else if (isCommand && key === "k") {
      event.preventDefault();
      this.openPanel();
    } else if (isCommand && (key === "i" || key === "u")) {
      event.preventDefault(); // marks without a tool would come as a surprise
    } else if (event.altKey && event.key === "F10") {
      event.preventDefault();
      (this.bar.querySelector('[tabindex="0"]') || this.bar.querySelector("button")).focus();
    }
  }

  rove(event) {
    const tools = Array.from(this.bar.querySelectorAll("[data-act]")).filter((tool) => !tool.hidden);
    const at = tools.indexOf(document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tools.length - 1 }[event.key];
    if (event.key === "Escape") this.surface.focus();
    if (next === undefined) return;
    event.preventDefault();
    tools[(next + tools.length) % tools.length].focus();
  }

  show() {
    const selection = window.getSelection();
    const isHere = selection.rangeCount > 0 && this.surface.contains(selection.anchorNode);
    const isInTable = isHere && Boolean(this.around("table"));
    const heading = isHere && this.around("h2, h3, h4");
    const list = isHere && this.around("ul, ol");
    const current = document.activeElement;
    let first = true;
    this.bar.querySelectorAll("[data-act]").forEach((tool) => {
      const { act, value } = tool.dataset;
      if (tool.dataset.in) tool.hidden = !isInTable && tool !== current;
      let isOn = null;
      if (act === "block") isOn = isHere && (value === "p" ? !heading && !list : Boolean(heading) && heading.nodeName === value.toUpperCase());
      if (act === "list") isOn = Boolean(list) && list.nodeName === value.toUpperCase();
      if (act === "bold") isOn = isHere && Boolean(this.around("b, strong"));
      if (isOn !== null) tool.setAttribute("aria-pressed", String(isOn));
      if (act === "undo" || act === "redo") tool.setAttribute("aria-disabled", String(!(act === "undo" ? this.done : this.undone).length));
      // One stop for the Tab key; the arrows walk within the bar.
      if (!tool.hidden) {
        tool.tabIndex = tool === current || (first && !this.bar.contains(current)) ? 0 : -1;
        first = false;
      }
    });
  }
}

document.querySelectorAll("[data-rich-field]").forEach((holder) => new Editor(holder));
