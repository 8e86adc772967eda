import type { Run } from '../command.ts';
import { readInput } from '../input.ts';
import { linesOf } from '../json/lines.ts';
import { type Value, valuesOf } from '../json/values.ts';
import { jsonText } from '../output.ts';
import { problemOf } from '../problem.ts';
import { ruleNamed } from '../systems.ts';

const lineBytesMax = 64 * 1024 * 1024;

/** Runs a pure rule over each JSON value of a file: one line out for each, in order; a problem where one is at fault. */
export const run: Run = async ({ args, output, stop }) => {
  const [path = '', file] = args;
  const rule = await ruleNamed(path);
  let bad = 0;
  for await (const value of valuesOf(linesOf(readInput(file), lineBytesMax), lineBytesMax)) {
    if (stop.aborted) return 'interrupted';
    const answer = decide(rule.decide, value);
    if (!answer.ok) bad += 1;
    await output.line(jsonText(answer.value));
  }
  if (bad > 0)
    output.note(`${bad} ${bad === 1 ? 'input is' : 'inputs are'} at fault: see the problem lines.`);
  return bad > 0 ? 'no' : 'done';
};

function decide(
  rule: (input: unknown) => unknown,
  value: Value,
): { readonly ok: boolean; readonly value: unknown } {
  if (!value.ok) return { ok: false, value: lineProblem(value) };
  try {
    return { ok: true, value: rule(value.value) };
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined) throw error;
    return { ok: false, value: { ...problem, line: value.line } };
  }
}

function lineProblem({ line, fault }: Value & { readonly ok: false }): unknown {
  const { at, column, reason, remedy } = fault;
  return {
    type: 'https://yitong.example/problems/invalid-json',
    title: 'The input is not JSON with one meaning',
    status: 400,
    detail: `line ${line}, column ${column}: ${reason}`,
    errors: [{ pointer: at, code: 'invalid-json', detail: reason, remedy }],
    remedy,
    line,
  };
}
