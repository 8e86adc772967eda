import type { Invocation } from '../command.ts';
import { type Connection, connectTo } from '../connect.ts';
import { Failure, messageOf } from '../failure.ts';
import type { Answer } from '../http/api.ts';
import { isObject } from '../json/difference.ts';
import { demonstrationAccounts, type LocalMember, localMembers } from '../region.ts';
import { bad, type Finding, good, odd } from './finding.ts';

const roles = ['node/operator'];
const skewMaxMs = 60_000;
const dayMs = 86_400_000;

/** Asks each node that was started: does it answer, is it ready, what is held, whom it does not reach, whose clock is off. */
export async function* checkRegion(invocation: Invocation, data: string): AsyncGenerator<Finding> {
  for (const member of started(data)) {
    const connection = connectTo(invocation, data, member, { roles, patience: 0 });
    yield* checkNode(connection, `node ${member.code}`, member);
  }
  const issuer = demonstrationAccounts(data)?.issuer;
  if (issuer !== undefined && started(data).length > 0) yield await checkIssuer(issuer);
}

function started(data: string): readonly LocalMember[] {
  try {
    return localMembers(data).filter((member) => member.started);
  } catch (error) {
    if (error instanceof Failure) return [];
    throw error;
  }
}

async function* checkNode(
  { api }: Connection,
  what: string,
  { config }: LocalMember,
): AsyncGenerator<Finding> {
  let answer: Answer;
  try {
    answer = await api.call({ method: 'GET', path: '/status', idleMs: 5_000 });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    yield bad(
      what,
      error.message,
      `See ${config.replace('config.json', 'node.log')}; yitong up starts it again.`,
    );
    return;
  }
  yield* clock(what, answer);
  const { json, status } = answer;
  if (!isObject(json) || status !== 200) {
    yield bad(
      what,
      `${api.base.origin} answers ${status}`,
      'Is something else listening there? See ports.json in the data folder.',
    );
    return;
  }
  yield* readiness(what, json);
  yield* peers(what, json);
  yield* directory(what, json);
}

function* readiness(what: string, json: Readonly<Record<string, unknown>>): Generator<Finding> {
  const reasons = Array.isArray(json['reasons']) ? json['reasons'].map(String) : [];
  if (json['ready'] === true) yield good(what, 'ready');
  else
    yield bad(
      what,
      `not ready: ${reasons.join('; ') || 'no reason given'}`,
      'See its log, node.log in its folder.',
    );
  const held = Number(json['held'] ?? 0);
  if (held > 0)
    yield odd(
      `${what}, held`,
      `${held} messages wait for a person`,
      'GET /held shows them; POST /held/<position> runs or refuses one.',
    );
}

function* peers(what: string, json: Readonly<Record<string, unknown>>): Generator<Finding> {
  for (const peer of list(json['peers'])) {
    const name = `${what} → ${String(peer['member'])}`;
    if (peer['reachable'] === false)
      yield odd(name, 'not reached', 'Messages wait and go out when it is back; is its node up?');
    const skew = Number(peer['skewMs'] ?? 0);
    if (Math.abs(skew) > skewMaxMs)
      yield bad(name, `clocks differ by ${Math.round(skew / 1000)} s`, 'Set both clocks by NTP.');
    for (const { stream, code, detail } of list(peer['alarms']))
      yield bad(
        name,
        `stream ${String(stream)} stands still: ${String(code)}, ${String(detail)}`,
        code === 'fork'
          ? 'Speak with that member before anything else: docs/how-to/operate-a-node.md.'
          : 'Speak with that member: docs/how-to/operate-a-node.md. The same frame goes again every few minutes.',
      );
  }
}

function* directory(what: string, json: Readonly<Record<string, unknown>>): Generator<Finding> {
  const expires = isObject(json['directory']) ? Date.parse(String(json['directory']['expires'])) : Number.NaN;
  const left = Math.floor((expires - Date.now()) / dayMs);
  if (left < 14)
    yield odd(
      `${what}, directory`,
      `runs out in ${left} days`,
      'yitong up issues the next version when it starts.',
    );
}

function* clock(what: string, { headers }: Answer): Generator<Finding> {
  const told = Date.parse(headers.date ?? '');
  const off = told - Date.now();
  if (Math.abs(off) > skewMaxMs)
    yield bad(`${what}, clock`, `${Math.round(off / 1000)} s off this machine's`, 'Set both clocks by NTP.');
}

async function checkIssuer(issuer: string): Promise<Finding> {
  try {
    const answer = await fetch(`${issuer}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(5_000),
    });
    return answer.ok
      ? good('sign-in', issuer)
      : bad('sign-in', `${issuer} answers ${answer.status}`, 'Start the region again: yitong up');
  } catch (error) {
    return bad(
      'sign-in',
      `${issuer} does not answer (${messageOf(error)})`,
      'It runs in the process of yitong up: start that.',
    );
  }
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
