// Tells when an element comes near the visible part of its list.
import type { Attachment } from "svelte/attachments";

/** Calls while the element is near; a list puts its next page there. */
export function seen(near: () => void): Attachment {
  return (element) => {
    const watcher = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) near();
      },
      { rootMargin: "600px" },
    );
    watcher.observe(element);
    return () => watcher.disconnect();
  };
}
