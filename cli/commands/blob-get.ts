import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Run } from '../command.ts';
import { connect } from '../connect.ts';
import { errorCode, Failure, fileFailure, usage } from '../failure.ts';
import { refusal } from '../http/api.ts';
import { wholeBody } from '../http/wire.ts';

/** Fetches a file into `<output>.part`, goes on with one that is there, and gives it its name once its hash is right. */
export const run: Run = async (invocation) => {
  const { args, options, output } = invocation;
  const [sha256 = ''] = args;
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw usage(`${sha256}: not the SHA-256 of a file, 64 hex digits.`);
  const file = options.text('output') ?? sha256;
  const part = `${file}.part`;
  const query = new URLSearchParams();
  for (const name of ['in', 'purpose']) {
    const value = options.text(name);
    if (value !== undefined) query.set(name, value);
  }
  const { api } = await connect(invocation, { roles: ['node/operator'] });
  const from = existsSync(part) ? statSync(part).size : 0;
  const headers = from === 0 ? {} : { range: `bytes=${from}-` };
  const answer = await api.open({ method: 'GET', path: `/blobs/${sha256}`, query, headers });
  if ('again' in answer)
    throw new Failure('unreachable', `${answer.again}.`, 'The same command goes on from here.');
  const isRest = answer.status === 206;
  if (answer.status !== 200 && !isRest && answer.status !== 416) {
    const text = (await wholeBody(answer.body)).toString('utf8');
    throw refusal({ status: answer.status, headers: answer.headers, json: parsed(text), text });
  }
  try {
    // 416: all of it is there already.
    if (answer.status !== 416)
      await pipeline(answer.body, createWriteStream(part, { flags: isRest ? 'a' : 'w' }));
    await checked(part, sha256);
    renameSync(part, file);
  } catch (error) {
    throw errorCode(error) === '' ? error : fileFailure(part, error);
  }
  output.data({ sha256, file, size: statSync(file).size });
  output.say(`${file}: ${statSync(file).size} bytes, their hash is right.`);
  return 'done';
};

async function checked(file: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  if (hash.digest('hex') === sha256) return;
  throw new Failure('no', `${file} has another content than was asked for.`, 'Delete it and fetch it again.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
