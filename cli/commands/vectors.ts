import type { Rule, SystemType, Vector } from '@yitong/kit';
import type { Invocation, Run } from '../command.ts';
import { Failure, messageOf, usage } from '../failure.ts';
import { readInput } from '../input.ts';
import { type Difference, differences, isObject } from '../json/difference.ts';
import { jsonText } from '../output.ts';
import { describe, isProblem, problemOf } from '../problem.ts';
import { ruleNamed, systemNamed } from '../systems.ts';
import { shorten } from '../table.ts';

/** Runs a vector file against a system's rules; ends with `N passed, N failed`. */
export const run: Run = async ({ args, options, output }) => {
  const [name = '', file = ''] = args;
  const most = options.whole('most', 1, 10_000) ?? 20;
  const system = await systemNamed(name);
  const vectors = await vectorsOf(system, await readWhole(file), file);
  const failed = new Set<string>();
  for (const vector of vectors) {
    const found = compare(vector.expect, actual(vector), most);
    if (found.length === 0) continue;
    failed.add(vector.id);
    output.data({ id: vector.id, title: vector.title, differences: found.map(absentAsNull) });
    show(output, vector, found);
  }
  const failures = failed.size;
  output.data({ passed: vectors.length - failures, failed: failures });
  output.say(`${vectors.length - failures} passed, ${failures} failed`);
  return failures > 0 ? 'no' : 'done';
};

/** Where a rule could not answer at all there is one difference, not one for each field of the answer. */
function compare(expected: unknown, got: unknown, most: number): readonly Difference[] {
  const refused = isObject(got) && 'problem' in got && !(isObject(expected) && 'problem' in expected);
  return refused ? [{ at: '', expected, actual: got }] : differences(expected, got, most);
}

async function vectorsOf(system: SystemType, content: unknown, file: string): Promise<readonly Vector[]> {
  const own = ownForm(system, content, file);
  if (own !== undefined) return notEmpty(own, file);
  if (!isObject(content) || !Array.isArray(content['vectors'])) {
    const forms = `{"vectors":[{"id","rule","input","expect"}]}${system.vectors ? ", or the system's own form" : ''}`;
    throw usage(`${file}: not a vector file that ${system.name} knows.`, `Write it as ${forms}.`);
  }
  const list: readonly unknown[] = content['vectors'];
  return notEmpty(
    await Promise.all(list.map((one, i) => vectorOf(system, one, `${file}: /vectors/${i}`))),
    file,
  );
}

function ownForm(system: SystemType, content: unknown, file: string): readonly Vector[] | undefined {
  try {
    return system.vectors?.(content);
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    throw usage(`${file}: ${describe(problem)}`, problem.remedy);
  }
}

async function vectorOf(system: SystemType, vector: unknown, at: string): Promise<Vector> {
  if (
    !isObject(vector) ||
    typeof vector['rule'] !== 'string' ||
    !('expect' in vector) ||
    !('input' in vector)
  )
    throw usage(`${at}: needs id, rule, input and expect.`);
  const {
    rule: path,
    input,
    expect,
  } = { rule: vector['rule'], input: vector['input'], expect: vector['expect'] };
  const title = typeof vector['title'] === 'string' ? { title: vector['title'] } : {};
  const decide = await ruleOrFailure(path.includes('/') ? path : `${system.name}/${path}`);
  return { id: String(vector['id'] ?? at), ...title, expect, actual: () => decide(input) };
}

/** The rule; one that there is not fails the vectors that name it, and those only. */
async function ruleOrFailure(path: string): Promise<Rule['decide']> {
  try {
    const rule = await ruleNamed(path);
    return rule.decide;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function notEmpty(vectors: readonly Vector[], file: string): readonly Vector[] {
  if (vectors.length === 0) throw usage(`${file}: holds no vectors.`);
  return vectors;
}

/** What the rule gives in JSON form; a thrown problem is compared as `{problem}`. */
function actual(vector: Vector): unknown {
  try {
    const value: unknown = JSON.parse(jsonText(vector.actual()) ?? 'null');
    return value;
  } catch (error) {
    return { problem: problemOf(error) ?? messageOf(error) };
  }
}

function show(output: Invocation['output'], { id, title }: Vector, found: readonly Difference[]): void {
  output.say(`${output.paint.bad('✗')} ${output.paint.strong(id)}${title === undefined ? '' : ` ${title}`}`);
  for (const { at, expected, actual: got } of found) {
    const problem = at === '' && isObject(got) ? got['problem'] : undefined;
    const line =
      problem === undefined
        ? `${at === '' ? '(whole)' : at}: expected ${told(expected)}, got ${told(got)}`
        : `not answered: ${isProblem(problem) ? describe(problem) : String(problem)}`;
    output.say(shorten(`    ${line}`, Math.max(output.width, 160)));
  }
}

function told(value: unknown): string {
  return value === undefined ? 'nothing' : jsonText(value);
}

function absentAsNull({ at, expected, actual: got }: Difference): unknown {
  return { at, expected: expected ?? null, actual: got ?? null };
}

async function readWhole(file: string): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of readInput(file)) parts.push(part);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts)));
  } catch (error) {
    throw new Failure('usage', `${file}: not JSON: ${messageOf(error)}`, 'A vector file is one JSON value.');
  }
}
