// Pictures that are shown by the small picture of their camera for now: when the proper one is there, it has another address.
import { SvelteSet } from "svelte/reactivity";
import type { AssetId } from "../../contract/AssetId";

export const rough = new SvelteSet<AssetId>();
