import type { TLSSocket } from 'node:tls';
import { deserialize, serialize } from 'node:v8';

/** Longest value on a wire, in bytes: more than the largest frame of a peer. */
const bytesMax = 32 * 1024 * 1024;

/** Whole values over one connection in both directions, each behind its length in four bytes. What is sent in one turn leaves in one write. */
export class Wire {
  readonly #socket: TLSSocket;
  readonly #came: (value: unknown) => void;
  #chunks: Buffer[] = [];
  #length = 0;
  #corked = false;

  /** Both ends are processes of one node with one key, so that values may be the engine's own form of them. */
  constructor(socket: TLSSocket, came: (value: unknown) => void) {
    this.#socket = socket;
    this.#came = came;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  /** Errors: `RangeError` for a value that is too large; whatever cannot be cloned. */
  send(value: unknown): void {
    const bytes = serialize(value);
    if (bytes.length > bytesMax) throw new RangeError(`${bytes.length} bytes are too much for one value`);
    if (this.#socket.destroyed) return;
    if (!this.#corked) {
      this.#corked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#corked = false;
        this.#socket.uncork();
      });
    }
    const head = Buffer.allocUnsafe(4);
    head.writeUInt32BE(bytes.length);
    this.#socket.write(head);
    this.#socket.write(bytes);
  }

  #take(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    for (let bytes = this.#whole(); bytes; bytes = this.#whole()) this.#came(deserialize(bytes));
  }

  /** The next value, once all of it is there. */
  #whole(): Buffer | undefined {
    if (this.#length < 4) return undefined;
    const first = this.#chunks[0];
    const head = first && first.length >= 4 ? first : this.#joined();
    const end = 4 + head.readUInt32BE(0);
    if (end > 4 + bytesMax) {
      this.#socket.destroy(new RangeError('a value is longer than any of ours'));
      return undefined;
    }
    if (this.#length < end) return undefined;
    const all = head.length >= end ? head : this.#joined();
    this.#chunks[0] = all.subarray(end);
    this.#length -= end;
    return all.subarray(4, end);
  }

  #joined(): Buffer {
    const all = Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}
