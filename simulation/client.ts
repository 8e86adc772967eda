import { type CommandAnswer, uuidOf } from '@yitong/kernel';
import type { CommandType } from '@yitong/kit';
import type { Draws } from './chance.ts';
import { epochMs } from './clock.ts';
import type { Member } from './member.ts';
import type { World } from './world.ts';

/** What someone outside asks of a member. */
export interface Request {
  readonly command: CommandType;
  /** JSON form. */
  readonly input: unknown;
  readonly role: string;
}

/** How a command ended for whoever gave it. */
export interface End {
  readonly state: 'done' | 'refused' | 'invalid';
  /** Type of the refusal's problem, '' when done. */
  readonly code: string;
}

/** A command in the client's own history: what it asked, and every answer it got. */
export interface Wished {
  readonly id: string;
  readonly member: Member;
  readonly type: string;
  readonly subject: string;
  readonly answers: { readonly at: number; readonly state: CommandAnswer['state']; readonly code: string }[];
  end: End | undefined;
}

/** How a client's own way to the node behaves. */
export interface ClientFaults {
  readonly loss: number;
}

const answerMs = 30_000;

/** Everyone who gives commands: asks again with the same id until the answer is final, and remembers all that was promised. */
export class Clients {
  readonly history: Wished[] = [];
  faults: ClientFaults | undefined;
  readonly #world: World;
  readonly #draws: Draws;
  readonly #pauseMaxMs: number;

  constructor(world: World, pauseMaxMs: number) {
    this.#pauseMaxMs = pauseMaxMs;
    this.#world = world;
    this.#draws = world.draws('clients');
  }

  get open(): readonly Wished[] {
    return this.history.filter((one) => !one.end);
  }

  /** Gives a command and resolves with its end, however long that takes. */
  async give(member: Member, request: Request): Promise<End> {
    const { command, input, role } = request;
    const id = uuidOf(Math.floor(epochMs + this.#world.now), this.#draws.bytes(10));
    const parsed = command.input.safeParse(input);
    const key = parsed.success ? command.keyOf(parsed.data) : '';
    const wished: Wished = {
      id,
      member,
      type: command.type,
      subject: `${command.about.kind}:${key}`,
      answers: [],
      end: undefined,
    };
    this.history.push(wished);
    const actor = { id: `${role}-1`, roles: [role] };
    let isTaken = false;
    for (let attempt = 0; ; attempt += 1) {
      // Who knows that it was taken asks how it stands, and now and then gives it again all the same.
      const onlyAsks = isTaken && !this.#draws.happens(0.1);
      const answer = await this.#ask(wished, () =>
        onlyAsks
          ? member.node?.outcome(command.type, wished.subject, id, this.#patience())
          : member.node?.command({ type: command.type, id, input, actor }, this.#patience()),
      );
      const end = answer && this.#heard(wished, answer);
      if (end) return end;
      isTaken ||= answer?.state === 'open' || answer?.state === 'held';
      await this.#world.sleep(this.#pause(attempt));
    }
  }

  #patience(): number {
    return this.#draws.pick([0, 1_000, 20_000]);
  }

  #pause(attempt: number): number {
    return Math.min(this.#pauseMaxMs, 500 * 2 ** attempt) * (0.5 + this.#draws.unit());
  }

  /** One request and its answer; undefined when either got lost, or the node did not answer. */
  #ask(
    wished: Wished,
    ask: () => Promise<CommandAnswer | undefined> | undefined,
  ): Promise<CommandAnswer | undefined> {
    const world = this.#world;
    const loss = this.faults?.loss ?? 0;
    return new Promise((resolve) => {
      const stop = world.after(answerMs, () => resolve(undefined));
      const heard = (answer: CommandAnswer | undefined): void => {
        stop();
        resolve(answer);
      };
      if (this.#draws.happens(loss)) return;
      world.after(this.#draws.spread(0.2, 30), () => {
        const asked = ask();
        if (!asked) world.after(1, () => heard(undefined));
        // A node that cannot read its database answers 500, which says nothing of the command.
        void asked
          ?.catch(() => undefined)
          .then((answer) => {
            if (wished.member.node && !this.#draws.happens(loss)) heard(answer);
          });
      });
    });
  }

  #heard(wished: Wished, answer: CommandAnswer): End | undefined {
    const { state } = answer;
    const code = 'problem' in answer ? answer.problem.type : '';
    this.#world.note('told', wished.id, wished.type, state, code);
    if (state === 'busy') return undefined;
    wished.answers.push({ at: this.#world.now, state, code });
    if (state !== 'done' && state !== 'refused' && state !== 'invalid') return undefined;
    wished.end ??= { state, code };
    return wished.end;
  }
}
