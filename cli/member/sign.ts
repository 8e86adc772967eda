import { createInterface } from 'node:readline/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type DirectoryState, type DraftState, signDirectory } from '@yitong/kernel';
import type { Invocation, Run } from '../command.ts';
import { Failure } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { jsonText } from '../output.ts';
import { changesBetween } from './difference.ts';
import { votingKey } from './own-keys.ts';
import { asJson, directoryIn, newestOf, regionState } from './state.ts';

/** Seconds for which a draft is waited for. */
const triesMax = 8;

/** Shows what a draft changes and signs it with this member's own directory key, which never leaves its file. */
export const run: Run = async (invocation) => {
  const { args, options, output } = invocation;
  const { connection, state } = await draftState(invocation);
  const { api, member, data } = connection;
  const last = newestOf(state);
  const draft = wanted(state, args[0]);
  const next = directoryIn(draft.canonical);
  const key = votingKey(data, member, last.members.some(({ code }) => code === member) ? last : next);
  output.say(`Draft ${draft.hash.slice(0, 12)} of version ${draft.version}, proposed by ${draft.by}:`);
  for (const line of changesBetween(last, next)) output.say(`  ${line}`);
  if (!options.flag('yes') && !(await agreed(invocation, member))) return 'no';
  const body = jsonText({ hash: draft.hash, ...signDirectory(key, next), instead: options.flag('instead') });
  expectJson(await api.call({ method: 'POST', path: '/directory/signatures', headers: asJson, body }));
  const needs = Math.max(0, draft.needs - (draft.signatures.some((one) => one.member === member) ? 0 : 1));
  output.data({ signed: draft.hash, version: draft.version, member, needs });
  output.say(
    needs === 0
      ? `Signed by ${member}; it has signatures enough and takes effect at ${next.issued}, or now.`
      : `Signed by ${member}; it needs ${needs} more.`,
  );
  return 'done';
};

/** A draft that was proposed elsewhere comes within seconds: it is waited for. */
async function draftState(invocation: Invocation): ReturnType<typeof regionState> {
  for (let tries = 1; ; tries += 1) {
    const found = await regionState(invocation);
    if (found.state.drafts.length > 0 || tries === triesMax || invocation.stop.aborted) return found;
    await pause(1_000);
  }
}

function wanted({ drafts, newest }: DirectoryState, hash: string | undefined): DraftState {
  const found = drafts.filter((draft) => hash === undefined || draft.hash.startsWith(hash));
  const [draft, other] = found;
  if (draft !== undefined && other === undefined) return draft;
  const known = drafts.map((one) => one.hash.slice(0, 12)).join(', ');
  if (drafts.length === 0)
    throw new Failure(
      'no',
      `Nothing is proposed after version ${newest} as far as this node knows.`,
      'A draft reaches each node within seconds; yitong member show lists what is there.',
    );
  throw new Failure('usage', `${hash ?? 'no hash'}: ${found.length} drafts fit.`, `There are ${known}.`);
}

async function agreed({ output, stop }: Invocation, member: string): Promise<boolean> {
  if (!process.stdin.isTTY || output.json)
    throw new Failure('usage', 'Nobody is asked whether to sign.', 'With --yes it is signed without asking.');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`Sign it for ${member}? (yes/no) `, { signal: stop });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
