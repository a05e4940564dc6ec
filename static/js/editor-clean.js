// The shapes of rich text in the browser, as portal.kernel.richtext has them on the server, which has the last word:
// headings, paragraphs, lists, tables, quotations. Whatever is pasted is read into them and written anew.

const MARKS = { STRONG: "strong", B: "strong", EM: "em", I: "em", U: "u", S: "s", STRIKE: "s", DEL: "s", SUB: "sub", SUP: "sup" };
const ORDER = ["a", "strong", "em", "u", "s", "sub", "sup"];
const BLOCKS = new Set(
  (
    "ADDRESS ARTICLE ASIDE BODY CENTER DD DETAILS DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HGROUP HR " +
    "MAIN NAV P PRE SECTION SUMMARY CAPTION TR TD TH TBODY THEAD TFOOT"
  ).split(" ")
);
const SILENT = new Set(
  "SCRIPT STYLE TITLE TEXTAREA XML SVG MATH IFRAME NOSCRIPT TEMPLATE OBJECT APPLET AUDIO VIDEO CANVAS HEAD SELECT".split(" ")
);
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
const SPACE = /[ \t\n\r\f\u00a0]+/;
const ENDS = /^[ \t\n\r\f\u00a0\u3000]+|[ \t\n\r\f\u00a0\u3000]+$/g;
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;

export const safeAddress = (value) => {
  const address = (value || "").replace(UNSEEN, "").trim();
  if (!address || address.length > 2000 || /[\u0000-\u0020\u007f-\u00a0\u3000\\<>"'`{}|^]/.test(address)) return "";
  if (/^(https?:\/\/[^/\s]|mailto:[^@\s]+@)/i.test(address)) return address;
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) || /^(\/\/|#_)/.test(address)) return "";
  return address.split("/")[0].split("?")[0].includes(":") ? "" : address;
};

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");

// Lines -------------------------------------------------------------------------------------------------------

// A piece is [text, marks]; marks is a list of "name" or "a=address" in one order, null for a line's end.
const withMark = (marks, mark) => {
  const name = mark.split("=")[0];
  const rest = marks.filter((one) => one.split("=")[0] !== name);
  return [...rest, mark].sort((one, other) => ORDER.indexOf(one.split("=")[0]) - ORDER.indexOf(other.split("=")[0]));
};
const sameMarks = (one, other) => one !== null && other !== null && one.join("|") === other.join("|");

const settleLine = (pieces) => {
  const out = [];
  let waiting = null;
  let last = "";
  const put = (text, marks) => {
    if (out.length && sameMarks(out[out.length - 1][1], marks)) out[out.length - 1][0] += text;
    else out.push([text, marks]);
  };
  pieces.forEach(([text, marks]) => {
    text
      .replace(UNSEEN, "")
      .split(/([ \t\n\r\f\u00a0]+)/)
      .filter(Boolean)
      .forEach((part) => {
        if (SPACE.test(part[0])) {
          waiting = waiting || [marks, ""];
          waiting[1] += part;
          return;
        }
        if (waiting && last && !(waiting[1].includes("\n") && WIDE.test(last) && WIDE.test(part[0]))) put(" ", waiting[0]);
        waiting = null;
        put(part, marks);
        last = part[part.length - 1];
      });
  });
  while (out.length && !out[0][0].replace(ENDS, "")) out.shift();
  while (out.length && !out[out.length - 1][0].replace(ENDS, "")) out.pop();
  if (out.length) {
    out[0][0] = out[0][0].replace(/^[ \t\n\r\f\u00a0\u3000]+/, "");
    out[out.length - 1][0] = out[out.length - 1][0].replace(/[ \t\n\r\f\u00a0\u3000]+$/, "");
  }
  return out;
};

const settle = (pieces) => {
  const lines = [[]];
  pieces.forEach((piece) => (piece[1] === null ? lines.push([]) : lines[lines.length - 1].push(piece)));
  let settled = lines.map(settleLine);
  const full = settled.map((line, at) => (line.length ? at : -1)).filter((at) => at >= 0);
  if (!full.length) return [];
  settled = settled.slice(full[0], full[full.length - 1] + 1);
  const out = [];
  settled.forEach((line, at) => {
    if (at && !line.length && !settled[at - 1].length) return;
    if (at) out.push(["\n", null]);
    out.push(...line);
  });
  return out;
};

const writeLine = (pieces) => {
  let html = "";
  let open = [];
  const name = (mark) => mark.split("=")[0];
  const shut = (from) => {
    open.slice(from).reverse().forEach((mark) => (html += `</${name(mark)}>`));
    open = open.slice(0, from);
  };
  pieces.forEach(([text, marks]) => {
    const wanted = marks || [];
    let same = 0;
    while (same < Math.min(open.length, wanted.length) && open[same] === wanted[same]) same += 1;
    shut(same);
    wanted.slice(same).forEach((mark) => {
      html += name(mark) === "a" ? `<a href="${escape(mark.slice(2))}">` : `<${mark}>`;
      open.push(mark);
    });
    html += marks === null ? "<br>" : escape(text);
  });
  shut(0);
  return html;
};

// What Word means ----------------------------------------------------------------------------------------------

const styleOf = (node) => (node.getAttribute("data-style") || "").replace(/\s+/g, "").toLowerCase();
const classesOf = (node) => (node.getAttribute("class") || "").toLowerCase().split(/\s+/);

const isUnseen = (node) =>
  SILENT.has(node.nodeName) ||
  /display:none|mso-hide:all|mso-element:comment/.test(styleOf(node)) ||
  classesOf(node).some((name) => ["msodel", "msocomanchor", "msocommentreference", "msocomoff", "msocomtxt"].includes(name));

const isMarker = (node) => node.nodeName === "LIST-MARKER" || styleOf(node).includes("mso-list:ignore");

const rankOf = (node) => {
  const tag = node.nodeName.match(/^H([1-6])$/);
  if (tag) return Number(tag[1]);
  for (const name of classesOf(node)) {
    const found = name.replace("-", "").match(/^(?:mso)?heading(\d)$/);
    if (found) return Math.min(Math.max(Number(found[1]), 1), 6);
    if (name === "msotitle") return 1;
    if (name === "msosubtitle") return 2;
  }
  const level = node.getAttribute("role") === "heading" && Number(node.getAttribute("aria-level"));
  if (level) return Math.min(Math.max(level, 1), 6);
  const outline = styleOf(node).match(/mso-outline-level:(\d)/);
  return outline ? Math.min(Math.max(Number(outline[1]), 1), 6) : 0;
};

const QUOTED = /^(第?[零〇一二三四五六七八九十百]+[条章节款项编部、.．]|[(（][零〇一二三四五六七八九十百]+[)）]|第\s*\d+\s*[条章节款项])/;

const readListMark = (node) => {
  const found = styleOf(node).match(/mso-list:(?!ignore|none|skip)[^;]*?level(\d+)/);
  if (!found && !/^(P|H[1-6])$/.test(node.nodeName)) return { prefix: "" };
  const marker = Array.from(node.querySelectorAll("*"))
    .filter((part) => isMarker(part) && !(part.parentElement && part.parentElement.closest("list-marker")))
    .map((part) => part.textContent)
    .join("")
    .replace(/[\s\u00a0]+/g, "");
  if (!found && !(marker && classesOf(node).some((name) => name.startsWith("msolist")))) return { prefix: marker };
  const level = Math.min(Math.max(found ? Number(found[1]) : 1, 1), 6);
  if (QUOTED.test(marker) || /^\d+([.．]\d+)+[.．]?$/.test(marker)) return { prefix: marker };
  const number = marker.match(/^(?:[(（]?(\d{1,3})[.．、)）]*|([①-⑳])[.．、]?)$/);
  if (number) return { level, number: number[1] ? Number(number[1]) : marker.charCodeAt(0) - 0x245f };
  if (/^([(（]?[a-z][.．、)）]+|[(（]?[ivx]{2,5}[.．、)）]+)$/i.test(marker)) {
    const letters = marker.toLowerCase().replace(/[^a-z]/g, "");
    return { level, number: letters.length === 1 ? letters.charCodeAt(0) - 96 : 1 };
  }
  return { level, number: null };
};

// Shapes -------------------------------------------------------------------------------------------------------

const isLine = (block) => block.pieces !== undefined;
const list = (isNumbered, items, start) => ({ list: isNumbered ? "ol" : "ul", items, start: start || 1 });
const whole = (text, most) => Math.min(Math.max(parseInt(text, 10) || 1, 1), most);

class Shaper {
  constructor(shift) {
    this.shift = shift;
    this.tag = "p";
    this.pieces = [];
    this.blocks = [];
    this.items = [];
  }

  shape(nodes, marks = []) {
    this.walk(nodes, marks);
    this.endLine();
    this.endItems();
    return this.blocks;
  }

  inside(nodes, marks) {
    return new Shaper(this.shift).shape(nodes, marks);
  }

  endLine() {
    const pieces = settle(this.pieces);
    this.pieces = [];
    if (pieces.length) this.put({ tag: this.tag, pieces });
  }

  put(block) {
    this.endItems();
    this.blocks.push(block);
  }

  walk(nodes, marks) {
    nodes.forEach((node) => {
      if (node.nodeType === 3) this.pieces.push([node.data, marks]);
      else if (node.nodeType === 1 && !isUnseen(node)) this.take(node, marks);
    });
  }

  take(node, marks) {
    const tag = node.nodeName;
    const children = Array.from(node.childNodes);
    if (tag === "BR") this.pieces.push(["\n", null]);
    else if (MARKS[tag]) this.walk(children, withMark(marks, MARKS[tag]));
    else if (tag === "A") {
      const address = safeAddress(node.getAttribute("href"));
      this.walk(children, address ? withMark(marks, `a=${address}`) : marks);
    } else if (isMarker(node)) return;
    else if (tag === "UL" || tag === "OL") this.list(tag === "OL", whole(node.getAttribute("start"), 9999), children, marks);
    else if (tag === "LI") this.list(false, 1, [node], marks);
    else if (tag === "TABLE") this.table(node, marks);
    else if (tag === "BLOCKQUOTE") this.quote(children, marks);
    else if (BLOCKS.has(tag)) this.paragraph(node, children, marks);
    else this.walk(children, marks);
  }

  paragraph(node, children, marks) {
    this.endLine();
    const { level, number, prefix } = readListMark(node);
    const rank = rankOf(node);
    if (level && !rank) {
      const parts = this.inside(children, marks);
      if (parts.length) this.items.push({ level, number, parts });
      return;
    }
    const outer = this.tag;
    let own = marks;
    if (rank) {
      this.tag = `h${Math.min(Math.max(rank + this.shift, 2), 4)}`;
      own = marks.filter((mark) => mark !== "strong");
    }
    if (prefix) this.pieces.push([prefix + (/[、．.)）]$/.test(prefix) ? "" : " "), own]);
    this.walk(children, own);
    this.endLine();
    this.tag = outer;
  }

  list(isNumbered, first, children, marks) {
    this.endLine();
    let items = [];
    let number = first;
    let start = first;
    const close = () => {
      if (items.length) this.put(list(isNumbered, items, isNumbered ? start : 1));
      items = [];
      start = number;
    };
    children.forEach((child) => {
      if (child.nodeType !== 3 && (child.nodeType !== 1 || isUnseen(child))) return;
      const isList = /^(UL|OL)$/.test(child.nodeName);
      const parts = this.inside(child.nodeName === "LI" ? Array.from(child.childNodes) : [child], marks);
      if (!parts.length) return;
      if (isList && items.length && parts.every((part) => part.list)) {
        items[items.length - 1].push(...parts);
        return;
      }
      const odd = parts.findIndex((part) => part.rows || part.quote);
      const own = odd < 0 ? parts : parts.slice(0, odd);
      if (own.length) {
        items.push(own);
        number += 1;
      }
      if (odd >= 0) {
        close();
        parts.slice(odd).forEach((part) => this.put(part));
      }
    });
    close();
  }

  endItems() {
    const flat = this.items;
    this.items = [];
    const path = [];
    flat.forEach(({ level, number, parts }) => {
      while (path.length && path[path.length - 1].level > level) path.pop();
      const here = path.length && path[path.length - 1].level === level ? path[path.length - 1].made : null;
      if (here) {
        const isSame = (here.list === "ol") === (number !== null);
        if (isSame && (number === null || number === here.start + here.items.length)) {
          here.items.push(parts);
          return;
        }
        path.pop();
      }
      const made = list(number !== null, [parts], number === null ? 1 : number);
      if (path.length) {
        const above = path[path.length - 1].made;
        above.items[above.items.length - 1].push(made);
      } else this.blocks.push(made);
      path.push({ level, made });
    });
  }

  table(node, marks) {
    this.endLine();
    const head = [];
    const rows = [];
    Array.from(node.querySelectorAll("tr"))
      .filter((row) => row.closest("table") === node && !isUnseen(row))
      .forEach((row) => {
        const isHead = row.parentElement.nodeName === "THEAD";
        const cells = Array.from(row.children)
          .filter((cell) => /^(TD|TH)$/.test(cell.nodeName) && !isUnseen(cell))
          .map((cell) => ({
            isHead: isHead || cell.nodeName === "TH",
            parts: this.inside(Array.from(cell.childNodes), marks).flatMap(cellParts),
            colspan: whole(cell.getAttribute("colspan"), 50),
            rowspan: whole(cell.getAttribute("rowspan"), 200),
          }));
        if (cells.length) (isHead && !rows.length ? head : rows).push(cells);
      });
    if ([...head, ...rows].some((row) => row.some((cell) => cell.parts.length))) {
      findHead(head, rows);
      [...head, ...rows].flat().forEach((cell) => {
        if (!cell.isHead) return;
        cell.parts.filter(isLine).forEach((part) => {
          part.pieces = settle(part.pieces.map(([text, own]) => [text, own && own.filter((mark) => mark !== "strong")]));
        });
      });
      this.put({ head, rows });
    }
  }

  quote(children, marks) {
    this.endLine();
    const parts = this.inside(children, marks).flatMap((block) => block.quote || [isLine(block) ? { ...block, tag: "p" } : block]);
    if (parts.length) this.put({ quote: parts });
  }
}

const cellParts = (block) => {
  if (isLine(block) || block.list) return [block];
  if (block.quote) return block.quote.flatMap(cellParts);
  return [...block.head, ...block.rows].flat().flatMap((cell) => cell.parts);
};

const isBold = (cell) => {
  const lines = cell.parts.filter(isLine);
  return lines.length > 0 && lines.every((line) => line.pieces.every(([, marks]) => marks === null || marks.includes("strong")));
};

const findHead = (head, rows) => {
  if (head.length) return;
  while (rows.length > 1 && rows[0].every((cell) => cell.isHead)) head.push(rows.shift());
  if (!head.length && rows.length > 1 && rows[0].length > 1 && rows[0].every(isBold) && !rows[1].every(isBold)) {
    head.push(rows.shift());
    head[0].forEach((cell) => {
      cell.isHead = true;
    });
  }
};

const writeParts = (parts) => {
  let wasLine = false;
  return parts
    .map((part) => {
      const html = isLine(part) ? (wasLine ? "<br>" : "") + writeLine(part.pieces) : write(part);
      wasLine = isLine(part);
      return html;
    })
    .join("");
};

const writeRow = (row) =>
  `<tr>${row
    .map((cell) => {
      const tag = cell.isHead ? "th" : "td";
      const spans = ["colspan", "rowspan"].map((name) => (cell[name] > 1 ? ` ${name}="${cell[name]}"` : "")).join("");
      return `<${tag}${spans}>${writeParts(cell.parts)}</${tag}>`;
    })
    .join("")}</tr>`;

const write = (block) => {
  if (isLine(block)) return `<${block.tag}>${writeLine(block.pieces)}</${block.tag}>`;
  if (block.quote) return `<blockquote>${block.quote.map(write).join("")}</blockquote>`;
  if (block.list) {
    const start = block.list === "ol" && block.start > 1 ? ` start="${block.start}"` : "";
    return `<${block.list}${start}>${block.items.map((item) => `<li>${writeParts(item)}</li>`).join("")}</${block.list}>`;
  }
  const head = block.head.length ? `<thead>${block.head.map(writeRow).join("")}</thead>` : "";
  return `<table>${head}${block.rows.length ? `<tbody>${block.rows.map(writeRow).join("")}</tbody>` : ""}</table>`;
};

const wordsOf = (block) => {
  if (isLine(block)) return block.pieces.map(([text]) => text).join("");
  if (block.quote) return block.quote.map(wordsOf).join("\n");
  if (block.list) return block.items.map((item) => item.map(wordsOf).join("\n")).join("\n");
  const cell = (one) => one.parts.map(wordsOf).join("\n").replace(/\n/g, " ");
  return [...block.head, ...block.rows].map((row) => row.map(cell).join("\t")).join("\n");
};

// In and out ---------------------------------------------------------------------------------------------------

// The policy of the page forbids inline styles even in a document that is only read: they are read as data.
const harmless = (tag) =>
  tag.replace(/([\s"'/])(?:data-style|style)\s*=/gi, "$1data-style=").replace(/([\s"'/])on[a-z]+\s*=/gi, "$1data-on=");

const parse = (markup) => {
  const safe = markup
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<style\b/gi, "<title") // one that never ends: silent to its end, and no style
    .replace(/<(base|link|meta)\b/gi, "<void") // the policy watches these even in a document that is only read
    .replace(/<!(?:--)?\[if !supportLists\](?:--)?>/gi, "<list-marker>")
    .replace(/<!(?:--)?\[endif\](?:--)?>/gi, "</list-marker>")
    .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, harmless)
    .replace(/<[a-z][^>]*>/gi, harmless); // and those whose quotes do not match
  return new DOMParser().parseFromString(safe, "text/html").body;
};

const shapeOf = (nodes) => {
  const holder = nodes.filter((node) => node.nodeType === 1);
  const usesFirst = holder.some((node) =>
    [node, ...node.querySelectorAll("p, h1, div")].some((part) => /^(P|H1|DIV)$/.test(part.nodeName) && rankOf(part) === 1)
  );
  return new Shaper(usesFirst ? 1 : 0).shape(nodes);
};

// Return pasted or kept markup in its one form.
export const cleanMarkup = (markup) => shapeOf(Array.from(parse(markup).childNodes)).map(write).join("\n");

// Return {markup, words} of what stands in an element of the page.
export const readElement = (element) => {
  const blocks = shapeOf(Array.from(element.childNodes));
  return { markup: blocks.map(write).join("\n"), words: blocks.map(wordsOf).filter(Boolean).join("\n") };
};

// Return plain text as paragraphs, its rows with tabs as tables.
export const plainMarkup = (text) => {
  const out = [];
  text
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .forEach((line) => {
      if (!line.trim()) out.push("");
      else if (line.includes("\t")) {
        const row = `<tr>${line.split("\t").map((cell) => `<td>${escape(cell)}</td>`).join("")}</tr>`;
        const last = out[out.length - 1] || "";
        if (last.endsWith("</table>")) out[out.length - 1] = last.replace(/<\/table>$/, `${row}</table>`);
        else out.push(`<table>${row}</table>`);
      } else out.push(`<p>${escape(line)}</p>`);
    });
  return cleanMarkup(out.join(""));
};
