import type { Column } from './columns.ts';

/**
 * A record's body: canonical JSON outside, `jsonb` inside, which forgets the order of names; reading writes them in order again.
 * It goes over the wire in the binary form of `jsonb`: a version byte and the text.
 */
export const body: Column<string> = {
  sql: 'jsonb',
  oid: 3802,
  nullable: false,
  write(to, value) {
    to.need(1);
    to.at = to.bytes.writeUInt8(1, to.at);
    to.text(value);
  },
  read: (value) => inOrder(JSON.parse(String(value))),
};

/** JSON text with the names of each object in order of their UTF-16 units (RFC 8785). */
function inOrder(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inOrder).join(',')}]`;
  const entries: [string, unknown][] = Object.entries(value);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, part]) => `${JSON.stringify(name)}:${inOrder(part)}`).join(',')}}`;
}
