import { createHash } from 'node:crypto';
import { endSessions, sessionsEnd } from '@yitong/kernel';
import { instantOf, z } from '@yitong/kit';
import type { Session } from '../access/sessions.ts';
import type { Door } from './context.ts';

/** Whose sessions: all of an account here, or those that came of one session at the issuer. */
export type Whose = { readonly account: string } | { readonly sid: string };

/** Milliseconds for which what the database said is gone by: so late a sign-out is heard by other processes of the member. */
const knownMs = 5_000;
const knownMax = 10_000;

const Row = z.object({ at: z.string() });

/** From when on sessions are over because their holder signed out everywhere, or their issuer said so. It is a record of the node: durable, seen by all its processes. */
export class SignOuts {
  readonly #door: Pick<Door, 'node' | 'reader' | 'clock'>;
  readonly #known = new Map<string, { readonly at: number; readonly asked: number }>();

  constructor(door: Pick<Door, 'node' | 'reader' | 'clock'>) {
    this.#door = door;
  }

  /** Whether a session began before the last sign-out that concerns it. */
  async isOver({ who, sid, began }: Session): Promise<boolean> {
    if (began <= (await this.#lastOf({ account: who.id }))) return true;
    return sid !== undefined && began <= (await this.#lastOf({ sid }));
  }

  /** Ends all sessions that began before now. Resolves once that is durable. */
  async end(whose: Whose): Promise<void> {
    const key = keyOf(whose);
    const at = this.#door.clock.now();
    const input = { account: key, at: instantOf(at) };
    const actor = { id: 'account' in whose ? whose.account : 'issuer', roles: ['account'] };
    const answer = await this.#door.node.command({ type: endSessions.type, input, actor }, 10_000);
    if (answer.state !== 'done') throw new Error(`sessions could not be ended: ${answer.state}`);
    this.#known.set(key, { at, asked: at });
  }

  async #lastOf(whose: Whose): Promise<number> {
    const key = keyOf(whose);
    const now = this.#door.clock.now();
    const known = this.#known.get(key);
    if (known !== undefined && now - known.asked < knownMs) return known.at;
    const query = { where: [], sort: undefined, limit: 1, after: undefined, owner: 'own' } as const;
    const { rows } = await this.#door.reader.list({
      ...query,
      type: sessionsEnd.type,
      subject: `account:${key}`,
    });
    const body = rows[0]?.body;
    const at = body == null ? 0 : Date.parse(Row.parse(JSON.parse(body)).at);
    if (this.#known.size >= knownMax) this.#known.clear();
    this.#known.set(key, { at, asked: now });
    return at;
  }
}

/** Names at the issuer can be personal, so the record holds a hash. */
function keyOf(whose: Whose): string {
  const name = 'account' in whose ? `account\n${whose.account}` : `session\n${whose.sid}`;
  return createHash('sha256').update(name).digest('hex').slice(0, 32);
}
