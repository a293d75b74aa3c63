// The library's answers for looking at screens: 60 assets of several shapes, films among them.
import type { Asset } from "../../src/contract/Asset";
import { refusal, type Answers } from "../fake-host";
import { lookOf, presets } from "../looks";
import { asset, assets } from "../samples";

const SHAPES = [[1600, 1200], [1080, 1350], [1200, 1200], [1920, 1080], [1080, 1920]] as const;
const NAMES = ["marché de Kayes", "atelier", "réunion du comité des femmes de la coopérative de Diamou, deuxième jour", "pompe", "école"];

export function many(count: number): Asset[] {
  return Array.from({ length: count }, (_, n) => {
    const film = n % 9 === 4;
    const one = asset(`g-${n}`, `${NAMES[n % NAMES.length]} ${n}.${film ? "mp4" : "jpg"}`, n % 3 === 0 ? "" : `Vue ${n} du chantier`, film);
    const [width, height] = SHAPES[n % SHAPES.length] ?? SHAPES[0];
    return film ? one : { ...one, facts: { ...one.facts, width, height } };
  });
}

export function answers(state: string): Answers {
  let all = state === "empty" || state === "first" ? [] : [...assets, ...many(state === "many" ? 10_000 : 60)];
  return {
    "library.list": ({ only, limit, offset, search, kind }) => {
      const words = (search ?? "").toLowerCase();
      const found = all.filter(
        (one) =>
          (only === null || only.includes(one.id)) &&
          (kind === null || one.facts.kind === kind) &&
          `${one.name} ${one.alt} ${one.tags.join(" ")}`.toLowerCase().includes(words),
      );
      return { assets: found.slice(offset, offset + (limit ?? 200)), total: found.length, rough: [] };
    },
    "library.edit": ({ asset: id, alt, focus, tags }) => {
      all = all.map((one) => (one.id === id ? { ...one, alt: alt ?? one.alt, focus: focus ?? one.focus, tags: tags ?? one.tags } : one));
      const changed = all.find((one) => one.id === id);
      if (changed === undefined) throw new Error("the preview has no such asset");
      return { asset: changed };
    },
    "library.import": ({ files }) =>
      state === "busy"
        ? new Promise(() => undefined)
        : {
            imported: [],
            refused: files.map((path) => ({ path, code: "not_media", message: "ce n’est ni une image ni un film que Griot connaît." })),
          },
    "library.remove": ({ assets: ids }) => {
      const kept: string[] = ids.filter((id) => id === "m-lamp");
      all = all.filter((one) => !ids.includes(one.id) || kept.includes(one.id));
      return { removed: ids.filter((id) => !kept.includes(id)), kept: kept.map((id) => ({ asset: id, message: "« lampe.jpg » est dans une publication programmée pour dimanche 29 novembre." })) };
    },
    "media.look": (request) => lookOf(request, all),
    "media.presets": ({ network }) => ({ presets: presets.filter((one) => network === null || one.id.startsWith(`${network}/`)) }),
    "media.subtitles": ({ name, text }) => {
      const cues = text.split("-->").length - 1;
      if (cues === 0) throw refusal("media_unsupported", "Ce fichier n’a pas de sous-titres SRT ou WebVTT.");
      return { subtitles: { hash: "5".repeat(64), name }, cues, notes: [] };
    },
    "media.reserve": () => ({ megapixels: 200, memory_mib: 512, picture_mib: 256, film_gib: 16, minutes: 240 }),
    "jobs.cancel": () => ({}),
  };
}
