import type { InstanceId } from "../../base/ids.ts";

/**
 * The live sessions that peers hold here, one for each of their links: a newer connection of a link
 * ends the older one, which is most likely half open.
 */
export class LiveRegister {
  readonly #sessions = new Map<string, AbortController>();

  get size(): number {
    return this.#sessions.size;
  }

  /** Ends the session that the link had until now; the returned function takes this one off. */
  enter(peer: InstanceId, link: string, session: AbortController): () => void {
    const key = `${peer}/${link}`;
    this.#sessions.get(key)?.abort();
    this.#sessions.set(key, session);
    return () => {
      if (this.#sessions.get(key) === session) this.#sessions.delete(key);
    };
  }
}
