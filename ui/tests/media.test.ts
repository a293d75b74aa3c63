import { expect, test } from "vitest";
import { neighbour } from "../src/features/library/library.svelte";
import { handOff, takeHandoff } from "../src/lib/media/handoff.svelte";
import { badge, cropPosition, metadataWords, moved, nudged, onPicture, shape } from "../src/lib/media/pictures";
import { asset } from "./samples";

test("a shape has the name that people know", () => {
  expect(shape(1080, 1350)).toBe("4:5");
  expect(shape(4032, 3024)).toBe("4:3");
  expect(shape(1366, 768)).toBe("16:9");
  expect(shape(3000, 1000)).toBe("3.0:1");
  expect(shape(0, 0)).toBe("");
});

test("a film says its length before its shape", () => {
  expect(badge(asset("m", "a.mp4", "", true).facts)).toBe("0:45 · 9:16");
});

test("arrow keys move the focal point by one per cent, with Shift by ten, and never off the picture", () => {
  expect(nudged({ x: 0.5, y: 0.5 }, "ArrowLeft", false)).toEqual({ x: 0.49, y: 0.5 });
  expect(nudged({ x: 0.5, y: 0.5 }, "ArrowDown", true)).toEqual({ x: 0.5, y: 0.6 });
  expect(nudged({ x: 0.95, y: 0 }, "ArrowRight", true)).toEqual({ x: 1, y: 0 });
  expect(nudged({ x: 0.5, y: 0.004 }, "ArrowUp", true)).toEqual({ x: 0.5, y: 0 });
  expect(nudged({ x: 0.5, y: 0.5 }, "a", false)).toBeNull();
  expect(onPicture(-3, 1.2)).toEqual({ x: 0, y: 1 });
});

test("ten steps of one per cent make ten per cent", () => {
  let at = { x: 0.1, y: 0.1 };
  for (let n = 0; n < 10; n += 1) at = nudged(at, "ArrowRight", false) ?? at;
  expect(at.x).toBe(0.2);
});

test("a crop shows the point in its middle as far as the edges allow", () => {
  const size = { width: 2000, height: 1000 };
  // Square out of 2:1: half the width stays.
  expect(cropPosition({ x: 0.5, y: 0.5 }, size, 1)).toBe("50% 50%");
  expect(cropPosition({ x: 0.1, y: 0.9 }, size, 1)).toBe("0% 50%");
  expect(cropPosition({ x: 0.6, y: 0.5 }, size, 1)).toBe("70% 50%");
  expect(cropPosition({ x: 0.3, y: 0.3 }, size, 2)).toBe("50% 50%");
});

test("moving keeps everything and clamps at the ends", () => {
  const list = ["a", "b", "c"];
  expect(moved(list, 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(list, 2, 1)).toEqual(["a", "c", "b"]);
  expect(moved(list, 0, -1)).toBe(list);
  expect(moved(list, 2, 9)).toBe(list);
});

test("what will not go out is named in words, each once", () => {
  expect(metadataWords(["gps", "camera", "maker note", "rotation"])).toEqual(["la position GPS", "l’appareil"]);
  expect(metadataWords(["something new"])).toEqual(["something new"]);
});

test("what the library put down is taken once, with its alt text", () => {
  handOff([asset("m-1", "a.jpg", "Une lampe"), asset("m-2", "b.jpg")]);
  expect(takeHandoff()).toEqual([{ asset: "m-1", alt: "Une lampe" }, { asset: "m-2", alt: "" }]);
  expect(takeHandoff()).toEqual([]);
});

test("arrow keys walk the library's grid and stay in it", () => {
  expect(neighbour("ArrowDown", 1, 6, 20)).toBe(7);
  expect(neighbour("ArrowUp", 1, 6, 20)).toBe(1);
  expect(neighbour("End", 1, 6, 20)).toBe(19);
  expect(neighbour("x", 1, 6, 20)).toBeNull();
});
