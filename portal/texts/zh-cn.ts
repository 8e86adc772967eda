import { declared } from './zh-cn/declared.ts';
import { frame } from './zh-cn/frame.ts';
import { own } from './zh-cn/own.ts';
import { visitor } from './zh-cn/visitor.ts';

/** The portal's texts in Chinese; those of systems stand in their declarations. `{name}` is filled in. */
export const texts = { ...frame, ...visitor, ...own, ...declared } as const;
