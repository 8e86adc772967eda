import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type RunReport, run } from './run.ts';

const usage = `npm run crash -- [--minutes 10] [--seed S] [--kills N] [--rate 20] [--members 4] [--json]

Four node processes and PostgreSQL under load; processes killed, connections cut, disks filled at random; then what
clients were promised is compared with what is. Exit code 0: all held, 1: something did not, 2: wrong arguments.
`;

async function main(args: readonly string[]): Promise<number> {
  const asked = read(args);
  if (asked === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const told = (text: string) => process.stderr.write(`${text}\n`);
  const report = await run({ ...asked.wish, told });
  process.stdout.write(asked.json ? `${JSON.stringify(report)}\n` : summary(report));
  return report.ok ? 0 : 1;
}

function read(args: readonly string[]) {
  const options = {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(randomInt(1, 2 ** 31)) },
    kills: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '20' },
    members: { type: 'string', default: '4' },
    json: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const [minutes, seed, killsMax, perSecond, members = 4] = [
      values.minutes,
      values.seed,
      values.kills,
      values.rate,
      values.members,
    ].map(Number);
    if (
      !(
        minutes &&
        minutes > 0 &&
        Number.isInteger(seed) &&
        [2, 3, 4].includes(members) &&
        killsMax &&
        perSecond &&
        perSecond > 0
      )
    )
      return undefined;
    const pauseMs = [1_000, 6_000] as const;
    const wish = {
      seed: seed ?? 0,
      members,
      minutes,
      killsMax,
      perSecond,
      workers: 8,
      pauseMs,
      stopMaxMs: 30_000,
    };
    return { json: values.json, wish };
  } catch {
    return undefined;
  }
}

function summary(report: RunReport): string {
  const { seed, minutes, kills, faults, stories, acknowledged, checked, unknown, longestRecovery, findings } =
    report;
  const kinds = Object.entries(faults).map(
    ([name, count]) =>
      `  ${String(count).padStart(5)}  ${name.padEnd(30)} answered again after ${longestRecovery[name] ?? '?'} s at most`,
  );
  return `${[
    '',
    `seed ${seed}, ${minutes} minutes: ${kills} processes killed`,
    ...kinds,
    `${stories} bills, ${acknowledged} answers that promised something, ${unknown} cut off; ${checked} commands compared`,
    ...findings.slice(0, 40).map(({ rule, at, detail }) => `✗ ${rule}: ${at}: ${detail}`),
    findings.length === 0
      ? 'nothing lost, nothing twice, difference 0'
      : `${findings.length} findings; data, logs and history are in ${report.kept}\nagain: npm run crash -- --seed ${seed}`,
  ].join('\n')}\n`;
}

process.exitCode = await main(process.argv.slice(2));
