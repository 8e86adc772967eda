import {
  canonicalBytes,
  type Directory,
  decodeAnswer,
  deflate,
  encodeFrame,
  fromUtf8,
  instantText,
  noLink,
  partitionOf,
  type SigningKey,
  sealBatch,
  streamsOf,
  suites,
  toHex,
} from '@yitong/kernel';
import { readPem, readSigningKey } from '../key-files.ts';
import { httpsPeers } from '../peers/client.ts';
import { contactsOf } from '../peers/contacts.ts';
import type { CertificateFiles } from '../supervisor/certificate.ts';
import { memberFiles } from '../supervisor/layout.ts';
import { insured, third } from './region.ts';
import { daysAgo, people } from './samples.ts';

/** A message of the third member to the insured place, right in every part. */
export type Envelope = Readonly<Record<string, unknown>>;

/** What a frame says of itself, and how it is made wrong. */
export interface Forgery {
  readonly head?: Readonly<Record<string, unknown>>;
  readonly key?: SigningKey;
  /** Changes the frame's bytes after it was signed. */
  readonly bytes?: (frame: Uint8Array) => Uint8Array;
}

interface Tail {
  readonly seq: number;
  readonly prev: string;
  readonly first: number;
}

/** A frame on its way, and how its stream goes on when it is taken. */
export interface Sent {
  readonly bytes: Uint8Array;
  readonly next: Tail;
}

/** What came back. */
export interface PeerReply {
  readonly status: number;
  /** Code of a refusal of the whole frame. */
  readonly code: string | undefined;
  /** Codes of the messages refused in a receipt. */
  readonly refused: readonly string[];
  readonly text: string;
}

/** The third member's keys in the hands of somebody who does not keep to the protocol. */
export class HostilePeer {
  readonly key: SigningKey;
  readonly tls: { readonly key: string; readonly cert: string };
  readonly #directory: Directory;
  readonly #peers: ReturnType<typeof httpsPeers>;
  #tail: Tail = { seq: 1, prev: noLink, first: 1 };
  #ids = 0;

  /** `files`: another member's or a stranger's TLS key instead of the third's own. */
  constructor(dataDir: string, directory: Directory, files: CertificateFiles = memberFiles(dataDir, third)) {
    this.key = readSigningKey(memberFiles(dataDir, third).batchKey);
    this.#directory = directory;
    this.tls = { key: readPem(files.tlsKey), cert: readPem(files.tlsCertificate) };
    const contacts = contactsOf(() => directory.members);
    this.#peers = httpsPeers({ tls: this.tls, contacts, allowInner: true });
  }

  /** A question about a person, with whatever is changed in envelope or data. */
  message(envelope: Envelope = {}, data: Envelope = {}): Uint8Array {
    this.#ids += 1;
    const time = Date.now().toString(16).padStart(12, '0');
    return canonicalBytes({
      specversion: '1.0',
      id: `${time.slice(0, 8)}-${time.slice(8)}-7000-9000-${String(this.#ids).padStart(12, '0')}`,
      source: `yitong:${third}`,
      to: insured,
      type: 'medical-settlement/ask-eligibility',
      subject: `person:${people.filed.person}`,
      time: instantText(Date.now()),
      purpose: 'medical-settlement',
      dataschema: 'yitong:medical-settlement/ask-eligibility/1',
      datacontenttype: 'application/json',
      replyto: 'inquiry:hostile',
      data: {
        bill: 'hostile',
        person: people.filed.person,
        insuredPlace: insured,
        placeOfCare: '330102',
        hospital: { code: 'H33010200001', level: '3', inNetwork: true },
        visit: 'inpatient',
        admission: daysAgo(20),
        discharge: daysAgo(12),
        emergency: false,
        disease: null,
        ...data,
      },
      ...envelope,
    });
  }

  /** One of the kernel's own messages, about the same person. */
  kernel(name: 'refused' | 'copy', data: Envelope): Uint8Array {
    const purpose = name === 'copy' ? 'copy' : 'medical-settlement';
    return this.message({ type: `kernel/${name}`, dataschema: `yitong:kernel/${name}/1`, purpose, data });
  }

  /** A frame of these messages, the next of its stream unless the forgery says otherwise. */
  frame(messages: readonly Uint8Array[], { head = {}, key = this.key, bytes }: Forgery = {}): Sent {
    const stream = `main.${partitionOf(`person:${people.filed.person}`, streamsOf(this.#directory))}`;
    const tail = this.#tail;
    const { region, version: directory } = this.#directory;
    const now = instantText(Date.now());
    const place = {
      region,
      from: third,
      to: insured,
      stream,
      epoch: 1,
      ...tail,
      time: now,
      directory,
      ...head,
    };
    const { headBytes, signature, link, body } = sealBatch({
      suite: suites[key.suite],
      key,
      place,
      messages,
    });
    const frame = encodeFrame({ head: headBytes, signature, body, deflate });
    const next = { seq: tail.seq + 1, prev: toHex(link), first: tail.first + messages.length };
    return { bytes: bytes ? bytes(frame) : frame, next };
  }

  /** Sends a frame; the stream goes on from it when it was taken. */
  async send({ bytes, next }: Sent): Promise<PeerReply> {
    const { status, body } = await this.#peers.batch(insured, bytes);
    const answer = decodeAnswer(body);
    const text = fromUtf8(answer?.text ?? body) ?? '';
    if (status === 200) this.#tail = next;
    const refusals = status === 200 ? JSON.parse(fromUtf8(answer?.refusals ?? new Uint8Array()) || '[]') : [];
    const code = answer ? /^code (\S+)$/m.exec(text)?.[1] : codeIn(text);
    return { status, code, refused: refusals.map((one: { readonly code: string }) => one.code), text };
  }

  close(): void {
    this.#peers.close();
  }
}

function codeIn(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined;
  const { code, type } = JSON.parse(text);
  return code ?? type;
}
