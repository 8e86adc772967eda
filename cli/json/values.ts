import { byteFault, type Line } from './lines.ts';
import { type Fault, parseStrict } from './strict.ts';

/** A JSON value of a stream and the line that it begins on, or what is wrong there. */
export type Value =
  | { readonly line: number; readonly ok: true; readonly value: unknown; readonly bytes: Buffer }
  | { readonly line: number; readonly ok: false; readonly fault: Fault };

/** Reads one line as one JSON value; undefined for an empty line. */
export function readLine(line: Line, bytesMax: number): Value | undefined {
  const bad = byteFault(line, bytesMax);
  if (bad !== undefined) return { line: line.number, ok: false, fault: bad };
  if (isBlank(line.bytes)) return undefined;
  const read = parseStrict(line.bytes);
  if (!read.ok) return { line: line.number, ok: false, fault: read.fault };
  return { line: line.number, ok: true, value: read.value, bytes: line.bytes };
}

/**
 * Reads values one a line (NDJSON), or values that are each written over several lines, as they come. Which of the two it is
 * shows in the first lines: one that is not whole begins a value of several lines, until an object that is whole and not indented
 * shows that each line was meant to be one.
 */
export async function* valuesOf(lines: AsyncIterable<Line>, bytesMax: number): AsyncGenerator<Value> {
  let open: Open | undefined;
  let oneALine = false;
  for await (const line of lines) {
    const alone = readLine(line, bytesMax);
    if (alone === undefined) continue;
    if (open === undefined) {
      if (oneALine || alone.ok || brackets(line.bytes) <= 0) {
        oneALine ||= alone.ok;
        yield alone;
      } else open = begin(alone, line);
      continue;
    }
    if (!oneALine && standsAlone(alone, open)) {
      yield* open.alone;
      yield alone;
      open = undefined;
      oneALine = true;
      continue;
    }
    open.alone.push(alone);
    const joined = join(open, line, bytesMax);
    if (joined === undefined) continue;
    yield joined;
    open = undefined;
  }
  if (open !== undefined) yield whole(open, bytesMax) ?? open.first;
}

/** A part of a value of several lines is whole by itself only where it is indented, and after more than its first line. */
function standsAlone(alone: Value, open: Open): boolean {
  if (!alone.ok || typeof alone.value !== 'object') return false;
  return open.alone.length === 1 || alone.bytes[0] === 0x7b;
}

interface Open {
  readonly first: Value;
  /** Its lines, each read as a value of its own. */
  readonly alone: Value[];
  readonly line: number;
  readonly bytes: Buffer[];
  size: number;
  /** Brackets that are open. */
  depth: number;
}

function begin(first: Value, line: Line): Open {
  return {
    first,
    alone: [first],
    line: line.number,
    bytes: [line.bytes],
    size: line.bytes.length,
    depth: brackets(line.bytes),
  };
}

/** The value, once as many brackets are closed as were opened. */
function join(open: Open, line: Line, bytesMax: number): Value | undefined {
  open.bytes.push(Buffer.from('\n'), line.bytes);
  open.size += line.bytes.length + 1;
  open.depth += brackets(line.bytes);
  if (open.size > bytesMax)
    return readLine({ number: open.line, bytes: Buffer.alloc(0), tooLong: true, ended: true }, bytesMax);
  return open.depth > 0 ? undefined : (whole(open, bytesMax) ?? open.first);
}

function whole(open: Open, bytesMax: number): Value | undefined {
  return readLine(
    { number: open.line, bytes: Buffer.concat(open.bytes), tooLong: false, ended: true },
    bytesMax,
  );
}

/** Opened less closed brackets of a line, strings left out: a JSON string never goes over a line's end. */
function brackets(bytes: Buffer): number {
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === 0x22) {
      for (i++; i < bytes.length && bytes[i] !== 0x22; i++) if (bytes[i] === 0x5c) i++;
    } else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return depth;
}

function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== 0x0d) return false;
  return true;
}
