import { Readable } from 'node:stream';
import { type BlobGiven, fileNamed } from '@yitong/kernel';
import { f } from '@yitong/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { reach } from '../access/signed-in.ts';
import { personHeader } from './about-one.ts';
import { sendProblem } from './answer-problem.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { fileTypes, fitsType } from './media-types.ts';
import { readersOf, recordRead } from './reads.ts';

const signedIn = { who: 'signed-in' } as const;

/** Files: POST the bytes, name the answer in a command; GET by the record that names it, under that record's own rules. */
export function addBlobs(door: Door): void {
  void door.app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // The body stays a stream: the kernel counts and hashes it as it comes.
    scope.addContentTypeParser('*', (_request, payload, taken) => taken(null, payload));
    addRoute(
      { ...door, app: scope },
      {
        method: 'POST',
        url: '/blobs',
        permission: signedIn,
        bodyBytesMax: Number.MAX_SAFE_INTEGER,
        handle: (request, reply) => takeFile(door, request, reply),
      },
    );
    done();
  });
  addRoute(door, {
    method: 'GET',
    url: '/blobs/:sha256',
    permission: signedIn,
    handle: (request, reply) => giveFile(door, request, reply),
  });
}

async function takeFile(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { name, person, purpose } = request.query as Readonly<Record<string, unknown>>;
  const type = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (!fileTypes.includes(type)) throw refusedWith('blob-type');
  const title = f.line(200).safeParse(name);
  const concerned = f.citizenId.optional().safeParse(request.headers[personHeader.toLowerCase()]);
  // A citizen number in an address is one too many already: whoever sends it there learns so.
  if (!title.success || !concerned.success || person !== undefined) throw refusedWith('blob-name');
  // What people bring for themselves concerns them.
  const whom = concerned.data ?? request.who?.person;
  const wish = {
    type,
    name: title.data,
    purpose: typeof purpose === 'string' && /^[a-z0-9-]{1,80}$/.test(purpose) ? purpose : 'file',
    actor: { id: request.who?.id ?? '', roles: [] },
    ...(whom === undefined ? {} : { person: whom }),
  };
  const kept = await door.node.blobs.keep(wish, checked(type, request.body as Readable));
  if (!kept.ok) return sendProblem(request, reply, door.words.localised(kept.problem, request.locale));
  return reply.code(201).header('location', `/blobs/${kept.file.sha256}`).send(kept.file);
}

/** The bytes as they come, once the first of them are seen to be of the type. */
async function* checked(type: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isSeen = false;
  for await (const part of bytes) {
    if (!isSeen && !fitsType(type, part)) throw refusedWith('blob-type');
    isSeen = true;
    yield part;
  }
  if (!isSeen) throw refusedWith('blob-type');
}

async function giveFile(door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { sha256 = '' } = request.params as { sha256?: string };
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw refusedWith('not-found');
  await mayRead(door, request, sha256);
  const from = /^bytes=(\d{1,15})-$/.exec(request.headers.range ?? '')?.[1];
  const given = await door.node.blobs.open(sha256, Number(from ?? 0));
  if (given === undefined) throw refusedWith('not-found');
  if (Number(from ?? 0) >= Math.max(1, given.size)) throw refusedWith('range-not-satisfiable');
  return sendFile(reply, given, from === undefined ? undefined : Number(from));
}

/** Whoever brought it, or may read the record that `in` names and that names it: what was attached is as open as what it is attached to. */
async function mayRead(door: Door, request: FastifyRequest, sha256: string): Promise<void> {
  const { in: place } = request.query as { in?: unknown };
  if (typeof place !== 'string') {
    const known = await door.node.blobs.state(sha256);
    if (known?.by === undefined || known.by !== request.who?.id) throw refusedWith('not-found');
    return;
  }
  const [, system = '', name = '', text = '', key = ''] = place.split('?', 1)[0]?.split('/') ?? [];
  const record = door.systems.find((one) => one.name === system)?.records.get(name);
  const permission = record && readersOf(record);
  if (record === undefined || permission === undefined || reach(permission, request.who) === 'none')
    throw refusedWith('not-found');
  const at = { text: decodeURIComponent(text), id: decodeURIComponent(key) };
  const view = await recordRead(door, record, permission, request, at);
  if (fileNamed(view.value, sha256) === undefined) throw refusedWith('not-found');
}

/** Never shown in place: a browser saves it, and runs nothing in it (threat 31). */
function sendFile(
  reply: FastifyReply,
  { file, size, bytes }: BlobGiven,
  from: number | undefined,
): FastifyReply {
  const part =
    from === undefined
      ? { 'content-length': size }
      : { 'content-length': size - from, 'content-range': `bytes ${from}-${size - 1}/${size}` };
  return reply
    .code(from === undefined ? 200 : 206)
    .headers({
      ...part,
      'content-type': file.type,
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
      'accept-ranges': 'bytes',
      etag: `"${file.sha256}"`,
    })
    .send(Readable.from(bytes, { objectMode: false }));
}
