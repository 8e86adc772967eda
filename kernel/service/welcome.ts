import type { DirectoryChain } from '../exchange/directory-chain.ts';
import { instantMs } from '../exchange/instant.ts';
import { welcomeRecord } from '../membership/membership.ts';
import { freshId, itemFor } from '../runtime/door.ts';
import type { Environment } from '../runtime/environment.ts';
import { timedId } from '../runtime/ids.ts';
import type { PartitionWriter } from '../runtime/writer.ts';
import type { Counter } from './counter.ts';

/** Records of one page, and how long a busy partition is left alone. */
const page = 200;
const pauseMs = 500;
/** How long after a failure, the database's say, it is tried again. */
const againMs = 5_000;

/**
 * Sends a member that joined the copies that it was not there for: each copied record of this member, by an ordinary message at the
 * record's own subject. Begun again after a restart; the ids are the same, so nothing goes twice.
 */
export class Welcome {
  readonly #env: Environment;
  readonly #writers: readonly PartitionWriter[];
  readonly #counter: Counter;
  readonly #chain: () => DirectoryChain;
  readonly #underWay = new Set<string>();
  #stopped = false;

  constructor(
    env: Environment,
    writers: readonly PartitionWriter[],
    counter: Counter,
    chain: () => DirectoryChain,
  ) {
    this.#env = env;
    this.#writers = writers;
    this.#counter = counter;
    this.#chain = chain;
  }

  stop(): void {
    this.#stopped = true;
  }

  /** Begins with every member that joined and has not got all; only the holder of partition 0 does. */
  look(): void {
    if (this.#stopped || !this.#writers[0]?.state) return;
    for (const { code } of this.#env.directory.members) {
      const since = this.#joined(code);
      if (code === this.#env.scene.here || since === undefined || this.#underWay.has(code)) continue;
      this.#underWay.add(code);
      void this.#welcome(code, since)
        .catch((error: unknown) => {
          this.#env.log.warn('copies not sent', { to: code, error: String(error) });
          this.#env.clock.after(againMs, () => this.look());
        })
        .finally(() => this.#underWay.delete(code));
    }
  }

  /** The version by which a member joined and has stayed since; undefined for those of the beginning. */
  #joined(code: string): number | undefined {
    const has = this.#chain().all.map(({ directory }) => ({
      version: directory.version,
      is: directory.members.some((member) => member.code === code),
    }));
    const last = has.findLastIndex(({ is, version }) => !is && version < this.#env.directory.version);
    return last < 0 ? undefined : has[last + 1]?.version;
  }

  async #welcome(member: string, version: number): Promise<void> {
    const env = this.#env;
    const known = await env.reader.record(welcomeRecord.type, 'partition:0', member, 0);
    if (known?.body && Number(Reflect.get(Object(JSON.parse(known.body)), 'version')) >= version) return;
    const bornMs = instantMs(this.#chain().at(version)?.directory.issued ?? '') ?? 0;
    // Peers may use the version before its time by this member's clock: what changes behind a copy that was sent must go to the new member, too.
    for (const { partition } of this.#writers)
      await this.#give('kernel/directory', freshId(env), `partition:${partition}`, {
        is: 'in-force',
        version,
      });
    for (const record of env.scene.registry.records)
      if (record.copies) await this.#share(record.type, member, bornMs);
    if (this.#stopped) return;
    const told = { is: 'welcomed', member, version };
    await this.#give('kernel/directory', freshId(env), 'partition:0', told);
    env.log.info('copies sent to a new member', { to: member });
  }

  async #share(type: string, to: string, bornMs: number): Promise<void> {
    const query = { type, where: [], sort: undefined, limit: page, owner: 'own' } as const;
    for (let after: string | undefined; !this.#stopped; ) {
      const { rows, next } = await this.#env.reader.list({ ...query, after });
      const given = rows.map(({ subject, id }) =>
        this.#give('kernel/share', timedId(bornMs, 'share', to, type, subject, id), subject, {
          type,
          id,
          to,
        }),
      );
      await Promise.all(given);
      if (next === undefined) return;
      after = next;
    }
  }

  async #give(type: string, id: string, subject: string, data: unknown): Promise<void> {
    const actor = { id: 'node', roles: [] };
    while (!this.#stopped) {
      const item = itemFor(this.#env, { type, id, subject, data, actor }, data);
      const { answer } = await this.#counter.submit(item, true);
      if (answer.state !== 'busy') return;
      await new Promise<void>((resolve) => this.#env.clock.after(pauseMs, resolve));
    }
  }
}
