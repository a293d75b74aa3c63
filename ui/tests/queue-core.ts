// A core with a queue, and the menu of one of its rows, for the tests of that screen.
import { expect } from "vitest";
import type { DeliveryView } from "../src/contract/DeliveryView";
import type { QueueLine } from "../src/contract/QueueLine";
import type { Status } from "../src/contract/Status";
import { FakeHost, type Answers } from "./fake-host";
import { line, status, traffic } from "./samples";

/** The whole delivery of a line. */
export const delivery = (of: QueueLine, part: Partial<DeliveryView> = {}): DeliveryView => ({
  ...of, reason: of.reason ?? null, wall: of.wall ?? null, late: "hold", remote_id: null, attempts: [], by_hand: null, ...part,
});

/** A core with these deliveries in its queue. */
export function core(lines: QueueLine[], more: Answers = {}, now: Partial<Status> = {}): FakeHost {
  const find = (id: string) => lines.find((one) => one.id === id) ?? line(id, {});
  const same = ({ id }: { id: string }) => ({ delivery: delivery(find(id)) });
  return new FakeHost({
    "studio.status": () => ({ ...status, ...now }),
    "queue.traffic": () => traffic,
    "networks.list": () => ({ networks: [{ id: "telegram", name: "Telegram", by_hand: true, sign_in: false, page: null, fields: [], guide: [] }] }),
    "deliveries.list": () => {
      const count = (group: string) => lines.filter((one) => one.group === group).length;
      return { deliveries: [...lines], counts: { person: count("person"), coming: count("coming"), kept: count("kept"), done: count("done") } };
    },
    "deliveries.get": same, "deliveries.retry": same, "deliveries.release": same, "deliveries.cancel": same, "deliveries.confirm": same, "deliveries.move": same,
    ...more,
  });
}

/** Opens a row's menu; gives what it offers. */
export async function menuOf(title: string): Promise<string[]> {
  const row = [...document.querySelectorAll("[data-line]")].find((one) => one.textContent.includes(title));
  row?.querySelector<HTMLElement>("[data-more]")?.click();
  await expect.poll(() => document.querySelectorAll('[role="menuitem"]').length).toBeGreaterThan(0);
  return [...document.querySelectorAll('[role="menuitem"]')].map((item) => item.textContent.trim());
}
