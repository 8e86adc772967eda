import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Directory, type KernelNode, memberOf, readDirectory } from '@yitong/kernel';
import type { NodeConfig } from './config.ts';
import { readPem } from './key-files.ts';
import { type Contact, type Contacts, contactsOf, spkiOf } from './peers/contacts.ts';

/** Milliseconds between looks whether a newer directory came. */
const directoryMs = 1_000;

/** A TLS key and its certificate, as PEM. */
export interface TlsPair {
  readonly key: string;
  readonly cert: string;
}

/** What follows the directory without a restart: whom TLS trusts, and with which certificate this node shows itself. */
export class KnownMembers {
  readonly contacts: Contacts;
  #version: number;
  #members: readonly Contact[];
  #shown: TlsPair;
  #timer: NodeJS.Timeout | undefined;
  readonly #config: Pick<NodeConfig, 'member' | 'keys'>;

  constructor(config: Pick<NodeConfig, 'member' | 'keys'>, directory: Directory, shown: TlsPair) {
    this.#config = config;
    this.#shown = shown;
    this.#version = directory.version;
    this.#members = directory.members;
    this.contacts = contactsOf(() => this.#members);
  }

  /** `show` is told when another certificate of ours is the newest that the directory lists. */
  follow(kernel: KernelNode, show: (tls: TlsPair) => void): void {
    this.#timer = setInterval(() => this.#look(kernel, show), directoryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(kernel: KernelNode, show: (tls: TlsPair) => void): void {
    const { version } = kernel.status().directory;
    const signed = version > this.#version ? kernel.directory(version) : undefined;
    const read = signed && readDirectory(Buffer.from(signed.canonical));
    if (!read?.ok) return;
    this.#version = version;
    this.#members = read.directory.members;
    const { member, keys } = this.#config;
    const next = tlsPairFor(keys.tls, read.directory, member);
    if (next.cert === this.#shown.cert) return;
    this.#shown = next;
    show(next);
  }
}

/**
 * The newest TLS pair beside the configured one (`tls.key.pem`, `tls-<id>.key.pem`) whose key the directory lists for the member; the
 * configured one when none is listed. Throws `SetupError` `bad-key`.
 */
export function tlsPairFor(
  paths: { readonly key: string; readonly cert: string },
  directory: Directory,
  member: string,
): TlsPair {
  const listed = memberOf(directory, member)?.tls ?? [];
  const found = tlsFilesAt(paths).flatMap(({ key, cert }) => {
    if (!existsSync(key) || !existsSync(cert)) return [];
    const pair = { key: readPem(key), cert: readPem(cert) };
    const at = listed.indexOf(spkiOf(new X509Certificate(pair.cert)));
    return at < 0 ? [] : [{ pair, at }];
  });
  const newest = found.sort((a, b) => b.at - a.at)[0];
  return newest?.pair ?? { key: readPem(paths.key), cert: readPem(paths.cert) };
}

/** The configured pair's files, and those that a rotation put beside them. */
function tlsFilesAt(paths: { readonly key: string; readonly cert: string }): readonly TlsPair[] {
  const folder = dirname(paths.key);
  const stem = basename(paths.key, '.key.pem');
  const more = readdirSync(folder).filter((file) => file.startsWith(`${stem}-`) && file.endsWith('.key.pem'));
  return [
    paths,
    ...more.map((file) => ({
      key: join(folder, file),
      cert: join(folder, file.replace(/\.key\.pem$/, '.cert.pem')),
    })),
  ];
}
