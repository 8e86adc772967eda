import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Makes opaque texts that only this node can make and read: places in lists, references to records that lists mask. */
export interface Sealer {
  /** `use` keeps sealed texts of different kinds apart. */
  seal(use: string, text: string): string;
  /** Undefined for anything that was not sealed here for this use. */
  open(use: string, sealed: string): string | undefined;
}

/** AES-256-GCM under `key` (32 bytes); texts become base64url. */
export function sealer(key: Uint8Array): Sealer {
  return {
    seal(use, text) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(use));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
    },
    open(use, sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length < 28 || bytes.length > 4096) return undefined;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12)).setAAD(Buffer.from(use));
      decipher.setAuthTag(bytes.subarray(-16));
      try {
        return decipher.update(bytes.subarray(12, -16), undefined, 'utf8') + decipher.final('utf8');
      } catch {
        return undefined;
      }
    },
  };
}
