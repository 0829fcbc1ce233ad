import assert from "node:assert/strict";
import { test } from "node:test";

import { dmsOf, readCoordinate } from "../page_modules/coordinates.js";
import { planeOf } from "../page_modules/geodesy.js";

const PLACE = { lng: 103.834567, lat: 36.061234 };

/** Tell whether a reading lies where it should, within a metre or so. */
function there(reading, tolerance = 1e-5) {
  assert.equal(reading.why, undefined);
  assert.ok(Math.abs(reading.lng - PLACE.lng) < tolerance, `${reading.lng}`);
  assert.ok(Math.abs(reading.lat - PLACE.lat) < tolerance, `${reading.lat}`);
  return reading;
}

test("decimal degrees are read in either order, and the turning is told", () => {
  assert.equal(there(readCoordinate("103.834567, 36.061234", 105)).swapped, false);
  assert.equal(there(readCoordinate("36.061234 103.834567", 105)).swapped, true);
  assert.equal(there(readCoordinate("１０３．８３４５６７，３６．０６１２３４", 105)).form, "degrees");
});

test("letters tell the order, and letters against the numbers are refused", () => {
  assert.equal(there(readCoordinate("N36.061234 E103.834567", 105)).swapped, false);
  assert.equal(there(readCoordinate("东经103.834567 北纬36.061234", 105)).swapped, false);
  assert.equal(readCoordinate("N103.834567 E36.061234", 105).why, "tool_locate_letters");
});

test("degrees, minutes and seconds are read by signs, by words and as six numbers", () => {
  for (const typed of [
    `36°03′40.4″N 103°50′04.4″E`,
    `103°50'04.4" 36°03'40.4"`,
    `东经103度50分4.4秒，北纬36度3分40.4秒`,
    `36 3 40.4 103 50 4.4`,
    `36°3.6740' 103°50.0740'`,
  ]) {
    assert.equal(there(readCoordinate(typed, 105), 2e-5).form, "dms", typed);
  }
  assert.ok(readCoordinate("36°73′ 103°50′", 105).why);
});

test("a belt's number says its meridian and its width", () => {
  const { northing, easting } = planeOf(PLACE, 105);
  const numbered = there(readCoordinate(`${northing.toFixed(3)}, ${(35e6 + easting).toFixed(3)}`, 87));
  assert.deepEqual([numbered.epsg, numbered.meridian, numbered.prefixed, numbered.swapped], [4523, 105, true, false]);
  const six = there(readCoordinate(`${(18e6 + easting).toFixed(3)} ${northing.toFixed(3)}`, 87));
  assert.deepEqual([six.epsg, six.width, six.swapped], [4496, 6, true]);
});

test("without a number the meridian is supposed, and the system is told", () => {
  const { northing, easting } = planeOf(PLACE, 105);
  const reading = there(readCoordinate(`X=${northing} Y=${easting}`, 105));
  assert.deepEqual([reading.epsg, reading.prefixed, reading.belt], [4544, false, 35]);
});

test("what is no coordinate of China is refused with a reason", () => {
  assert.equal(readCoordinate("  ", 105).why, "tool_locate_empty");
  assert.equal(readCoordinate("黄河", 105).why, "tool_locate_unread");
  assert.equal(readCoordinate("36.06", 105).why, "tool_locate_unread");
  assert.equal(readCoordinate("-0.12, 51.5", 105).why, "tool_locate_outside");
  assert.equal(readCoordinate("99999999, 99999999", 105).why, "tool_locate_plane");
});

test("an angle is never written with sixty seconds", () => {
  assert.equal(dmsOf(36.99999999), "37°00′00.0″");
  assert.equal(dmsOf(103.5), "103°30′00.0″");
});
