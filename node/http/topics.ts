import type { Clock, KernelNode, LiveEvent } from '@yitong/kernel';

/** Events of one type that are kept for clients that come back. */
const keptMax = 512;
/** Milliseconds that a type without listeners is still followed. */
const lingerMs = 300_000;

interface Listener {
  readonly hear: (event: LiveEvent) => void;
  /** What was heard is not all: the client must read anew. */
  readonly reset: () => void;
}

interface Topic {
  readonly recent: LiveEvent[];
  readonly listeners: Set<Listener>;
  readonly leave: () => void;
  stopLinger: () => void;
}

/** Follows each record type once for all clients and keeps its newest events, so that a short absence loses nothing. */
export class Topics {
  readonly #node: Pick<KernelNode, 'subscribe'>;
  readonly #clock: Pick<Clock, 'after'>;
  readonly #topics = new Map<string, Topic>();

  constructor(node: Pick<KernelNode, 'subscribe'>, clock: Pick<Clock, 'after'>) {
    this.#node = node;
    this.#clock = clock;
  }

  /** Listens; first hears what came after `since`. `complete` is false when that is no longer known, so the client must read anew. */
  join(
    type: string,
    since: string | undefined,
    listener: Listener,
  ): { readonly complete: boolean; readonly leave: () => void } {
    const topic = this.#topics.get(type) ?? this.#open(type);
    topic.stopLinger();
    const place = since === undefined ? -1 : topic.recent.findIndex(({ id }) => id === since);
    if (since !== undefined && place >= 0)
      for (const event of topic.recent.slice(place + 1)) listener.hear(event);
    topic.listeners.add(listener);
    return { complete: since === undefined || place >= 0, leave: () => this.#leave(type, topic, listener) };
  }

  close(): void {
    for (const topic of this.#topics.values()) {
      topic.stopLinger();
      topic.leave();
    }
    this.#topics.clear();
  }

  #open(type: string): Topic {
    const recent: LiveEvent[] = [];
    const listeners = new Set<Listener>();
    const heard = (event: LiveEvent): void => {
      recent.push(event);
      if (recent.length > keptMax) recent.shift();
      for (const { hear } of listeners) hear(event);
    };
    const leave = this.#node.subscribe({ type }, heard, () => {
      recent.length = 0;
      for (const { reset } of listeners) reset();
    });
    const topic: Topic = { recent, listeners, leave, stopLinger: () => undefined };
    this.#topics.set(type, topic);
    return topic;
  }

  #leave(type: string, topic: Topic, listener: Listener): void {
    topic.listeners.delete(listener);
    if (topic.listeners.size > 0 || this.#topics.get(type) !== topic) return;
    topic.stopLinger();
    topic.stopLinger = this.#clock.after(lingerMs, () => {
      topic.leave();
      this.#topics.delete(type);
    });
  }
}
