import { parseArgs } from 'node:util';
import { benchCounter } from './counter.ts';
import { benchExchange } from './exchange.ts';
import { benchGrowth } from './growth.ts';
import { benchImport } from './import.ts';
import { benchKernel, type Pace } from './kernel.ts';
import { benchLedger } from './ledger.ts';
import { machine } from './machine.ts';
import { asProcess, runAsProcess } from './process-node.ts';
import { benchProcesses } from './processes.ts';
import { asJson, asTable, type Result } from './report.ts';
import { benchRules } from './rules.ts';
import { benchSettlement } from './settlement.ts';

const benches = new Map<string, (pace: Pace) => Promise<Result>>([
  ['kernel', benchKernel],
  ['settlement', benchSettlement],
  ['counter', benchCounter],
  ['exchange', benchExchange],
  ['import', benchImport],
  ['ledger', benchLedger],
  ['rules', benchRules],
  ['growth', benchGrowth],
  ['processes', benchProcesses],
]);

const usage = `yitong bench [--json] [--only ${[...benches.keys()].join(',')}] [--rounds 3] [--seconds 4] [--full]\n`;

// `npm run bench`: measures what was asked for, one bench after another, each in rounds. Exit code 2 for wrong arguments.
async function main(args: readonly string[]): Promise<number> {
  const asked = read(args);
  if (asked === undefined) {
    process.stderr.write(usage);
    return 2;
  }
  const { pace, names, json } = asked;
  const results = new Map<string, Result>();
  for (const name of names) {
    const bench = benches.get(name);
    if (bench) results.set(name, await bench(pace));
  }
  const run = { date: new Date().toISOString().slice(0, 10), machine: machine(), rounds: pace.rounds };
  const head = `${run.machine}\n${run.date}, medians of ${run.rounds} rounds taken in turns\n\n`;
  process.stdout.write(json ? `${asJson(run, results)}\n` : head + asTable(results));
  return 0;
}

function read(args: readonly string[]) {
  const options = {
    json: { type: 'boolean', default: false },
    only: { type: 'string', default: [...benches.keys()].join(',') },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '4' },
    full: { type: 'boolean', default: false },
    // Told by `yitong bench` itself: from a bundle it cannot be found.
    yitong: { type: 'string', default: '' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const names = values.only.split(',');
    const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
    if (!(rounds >= 1 && seconds > 0) || names.some((name) => !benches.has(name))) return undefined;
    const told = (text: string) => process.stderr.write(`${text}\n`);
    return {
      json: values.json,
      names,
      pace: { rounds: Math.floor(rounds), seconds, full: values.full, yitong: values.yitong, told },
    };
  } catch {
    return undefined;
  }
}

// The same program is the node's processes of the bench `processes`, because a bundle is one file.
const words = process.argv.slice(2);
if (words[0] === asProcess) await runAsProcess(words.slice(1));
else process.exitCode = await main(words);
