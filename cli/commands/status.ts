import { dirname, join } from 'node:path';
import type { Invocation, Run } from '../command.ts';
import { type Connection, connect, connectTo } from '../connect.ts';
import { Failure } from '../failure.ts';
import { expectJson } from '../http/api.ts';
import { isObject } from '../json/difference.ts';
import { whole } from '../progress.ts';
import { dataFolder, type LocalMember, localMembers, memberAt, readJson } from '../region.ts';
import { table } from '../table.ts';

const roles = ['node/operator', 'node/auditor'];

/** How each node of the region is; of one only with `--at` or `--url`. */
export const run: Run = async (invocation) => {
  const { output } = invocation;
  const states = await Promise.all((await connections(invocation)).map(stateOf));
  for (const { json } of states) output.data(json);
  const rows = states.map(rowOf);
  for (const line of table(['MEMBER', 'STATE', 'BATCHES', 'QUEUE', 'HELD', 'PEERS'], rows, output.width))
    output.say(line);
  for (const { name, json } of states)
    for (const reason of reasonsOf(json)) output.say(`${output.paint.warn('!')} ${name}: ${reason}`);
  if (states.every(({ json }) => json['ready'] === true)) return 'done';
  return states.every(({ json }) => json['reachable'] === false) ? 'unreachable' : 'no';
};

interface State {
  readonly name: string;
  readonly json: Readonly<Record<string, unknown>>;
}

interface Asked extends Connection {
  readonly name: string;
  readonly pid: number | undefined;
}

async function connections(invocation: Invocation): Promise<readonly Asked[]> {
  const { options, env } = invocation;
  if (options.text('url') !== undefined || env['YITONG_URL'] !== undefined) {
    const connection = await connect(invocation, { roles, patience: 2 });
    return [{ ...connection, name: connection.api.base.host, pid: undefined }];
  }
  const data = dataFolder(options, env);
  const all = localMembers(data);
  const at = options.text('at');
  const members = at === undefined ? all : [memberAt(all, at)];
  return members.map((member) => {
    const connection = connectTo(invocation, data, member, { roles, patience: member.started ? 2 : 0 });
    return { ...connection, name: `${member.code} ${member.zh}`, pid: pidOf(member) };
  });
}

/** The node's process, as the one that started it wrote down. */
function pidOf({ config }: LocalMember): number | undefined {
  const mark = readJson(join(dirname(config), 'process.json'));
  return isObject(mark) && typeof mark['pid'] === 'number' ? mark['pid'] : undefined;
}

async function stateOf({ api, name, member, pid }: Asked): Promise<State> {
  const common = { member, url: api.base.origin, pid };
  try {
    const json = expectJson(await api.call({ method: 'GET', path: '/status', idleMs: 5_000 }));
    return { name, json: { ...common, reachable: true, ...(isObject(json) ? json : {}) } };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const reachable = error.exit !== 'unreachable';
    return { name, json: { ...common, reachable, ready: false, reasons: [error.message] } };
  }
}

function rowOf({ name, json }: State): readonly string[] {
  const state = json['ready'] === true ? 'ready' : json['reachable'] === false ? 'down' : 'not ready';
  const partitions = listOf(json['partitions']);
  const sum = (field: string) => whole(partitions.reduce((total, one) => total + Number(one[field] ?? 0), 0));
  const peers = listOf(json['peers']);
  const reached = peers.filter(({ reachable }) => reachable === true).length;
  if (json['reachable'] === false) return [name, state, '', '', '', ''];
  return [name, state, sum('seq'), sum('queue'), String(json['held'] ?? 0), `${reached} of ${peers.length}`];
}

function reasonsOf(json: Readonly<Record<string, unknown>>): readonly string[] {
  const of = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
  const reasons = [...of(json['reasons']), ...of(json['warnings'])];
  const alarms = listOf(json['peers']).flatMap(({ member, alarms: own }) =>
    listOf(own).map(
      ({ stream, code, detail }) => `${String(member)} ${String(stream)}: ${String(code)}, ${String(detail)}`,
    ),
  );
  return [...reasons, ...alarms];
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
