import { subject, system } from '@yitong/kit';
import { texts } from './messages/texts.ts';
import { type Law, parameters } from './parameters.ts';

/** 规划纲要: each measure and project that the Outline names, with what its owners say of it. */
export const plan = system<'planner', never, Law>('plan', { roles: ['planner'], parameters, texts });

/** An entry of the Outline; the key is its id in `data/entries.json`. 纲要事项 */
export const Item = subject('item');
