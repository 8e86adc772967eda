/** What is done to a bill from outside. */
export type Action = 'present' | 'confirm' | 'cancel' | 'reverse' | 'read';

/** What a client was told: how a command stands, or which version of a record it was shown (0: none). */
export interface Told {
  /** `open` and `held` promise that it is stored and will end; `done` and `refused` how it ended; `invalid` that nothing is stored. */
  readonly state: 'open' | 'held' | 'done' | 'refused' | 'invalid' | 'shown';
  /** Last word of the problem's type; '' without one. */
  readonly code: string;
  /** `<partition>.<position>` of the newest change that the answer tells of. */
  readonly at?: string | undefined;
  readonly version?: number;
}

/**
 * One line of a history as outside clients write it (Jepsen's form): an attempt begins (`invoke`), is answered (`ok`), or
 * is cut off (`info`: it may have happened, and may still happen).
 */
export interface HistoryEvent {
  readonly index: number;
  /** Whose attempt: one worker has one at a time. */
  readonly worker: string;
  readonly type: 'invoke' | 'ok' | 'info';
  readonly action: Action;
  /** Id of the command, the same in each attempt; of a reading its own. */
  readonly id: string;
  readonly member: string;
  readonly bill: string;
  /** Whether a presented bill is confirmed by itself. */
  readonly automatic?: boolean;
  /** Milliseconds since the run began, by one monotonic clock. */
  readonly ms: number;
  readonly told?: Told;
}

/** Everything of an attempt that is known when it begins. */
export type Attempt = Pick<HistoryEvent, 'worker' | 'action' | 'id' | 'member' | 'bill' | 'automatic'>;

/** The history of a run, in the order in which things happened outside. */
export class History {
  readonly events: HistoryEvent[] = [];
  readonly #began = performance.now();

  /** Milliseconds since it began. */
  get ms(): number {
    return performance.now() - this.#began;
  }

  /** Writes down that an attempt begins; gives back where its answer is to be told. */
  invoke(attempt: Attempt): (told: Told | undefined) => void {
    this.#add({ ...attempt, type: 'invoke' });
    return (told) => this.#add({ ...attempt, type: told ? 'ok' : 'info', ...(told ? { told } : {}) });
  }

  #add(event: Omit<HistoryEvent, 'index' | 'ms'>): void {
    this.events.push({ index: this.events.length, ms: Math.round(this.ms * 1000) / 1000, ...event });
  }
}
