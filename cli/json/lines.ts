import { isUtf8 } from 'node:buffer';
import type { Fault } from './strict.ts';

/** One line of a file: its bytes without the line end, or why it could not be kept. `number` counts from 1. */
export interface Line {
  readonly number: number;
  readonly bytes: Buffer;
  /** The line is longer than allowed; `bytes` holds its beginning only. */
  readonly tooLong: boolean;
  /** A line end follows; without one the file may be torn here. */
  readonly ended: boolean;
}

/** Splits a stream into lines as they come; never holds more than one line and one chunk. */
export async function* linesOf(source: AsyncIterable<Buffer>, bytesMax: number): AsyncGenerator<Line> {
  let number = 0;
  let parts: Buffer[] = [];
  let size = 0;
  let tooLong = false;
  const take = (part: Buffer) => {
    const room = bytesMax - size;
    size += part.length;
    tooLong = size > bytesMax;
    // Its beginning is the same however the file comes in parts: what follows is read alike, too.
    if (room > 0 && part.length > 0) parts.push(part.subarray(0, room));
  };
  const finish = (ended: boolean): Line => {
    number += 1;
    const whole = parts.length === 1 ? (parts[0] ?? Buffer.alloc(0)) : Buffer.concat(parts);
    const line = { number, bytes: withoutReturn(number === 1 ? withoutMark(whole) : whole), tooLong, ended };
    parts = [];
    size = 0;
    tooLong = false;
    return line;
  };
  for await (const chunk of source) {
    let begin = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, begin)) {
      take(chunk.subarray(begin, end));
      begin = end + 1;
      yield finish(true);
    }
    take(chunk.subarray(begin));
  }
  if (size > 0) yield finish(false);
}

function withoutReturn(bytes: Buffer): Buffer {
  return bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes;
}

/** UTF-8's byte order mark means nothing and is what some editors begin a file with. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** What is wrong with the bytes of a line before it is read as JSON: its length, NUL, its encoding. */
export function byteFault(line: Line, bytesMax: number): Fault | undefined {
  const { bytes } = line;
  if (line.tooLong)
    return fault(bytesMax, `longer than ${bytesMax} bytes`, 'Write one record a line; split what is larger.');
  const nul = bytes.indexOf(0);
  if (nul >= 0) return nulFault(bytes, nul);
  return isUtf8(bytes) ? undefined : encodingFault(bytes);
}

function nulFault(bytes: Buffer, at: number): Fault {
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (marked || (at <= 1 && bytes.length > 3 && bytes[at + 2] === 0))
    return fault(at, 'written in UTF-16', 'Convert the file: iconv -f UTF-16 -t UTF-8 old > new');
  return fault(at, 'a NUL byte', 'The file is damaged or not a text: export it again.');
}

function encodingFault(bytes: Buffer): Fault {
  const at = firstBad(bytes);
  if (isGbk(bytes))
    return fault(at, 'not UTF-8; it looks like GBK', 'Convert the file: iconv -f GB18030 -t UTF-8 old > new');
  return fault(
    at,
    'not UTF-8',
    'The file is damaged, or in an encoding that must be converted to UTF-8 first.',
  );
}

function isGbk(bytes: Buffer): boolean {
  try {
    return /\p{Script=Han}/u.test(new TextDecoder('gb18030', { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}

/** Characters before the first byte that is not UTF-8. */
function firstBad(bytes: Buffer): number {
  return Math.max(0, bytes.toString('utf8').indexOf('\ufffd'));
}

function fault(at: number, reason: string, remedy: string): Fault {
  return { at: '', column: at + 1, reason, remedy };
}
