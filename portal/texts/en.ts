import { declared } from './en/declared.ts';
import { frame } from './en/frame.ts';
import { own } from './en/own.ts';
import { visitor } from './en/visitor.ts';
import type { texts as chinese } from './zh-cn.ts';

/** The portal's texts in English; of `a|b` the first stands for one, the second for many. */
export const texts: Readonly<Record<keyof typeof chinese, string>> = {
  ...frame,
  ...visitor,
  ...own,
  ...declared,
};
