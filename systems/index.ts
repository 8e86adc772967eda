import type { SystemType } from '@yitong/kit';
import { medicalSettlement } from './health/medical-settlement/system.ts';

/** Every system of this build; a node runs those that its configuration names. */
export const systems: readonly SystemType[] = [medicalSettlement];
