import { diagnosisChapterRows, diagnosisRows } from './diagnoses.ts';
import { drugRows } from './drugs.ts';
import { serviceItemRows } from './service-items.ts';

/** An item of the national lists; `restrictions` are the kinds of 限定 that its rules name. */
export interface CodedItem {
  readonly code: string;
  readonly name: string;
  readonly restrictions: readonly string[];
}

/** The category of a diagnosis with its chapter. 诊断类目 */
export interface DiagnosisCategory {
  readonly code: string;
  readonly name: string;
  readonly chapter: string;
}

const cells = (rows: string): string[][] => rows.split('\n').map((row) => row.split('\t'));

/** The 3,030 service items and 200 drugs of the lists beside this file, services first. */
export const codedItems: readonly CodedItem[] = [
  ...cells(serviceItemRows).map(([code = '', name = '']) => ({ code, name, restrictions: [] })),
  ...cells(drugRows).map(([code = '', name = '', kinds = '']) => ({
    code,
    name,
    restrictions: kinds.split('|'),
  })),
];

const chapters = cells(diagnosisChapterRows).map(([range = '', name = '']) => {
  const [first = '', last = ''] = range.split('-');
  return { first, last, name };
});

/** Categories by their three characters, without the dagger and asterisk of the standard. */
const categories: ReadonlyMap<string, DiagnosisCategory> = new Map(
  cells(diagnosisRows).map(([code = '', name = '']) => {
    const key = code.slice(0, 3);
    const chapter = chapters.find(({ first, last }) => first <= key && key <= last)?.name ?? '';
    return [key, { code: key, name, chapter }];
  }),
);

/** All categories in order of code. */
export const diagnosisCategories: readonly DiagnosisCategory[] = [...categories.values()];

/** The category that a diagnosis code such as `I63.900` belongs to; `undefined` when there is none. */
export function diagnosisCategory(code: string): DiagnosisCategory | undefined {
  return categories.get(code.slice(0, 3));
}
