import { type Intake, type IntakeLine, zodErrors } from '@yitong/kit';
import { planMilestone } from './milestones.ts';

/** A schedule of milestones, one a line: the input of plan-milestone; the note may be left out. 里程碑计划导入 */
export const milestonesIntake: Intake = {
  about: 'Milestones, one a line: the input of plan-milestone; note may be left out',
  command: planMilestone,
  accepts: (first) =>
    typeof first === 'object' && first !== null && 'planned' in first && 'milestone' in first,
  read: (line) => [readMilestone(line)],
};

function readMilestone(line: unknown): IntakeLine {
  const input: unknown = { note: null, ...Object(line) };
  const parsed = planMilestone.input.safeParse(input);
  if (parsed.success) return { ok: true, key: `${parsed.data.item}/${parsed.data.milestone}`, input };
  const [fault] = zodErrors(parsed.error, { input });
  return {
    ok: false,
    field: fault?.pointer ?? '',
    reason: fault?.detail ?? fault?.code ?? 'the line is not valid',
    remedy: fault?.remedy ?? 'see the description of plan-milestone',
  };
}
