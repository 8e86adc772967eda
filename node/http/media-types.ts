/** Bytes with which a file of a type begins, where its type says so. */
const beginnings: Readonly<Record<string, readonly (readonly number[])[]>> = {
  'application/pdf': [[0x25, 0x50, 0x44, 0x46, 0x2d]],
  'image/png': [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  'image/jpeg': [[0xff, 0xd8, 0xff]],
  'image/tiff': [
    [0x49, 0x49, 0x2a, 0],
    [0x4d, 0x4d, 0, 0x2a],
  ],
  'application/zip': [[0x50, 0x4b, 3, 4]],
  'application/ofd': [[0x50, 0x4b, 3, 4]],
  'text/plain': [],
  'text/csv': [],
};

/** Media types of files that are taken: papers, pictures, tables; nothing that a browser would run. */
export const fileTypes: readonly string[] = Object.keys(beginnings);

/** Whether the first bytes of a file are those of its type; text has no NUL. */
export function fitsType(type: string, first: Uint8Array): boolean {
  const allowed = beginnings[type];
  if (allowed === undefined) return false;
  if (allowed.length === 0) return !first.includes(0);
  return allowed.some((bytes) => bytes.every((byte, n) => first[n] === byte));
}
