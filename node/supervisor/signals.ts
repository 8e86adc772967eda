/** Two interrupts closer together are one: npm passes Ctrl-C on to a process that the terminal has told already. */
const sameMs = 1_000;

/**
 * Calls `stop` at the first Ctrl-C (SIGINT), SIGTERM or closed terminal (SIGHUP), and `force` at a second one that
 * comes a second or more later. Returns what removes the handlers.
 */
export function onStopSignals(stop: () => void, force: () => void): () => void {
  let first: number | undefined;
  const handle = () => {
    const now = performance.now();
    if (first === undefined) {
      first = now;
      stop();
    } else if (now - first >= sameMs) {
      force();
    }
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, handle);
  return () => {
    for (const signal of signals) process.off(signal, handle);
  };
}
