import type { Access } from '../pages/accesses.tsx';

/** Where emergency readings are listed, those that nobody has reviewed first. */
export const glassesPath = '/glasses';

/** An emergency reading, with the person masked, and its review once there is one. */
export interface Glass extends Access {
  readonly person: string;
  readonly review?: { readonly at: string; readonly reviewer: string; readonly remark: string };
}

/** All that are shown; `open`: how many nobody has reviewed. */
export interface Glasses {
  readonly data: readonly Glass[];
  readonly open: number;
  readonly asOf: string;
}
