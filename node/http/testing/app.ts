import { Writable } from 'node:stream';
import type { Clock } from '@yitong/kernel';
import type { SystemType } from '@yitong/kit';
import type { FastifyInstance } from 'fastify';
import type { Auth } from '../../access/auth.ts';
import { type SignedIn, TokenRefused } from '../../access/signed-in.ts';
import { buildHttp } from '../app.ts';
import type { HttpConfig, HttpOptions } from '../context.ts';
import { openLog } from '../log.ts';
import { lending } from './lending.ts';
import { type StandIn, standIn } from './stand-in.ts';

/** Two residents of tests, with right check digits. */
export const anna = '310101199003070019';
/** The other one. */
export const bert = '330102198805125670';

/** When the clock of each test begins. */
const began = Date.parse('2026-11-24T00:00:00Z');
const later = Date.parse('2026-12-31T00:00:00Z');
const account = (id: string, roles: readonly string[], person?: string): SignedIn => ({
  id,
  roles,
  until: later,
  ...(person === undefined ? {} : { person }),
});

/** Who may come to the door in tests, by token. */
export const people: Readonly<Record<string, SignedIn>> = {
  clerk: account('310000-lending-clerk', ['lending/clerk']),
  inspector: account('310000-lending-inspector', ['lending/inspector']),
  stranger: account('310000-other-clerk', ['other/clerk', 'clerk', 'lending']),
  operator: { ...account('310000-operator', ['node/operator']), proof: { at: began } },
  auditor: account('310000-auditor', ['node/auditor']),
  accountant: account('310000-accountant', ['node/accountant']),
  anna: account('310000-anna', [], anna),
  bert: account('310000-bert', [], bert),
};

/** A door with a stand-in kernel behind it, and all that it logged. */
export interface TestDoor {
  readonly app: FastifyInstance;
  readonly kernel: StandIn;
  readonly log: () => string;
  /** Fires what the clock was asked for, as if the time were over. */
  tick(): void;
  nowMs: number;
}

/** Tokens are names. */
const namesAsTokens: Auth = {
  async authenticate(authorization) {
    if (authorization === undefined) return undefined;
    const token = authorization.replace(/^Bearer /, '');
    if (token === 'away') throw new TokenRefused('unreachable');
    const who = people[token];
    if (!who) throw new TokenRefused('form');
    return who;
  },
};

/** Makes one; tokens are the names of `people`. */
export function testDoor(
  config: Partial<HttpConfig> = {},
  systems: readonly SystemType[] = [lending],
  signIn?: HttpOptions['signIn'],
  auth: Auth = namesAsTokens,
): TestDoor {
  const kernel = standIn();
  let logged = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const due = new Set<() => void>();
  const door: Omit<TestDoor, 'app'> = {
    kernel,
    log: () => logged,
    nowMs: began,
    tick() {
      for (const run of [...due]) {
        due.delete(run);
        run();
      }
    },
  };
  const clock: Clock = {
    now: () => door.nowMs,
    monotonic: () => performance.now(),
    after(_ms, run) {
      due.add(run);
      return () => due.delete(run);
    },
  };
  const base = {
    member: '310000',
    region: 'csj',
    name: { zh: '上海市', en: 'Shanghai' },
    hosts: ['node.test'],
  };
  const app = buildHttp({
    node: kernel.node,
    reader: kernel.reader,
    systems,
    config: { ...base, demonstration: true, issuer: 'http://127.0.0.1:7300', ...config },
    auth,
    signIn,
    clock,
    log: openLog({ level: 'trace', member: '310000', stream }),
  });
  return Object.assign(door, { app });
}

/** Headers of someone's request. */
export function as(name: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { authorization: `Bearer ${name}`, host: 'node.test', ...more };
}
