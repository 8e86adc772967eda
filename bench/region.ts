import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clientToken, openTerms, type RunningRegion, removePostgres, startIssuer, up } from '@yitong/node';
import { systems as all } from '@yitong/systems';
import { Door } from './door.ts';
import { newId } from './ids.ts';
import type { Part } from './machine.ts';

/** Where bills are presented, and where their people are insured. */
export const care = '340000';
/** Member that prices and owes them. */
export const insured = '310000';
const names = [
  { code: insured, name: { zh: '上海市', en: 'Shanghai' } },
  { code: care, name: { zh: '安徽省', en: 'Anhui' } },
];
/** What is measured is settling bills: other systems would only take memory. */
const systems = all.filter(({ name }) => name === 'medical-settlement');
const audience = 'yitong:bench';
/** People insured, and the seed that they and their bills are made of. */
const made = { scale: 1_000, seed: 1 };

/** Two members as their operators run them: processes, databases, TLS, tokens, the settlement system with its data. */
export interface BenchRegion {
  readonly region: RunningRegion;
  readonly parts: readonly Part[];
  /** Signs in with a role at a member. */
  door(member: string, role: string): Promise<Door>;
  /** Address of a member's node, and a token for who has a role there. */
  signIn(member: string, role: string): Promise<{ readonly url: string; readonly token: string }>;
  /** As many bills, never the same, as inputs of `present-bill`. */
  bills(count: number): readonly BillInput[];
}

/** The input of `present-bill` in JSON form. */
export type BillInput = Readonly<Record<string, unknown>> & {
  readonly bill: string;
  readonly person: string;
};

/** Brings the region up in a folder of its own, loads hospitals and people, and removes all of it afterwards. */
export async function withRegion<T>(run: (region: BenchRegion) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'yitong-bench-'));
  const { region, accounts } = await start(dataDir);
  try {
    const open = opened(region, accounts);
    await load(open);
    return await run(open);
  } finally {
    await region.stop();
    await removePostgres(dataDir);
    rmSync(dataDir, { recursive: true });
  }
}

type Accounts = Awaited<ReturnType<typeof startIssuer>>['accounts'];

async function start(dataDir: string): Promise<{ region: RunningRegion; accounts: Accounts }> {
  let accounts: Accounts = [];
  const plan = { members: names, systems, audience, demonstration: true, ...made };
  const region = await up({
    dataDir,
    region: 'bench',
    members: names,
    terms: openTerms(systems),
    fresh: false,
    demonstration: true,
    systems: systems.map(({ name }) => name),
    audience,
    async startIssuer(at) {
      const issuer = await startIssuer({ ...at, ...plan });
      accounts = issuer.accounts;
      return issuer;
    },
    report: { step: () => undefined, notice: (text) => process.stderr.write(`${text}\n`) },
  });
  return { region, accounts };
}

function opened(region: RunningRegion, accounts: Accounts): BenchRegion {
  const lines = sample();
  const placeOf = (code: string, role: string) => {
    const member = region.members.find((one) => one.code === code);
    const account = accounts.find((one) => one.member === code && one.roles.includes(`${code}:${role}`));
    if (!member || !account) throw new Error(`nobody has the role ${role} at ${code}`);
    return { url: member.url, account: { issuer: region.issuer, audience, ...account } };
  };
  const pidOf = (code: string) => region.members.find((member) => member.code === code)?.pid() ?? 0;
  return {
    region,
    parts: [
      { name: `node ${care}`, pids: [pidOf(care)] },
      { name: `node ${insured}`, pids: [pidOf(insured)] },
      { name: 'PostgreSQL', pids: [region.postgres.pid() ?? 0], children: true },
      { name: 'client', pids: [process.pid] },
    ],
    async door(code, role) {
      const { url, account } = placeOf(code, role);
      return Door.open(url, account);
    },
    async signIn(code, role) {
      const { url, account } = placeOf(code, role);
      return { url, token: await clientToken(account) };
    },
    bills: (count) => Array.from({ length: count }, () => lines.next().value),
  };
}

/** Bills of people who may go there: one of a person without a filing is refused, which is less work. */
function* sample(): Generator<BillInput, never> {
  const filed = filedFor(care);
  const intake = systems.flatMap((system) => system.intakes.get('bills') ?? []).at(0);
  const wish = { member: care, members: [insured, care], count: Number.MAX_SAFE_INTEGER, ...made };
  for (const line of intake?.sample?.(wish) ?? []) {
    const bill = line as BillInput;
    if (filed.has(bill.person)) yield bill;
  }
  throw new Error('no system makes bills up');
}

function filedFor(member: string): ReadonlySet<string> {
  const filed = new Set<string>();
  for (const { input } of commandsFor(insured, made.scale)) {
    const { person, places, to } = input as {
      person: string;
      places?: readonly string[];
      to?: string | null;
    };
    if (places?.includes(member) && (to === null || to === undefined || to > '2026-10-31')) filed.add(person);
  }
  return filed;
}

function commandsFor(member: string, scale: number) {
  const wish = { member, scale, seed: made.seed };
  return systems.flatMap(({ demonstration }) => [...(demonstration?.commands(wish) ?? [])]);
}

/** Hospitals where bills come from, people and their filings where they are insured. */
async function load(open: BenchRegion): Promise<void> {
  for (const [member, scale] of [
    [care, 0],
    [insured, made.scale],
  ] as const) {
    const commands = commandsFor(member, scale);
    const kinds = [
      ...new Set(commands.map(({ command, role }) => `${command.type} ${command.system}/${role}`)),
    ];
    for (const kind of kinds) {
      const [type = '', role = ''] = kind.split(' ');
      const door = await open.door(member, role);
      const inputs = commands.filter(({ command }) => command.type === type).map(({ input }) => input);
      for (let at = 0; at < inputs.length; at += 500) {
        const lines = inputs.slice(at, at + 500).map((input) => ({ id: newId(), input }));
        await door.many(`/${type}`, lines, () => undefined);
      }
    }
  }
}
