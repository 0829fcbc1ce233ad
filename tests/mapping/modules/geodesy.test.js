import assert from "node:assert/strict";
import { test } from "node:test";

import { areaM2, beltOf, distanceM, lengthM, placeOfPlane, planeOf } from "../page_modules/geodesy.js";

const LANZHOU = { lng: 103.83, lat: 36.06 };
const URUMQI = { lng: 87.6, lat: 43.82 };

test("a place is no way from itself, and a way is as long back as forth", () => {
  assert.equal(distanceM(LANZHOU, { ...LANZHOU }), 0);
  assert.ok(Math.abs(distanceM(LANZHOU, URUMQI) - distanceM(URUMQI, LANZHOU)) < 1e-6);
});

test("one degree along the equator is a 360th of its circle", () => {
  const degree = distanceM({ lng: 100, lat: 0 }, { lng: 101, lat: 0 });
  assert.ok(Math.abs(degree - (2 * Math.PI * 6378137) / 360) < 1e-3);
});

test("nearly opposite places still have a distance", () => {
  assert.ok(distanceM({ lng: 0, lat: 0 }, { lng: 179.7, lat: 0.3 }) > 1.9e7);
});

test("a line of one place has no length, a ring of two no area", () => {
  assert.equal(lengthM([LANZHOU]), 0);
  assert.equal(areaM2([LANZHOU, URUMQI]), 0);
});

test("an area is the same whichever way round and wherever it begins", () => {
  const ring = [LANZHOU, { lng: 103.84, lat: 36.06 }, { lng: 103.84, lat: 36.07 }];
  const there = areaM2(ring);
  assert.ok(there > 1000);
  assert.ok(Math.abs(areaM2([...ring].reverse()) - there) < 1e-3);
  assert.ok(Math.abs(areaM2([ring[1], ring[2], ring[0]]) - there) < 1e-3);
});

test("a place comes back from its belt", () => {
  for (const lng of [103.0, 105, 106.5]) {
    for (const lat of [18.2, 36.06, 53.5]) {
      const { northing, easting } = planeOf({ lng, lat }, 105);
      const back = placeOfPlane(northing, easting, 105);
      assert.ok(Math.abs(back.lng - lng) < 1e-10 && Math.abs(back.lat - lat) < 1e-10);
    }
  }
});

test("a belt is as wide as three degrees, its meridian in its middle", () => {
  assert.deepEqual(beltOf(103.83), { belt: 35, meridian: 105 });
  assert.deepEqual(beltOf(103.49), { belt: 34, meridian: 102 });
  assert.deepEqual(beltOf(60), { belt: 25, meridian: 75 });
});
