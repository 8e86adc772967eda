import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SystemType } from '@yitong/kit';
import { openTerms, type RunningRegion, startIssuer, up } from '@yitong/node';
import { systems } from '@yitong/systems';

/** A region of the tests, with a portal at each node. */
export interface PortalRegion {
  /** Address of a member's portal. */
  url(member: string): string;
  readonly region: RunningRegion;
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
  const region = await up({
    dataDir,
    region: 'portal',
    members: named,
    terms: openTerms(run),
    fresh: false,
    demonstration: true,
    portal: true,
    startIssuer: (at) => startIssuer({ ...at, ...accounts }),
    report: { step: () => undefined, notice: () => undefined },
    ...(entry === undefined ? {} : { entry: fileURLToPath(new URL(entry, import.meta.url)) }),
  });
  return {
    region,
    url: (member) => region.members.find(({ code }) => code === member)?.url ?? '',
    async stop() {
      await region.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
