import { days, f, msOf, object, put, subject } from '@yitong/kit';
import { access } from './access.ts';

/** An account, or one session at the issuer; the key is a hash of its name there. */
const Account = subject('account');

const End = object({ account: f.code(/^[0-9a-f]{32}$/), at: f.instant });

/**
 * From when on every session that an account began before is over: one row, not a table of sessions. Sessions last a day at most, so it is needed no
 * longer. 全部退出登录
 */
export const sessionsEnd = access.record('sessions-end', {
  about: Account,
  schema: End,
  keep: days(2),
  readers: ['account'],
});

/** Ends them; the door of the node gives it for whoever asks, and for the issuer. */
export const endSessions = access.command('end-sessions', {
  by: ['account'],
  about: Account,
  key: 'account',
  input: End,
  handle(input, view) {
    const before = view.get(sessionsEnd);
    // Never earlier: what was over stays over.
    return before !== undefined && msOf(before.at) > msOf(input.at) ? [] : put(sessionsEnd, input);
  },
});
