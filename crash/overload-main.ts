import { parseArgs } from 'node:util';
import { type OverloadReport, overload, type Times } from './overload.ts';

const usage = `npm run overload -- [--minutes 5] [--factor 2] [--streams 5000] [--json]

Two nodes are offered more than they can do, beside idle event streams. Exit code 0: what was accepted is there, who
was turned away was told when to come again, another member's flood came about, and both books agree, 1: it is not so, 2: wrong arguments.
`;

async function main(args: readonly string[]): Promise<number> {
  const asked = read(args);
  if (asked === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const told = (text: string) => process.stderr.write(`${text}\n`);
  const report = await overload({ ...asked.wish, measureSeconds: 10, floodSeconds: 20, told });
  process.stdout.write(asked.json ? `${JSON.stringify(report)}\n` : summary(report));
  const { lost, silent, differences, flood } = report;
  return lost === 0 && silent === 0 && differences.length === 0 && flood.perSecond > 0 ? 0 : 1;
}

function read(args: readonly string[]) {
  const options = {
    minutes: { type: 'string', default: '5' },
    factor: { type: 'string', default: '2' },
    streams: { type: 'string', default: '5000' },
    json: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const [seconds, factor, streams] = [
      Number(values.minutes) * 60,
      Number(values.factor),
      Number(values.streams),
    ];
    if (!(seconds > 0 && factor > 0 && streams >= 0)) return undefined;
    return { json: values.json, wish: { seconds, factor, streams } };
  } catch {
    return undefined;
  }
}

function summary(report: OverloadReport): string {
  const { sustainable, offered, accepted, shed, silent, cut, memoryMb, lost, streams, flood } = report;
  const times = ({ p50, p99, max }: Times) => `p50 ${p50} ms, p99 ${p99} ms, longest ${max} ms`;
  return `${[
    '',
    `sustainable ${sustainable} bills a second; ${offered} offered: ${accepted} accepted, ${shed} shed (${silent} without Retry-After), ${cut} without an answer`,
    `accepted durably after: ${times(report.accepting)}`,
    `settled or refused after: ${times(report.ending)}`,
    `memory of both nodes by quarter: ${memoryMb.join(', ')} MB`,
    `${streams.held} idle event streams, ${streams.kibEach.toFixed(1)} KiB each`,
    `flood of ${flood.perSecond} messages a second by another member: a bill took ${flood.with.p50} ms instead of ${flood.without.p50} (p99 ${flood.with.p99} instead of ${flood.without.p99}), ${(flood.with.p50 / flood.without.p50).toFixed(1)} times as long`,
    `${lost} accepted and lost`,
    ...report.differences.map((one) => `✗ ${one}`),
  ].join('\n')}\n`;
}

process.exitCode = await main(process.argv.slice(2));
