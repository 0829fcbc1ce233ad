// What the page's modules take for granted and TypeScript's own library does not know.

/** Leaflet, as folium puts it on the page: it is not typed here. */
declare const L: any;

interface Window {
  /** folium's map, under the name of its box. */
  [name: string]: any;
}

interface Uint8ArrayConstructor {
  fromBase64?(text: string): Uint8Array;
}

declare class DecompressionStream {
  constructor(format: "gzip" | "deflate" | "deflate-raw");
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<BufferSource>;
}

declare class CompressionStream extends DecompressionStream {}

/** Numbers by row. */
type Rows = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
/** Columns of a pack by name; see columns.js. */
type Columns = Record<string, any>;
/** A line of the legend; see landwatch/mapping/style.py. */
interface MapClass {
  code: string;
  gravity: string;
  hatched: boolean;
  colour: string;
  always_listed: boolean;
}
/** What a card is about. */
interface Subject {
  contract?: number;
  parcel?: number;
  parcels?: number[];
  park?: number;
}
/** Parcels of a tile by their class. */
type Lists = number[][];
/** The square that a tile shows. */
interface TileView {
  left: number;
  top: number;
  scale: number;
  size: number;
  ratio: number;
}
