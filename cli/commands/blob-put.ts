import { createReadStream, statSync } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Run } from '../command.ts';
import { connect } from '../connect.ts';
import { fileFailure, usage } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { jsonText } from '../output.ts';

const types: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.zip': 'application/zip',
  '.ofd': 'application/ofd',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
};

/** Keeps a file at a node and prints what a command then names. */
export const run: Run = async (invocation) => {
  const { args, options, output } = invocation;
  const [file = ''] = args;
  const type = options.text('type') ?? types[extname(file).toLowerCase()];
  if (type === undefined)
    throw usage(
      `${file}: its ending does not tell its media type.`,
      'Name it, as in --type application/pdf.',
    );
  const size = sizeOf(file);
  const person = options.text('person');
  const concerned: Readonly<Record<string, string>> = person === undefined ? {} : { 'yitong-person': person };
  const query = new URLSearchParams({ name: options.text('name') ?? basename(file) });
  const { api } = await connect(invocation, { roles: ['node/operator'] });
  const kept = expectJson(
    await api.call({
      method: 'POST',
      path: '/blobs',
      query,
      headers: { 'content-type': type, 'content-length': String(size), ...concerned },
      body: () => createReadStream(file),
    }),
  );
  await output.line(jsonText(kept));
  return 'done';
};

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw fileFailure(file, error);
  }
}
