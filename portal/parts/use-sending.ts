import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { uuid7 } from '../api/ids.ts';
import { type Problem, problemOf } from '../api/problem.ts';
import {
  awaitQueued,
  beginAnew,
  giveOrQueue,
  isOver,
  leaveToQueue,
  type Queued,
  TakenBack,
  type Wish,
} from '../api/queue.ts';
import type { Answer } from '../api/types.ts';
import { useQueue } from '../app/reach.ts';
import { t } from '../app/texts.ts';
import type { Fault, Read } from './read-input.ts';

/** What a form gives, before it is known what stands in it. */
type FormWish = Omit<Wish, 'input' | 'id' | 'brief'> & { brief(value: unknown): string };

/** Gives a command once, however often its button is pressed, and keeps what was wrong with the last try. */
export function useSending(wish: FormWish, done: (answer: Answer) => void) {
  const queries = useQueryClient();
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const [isUnderWay, setUnderWay] = useState(false);
  const id = useRef(uuid7());
  useEffect(() => () => leaveToQueue(id.current), []);
  const wait = async (answer: Promise<Answer>) => {
    setUnderWay(true);
    try {
      const over = await answer;
      await queries.invalidateQueries();
      done(over);
    } catch (error) {
      if (error instanceof TakenBack) return;
      const why = problemOf(error);
      setProblem(why);
      setFaults(faultsOf(why));
      if (why.status >= 400 && why.status < 500) id.current = uuid7(); // It is over: what is sent next is another wish.
    } finally {
      setUnderWay(false);
    }
  };
  const waiting = useWaiting(wish.draft)?.id;
  useEffect(() => {
    if (waiting === undefined || waiting === id.current) return;
    id.current = waiting;
    void wait(awaitQueued(waiting));
  });
  const send = (read: Read) => {
    if (isUnderWay) return;
    setProblem(undefined);
    setFaults(read.faults);
    if (read.faults.length > 0) return;
    const input = { input: read.value, id: id.current, brief: wish.brief(read.value) };
    void wait(giveOrQueue({ ...wish, ...input }));
  };
  const anew = () => {
    beginAnew(id.current);
    id.current = uuid7();
    setUnderWay(false);
    setProblem(undefined);
    setFaults([]);
  };
  const mend = (pointer: string) =>
    setFaults((before) => before.filter((fault) => fault.pointer.split('/')[1] !== pointer.slice(1)));
  return { faults, problem, isUnderWay, send, mend, beginAnew: anew, forget: () => setProblem(undefined) };
}

/** The command that was made of a form's draft before its page was loaded anew, and waits still. */
function useWaiting(draft: string): Queued | undefined {
  return useQueue().find((one) => one.draft === draft && !isOver(one));
}

function faultsOf({ errors = [] }: Problem): readonly Fault[] {
  return errors.map(({ pointer, detail, remedy }) => ({
    pointer,
    // A system's refusal says what is wrong and what to do in one sentence.
    text: [...new Set([detail, remedy])].filter(Boolean).join(t('form.comma')),
  }));
}
