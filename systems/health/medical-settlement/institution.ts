import { put } from '@yitong/kit';
import { Institution, medical } from './head.ts';
import { institution } from './records.ts';

/** The member enters a hospital, or changes its level or its place in the network. 定点医疗机构登记 */
export const registerInstitution = medical.command('register-institution', {
  by: ['clerk'],
  about: Institution,
  key: 'code',
  input: institution.schema,
  handle: (entered) => put(institution, entered),
});
