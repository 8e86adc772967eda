import type { Access } from '../pages/accesses.tsx';

/** Where emergency readings are listed: those that nobody has reviewed, or with `state=reviewed` the others. */
export const glassesPath = '/glasses';

/** An emergency reading, with the person masked, and its review once there is one. */
export interface Glass extends Access {
  readonly person: string;
  readonly review?: { readonly at: string; readonly reviewer: string; readonly remark: string };
}

/** A page of them; `open`: how many there are that nobody has reviewed. */
export interface Glasses {
  readonly data: readonly Glass[];
  readonly open: number;
  readonly asOf: string;
  readonly next: string | null;
}
