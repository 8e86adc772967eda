import { writeFileSync } from 'node:fs';
import type { Run } from '../command.ts';
import { bookReaders, connect } from '../connect.ts';
import { fileFailure } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { jsonText } from '../output.ts';

/** Fetches the evidence file of a message and writes it down. */
export const run: Run = async (invocation) => {
  const { args, options, output } = invocation;
  const [id = ''] = args;
  const { api, member } = await connect(invocation, { roles: bookReaders });
  const json = expectJson(await api.call({ method: 'GET', path: `/evidence/${encodeURIComponent(id)}` }));
  const path = options.text('output');
  if (path === undefined) {
    await output.line(output.json ? jsonText(json) : JSON.stringify(json, undefined, 2));
    return 'done';
  }
  try {
    writeFileSync(path, `${JSON.stringify(json, undefined, 2)}\n`);
  } catch (error) {
    throw fileFailure(path, error);
  }
  output.data({ id, member, file: path });
  output.say(`${path}: evidence of ${id}, from ${member}. Check it with: yitong verify ${path}`);
  return 'done';
};
