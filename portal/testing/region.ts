import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SystemType } from '@yitong/kit';
import { openTerms, type RunningIssuer, type RunningRegion, startIssuer, up } from '@yitong/node';
import { systems } from '@yitong/systems';
import { tokenFrom } from '../../node/testing/token.ts';
import { loadDemonstration } from './load.ts';

/** A made-up resident: number, and city of the insurance. */
export interface Resident {
  readonly person: string;
  readonly city: string;
}

/** A region of the tests, with a portal at each node. */
export interface PortalRegion {
  /** Address of a member's portal. */
  url(member: string): string;
  readonly region: RunningRegion;
  /** The resident whose account a member has, registered there as insured: number, and city of the insurance. */
  resident(member: string): Resident;
  /** What the header `authorization` wants of an account's own program. */
  token(account: string): Promise<string>;
  stop(): Promise<void>;
}

/** What the region runs. */
export interface RegionWish {
  readonly members: readonly string[];
  readonly systems?: readonly SystemType[];
  /** The program of a node, beside this file; the usual one when absent. */
  readonly entry?: string;
}

const names: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  '310000': { zh: '上海市', en: 'Shanghai' },
  '320000': { zh: '江苏省', en: 'Jiangsu' },
  '330000': { zh: '浙江省', en: 'Zhejiang' },
  '340000': { zh: '安徽省', en: 'Anhui' },
};

/** Starts one, with an issuer whose accounts need no password. */
export async function portalRegion({
  members,
  entry,
  systems: run = systems,
}: RegionWish): Promise<PortalRegion> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yitong-portal-'));
  const named = members.map((code) => ({ code, name: names[code] ?? { zh: code, en: code } }));
  const accounts = {
    members: named,
    systems: run,
    audience: 'yitong:portal',
    demonstration: true,
    scale: 20,
    seed: 1,
  };
  let issuer: RunningIssuer | undefined;
  const region = await up({
    dataDir,
    region: 'portal',
    members: named,
    terms: openTerms(run),
    fresh: false,
    demonstration: true,
    portal: true,
    async startIssuer(at) {
      issuer = await startIssuer({ ...at, ...accounts });
      return issuer;
    },
    report: { step: () => undefined, notice: () => undefined },
    ...(entry === undefined ? {} : { entry: fileURLToPath(new URL(entry, import.meta.url)) }),
  });
  const url = (member: string) => region.members.find(({ code }) => code === member)?.url ?? '';
  if (issuer === undefined) throw new Error('the region has no issuer');
  const running: RunningIssuer = issuer;
  for (const system of run)
    for (const member of members)
      await loadDemonstration(system, { url: url(member), member, issuer: running });
  return {
    region,
    url,
    resident: (member) => residentOf(member, running),
    token: (account) => tokenFrom(running, account),
    async stop() {
      await region.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function residentOf(member: string, { accounts }: Pick<RunningIssuer, 'accounts'>): Resident {
  const person = accounts.find(({ id }) => id === `${member}-resident`)?.person;
  if (person === undefined) throw new Error(`${member} has no resident`);
  return { person, city: member === '310000' ? member : `${person.slice(0, 4)}00` };
}
