// Tools over the map: measure a length or an area, tell a place, find a coordinate, fill the screen.
import { dmsOf, readCoordinate } from "./coordinates.js";
import { byId, element } from "./elements.js";
import { beltOf, planeOf } from "./geodesy.js";
import { measureInWords } from "./measuring.js";

const SAME_PX = 3; // a second click as near as this belongs to a double click
const FOUND_ZOOM = 16;
const TIMES_OF_COPYING_MS = 2500;
/** @type {Record<string, {name: string, help: string}>} */
const MODES = {
  length: { name: "tool_length", help: "tool_measure_help" },
  area: { name: "tool_area", help: "tool_measure_help" },
  point: { name: "tool_point", help: "tool_point_help" },
  locate: { name: "tool_locate", help: "tool_locate_help" },
};
const POINTING = ["length", "area", "point"];

/** The tools; one is on at a time, and says in its box what it does and what it found. */
export class Tools {
  /** @param {any} page */
  constructor(page) {
    this.page = page;
    this.mode = "";
    /** @type {import("./geodesy.js").Place[]} */
    this.places = [];
    this.done = false;
    /** @type {any} */
    this.ghost = null;
    this.drawn = L.layerGroup().addTo(page.map);
    this.make();
    this.listen();
  }

  make() {
    const button = (/** @type {string} */ mode) =>
      element("button", { type: "button", id: `lw-tool-${mode}`, "aria-pressed": "false", "data-say": MODES[mode].name });
    this.full = element("button", { type: "button", id: "lw-tool-full", "aria-pressed": "false", "data-say": "tool_full" });
    this.bar = element("div", { class: "lw-toolbar", role: "toolbar", "data-label": "tool_bar" }, [
      ...Object.keys(MODES).map(button),
      this.full,
    ]);
    this.box = element("section", { class: "lw-tool-box", id: "lw-tool-box", hidden: true, "aria-labelledby": "lw-tool-name" }, [
      element("div", { class: "lw-dialog-head" }, [
        element("h2", { id: "lw-tool-name" }),
        element("button", { type: "button", id: "lw-tool-close", "data-label": "close", text: "✕" }),
      ]),
      element("p", { class: "lw-note", id: "lw-tool-help" }),
      this.form(),
      element("p", { id: "lw-tool-said", role: "status", "aria-live": "polite" }),
      element("ul", { id: "lw-tool-copies" }),
      element("p", { class: "lw-tool-acts", id: "lw-tool-acts", hidden: true }, [
        element("button", { type: "button", id: "lw-tool-end", "data-say": "tool_end" }),
        element("button", { type: "button", id: "lw-tool-back", "data-say": "tool_back" }),
        element("button", { type: "button", id: "lw-tool-again", "data-say": "tool_again" }),
      ]),
    ]);
    this.column = element("div", { class: "lw-tool-column", id: "lw-tool-column" }, [this.bar, this.box]);
    byId("lw-map").append(this.column);
  }

  form() {
    const meridians = Array.from({ length: 21 }, (_, i) => 75 + 3 * i);
    return element("form", { id: "lw-locate", hidden: true }, [
      element("label", { for: "lw-locate-text", "data-say": "tool_locate_label" }),
      element("input", { id: "lw-locate-text", type: "text", autocomplete: "off", spellcheck: "false", maxlength: 120 }),
      element("label", {}, [
        element("span", { "data-say": "tool_locate_meridian" }),
        element("select", { id: "lw-locate-meridian" }, [
          element("option", { value: "", "data-say": "tool_locate_middle" }),
          ...meridians.map((one) => element("option", { value: one, text: `${one}°` })),
        ]),
      ]),
      element("button", { type: "submit", "data-say": "tool_locate_go" }),
    ]);
  }

  listen() {
    for (const mode of Object.keys(MODES)) {
      byId(`lw-tool-${mode}`).addEventListener("click", () => this.turn(this.mode === mode ? "" : mode));
    }
    byId("lw-tool-close").addEventListener("click", () => this.turn(""));
    byId("lw-tool-end").addEventListener("click", () => this.finish());
    byId("lw-tool-back").addEventListener("click", () => this.takeBack());
    byId("lw-tool-again").addEventListener("click", () => this.clear());
    this.full.addEventListener("click", () => this.fill());
    document.addEventListener("fullscreenchange", () => this.sayFull());
    byId("lw-locate").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.locate();
    });
    document.addEventListener("keydown", (event) => this.key(event), true);
    const { map } = this.page;
    map.on("dblclick", () => this.finish());
    map.on("mousemove", (/** @type {any} */ { latlng }) => this.followPointer(latlng));
  }

  /** Heed the keys of the tool that is on, before the page does. */
  key(/** @type {KeyboardEvent} */ event) {
    if (!this.mode || byId("lw-map").closest("[inert]") || document.querySelector("dialog[open]")) return;
    const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (event.key === "Escape") this.escape();
    else if (event.key === "Backspace" && !typing && this.places.length) this.takeBack();
    else return;
    event.stopImmediatePropagation();
    event.preventDefault();
  }

  /** End a measurement that is being made; with none, put the tool away. */
  escape() {
    if (this.places.length > 1 && !this.done && this.mode !== "point") this.finish();
    else this.turn("");
  }

  /** Return the tool that is on, for a link to the page as it is. */
  link() {
    return { tool: MODES[this.mode] ? this.mode : "" };
  }

  /** @param {Map<string, string>} told a link */
  follow(told) {
    const mode = told.get("tool") ?? "";
    if ((MODES[mode] ? mode : "") !== this.mode) this.turn(MODES[mode] ? mode : "", false);
  }

  /** Put a tool on, or all away; by hand the focus goes to what it works on. */
  turn(/** @type {string} */ mode, byHand = true) {
    const { map } = this.page;
    const before = this.mode;
    this.mode = mode;
    this.clear();
    const pointing = POINTING.includes(mode);
    this.page.pointing = pointing ? (/** @type {any} */ place) => this.take(place) : null;
    map.doubleClickZoom[pointing ? "disable" : "enable"]();
    map.getContainer().classList.toggle("lw-pointing", pointing);
    this.box.hidden = !mode;
    byId("lw-locate").hidden = mode !== "locate";
    byId("lw-tool-acts").hidden = mode !== "length" && mode !== "area";
    this.sayTool();
    if (!byHand) return;
    if (mode === "locate") byId("lw-locate-text").focus();
    else if (pointing) map.getContainer().focus({ preventScroll: true });
    else if (before) byId(`lw-tool-${before}`).focus();
    this.page.linking?.writeSoon();
  }

  clear() {
    this.places = [];
    this.done = false;
    this.drawn.clearLayers();
    this.ghost = null;
    byId("lw-tool-copies").replaceChildren();
    this.said();
  }

  /** Take a place that was clicked, or that the crosshair stood on; always true: it is used up. */
  take(/** @type {any} */ { lat, lng }) {
    if (this.done || this.mode === "point") this.clear();
    const { map } = this.page;
    const last = this.places.at(-1);
    const near = last && map.latLngToContainerPoint(last).distanceTo(map.latLngToContainerPoint([lat, lng])) < SAME_PX;
    if (!near) this.places.push({ lat, lng });
    this.draw();
    if (this.mode === "point") this.tell({ lat, lng });
    else this.said();
    return true;
  }

  takeBack() {
    this.done = false;
    this.places.pop();
    this.draw();
    this.said();
  }

  finish() {
    if (this.mode !== "length" && this.mode !== "area") return;
    this.done = this.places.length > 1;
    this.draw();
    this.said();
  }

  /** Draw what was taken, a light line under a dark one, so that it is seen on any ground. */
  draw() {
    this.drawn.clearLayers();
    this.ghost = null;
    const style = { interactive: false, pane: "mark", className: "lw-measured" };
    const shape = this.mode === "area" && this.places.length > 2 ? L.polygon : L.polyline;
    for (const [color, weight] of [["#ffffff", 5], ["#111111", 2]]) {
      if (this.places.length > 1) this.drawn.addLayer(shape(this.places, { ...style, color, weight, fillOpacity: 0.08 }));
    }
    for (const place of this.places) {
      this.drawn.addLayer(L.circleMarker(place, { ...style, radius: 4, color: "#111111", weight: 2, fillColor: "#ffffff", fillOpacity: 1 }));
    }
  }

  /** Draw the line to the pointer while a measurement is being made. */
  followPointer(/** @type {any} */ latlng) {
    if (!this.places.length || this.done || !["length", "area"].includes(this.mode)) return;
    const line = [this.places[this.places.length - 1], latlng];
    if (this.ghost) this.ghost.setLatLngs(line);
    else {
      const style = { interactive: false, pane: "mark", color: "#111111", weight: 1.5, dashArray: "4 5" };
      this.ghost = L.polyline(line, style).addTo(this.drawn);
    }
  }

  /** Say what was measured. */
  said() {
    const { words } = this.page;
    const measuring = this.mode === "length" || this.mode === "area";
    byId("lw-tool-said").textContent = measuring
      ? measureInWords(words, /** @type {"length" | "area"} */ (this.mode), this.places)
      : "";
  }

  /** Tell a place in each form, to be copied. */
  tell(/** @type {import("./geodesy.js").Place} */ place) {
    const { words } = this.page;
    const { belt, meridian } = beltOf(place.lng);
    const { northing, easting } = planeOf(place, meridian);
    const degrees = `${place.lng.toFixed(6)}, ${place.lat.toFixed(6)}`;
    const dms = words.say("tool_point_dms", { lng: dmsOf(place.lng), lat: dmsOf(place.lat) });
    const plane = `${northing.toFixed(2)}, ${(belt * 1e6 + easting).toFixed(2)}`;
    const epsg = 4488 + belt;
    byId("lw-tool-said").textContent = words.say("tool_point_told", { degrees });
    byId("lw-tool-copies").replaceChildren(
      this.copyLine(words.say("tool_point_degrees"), degrees),
      this.copyLine(words.say("tool_point_angles"), dms),
      this.copyLine(words.say("tool_point_plane", { belt, epsg }), plane),
    );
  }

  copyLine(/** @type {string} */ name, /** @type {string} */ text) {
    const { words } = this.page;
    const button = element("button", { type: "button", text: words.say("tool_copy"), "aria-label": words.say("tool_copy_of", { name }) });
    button.addEventListener("click", async () => {
      const done = await copied(text);
      button.textContent = words.say(done ? "tool_copied" : "tool_copy_refused");
      setTimeout(() => (button.textContent = words.say("tool_copy")), TIMES_OF_COPYING_MS);
    });
    return element("li", {}, [
      element("span", { class: "lw-sub", text: name }),
      element("output", { text, dir: "ltr" }),
      button,
    ]);
  }

  /** Go where a typed coordinate lies, and say how it was read. */
  locate() {
    const { map, words } = this.page;
    const chosen = byId("lw-locate-meridian").value;
    const meridian = chosen ? Number(chosen) : beltOf(map.getCenter().lng).meridian;
    const read = readCoordinate(byId("lw-locate-text").value, meridian);
    this.clear();
    if ("why" in read) {
      byId("lw-tool-said").textContent = words.say(read.why);
      return;
    }
    const { lat, lng } = read;
    this.tell({ lat, lng });
    byId("lw-tool-said").textContent = this.readingInWords(read);
    map.setView([lat, lng], Math.max(map.getZoom(), FOUND_ZOOM), { animate: false });
    this.places = [{ lat, lng }];
    this.draw();
  }

  readingInWords(/** @type {import("./coordinates.js").Reading} */ read) {
    const { words } = this.page;
    const turned = read.form === "plane" ? "tool_read_swapped_plane" : "tool_read_swapped";
    const forms = { degrees: "tool_read_degrees", dms: "tool_read_dms", plane: "tool_read_plane" };
    const told = [
      words.say(forms[read.form], { width: read.width, meridian: read.meridian, belt: read.belt }),
      words.say("tool_read_epsg", { epsg: read.epsg }),
      read.form === "plane" && !read.prefixed ? words.say("tool_read_supposed", { meridian: read.meridian }) : "",
      read.swapped ? words.say(turned) : "",
    ];
    return told.filter(Boolean).join(words.say("tool_read_comma"));
  }

  /** Fill the screen, or leave it; say so where the browser refuses. */
  async fill() {
    try {
      if (document.fullscreenElement) await document.exitFullscreen();
      else await document.documentElement.requestFullscreen();
    } catch (refused) {
      this.mode ||= "full";
      this.box.hidden = false;
      byId("lw-tool-name").textContent = this.page.words.say("tool_full");
      byId("lw-tool-help").textContent = "";
      byId("lw-tool-said").textContent = this.page.words.say("tool_full_refused");
    }
  }

  sayFull() {
    const on = Boolean(document.fullscreenElement);
    this.full.setAttribute("aria-pressed", String(on));
    this.full.textContent = this.page.words.say(on ? "tool_full_leave" : "tool_full");
  }

  sayTool() {
    const { words } = this.page;
    const told = MODES[this.mode];
    for (const mode of Object.keys(MODES)) byId(`lw-tool-${mode}`).setAttribute("aria-pressed", String(mode === this.mode));
    byId("lw-tool-name").textContent = told ? words.say(told.name) : "";
    byId("lw-tool-help").textContent = told ? words.say(told.help) : "";
  }

  say() {
    this.sayTool();
    this.sayFull();
    if (this.mode === "point" && this.places.length) this.tell(this.places[0]);
    else if (this.mode === "locate" && this.places.length) this.locate();
    else this.said();
  }
}

/**
 * Put a text on the clipboard and tell whether it is there.
 * @param {string} text
 */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch (refused) {
    return copiedByHand(text);
  }
}

/**
 * Copy as pages did before there was a clipboard to ask: some browsers grant nothing to a file.
 * @param {string} text
 */
function copiedByHand(text) {
  const field = element("textarea", { class: "lw-copying", "aria-hidden": "true" });
  field.value = text;
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  before?.focus({ preventScroll: true });
  return done;
}
