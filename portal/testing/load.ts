import { randomUUID } from 'node:crypto';
import type { DemonstrationCommand, SystemType } from '@yitong/kit';
import { tokenFrom } from '../../node/testing/token.ts';

/** Where to load, and as whom. */
export interface LoadPlace {
  readonly url: string;
  readonly member: string;
  readonly issuer: Parameters<typeof tokenFrom>[0];
}

/** Most commands of a system that are loaded: enough to fill its pages. */
const most = 400;

/** Gives the first commands of a system's demonstration at a member, as the accounts that may. Throws when one of them is not taken. */
export async function loadDemonstration(
  system: SystemType,
  { url, member, issuer }: LoadPlace,
): Promise<void> {
  const runs: DemonstrationCommand[][] = [];
  let n = 0;
  for (const one of system.demonstration?.commands({ member, scale: 20, seed: 1 }) ?? []) {
    const last = runs.at(-1);
    const [first] = last ?? [];
    if (last !== undefined && first?.command === one.command && first.role === one.role) last.push(one);
    else runs.push([one]);
    if (++n === most) break;
  }
  for (const run of runs) {
    const [first] = run;
    if (first === undefined || first.role === 'self') continue;
    const authorization = await tokenFrom(issuer, `${member}-${system.name}-${first.role}`);
    const inputs = run.map(({ input }) => input);
    await giveAll({ url, type: first.command.type, authorization }, inputs);
  }
}

/** A command of a node, and who gives it. */
export interface GivenAs {
  readonly url: string;
  readonly type: string;
  readonly authorization: string;
}

/** Lines that an import has at most. */
const linesMax = 1_000;

/** Gives a command many times, in as few imports as may be. Throws when one is not taken. */
export async function giveAll(
  { url, type, authorization }: GivenAs,
  inputs: readonly unknown[],
): Promise<void> {
  const headers = { authorization, 'content-type': 'application/x-ndjson', prefer: 'wait=20' };
  for (let at = 0; at < inputs.length; at += linesMax) {
    const lines = inputs.slice(at, at + linesMax).map((input) => JSON.stringify({ id: uuid7(), input }));
    const answer = await fetch(`${url}/${type}`, { method: 'POST', headers, body: `${lines.join('\n')}\n` });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${type}: ${answer.status} ${text}`);
  }
}

function uuid7(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
