import { f, object, put, subject, system, years } from '@yitong/kit';

/** A system for tests of the watchdog: one of its commands never comes back. */
export const looping = system('looping', {
  roles: ['clerk'],
  purposes: ['looping'],
  parameters: {},
  texts: {
    'zh-CN': { looping: '看门狗测试', turn: '转动', wheel: '轮子', '@clerk': '操作员' },
    en: { looping: 'Watchdog test', turn: 'Turn', wheel: 'Wheel', '@clerk': 'clerk' },
  },
});

const Wheel = subject('wheel');
const Turn = object({ id: f.code(/^w[0-9]+$/), forever: f.yesNo });

const wheel = looping.record('wheel', { about: Wheel, schema: Turn, keep: years(1), readers: ['clerk'] });

looping.command('turn', {
  by: ['clerk'],
  input: Turn,
  about: Wheel,
  key: 'id',
  handle(turn) {
    for (let turns = 0; turn.forever; turns += 1) if (turns < 0) break;
    return put(wheel, turn);
  },
});
