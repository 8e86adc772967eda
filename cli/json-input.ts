import { usage } from './failure.ts';
import { readInput } from './input.ts';
import { byteFault } from './json/lines.ts';
import { parseStrict } from './json/strict.ts';

const inputMax = 1024 * 1024;

/** One JSON value of a file or of standard input. Errors: usage, with the place of the fault. */
export async function readJsonInput(file: string | undefined): Promise<unknown> {
  const name = file === undefined || file === '-' ? 'standard input' : file;
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of readInput(file)) {
    parts.push(part);
    size += part.length;
    if (size > inputMax) throw usage(`${name}: more than 1 MiB.`, 'For many records at once: yitong import.');
  }
  const bytes = Buffer.concat(parts);
  const fault = byteFault({ number: 1, bytes, tooLong: false, ended: true }, inputMax);
  const read = fault === undefined ? parseStrict(bytes) : { ok: false as const, fault };
  if (read.ok) return read.value;
  const { at, column, reason, remedy } = read.fault;
  throw usage(`${name}: ${at === '' ? '' : `${at}: `}${reason} (column ${column}).`, remedy);
}
