import type { DemonstrationPeople, Intake, IntakeContext, IntakeLine } from '@yitong/kit';
import { messageOf } from '../failure.ts';
import type { Line } from '../json/lines.ts';
import { readLine } from '../json/values.ts';
import { problemOf } from '../problem.ts';
import { type Job, rowId } from './job.ts';
import type { Row } from './rows.ts';

/** Longest line of an imported file, bytes. */
export const lineBytesMax = 8 * 1024 * 1024;

/** One command to be sent. */
export interface Task {
  readonly line: number;
  readonly key: string;
  readonly id: string;
  readonly input: unknown;
}

/** A line as commands and rows that need none. */
export type Item = { readonly task: Task } | { readonly row: Row };

/** Reads one line of the file: commands, or what is wrong by line, field, reason and remedy; nothing for an empty line. */
export function itemsOf(
  line: Line,
  job: Job,
  { intake, people }: { readonly intake: Intake; readonly people: DemonstrationPeople },
): readonly Item[] {
  const value = readLine(line, lineBytesMax);
  if (value === undefined) return [];
  if (!value.ok) {
    const { at, column, reason, remedy } = value.fault;
    return [bad(line.number, { field: at, column, reason, remedy })];
  }
  const read = readWith(intake, value.value, { ...people, member: job.member });
  if (!Array.isArray(read)) return [bad(line.number, read)];
  if (read.length === 0) return [{ row: { line: line.number, state: 'nothing' } }];
  return read.map((item, index) => {
    if (!item.ok) return bad(line.number, item);
    const id = rowId(job, line.bytes, index);
    return { task: { line: line.number, key: item.key, id, input: item.input } };
  });
}

interface Wrong {
  readonly field: string;
  readonly reason: string;
  readonly remedy: string;
  readonly column?: number;
}

function readWith(intake: Intake, value: unknown, context: IntakeContext): IntakeLine[] | Wrong {
  try {
    return [...intake.read(value, context)];
  } catch (error) {
    const problem = problemOf(error);
    const [first] = problem?.errors ?? [];
    const remedy =
      first?.remedy ?? problem?.remedy ?? 'Correct the line; yitong import leaves the others alone.';
    return {
      field: first?.pointer ?? '',
      reason: first?.detail ?? problem?.detail ?? messageOf(error),
      remedy,
    };
  }
}

function bad(line: number, { field, reason, remedy, column }: Wrong): Item {
  return { row: { line, state: 'bad', field, ...(column === undefined ? {} : { column }), reason, remedy } };
}
