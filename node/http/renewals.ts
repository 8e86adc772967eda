import { createHash } from 'node:crypto';
import type { Session } from '../access/sessions.ts';
import type { Door } from './context.ts';
import { maskForLog } from './mask.ts';

/** What renewing gave: who its holder is now, or why not. */
export type Renewed = Pick<Session, 'who' | 'refresh'> | 'refused' | 'away';

/** How long a renewal is the answer for whoever else asks with the same. */
const keptMs = 60_000;

/** Gets new tokens from the issuer. Pages of one browser ask at the same time, and an issuer may take a refresh token once only: they share one answer. */
export class Renewals {
  readonly #door: Door;
  readonly #under = new Map<string, Promise<Renewed>>();

  constructor(door: Door) {
    this.#door = door;
  }

  renew(refresh: string): Promise<Renewed> {
    const key = createHash('sha256').update(refresh).digest('base64');
    const known = this.#under.get(key);
    if (known !== undefined) return known;
    const asked = this.#ask(refresh);
    this.#under.set(key, asked);
    const forget = () => void this.#under.delete(key);
    void asked.then((answer) => (answer === 'away' ? forget() : this.#door.clock.after(keptMs, forget)));
    return asked;
  }

  async #ask(refresh: string): Promise<Renewed> {
    const { signIn, auth, log } = this.#door;
    try {
      const granted = await signIn?.flow.renew(refresh);
      if (granted === undefined) return 'refused';
      const who = await auth.authenticate(`Bearer ${granted.token}`);
      return who === undefined ? 'refused' : { who, refresh: granted.refresh };
    } catch (error) {
      const detail = error instanceof Error ? maskForLog(error.message) : undefined;
      log.warn({ detail }, 'a session could not be renewed');
      return 'away';
    }
  }
}
