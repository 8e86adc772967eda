import type { Run } from '../command.ts';
import { connect } from '../connect.ts';
import { expectJson } from '../http/api.ts';
import { purposeHeaders } from '../purpose.ts';
import { rolesFor } from '../roles.ts';
import { declared } from '../systems.ts';

/** Shows one record whole. */
export const run: Run = async (invocation) => {
  const { args, output } = invocation;
  const [path = '', subject = '', key] = args;
  const { system, found: record } = await declared('record', path, (system) => system.records);
  const connection = await connect(invocation, { roles: rolesFor(record.system, record.readers) });
  const headers = purposeHeaders(invocation, system, record);
  const whole = [
    path,
    encodeURIComponent(subject),
    ...(key === undefined ? [] : [encodeURIComponent(key)]),
  ].join('/');
  const json = expectJson(await connection.api.call({ method: 'GET', path: whole, headers }));
  output.data(json);
  output.say(JSON.stringify(json, undefined, 2));
  return 'done';
};
