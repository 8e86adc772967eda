/** Data that SQL's types cannot hold: the SQLSTATE that the server would answer with. */
export class DataFault extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One SQL type: how a value is written in the binary form of an array's element, and read from the driver's value. */
export interface Column<V> {
  readonly sql: string;
  /** Object id of the element type, which a binary array names. */
  readonly oid: number;
  readonly nullable: boolean;
  write(to: ByteWriter, value: V): void;
  read(value: unknown): V;
}

/** A growing buffer that is used again for each array; what it hands out is a copy. */
export class ByteWriter {
  bytes = Buffer.allocUnsafe(1 << 16);
  at = 0;

  /** Makes room for `count` more bytes. */
  need(count: number): void {
    if (this.at + count <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + count));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }

  int32(value: number): void {
    this.need(4);
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  text(value: string): void {
    this.need(3 * value.length);
    if (value.length < 48 && this.#ascii(value)) return;
    this.at += this.bytes.write(value, this.at, 'utf8');
  }

  /** Short ASCII, byte by byte: quicker than a call into native code. */
  #ascii(value: string): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < value.length; i++) {
      const unit = value.charCodeAt(i);
      if (unit > 127) return false;
      bytes[at + i] = unit;
    }
    this.at = at + value.length;
    return true;
  }
}

const writer = new ByteWriter();

/** The values of one column as the binary form of a PostgreSQL array with one dimension. */
export function binaryArray<V>(column: Column<V>, count: number, valueAt: (index: number) => V): Buffer {
  writer.at = 0;
  for (const word of [1, column.nullable ? 1 : 0, column.oid, count, 1]) writer.int32(word);
  for (let index = 0; index < count; index++) {
    const value = valueAt(index);
    const start = writer.at;
    writer.int32(-1);
    if (value === null) continue;
    column.write(writer, value);
    writer.bytes.writeInt32BE(writer.at - start - 4, start);
  }
  return Buffer.from(writer.bytes.subarray(0, writer.at));
}

/** Text in code-point order. The type parameter names a closed set of texts. */
export function text<T extends string = string>(): Column<T> {
  return {
    sql: 'text collate "C"',
    oid: 25,
    nullable: false,
    write: (to, value) => to.text(value),
    // The cast is the brand: only values of T are ever written.
    read: (value) => String(value) as T,
  };
}

/** A safe integer. */
export const integer: Column<number> = {
  sql: 'bigint',
  oid: 20,
  nullable: false,
  write(to, value) {
    if (!Number.isSafeInteger(value)) throw new DataFault('22003', `${value} is no safe integer`);
    to.need(8);
    to.at = to.bytes.writeInt32BE(Math.floor(value / 2 ** 32), to.at);
    to.at = to.bytes.writeUInt32BE(value >>> 0, to.at);
  },
  read: Number,
};

/** A small set of numbers, such as the leg of a transfer. */
export function small<T extends number>(): Column<T> {
  return {
    sql: 'smallint',
    oid: 21,
    nullable: false,
    write(to, value) {
      to.need(2);
      to.at = to.bytes.writeInt16BE(value, to.at);
    },
    // The cast is the brand: only values of T are ever written.
    read: (value) => Number(value) as T,
  };
}

/** An amount in fen, exact to the bounds of bigint. */
export const fen: Column<bigint> = {
  sql: 'bigint',
  oid: 20,
  nullable: false,
  write(to, value) {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return integer.write(to, number);
    if (BigInt.asIntN(64, value) !== value) throw new DataFault('22003', 'an amount beyond 2^63');
    to.need(8);
    to.at = to.bytes.writeBigInt64BE(value, to.at);
  },
  read: (value) => BigInt(String(value)),
};

/** Bytes, kept as they are: digests and deflated bodies do not shrink. */
export const bytes: Column<Uint8Array> = {
  sql: 'bytea',
  oid: 17,
  nullable: false,
  write(to, value) {
    to.need(value.length);
    to.bytes.set(value, to.at);
    to.at += value.length;
  },
  read(value) {
    if (value instanceof Uint8Array) return new Uint8Array(value.buffer, value.byteOffset, value.length);
    throw new Error('the driver gave no bytes');
  },
};

/** Yes or no. */
export const yesNo: Column<boolean> = {
  sql: 'boolean',
  oid: 16,
  nullable: false,
  write(to, value) {
    to.need(1);
    to.at = to.bytes.writeUInt8(value ? 1 : 0, to.at);
  },
  read: (value) => value === true,
};

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const hyphen = 0x2d;
const nibble = (unit: number): number => (unit < 0x3a ? unit - 0x30 : unit - 0x57);

/** A UUID in lower case. */
export const uuid: Column<string> = {
  sql: 'uuid',
  oid: 2950,
  nullable: false,
  write(to, value) {
    if (!uuidForm.test(value)) throw new DataFault('22P02', 'an id that is no UUID');
    to.need(16);
    const { bytes } = to;
    for (let i = 0; i < 36; i += 2) {
      if (value.charCodeAt(i) === hyphen) i++;
      bytes[to.at++] = (nibble(value.charCodeAt(i)) << 4) | nibble(value.charCodeAt(i + 1));
    }
  },
  read: String,
};

/** The same column with null for what is absent. */
export function nullable<V>(column: Column<V>): Column<V | null> {
  return {
    ...column,
    nullable: true,
    write(to, value) {
      if (value !== null) column.write(to, value);
    },
    read: (value) => (value === null ? null : column.read(value)),
  };
}

/** A value kept as its JSON text; `read` makes sure of its form. */
export function json<V>(read: (value: unknown) => V): Column<V> {
  return {
    ...text(),
    write: (to, value) => to.text(JSON.stringify(value)),
    read: (value) => read(JSON.parse(String(value))),
  };
}
