// The doctor's page: what was seen on the left, as read and as proposed on the map.
import { byId, element } from "./elements.js";
import { Words } from "./words.js";

const OWN = "#d55e00";
const PROPOSED = "#0072b2";
const OTHERS = ["#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#5c4d9a", "#777777"];

/** Return folium's map, moved into its place on the page. */
function doctorMap() {
  const box = /** @type {HTMLElement} */ (document.querySelector(".folium-map"));
  const map = window[box.id];
  byId("lw-map").append(box);
  map.invalidateSize({ animate: false });
  map.attributionControl.setPrefix(false);
  L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);
  return map;
}

/**
 * A reading of the file: how it lies on the map; see landwatch/mapping/doctor_page.py.
 * @typedef {Record<string, any>} Reading
 */

/**
 * Draw parts of rings; a ring of one corner is a point.
 * @param {any[][][]} parts
 * @param {any} style
 */
function drawnShape(parts, style) {
  const group = L.featureGroup();
  const areas = parts.filter((rings) => rings[0].length > 1);
  if (areas.length) group.addLayer(L.polygon(areas, style));
  for (const rings of parts) {
    if (rings[0].length === 1) group.addLayer(L.circleMarker(rings[0][0], { ...style, radius: 4 }));
  }
  return group;
}

class DoctorPage {
  /** @param {any} told */
  constructor(told) {
    this.told = told;
    this.words = new Words(told.words, told.lang);
    this.map = doctorMap();
    this.drawn = L.layerGroup().addTo(this.map);
    this.back = L.layerGroup().addTo(this.map);
    byId("lw-lang").addEventListener("click", () => this.turn());
    byId("lw-close").addEventListener("click", () => this.look());
    byId("lw-whole").addEventListener("click", () => this.fit());
    byId("lw-layer").addEventListener("change", () => this.choose(byId("lw-layer").selectedIndex));
    this.choose(0);
  }

  turn() {
    this.words.lang = this.words.lang === "zh" ? "en" : "zh";
    document.documentElement.lang = this.words.lang === "zh" ? "zh-CN" : "en";
    this.write();
  }

  /** @param {number} at */
  choose(at) {
    this.layer = this.told.layers[at];
    const anyProposed = this.layer.readings.some((/** @type {Reading} */ one) => one.proposed);
    let next = 0;
    for (const one of this.layer.readings) {
      one.colour = one.own ? OWN : one.proposed ? PROPOSED : OTHERS[next++ % OTHERS.length];
      one.shown = one.own || one.proposed || !anyProposed;
    }
    this.write();
    this.backdrop();
    this.draw();
    if (this.layer.close) this.look();
    else this.fit();
  }

  look() {
    this.map.fitBounds(L.latLngBounds(this.layer.close).pad(1.2), { animate: false, maxZoom: 17 });
  }

  write() {
    const { words, told, layer } = this;
    const lang = words.lang;
    document.title = words.say("doctor.page.title", { file: told.file });
    byId("lw-title").textContent = document.title;
    byId("lw-lang").textContent = words.say("map.page.other_language");
    byId("lw-layer-name").textContent = words.say("doctor.page.layer");
    byId("lw-layer-box").hidden = told.layers.length < 2;
    byId("lw-readings-name").textContent = words.say("doctor.page.readings");
    byId("lw-orientation").textContent = words.say("doctor.page.orientation");
    byId("lw-close").textContent = words.say("doctor.page.close");
    byId("lw-whole").textContent = words.say("doctor.page.whole");
    byId("lw-close").hidden = !layer.close;
    byId("lw-looked").textContent = layer.looked[lang];
    const options = told.layers.map((/** @type {any} */ one) => element("option", { text: one.name }));
    byId("lw-layer").replaceChildren(...options);
    byId("lw-layer").selectedIndex = told.layers.indexOf(layer);
    const sightings = layer.sightings.map((/** @type {any} */ one) =>
      element("li", { class: `lw-sighting lw-${one.severity}`, text: one.words[lang] }));
    if (layer.sightings.every((/** @type {any} */ one) => one.severity === "note")) {
      sightings.push(element("li", { class: "lw-sighting", text: words.say("doctor.page.sound") }));
    }
    byId("lw-sightings").replaceChildren(...sightings);
    byId("lw-readings").replaceChildren(...layer.readings.map((/** @type {Reading} */ one) => this.reading(one)));
  }

  /** @param {Reading} one */
  reading(one) {
    const lang = this.words.lang;
    const box = element("input", { type: "checkbox", checked: one.shown, disabled: !one.shapes.length });
    box.addEventListener("change", () => {
      one.shown = box.checked;
      this.draw();
    });
    const key = element("span", { class: "lw-key", "aria-hidden": "true" });
    key.style.setProperty("--lw-colour", one.colour);
    const badge = one.proposed && element("span", { class: "lw-badge", text: this.words.say("doctor.page.proposed") });
    const told = this.words.say("doctor.page.told", {
      place: one.place[lang], share: one.share, moved: one.moved[lang], area: one.area,
    });
    return element("li", {}, [
      element("label", { class: "lw-reading" }, [
        box,
        element("span", {}, [
          key,
          element("strong", { text: one.name[lang] }),
          badge,
          element("div", { class: "lw-told", text: told }),
        ]),
      ]),
    ]);
  }

  backdrop() {
    this.back.clearLayers();
    for (const one of this.layer.outlines) {
      const style = { color: "#8c959f", weight: 1, fill: false, interactive: false };
      const shape = drawnShape(one.shape, style).addTo(this.back);
      this.name(shape, one.name, "lw-name");
    }
    for (const one of this.layer.frames) {
      const style = { color: "#0a4a7a", weight: 2.5, fill: false, interactive: false, dashArray: "7 5" };
      const shape = drawnShape(one.shape, style).addTo(this.back);
      if (!this.layer.outlines.some((/** @type {any} */ each) => each.name === one.name)) this.name(shape, one.name, "lw-name lw-frame");
    }
  }

  /**
   * @param {any} shape
   * @param {string} text
   * @param {string} className
   */
  name(shape, text, className) {
    const label = element("span", { text });
    L.tooltip({ permanent: true, direction: "center", className, interactive: false })
      .setLatLng(shape.getBounds().getCenter())
      .setContent(label)
      .addTo(this.back);
  }

  draw() {
    this.drawn.clearLayers();
    for (const one of this.layer.readings) {
      if (!one.shown) continue;
      const style = { color: one.colour, weight: 1.5, fillOpacity: 0.25, interactive: false };
      for (const shape of one.shapes) drawnShape(shape, style).addTo(this.drawn);
    }
  }

  fit() {
    const bounds = L.latLngBounds([]);
    this.drawn.eachLayer((/** @type {any} */ group) => bounds.extend(group.getBounds()));
    if (bounds.isValid()) this.map.fitBounds(bounds.pad(0.1), { animate: false, maxZoom: 17 });
  }
}

const block = byId("landwatch-doctor");
new DoctorPage(JSON.parse(block.textContent));
Object.assign(document.documentElement.dataset, { drawn: "true", told: "true" });
