import type { Invocation, Run } from '../command.ts';
import { connect } from '../connect.ts';
import { usage } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { isObject } from '../json/difference.ts';
import { readJsonInput } from '../json-input.ts';
import { jsonText } from '../output.ts';
import { rolesFor } from '../roles.ts';
import { declared } from '../systems.ts';

/** Asks members a question and tells what each answered; one that did not is never said to have nothing. */
export const run: Run = async (invocation) => {
  const { args, options } = invocation;
  const [path = '', file] = args;
  const { found: question } = await declared('question', path, (system) => system.questions);
  const to = (options.text('of') ?? '').split(/[,,\s]+/).filter((code) => code !== '');
  if (to.length === 0)
    throw usage('--of: no member is named.', 'Name them by code, such as --of 310000,320000');
  const [purpose, consent] = [options.text('purpose'), options.text('consent')];
  const more = {
    ...(purpose === undefined ? {} : { purpose }),
    ...(consent === undefined ? {} : { consent }),
  };
  const body = jsonText({ to, input: await readJsonInput(file), ...more });
  const { api } = await connect(invocation, { roles: rolesFor(question.system, question.asked) });
  const headers = { 'content-type': 'application/json' };
  const json = expectJson(await api.call({ method: 'POST', path, headers, body, idleMs: 30_000 }));
  const answers = isObject(json) && Array.isArray(json['answers']) ? json['answers'].filter(isObject) : [];
  for (const answer of answers) tell(invocation, answer);
  return answers.every(({ state }) => state === 'answered') ? 'done' : 'no';
};

const words: Readonly<Record<string, string>> = {
  'no-answer': 'did not answer: nothing is known of what it holds',
  busy: 'has no time now: ask again',
  'unknown-subject': 'knows nobody and nothing of that kind',
};

function tell({ output }: Invocation, answer: Readonly<Record<string, unknown>>): void {
  const { state, from, value, code, why } = answer;
  output.data(answer);
  const { paint } = output;
  if (state === 'answered') output.say(`${paint.good('answered')}  ${String(from)}  ${jsonText(value)}`);
  else if (state === 'refused') output.say(`${paint.bad('refused')}   ${String(from)}  ${String(code)}`);
  else
    output.say(
      `${paint.warn(String(state))}  ${String(from)} ${words[String(state)] ?? ''} ${why === undefined ? '' : `(${String(why)})`}`,
    );
}
