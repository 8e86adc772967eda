import type { Invocation, Run } from '../command.ts';
import { type Connection, connect } from '../connect.ts';
import type { Exit } from '../exit-codes.ts';
import { Failure, usage } from '../failure.ts';
import { type Answer, refusal } from '../http/api.ts';
import { newId } from '../ids.ts';
import { isObject } from '../json/difference.ts';
import { readJsonInput } from '../json-input.ts';
import { jsonText } from '../output.ts';
import { rolesFor } from '../roles.ts';
import { declared } from '../systems.ts';

/** Gives one command and tells what became of it. */
export const run: Run = async (invocation) => {
  const { args, options } = invocation;
  const [path = '', file] = args;
  const { found: command } = await declared('command', path, (system) => system.commands);
  const id = options.text('id') ?? newId();
  if (!uuidV7.test(id))
    throw usage(`--id ${id}: not a UUID of version 7.`, 'Leave it out, or write one in small letters.');
  const wait = options.whole('wait', 0, 30) ?? 20;
  const body = jsonText(await readJsonInput(file));
  const connection = await connect(invocation, { roles: rolesFor(command.system, command.by) });
  const answer = await connection.api.call({
    method: 'POST',
    path,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': id,
      prefer: `wait=${wait}, return=representation`,
    },
    body,
    idleMs: (wait + 30) * 1000,
  });
  return tell(invocation, connection, answer, { id, path, wait });
};

const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function tell(
  { output }: Invocation,
  { member, account }: Connection,
  answer: Answer,
  sent: { readonly id: string; readonly path: string; readonly wait: number },
): Exit {
  const { json } = answer;
  const state = isObject(json) ? json['state'] : undefined;
  if (state === undefined && answer.status >= 400) throw refusal(answer);
  if (!isObject(json)) throw new Failure('bug', `${sent.path}: HTTP ${answer.status} without an answer.`);
  output.data({ member, account, ...json, id: sent.id });
  const { paint } = output;
  const word =
    state === 'done'
      ? paint.good('done')
      : state === 'refused'
        ? paint.bad('refused')
        : paint.warn(String(state));
  output.say(`${word}  ${sent.path} at ${member}${account === undefined ? '' : ` as ${account}`}`);
  output.say(paint.dim(`id ${sent.id}`));
  if (state === 'refused') throw refusal({ ...answer, status: 409, json: json['problem'] });
  for (const record of Array.isArray(json['records']) ? json['records'] : []) output.say(jsonText(record));
  if (state === 'done') return 'done';
  if (sent.wait > 0) output.say(`It goes on; ask again with: yitong send ${sent.path} --id ${sent.id}`);
  return sent.wait === 0 && state === 'open' ? 'done' : 'open';
}
