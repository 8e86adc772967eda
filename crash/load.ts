import { setTimeout as pause } from 'node:timers/promises';
import { uuidOf } from '@yitong/kernel';
import type { DemonstrationCommand } from '@yitong/kit';
import { systemChance } from '@yitong/node';
import { type Asked, Door } from './door.ts';
import { type CrashRegion, crashSystems, made } from './region.ts';

const linesMax = 500;
const chance = systemChance();

/** What is loaded: members, and who may. */
type Loaded = Pick<CrashRegion, 'issuer' | 'audience' | 'accounts'> & { readonly members: readonly Asked[] };

/** Loads hospitals, people and their filings at each member. Throws when a member does not take them. */
export async function load(region: Loaded): Promise<void> {
  await Promise.all(region.members.map((member) => loadMember(region, member)));
}

async function loadMember(region: Loaded, member: Asked): Promise<void> {
  const wish = { member: member.code, ...made };
  const all = crashSystems.flatMap((system) => [...(system.demonstration?.commands(wish) ?? [])]);
  const kinds = new Map<string, DemonstrationCommand[]>();
  for (const one of all) {
    const kind = `${one.command.type} ${one.command.system}/${one.role}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  for (const [kind, commands] of kinds) {
    const [type = '', role = ''] = kind.split(' ');
    const door = new Door(region, member, role);
    for (let at = 0; at < commands.length; at += linesMax) {
      const lines = commands.slice(at, at + linesMax).map(({ input }) => ({ id: newId(), input }));
      await give(door, `/${type}`, lines);
    }
    door.close();
  }
}

async function give(door: Door, path: string, lines: readonly unknown[]): Promise<void> {
  const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const headers = { 'content-type': 'application/x-ndjson', prefer: 'wait=30, return=minimal' };
  for (let tries = 1; ; tries += 1) {
    const answer = await door.ask({ method: 'POST', path, headers, body, limitMs: 60_000 });
    if (answer?.status === 200) return;
    if (tries === 10) throw new Error(`POST ${path}: ${answer ? `HTTP ${answer.status}` : 'no answer'}`);
    await pause(500);
  }
}

function newId(): string {
  return uuidOf(Date.now(), chance.bytes(10));
}
