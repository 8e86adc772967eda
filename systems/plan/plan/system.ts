import './correction.ts';
import './invariants.ts';
import './status.ts';
import './taking-up.ts';
import { decisions } from './decide.ts';
import { demonstration } from './demo/demonstration.ts';
import { entries } from './entries.ts';
import { plan } from './head.ts';
import { milestonesIntake } from './intake.ts';

for (const [name, rule] of Object.entries(decisions)) plan.rule(name, rule);
plan.codes(
  'entry',
  entries.map(({ id, zh, en }) => ({ code: id, name: zh, nameEn: en })),
);
plan.intake('milestones', milestonesIntake);
plan.demonstrate(demonstration);

/** 规划纲要, with all that is declared in this folder. */
export const outlinePlan = plan;
