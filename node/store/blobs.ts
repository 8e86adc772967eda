import { type BlobStore, partitionOf, pieceBytes, type StoredBlob } from '@yitong/kernel';
import { bytes } from './columns.ts';
import type { Line } from './line.ts';

/** Files in PostgreSQL: a row in the partition of its hash; its pieces under the name by which they came, in the partition of that name. */
export class BlobTables implements BlobStore {
  readonly #line: Line;
  readonly #partitions: number;

  constructor(line: Line, partitions: number) {
    this.#line = line;
    this.#partitions = partitions;
  }

  async begun(name: string): Promise<number> {
    const text = `select coalesce(sum(length(bytes)), 0) as size from blob_piece
      where partition = $1::int and name = $2::text`;
    const [raw] = await this.#line.ask({ text, values: [this.#at(name), name] });
    return Number(raw?.['size'] ?? 0);
  }

  async abandon(name: string): Promise<void> {
    const text = 'delete from blob_piece where partition = $1::int and name = $2::text';
    await this.#line.ask({ text, values: [this.#at(name), name] });
  }

  async write(name: string, from: number, piece: Uint8Array): Promise<void> {
    const text = `insert into blob_piece (partition, name, number, bytes) values ($1::int, $2::text, $3::int, $4::bytea)
      on conflict do nothing`;
    await this.#line.ask({ text, values: [this.#at(name), name, from / pieceBytes, piece] });
  }

  async finish(name: string, { sha256, size }: StoredBlob): Promise<void> {
    if ((await this.begun(name)) !== size) throw new Error(`${name} has not the bytes that it should`);
    const text = `insert into blob (partition, sha256, size, name) values ($1::int, $2::text, $3::bigint, $4::text)
      on conflict do nothing`;
    await this.#line.ask({ text, values: [this.#at(sha256), sha256, size, name] });
    const known = await this.#row(sha256);
    if (known !== undefined && known.name !== name) await this.abandon(name);
  }

  async find(sha256: string): Promise<StoredBlob | undefined> {
    const row = await this.#row(sha256);
    return row && { sha256, size: row.size };
  }

  async piece(
    of: { readonly name: string } | { readonly sha256: string },
    from: number,
  ): Promise<Uint8Array | undefined> {
    const name = 'name' in of ? of.name : (await this.#row(of.sha256))?.name;
    if (name === undefined) return undefined;
    const text = `select bytes from blob_piece where partition = $1::int and name = $2::text and number = $3::int`;
    const [raw] = await this.#line.ask({ text, values: [this.#at(name), name, from / pieceBytes] });
    return raw && bytes.read(raw['bytes']);
  }

  async drop(sha256: string): Promise<void> {
    const row = await this.#row(sha256);
    if (!row) return;
    const text = 'delete from blob where partition = $1::int and sha256 = $2::text';
    await this.#line.ask({ text, values: [this.#at(sha256), sha256] });
    await this.abandon(row.name);
  }

  async list(after: string): Promise<readonly StoredBlob[]> {
    const text = 'select sha256, size from blob where sha256 > $1::text order by sha256 limit 1000';
    const rows = await this.#line.ask({ text, values: [after] });
    return rows.map((raw) => ({ sha256: String(raw['sha256']), size: Number(raw['size']) }));
  }

  async sweep(beforeMs: number): Promise<number> {
    const text = `select name from blob_piece p where number = 0 and began < to_timestamp($1::float8 / 1000)
      and not exists (select from blob b where b.name = p.name)`;
    const rows = await this.#line.ask({ text, values: [beforeMs] });
    for (const raw of rows) await this.abandon(String(raw['name']));
    return rows.length;
  }

  async #row(sha256: string): Promise<{ readonly name: string; readonly size: number } | undefined> {
    const text = 'select name, size from blob where partition = $1::int and sha256 = $2::text';
    const [raw] = await this.#line.ask({ text, values: [this.#at(sha256), sha256] });
    return raw && { name: String(raw['name']), size: Number(raw['size']) };
  }

  #at(key: string): number {
    return partitionOf(`blob:${key}`, this.#partitions);
  }
}
