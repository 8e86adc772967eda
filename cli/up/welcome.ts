import type { SystemType } from '@yitong/kit';
import type { RunningRegion } from '../../node/supervisor/up.ts';
import type { Output } from '../output.ts';
import { demonstrationAccounts } from '../region.ts';
import { table } from '../table.ts';

/** Tells where everything is and what to try next. */
export function welcome(
  output: Output,
  region: RunningRegion,
  systems: readonly SystemType[],
  ms: number,
): void {
  const { members, issuer, dataDir, postgres } = region;
  const memory = region.memory().reduce((sum, { bytes }) => sum + bytes, 0);
  const accounts = demonstrationAccounts(dataDir)?.accounts ?? [];
  output.data({
    ready: true,
    seconds: Math.round(ms / 100) / 10,
    data: dataDir,
    members: members.map(({ code, name, url, exchangeUrl }) => ({ code, name, url, exchangeUrl })),
    issuer,
    accounts: accounts.map(({ id, name }) => ({ id, name })),
    postgres: { kind: postgres.kind, version: postgres.version },
    memoryBytes: memory,
  });
  for (const line of pretty(
    output,
    region,
    systems,
    accounts.map(({ id }) => id),
    ms,
    memory,
  ))
    output.say(line);
}

function pretty(
  { paint, width }: Output,
  { members, issuer, dataDir }: RunningRegion,
  systems: readonly SystemType[],
  accounts: readonly string[],
  ms: number,
  memory: number,
): readonly string[] {
  const rows = members.map(({ code, name, url }) => [code, `${name.zh} ${name.en}`, url]);
  const last = members.at(-1)?.code ?? '';
  const own = accounts.filter((id) => id.startsWith(`${last}-`)).map((id) => id.slice(last.length + 1));
  const size = memory === 0 ? '' : `, ${Math.round(memory / 2 ** 20)} MB`;
  return [
    '',
    paint.good(`The region is up (${(ms / 1000).toFixed(1)} s${size}).`),
    '',
    ...table(['MEMBER', '', 'ADDRESS'], rows, width),
    '',
    `Portal       ${paint.strong(members.at(-1)?.url ?? '')}`,
    `API page     ${members.at(-1)?.url ?? ''}/docs`,
    `Sign-in      ${issuer}`,
    `Accounts     ${own.slice(0, 4).join(', ')}, … at each member (--as)`,
    `Data         ${dataDir}`,
    '',
    paint.strong('Try in another terminal'),
    '  npx yitong status',
    ...tries(systems, last).map((args) => `  npx yitong ${args}`),
    `  npx yitong statement --at ${last}`,
    '  npx yitong verify',
    '',
    'Ctrl-C stops everything.',
  ];
}

/** What each system's demonstration invites to, at a member. */
function tries(systems: readonly SystemType[], member: string): readonly string[] {
  return systems.flatMap(({ demonstration }) => demonstration?.tries?.(member) ?? []);
}
