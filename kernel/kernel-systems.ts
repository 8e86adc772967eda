import type { SystemType } from '@yitong/kit';
import { access } from './access/access.ts';
import './access/sessions-end.ts';
import { blobs } from './blobs/blob.ts';
import { membership } from './membership/membership.ts';
import { speech } from './speech/speech.ts';

/** Systems that every node has beside those it is given: their records need tables like any other's. */
export const kernelSystems: readonly SystemType[] = [access, blobs, membership, speech];
