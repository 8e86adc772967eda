import type { Action, Told } from './history.ts';

/** A command on a bill as the node tells of it when all is at rest. */
export interface Ended {
  readonly id: string;
  readonly action: Exclude<Action, 'read'>;
  readonly automatic: boolean;
  readonly told: Told;
  /** When it was first asked, and when its end was first heard (never: infinite), in ms of the history. */
  readonly begun: number;
  readonly heard: number;
}

interface Step {
  readonly from: readonly string[];
  readonly to: string;
}

const none = 'none';

/** Which state of a bill each command needs, and which it leads to, whoever wrote the system's code. */
const steps: Readonly<Record<Exclude<Action, 'read'>, Step>> = {
  present: { from: [none, 'refused', 'void'], to: 'priced' },
  confirm: { from: ['priced'], to: 'settled' },
  cancel: { from: ['priced'], to: 'void' },
  reverse: { from: ['settled'], to: 'reversed' },
};

/** A bill that nobody confirms for so long becomes void by itself, in ms. */
const confirmMs = 30 * 60_000;

/** Refusals that say the bill was not in the state that the command needs. */
const wrongState: ReadonlySet<string> = new Set([
  'bill-exists',
  'bill-unknown',
  'bill-not-priced',
  'bill-not-settled',
  'bill-already-reversed',
]);

/**
 * What is wrong with the commands on one bill, taken in the order in which the node says they ended: each that was done
 * found the bill as it must be, each refused for its state did not, and together they lead to the state that is there, `nowMs` of the history.
 */
export function faultOfBill(
  commands: readonly Ended[],
  isNow: string | undefined,
  nowMs: number,
): string | undefined {
  let state = none;
  let since = 0;
  const mayHaveLapsed = (ms: number): boolean => state === 'priced' && ms - since >= confirmMs;
  for (const one of [...commands].sort(byPosition)) {
    const { id, action, automatic, told } = one;
    const { from, to } = steps[action];
    const fits = from.includes(state);
    if (told.state === 'done') {
      if (!fits) return `${action} ${id} was done to a bill that was ${state}`;
      state = action === 'present' && automatic ? 'settled' : to;
      since = one.begun;
    } else if (!wrongState.has(told.code)) {
      // The insured place does not pay: the bill stays here as refused. Any other command leaves it as it was.
      if (action === 'present' && fits) state = 'refused';
    } else if (fits && mayHaveLapsed(one.heard)) {
      state = 'void';
    } else if (fits && !commands.some((other) => wasUnderWay(other, one))) {
      return `${action} ${id} was refused as ${told.code} by a bill that was ${state}`;
    }
  }
  const found = isNow ?? none;
  if (found === 'void' && mayHaveLapsed(nowMs)) return undefined;
  return found === state ? undefined : `commands led to ${state}, it is ${found}`;
}

/** Whether a command may have begun before the other was refused, and ended behind it: the bill was between two states. */
function wasUnderWay(command: Ended, refused: Ended): boolean {
  return byPosition(command, refused) > 0 && command.begun < refused.heard;
}

function byPosition(a: Ended, b: Ended): number {
  const [x, y] = [positionOf(a.told.at), positionOf(b.told.at)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The position of `<partition>.<position>` as a number that can be compared; 0 when nothing is told. */
export function positionOf(at: string | undefined): bigint {
  return BigInt(at?.split('.')[1] ?? 0);
}
