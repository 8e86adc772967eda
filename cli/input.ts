import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { errorCode, Failure, fileFailure } from './failure.ts';

/**
 * The bytes of a file, or of standard input for `-` and nothing; gzip is unpacked. `seen` gets the bytes as they lie in
 * the file. Errors: usage, with the remedy.
 */
export async function* readInput(
  file: string | undefined,
  seen: (part: Buffer) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const standard = file === undefined || file === '-';
  const name = standard ? 'standard input' : file;
  const source: Readable = standard ? process.stdin : createReadStream(file, { highWaterMark: 1 << 18 });
  const [first, rest] = await head(source, name);
  const whole = Readable.from(chain(first, rest, name, seen), { objectMode: false });
  const packed = first[0] === 0x1f && first[1] === 0x8b;
  const plain: AsyncIterable<Buffer> = packed ? whole.pipe(createGunzip()) : whole;
  if (packed) whole.on('error', () => undefined);
  try {
    yield* plain;
  } catch (error) {
    if (!errorCode(error).startsWith('Z_')) throw error;
    throw new Failure(
      'usage',
      `${name}: damaged gzip data (${errorCode(error)}).`,
      'Fetch or pack the file again.',
    );
  } finally {
    source.destroy();
  }
}

async function head(source: Readable, name: string): Promise<readonly [Buffer, AsyncIterator<Buffer>]> {
  const rest: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const first = await next(rest, name);
  return [first ?? Buffer.alloc(0), rest];
}

async function* chain(
  first: Buffer,
  rest: AsyncIterator<Buffer>,
  name: string,
  seen: (part: Buffer) => void,
): AsyncGenerator<Buffer> {
  for (let part: Buffer | undefined = first; part !== undefined; part = await next(rest, name)) {
    seen(part);
    if (part.length > 0) yield part;
  }
}

async function next(source: AsyncIterator<Buffer>, name: string): Promise<Buffer | undefined> {
  try {
    const step = await source.next();
    return step.done ? undefined : step.value;
  } catch (error) {
    throw fileFailure(name, error);
  }
}
