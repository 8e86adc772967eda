import { expect, test } from 'vitest';
import { causeOf } from './portal.ts';

const stack = `    at unwrapBindingResult (file:///node_modules/rolldown/dist/shared/error.mjs:20:128)
    at async <anonymous> (portal/build.ts:50:15) {
  errors: [Getter/Setter]
}

Node.js v20.20.2`;

test.each([
  [
    `✗ Build failed in 5.61s
node:internal/modules/run_main:123
    triggerUncaughtException(
    ^

Build failed with 1 error:

\u001b[31m[UNRESOLVED_IMPORT] \u001b[0mCould not resolve './gone.ts' in portal/main.tsx

${stack}`,
    "Build failed with 1 error:\n\n[UNRESOLVED_IMPORT] Could not resolve './gone.ts' in portal/main.tsx",
  ],
  [`portal/build.ts:41\n\nError: nothing was built of a.tsx\n${stack}`, 'Error: nothing was built of a.tsx'],
  ['Killed', 'Killed'],
])('a build that fails tells its cause, not the stack (%#)', (said, cause) => {
  expect(causeOf(said)).toBe(cause);
});
