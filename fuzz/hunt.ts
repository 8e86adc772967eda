import { Chance } from './chance.ts';
import type { Coverage } from './coverage.ts';
import { mutated } from './mutate.ts';
import { assertPrototypes, type Target } from './target.ts';

/** What a hunt found: the input, and what the parser did with it. */
export interface Finding {
  readonly input: Uint8Array;
  readonly why: string;
}

/** A search that goes on from `step` to `step`. */
export interface Hunt {
  readonly executions: number;
  readonly inputs: readonly Uint8Array[];
  readonly findings: readonly Finding[];
  /** Tries a batch of inputs; `before` is told each one before it runs. */
  step(before: (input: Uint8Array) => void): Promise<void>;
}

/** Inputs between two looks at the coverage. */
const batchSize = 400;
/** A single input that takes longer than this, three times, is a finding: milliseconds of CPU. */
const slowMs = 2_000;
const findingsMax = 20;

/** The search for inputs that a parser mishandles: what reaches new code, or gets a new answer, is kept and changed further. */
export async function hunt(target: Target, coverage: Coverage, seed: number): Promise<Hunt> {
  const chance = new Chance(seed);
  const words = target.words.map((word) => Buffer.from(word));
  const inputs: Uint8Array[] = [...target.seeds];
  const findings = new Map<string, Finding>();
  const answers = new Set<string>();
  let executions = 0;
  const tried = async (input: Uint8Array): Promise<boolean> => {
    executions++;
    const { answer, finding } = await outcomeOf(target, input);
    if (finding && findings.size < findingsMax && !findings.has(kindOf(finding)))
      findings.set(kindOf(finding), { input, why: finding });
    const isNew = !answers.has(answer);
    answers.add(answer);
    return isNew;
  };
  for (const input of inputs) await tried(input);
  coverage.look(true);
  const kept = async (batch: readonly Uint8Array[]): Promise<void> => {
    if (batch.length === 0) return;
    for (const input of batch) await tried(input);
    if (batch.length === 1) {
      if (coverage.look(true)) inputs.push(...batch);
    } else if (coverage.look(false)) {
      await kept(batch.slice(0, batch.length >> 1));
      await kept(batch.slice(batch.length >> 1));
    }
  };
  return {
    get executions() {
      return executions;
    },
    inputs,
    get findings() {
      return [...findings.values()];
    },
    async step(before) {
      const batch: Uint8Array[] = [];
      for (let i = 0; i < batchSize; i++) {
        const input = mutated(chance.of(inputs) ?? new Uint8Array(), { inputs, words }, chance);
        before(input);
        if (await tried(input)) inputs.push(input);
        batch.push(input);
      }
      if (coverage.look(false)) await kept(batch);
    },
  };
}

/** What a target makes of an input: its answer, and why that is a finding. */
export async function outcomeOf(
  target: Target,
  input: Uint8Array,
): Promise<{ readonly answer: string; readonly finding: string | undefined }> {
  const begun = process.cpuUsage();
  let answer = 'threw';
  try {
    answer = await target.run(input);
    assertPrototypes();
  } catch (error) {
    return { answer, finding: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  return { answer, finding: isSlow(begun) && (await isSlowAgain(target, input)) ? 'slow' : undefined };
}

function isSlow(begun: NodeJS.CpuUsage): boolean {
  const { user } = process.cpuUsage(begun);
  return user > slowMs * 1_000;
}

/** A pause of the machine or of the memory's keeper is not the input's fault. */
async function isSlowAgain(target: Target, input: Uint8Array): Promise<boolean> {
  for (let i = 0; i < 3; i++) {
    const begun = process.cpuUsage();
    await target.run(input);
    if (!isSlow(begun)) return false;
  }
  return true;
}

/** One finding for each place that threw. */
function kindOf(why: string): string {
  const [first = '', ...stack] = why.split('\n');
  return `${first.replace(/[0-9]+/g, '').slice(0, 80)} ${stack.find((line) => /^ +at /.test(line)) ?? ''}`;
}
