import type { Exit } from '../exit-codes.ts';
import type { Output } from '../output.ts';
import { whole } from '../progress.ts';
import { pad, shorten } from '../table.ts';
import type { Plan } from './run.ts';
import type { Summary } from './summary.ts';

/** Tells what came of an import, and says how the command ends. */
export function tellSummary(output: Output, plan: Plan, summary: Summary, finished: boolean): Exit {
  const { states, reasons, sums, lines } = summary;
  const { results, file, connection } = plan;
  output.data({
    file,
    results,
    member: plan.job.member,
    account: connection.account,
    finished,
    lines,
    states,
    reasons: Object.fromEntries(reasons),
    sums: Object.fromEntries(sums),
  });
  for (const line of pretty(output, plan, summary)) output.say(line);
  if (!finished) {
    output.say(`Stopped after ${whole(lines)} lines; the same command goes on from here.`);
    return 'interrupted';
  }
  if (!summary.clean) return 'no';
  return summary.unsettled > 0 ? 'open' : 'done';
}

function pretty(output: Output, { file, results, job }: Plan, summary: Summary): readonly string[] {
  const { states, reasons, sums, lines } = summary;
  const { paint } = output;
  const counted = [
    ['done', states.done, paint.good],
    ['refused', states.refused, paint.bad],
    ['bad', states.bad, paint.bad],
    ['under way', states.open, paint.warn],
    ['held', states.held, paint.warn],
    ['nothing to do', states.nothing, paint.dim],
  ] as const;
  const rows = counted.filter(([name, count]) => count > 0 || name === 'done');
  const most = [...reasons].sort(([, a], [, b]) => b - a).slice(0, 20);
  const totals = [...sums].map(([field, fen]) => `  ${pad(field, 20)} ${pad(yuan(fen), 20, true)} yuan`);
  return [
    `${file} at ${job.member}: ${whole(lines)} lines`,
    ...rows.map(([name, count, colour]) => `  ${pad(name, 14)} ${colour(pad(whole(count), 10, true))}`),
    ...(most.length === 0 ? [] : ['', 'Reasons']),
    ...most.map(
      ([reason, count]) => `  ${pad(whole(count), 8, true)}  ${shorten(reason, output.width - 12)}`,
    ),
    ...(totals.length === 0 ? [] : ['', 'Sums of what is done', ...totals]),
    '',
    `Each line: ${results}`,
    ...(summary.unsettled > 0 ? ['Some have not ended yet: the same command asks again.'] : []),
  ];
}

/** An amount in fen as yuan with commas: 1,234.05. */
export function yuan(fen: bigint): string {
  const digits = (fen < 0n ? -fen : fen).toString().padStart(3, '0');
  return `${fen < 0n ? '-' : ''}${whole(BigInt(digits.slice(0, -2)))}.${digits.slice(-2)}`;
}
