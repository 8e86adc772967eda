import type { Trail, TrailMessage, Way } from '@yitong/kernel';
import { directoryHash, readDirectory, toUtf8, verifyEvidence } from '@yitong/kernel';
import { z } from '@yitong/kit';
import type { FastifyRequest } from 'fastify';
import { bookReaders, type Permission, reach, type SignedIn } from '../access/signed-in.ts';
import { recordNamed } from './answers.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { masked } from './mask.ts';
import { recordHref } from './refs.ts';
import { viewOf } from './rows.ts';
import { isUuid7 } from './uuid7.ts';

const signedIn: Permission = { who: 'signed-in' };

const Verification = z.strictObject({
  file: z.string().min(2).max(1_000_000).describe('The evidence file as it was saved'),
  directory: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional()
    .describe('Hash of the directory to trust; this node’s first one when absent'),
});

/** What stands behind a place of the journal, and the offline verification of an evidence file. */
export function addProofs(door: Door): void {
  addRoute(door, {
    method: 'GET',
    url: '/trails/:at',
    permission: signedIn,
    handle: (request) => trail(door, request),
  });
  addRoute(door, {
    method: 'GET',
    url: '/ways/:at',
    permission: signedIn,
    handle: (request) => wayAt(door, request),
  });
  addRoute(door, {
    method: 'POST',
    url: '/evidence',
    permission: bookReaders,
    handle: (request) => verification(door, request),
  });
}

/** Subjects that are persons are masked. */
async function trail(door: Door, request: FastifyRequest): Promise<unknown> {
  const found = await trailAsked(door, request);
  const made = found.made.flatMap(({ type, subject, id }) => {
    const record = recordNamed(door, type);
    return record === undefined ? [] : [{ type, id, href: recordHref(door, record, subject, id, '') }];
  });
  const { cause, sent, ...rest } = found;
  return { ...Object(masked({ ...rest, cause: cause ?? null, sent })), made };
}

/** By its place or by the message's number; for those who watch the node, and for the offices of the system whose message it was. Errors: 404. */
async function trailAsked(door: Door, request: FastifyRequest): Promise<Trail> {
  const { at: asked = '' } = request.params as { at?: string };
  const at = isUuid7(asked) ? ((await door.node.placeOf(asked)) ?? '') : asked;
  const found = /^[0-9]{1,3}\.[0-9]{1,16}$/.test(at) ? await door.node.trail(at) : undefined;
  if (found === undefined || !maySee(request.who, found)) throw refusedWith('not-found');
  return found;
}

/** Versions of a record whose way is told. */
const wayMax = 50;

/**
 * The way over the members of the record that was written at a place, from its first version to its newest: of several the one that tells most.
 * It names times, members and kinds of messages and nothing of what they say, so it is no reading of a person's data.
 */
async function wayAt(door: Door, request: FastifyRequest): Promise<Way> {
  const { made, partition } = await trailAsked(door, request);
  const ways: Way[] = [];
  for (const { type, subject, id } of made) {
    const record = recordNamed(door, type);
    // What a message wrote lies where it was handled.
    const row = record && (await door.reader.record(type, subject, id, partition));
    if (record && row) ways.push(await door.node.way(viewOf(record, { ...row, partition }), wayMax));
  }
  const [longest] = ways.sort((a, b) => b.steps.length - a.steps.length);
  return longest ?? { steps: [], waits: [], isCut: false };
}

function maySee(who: SignedIn | undefined, { cause, sent }: Trail): boolean {
  if (who === undefined) return false;
  if (reach(bookReaders, who) === 'all') return true;
  const systems = [cause, ...sent].filter((one): one is TrailMessage => one !== undefined).map(systemOf);
  return systems.some((system) => who.roles.some((role) => role.startsWith(`${system}/`)));
}

function systemOf({ type }: TrailMessage): string {
  return type.split('/')[0] ?? '';
}

/**
 * Every step with what it found and the message itself, exactly as `yitong verify` does it, against whichever directory an auditor trusts;
 * nothing of this node's own data is asked. `POST /verify` is the public's: shorter, and without the content.
 */
async function verification(door: Door, request: FastifyRequest): Promise<unknown> {
  const { file, directory = await genesis(door) } = bodyOf(Verification, request);
  return { trusted: directory, ...verifyEvidence(file, directory) };
}

/** Hash of the first directory that this node knows: what it was set up with. */
async function genesis(door: Door): Promise<string> {
  const [first] = (await door.node.membership.state()).versions;
  const read = first && readDirectory(toUtf8(first.canonical));
  if (!read?.ok) throw new Error('this node knows no directory');
  return directoryHash(read.directory);
}
