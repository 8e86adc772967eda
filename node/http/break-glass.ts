import { f, type RecordType, z } from '@yitong/kit';
import { actorIn } from '../access/signed-in.ts';
import { bodyOf } from './bodies.ts';
import { addRoute, type Door } from './context.ts';
import { refusedWith } from './faults.ts';
import { emergencyPurpose, expectFewGlasses } from './glasses.ts';
import { subjectOf } from './refs.ts';

/** What who breaks the glass sends. */
export const Emergency = z.strictObject({
  emergency: f.line(500).describe('The emergency, in at least ten characters; the person reads it'),
});
const emergencyMin = 10;

/** POST of the address of a record: it is read in an emergency by who is none of its readers. 紧急查阅(破窗) */
export function addBreakGlass(door: Door, record: RecordType): void {
  const { system, type, breakGlass } = record;
  if (breakGlass === undefined) return;
  addRoute(door, {
    method: 'POST',
    url: `/${type}/:subject${record.each === undefined ? '' : '/:key'}`,
    permission: { who: 'roles', system, roles: breakGlass },
    stepUp: true,
    async handle(request, reply) {
      const { emergency } = bodyOf(Emergency, request);
      if ([...emergency.trim()].length < emergencyMin) {
        const errors = [{ pointer: '/emergency', code: 'too-short' }];
        throw refusedWith('emergency-too-short', { errors });
      }
      const { subject: text = '', key: id = '' } = request.params as { subject?: string; key?: string };
      const subject = subjectOf(door, record.about, text);
      const actor = actorIn(system, request.who);
      await expectFewGlasses(door, actor.id);
      const wish = { type, subject, id, actor, purpose: emergencyPurpose, emergency: emergency.trim() };
      const view = await door.node.read(wish);
      request.log.warn({ reader: actor.id, type }, 'a glass was broken');
      if (view === undefined) throw refusedWith('not-found');
      return reply.header('yitong-at', view.at).send(view);
    },
  });
}
