import type { Clock } from '@yitong/kernel';

/** Longest delay that a timer of Node takes; a longer one would fire at once. */
const delayMax = 2 ** 31 - 1;

/** The machine's own time; a timer does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, run) {
    const due = performance.now() + ms;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = due - performance.now();
      timer = setTimeout(left > delayMax ? arm : run, Math.max(0, Math.min(left, delayMax)));
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};
