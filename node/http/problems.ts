import {
  isFieldReason,
  type Locale,
  type Problem,
  problemCode,
  reasonText,
  type SystemType,
} from '@yitong/kit';

/** Words of the kernel's own problems in Chinese; in English the kernel's own stand. */
const kernelChinese: Readonly<Record<string, readonly [title: string, remedy: string]>> = {
  'invalid-input': ['填报内容有误', '请按所指字段更正'],
  'id-reused': ['同一编号已用于不同内容', '请为新的申请生成新的编号'],
  'id-time': ['编号所含时间超出范围', '请用当前时间生成新的 UUIDv7'],
  'id-form': ['编号不是第 7 版 UUID', '请由发送方重新生成'],
  'not-allowed': ['无权办理', '请由具备相应角色的人员办理'],
  'not-found': ['没有这份记录,或无权查看', '请核对编号和本人权限'],
  busy: ['系统繁忙', '请稍候用同一编号重试'],
  held: ['已挂起,等待运行人员处理', '请联系运行人员'],
};

/** Puts problems into the asker's language: refusals by the system's own texts, faults of fields by the kit's. */
export class ProblemWords {
  readonly #systems: ReadonlyMap<string, SystemType>;

  constructor(systems: readonly SystemType[]) {
    this.#systems = new Map(systems.map((system) => [system.name, system]));
  }

  /** The same problem in one language; what has no words in it stays as it is. */
  localised(problem: Problem, locale: Locale): Problem {
    const errors = problem.errors?.map((error) =>
      isFieldReason(error.code) && locale === 'zh-CN'
        ? { ...error, ...reasonText(error.code, locale) }
        : error,
    );
    const words = this.#words(problem, locale);
    return { ...problem, ...words, ...(errors === undefined ? {} : { errors }) };
  }

  #words(problem: Problem, locale: Locale): Partial<Problem> {
    const code = problemCode(problem) ?? '';
    const [system, refusal] = code.split('/');
    const text =
      refusal === undefined ? undefined : this.#systems.get(system ?? '')?.texts[locale][`!${refusal}`];
    if (text !== undefined) {
      const detail = problem.detail === problem.title ? { detail: text } : {};
      return { title: text, remedy: problem.remedy ?? text, ...detail };
    }
    const chinese = locale === 'zh-CN' ? kernelChinese[code.replace(/^kernel\//, '')] : undefined;
    if (chinese === undefined) return {};
    const [title, remedy] = chinese;
    return { title, remedy, ...(problem.detail === problem.title ? { detail: title } : {}) };
  }
}
