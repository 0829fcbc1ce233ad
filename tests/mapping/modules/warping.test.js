// Pieces of tiles that lie on another grid: where each comes from, and that none is missing.
import assert from "node:assert";
import { test } from "node:test";
import { filled, finderOf } from "../page_modules/tile_layers.js";
import { isStraight, pieces, sourcePlace } from "../page_modules/warping.js";

const PLAIN = { matrix: "w", gcj02: false, highest: 18 };
const CHINESE = { matrix: "w", gcj02: true, highest: 18 };
const DEGREES = { matrix: "c", gcj02: false, highest: 18 };
const LANZHOU = { x: 51665, y: 25722, z: 16 };

/** How often each dot of a tile is drawn on. */
function painted(all, size) {
  const dots = new Uint8Array(size * size);
  for (const { dx, dy, dw, dh } of all) {
    for (let y = dy; y < dy + dh; y++) for (let x = dx; x < dx + dw; x++) dots[y * size + x]++;
  }
  return dots;
}

test("a tile of the page's own grid is taken from one tile, dot by dot", () => {
  assert.ok(isStraight(PLAIN));
  for (const piece of pieces(LANZHOU, PLAIN, 256)) {
    assert.deepEqual([piece.column, piece.row, piece.zoom], [51665, 25722, 16]);
    assert.ok(Math.abs(piece.sx - piece.dx) < 1e-6 && Math.abs(piece.sy - piece.dy) < 1e-6);
    assert.ok(Math.abs(piece.sw - piece.dw) < 1e-6 && Math.abs(piece.sh - piece.dh) < 1e-6);
  }
});

for (const [name, cutting] of Object.entries({ PLAIN, CHINESE, DEGREES })) {
  for (const z of [1, 3, 9, 14, 16, 19, 21]) {
    test(`every dot of a tile is drawn once: ${name}, zoom ${z}`, () => {
      const at = { x: Math.floor(LANZHOU.x / 2 ** (16 - z)), y: Math.floor(LANZHOU.y / 2 ** (16 - z)), z };
      for (const size of [256, 512]) {
        const all = pieces(at, cutting, size);
        assert.ok(painted(all, size).every((times) => times === 1));
        assert.ok(all.every(({ sx, sy, sw, sh }) => sx >= 0 && sy >= 0 && sx + sw <= 256.01 && sy + sh <= 256.01));
      }
    });
  }
}

test("neighbouring tiles of the page meet within a dot where tiles are shifted", () => {
  const right = { ...LANZHOU, x: LANZHOU.x + 1 };
  const end = pieces(LANZHOU, CHINESE, 256).filter(({ dx, dw }) => dx + dw === 256);
  const begin = pieces(right, CHINESE, 256).filter(({ dx }) => dx === 0);
  for (const one of end) {
    const other = begin.find(({ dy }) => dy === one.dy);
    if (!other) continue;
    const gap = other.column * 256 + other.sx - (one.column * 256 + one.sx + one.sw);
    assert.ok(Math.abs(gap) < 1, String(gap));
  }
});

test("Tianditu's degrees: the first zoom has two tiles, the equator between no two rows of it", () => {
  assert.deepEqual(sourcePlace(0.5, 0.5, DEGREES), [0.5, 0.25]);
  const all = pieces({ x: 0, y: 0, z: 1 }, DEGREES, 256);
  assert.deepEqual(new Set(all.map(({ row }) => row)), new Set([0]));
  assert.ok(pieces({ x: 1, y: 1, z: 1 }, DEGREES, 256).every(({ row }) => row === 0));
});

test("abroad nothing is shifted", () => {
  assert.deepEqual(sourcePlace(0.1, 0.4, CHINESE).map((part) => part.toFixed(9)), ["0.100000000", "0.400000000"]);
});

test("addresses are filled, rows from the north or the south, hosts in turn", () => {
  assert.equal(filled("https://a/{z}/{x}/{y}?r={-y}&q={other}", 3, 5, 2), "https://a/3/5/2?r=5&q={other}");
  const find = finderOf(["a/{x}", "b/{x}"]);
  assert.deepEqual([find(1, 0, 0), find(1, 1, 0), find(1, 1, 1)], ["a/0", "b/1", "a/1"]);
});
