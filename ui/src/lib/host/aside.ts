// Words that could not reach the core, kept by the browser until they can. Never more than that: the core's database is the truth.
const PREFIX = "griot.aside.";

export function keepAside(key: string, words: string): void {
  try {
    if (words === "") localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, words);
  } catch {
    // A browser without room or rights keeps the words in the page alone.
  }
}

export function keptAside(): Record<string, string> {
  const kept: Record<string, string> = {};
  try {
    for (let n = 0; n < localStorage.length; n += 1) {
      const key = localStorage.key(n);
      if (key?.startsWith(PREFIX)) kept[key.slice(PREFIX.length)] = localStorage.getItem(key) ?? "";
    }
  } catch {
    return {};
  }
  return kept;
}
