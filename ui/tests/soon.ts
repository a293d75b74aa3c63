// Waits for what has to come. A busy machine is slow, not wrong: it may take as long as a person would wait.
import { vi } from "vitest";

const LONGEST = 15_000;

export const soon = <T>(holds: () => T): Promise<T> => vi.waitFor(holds, { timeout: LONGEST });
