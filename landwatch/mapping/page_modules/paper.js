// Paper: A4 or A3, upright or across, with title, legend, true scale, north, day and scan.
import { byId, element } from "./elements.js";
import { distanceM } from "./geodesy.js";
import { lengthInWords } from "./measuring.js";
import { paintTile } from "./paint.js";
import { Palette } from "./palette.js";
import { barOf, ratioOf, roundUp } from "./scale.js";
import { WORLD, placeOf } from "./shapes.js";

// To a CSS pixel, 192 to an inch; at 3 Chromium draws a canvas by 1/64 too small, and no scale is true.
const PAPER_DOTS = 2;
const BAR_PX = 150;
const BESIDE_PX = 60;
const SIZES = { a4: "paper_a4", a3: "paper_a3" };
const WAYS = { portrait: "paper_portrait", landscape: "paper_landscape" };
const CONTENTS = { list: "paper_list", map: "paper_map" };
const EXTENTS = { all: "paper_all", view: "paper_view" };

/** The dialog before printing, and what paper shows beside the screen. */
export class Paper {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    /** @type {Record<string, string>} */
    this.choice = { size: "a4", way: "portrait", what: "list", extent: "all" };
    /** @type {any} */
    this.bounds = null;
    this.retina = L.Browser.retina;
    /** @type {any} */
    this.sheet = null;
    this.pane = page.map.createPane("sheet");
    this.makeDialog();
    this.makeMargins();
    page.framed = () => this.frame();
    this.choose();
  }

  makeDialog() {
    const group = (/** @type {string} */ name, /** @type {string} */ key, /** @type {Record<string, string>} */ values) =>
      element("fieldset", {}, [
        element("legend", { "data-say": key }),
        ...Object.entries(values).map(([value, words]) => {
          const box = element("input", { type: "radio", name: `lw-paper-${name}`, value, id: `lw-paper-${value}` });
          box.checked = this.choice[name] === value;
          box.addEventListener("change", () => this.choose(name, value));
          return element("label", {}, [box, element("span", { "data-say": words })]);
        }),
      ]);
    this.dialog = element("dialog", { class: "lw-dialog lw-paper-dialog", "aria-labelledby": "lw-paper-title" }, [
      element("h2", { id: "lw-paper-title", "data-say": "paper_title" }),
      group("size", "paper_size", SIZES),
      group("way", "paper_way", WAYS),
      group("what", "paper_what", CONTENTS),
      group("extent", "paper_extent", EXTENTS),
      element("p", { class: "lw-note", "data-say": "paper_note" }),
      element("div", { class: "lw-dialog-foot" }, [
        element("button", { type: "button", id: "lw-paper-print", "data-say": "print" }),
        element("button", { type: "button", id: "lw-paper-cancel", "data-say": "paper_cancel" }),
      ]),
    ]);
    document.body.append(this.dialog);
    byId("lw-print").setAttribute("aria-haspopup", "dialog");
    byId("lw-print").addEventListener("click", () => this.dialog.showModal());
    byId("lw-paper-cancel").addEventListener("click", () => this.dialog.close());
    byId("lw-paper-print").addEventListener("click", async () => {
      this.bounds = this.page.map.getBounds();
      this.dialog.close();
      await this.page.backdrops?.beforePaper();
      window.print();
    });
    this.dialog.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key === "Escape") event.stopPropagation(); // it closes this, not the card behind it
    });
  }

  /** Make what stands on the map and under it on paper alone. */
  makeMargins() {
    byId("lw-map").append(
      element("div", { class: "lw-north", "aria-hidden": "true" }, [
        element("span", { class: "lw-north-arrow" }),
        element("span", { "data-say": "paper_north" }),
      ]),
      element("div", { class: "lw-bar", "aria-hidden": "true" }, [
        element("span", { id: "lw-bar-text" }),
        element("span", { id: "lw-bar-line", class: "lw-bar-line" }, [0, 1, 2, 3].map(() => element("i"))),
        element("span", { id: "lw-bar-ratio" }),
      ]),
    );
    byId("lw-map").after(element("p", { id: "lw-paper-strip", class: "lw-paper-strip" }));
  }

  /**
   * Take a choice; the page of the style sheet follows from classes of the body.
   * @param {string} [name]
   * @param {string} [value]
   */
  choose(name, value) {
    if (name && value) this.choice[name] = value;
    const { size, way, what } = this.choice;
    const { classList } = document.body;
    for (const one of Array.from(classList)) if (one.startsWith("lw-paper-")) classList.remove(one);
    classList.add(`lw-paper-${size}-${way}`, `lw-paper-${what}`);
  }

  /** Bring what is wanted into the frame, at a round scale. */
  frame() {
    const { map } = this.page;
    this.snap = map.options.zoomSnap;
    map.options.zoomSnap = 0; // paper has no need of whole steps
    if (this.choice.extent === "view" && this.bounds) map.fitBounds(this.bounds, { animate: false });
    else this.page.fit();
    const ratio = ratioOf(this.metresOfPixel());
    const zoom = map.getZoom() - Math.log2(roundUp(ratio) / ratio);
    map.setView(map.getCenter(), zoom, { animate: false });
  }

  /** Return how much ground a pixel in the middle of the map is. */
  metresOfPixel() {
    const { map } = this.page;
    const { x, y } = map.getSize().divideBy(2);
    const ends = [x - BESIDE_PX, x + BESIDE_PX].map((at) => map.containerPointToLatLng([at, y]));
    return distanceM(ends[0], ends[1]) / (2 * BESIDE_PX);
  }

  /** @param {boolean} printing */
  print(printing) {
    const { map } = this.page;
    if (!printing) map.options.zoomSnap = this.snap ?? 1;
    this.sharpen(printing);
    if (printing) this.fill();
  }

  /** Draw parcels and lines with more dots for paper, and as before for the screen. */
  sharpen(/** @type {boolean} */ printing) {
    const { map } = this.page;
    L.Browser.retina = printing || this.retina;
    map.eachLayer((/** @type {any} */ one) => {
      if (one instanceof L.Canvas && one._map) one._update();
    });
    map.getPane("parcels").hidden = printing;
    this.sheet?.remove();
    this.sheet = printing ? this.painted() : null;
  }

  /** Return all parcels of the frame as one picture: tiles between two zooms show their seams. */
  painted() {
    const { map, shapes, tree, classes, settings } = this.page;
    const { x: wide, y: high } = map.getSize();
    const side = Math.ceil(Math.max(wide, high));
    const corner = map.containerPointToLatLng([0, 0]);
    const [left, top] = placeOf(corner.lat, corner.lng);
    const square = element("canvas", { width: side * PAPER_DOTS, height: side * PAPER_DOTS });
    const scene = { shapes, tree, classes, palette: new Palette(settings.classes, PAPER_DOTS) };
    paintTile(square, scene, left, top, (WORLD * side) / (256 * 2 ** map.getZoom()));
    const [across, down] = [Math.round(wide * PAPER_DOTS), Math.round(high * PAPER_DOTS)];
    const canvas = element("canvas", { width: across, height: down, class: "lw-sheet", role: "presentation" });
    canvas.getContext("2d").drawImage(square, 0, 0);
    canvas.style.setProperty("width", `${wide}px`);
    canvas.style.setProperty("height", `${high}px`);
    this.pane.replaceChildren(canvas);
    L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([0, 0]));
    return canvas;
  }

  /** Fill the bar and the line under the map. */
  fill() {
    const { words, ledger, view, approval } = this.page;
    const ground = this.metresOfPixel();
    const { metres, pixels } = barOf(ground, BAR_PX);
    byId("lw-bar-line").style.setProperty("width", `${pixels.toFixed(2)}px`);
    byId("lw-bar-text").textContent = lengthInWords(words, metres);
    const ratio = words.number(Number(ratioOf(ground).toPrecision(6)), 0);
    byId("lw-bar-ratio").textContent = words.say("paper_ratio", { ratio });
    const { scan_id: scan, as_of: day } = ledger.head;
    const all = ledger.contractCount;
    const told = [
      words.say(scan === null ? "when" : "when_scan", { day, scan }),
      words.say("paper_printed", { day: localDay(new Date()) }),
      view.contracts.length < all
        ? words.say("paper_narrowed", { count: words.number(view.contracts.length), all: words.number(all) })
        : words.say("paper_whole", { all: words.number(all) }),
      approval ? words.say("paper_approval", { number: approval }) : "",
      ledger.head.made_up ? words.say("made_up") : "",
    ];
    byId("lw-paper-strip").textContent = told.filter(Boolean).join(" · ");
  }
}

/** @param {Date} now */
function localDay(now) {
  const two = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
