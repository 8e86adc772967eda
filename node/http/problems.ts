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
  'unknown-command': ['本节点没有这项办理', '请查看 /openapi.json'],
  'not-your-role': ['无权办理', '请由具备相应角色的人员办理'],
  'bad-subject': ['对象编号不是 120 个以内的可打印 ASCII 字符', '请使用更短的普通编号'],
  'bad-id': ['编号不是小写的第 7 版 UUID', '请由发送方重新生成'],
  'id-time': ['编号所含时间早于 400 天前或晚于 1 小时后', '请校准时钟,重新生成编号'],
  'id-reused': ['同一编号已用于不同内容', '重试请保持内容不变;新的申请请生成新的编号'],
  busy: ['系统繁忙', '请稍候用同一编号重试'],
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
    const chinese = locale === 'zh-CN' ? kernelChinese[code] : undefined;
    if (chinese === undefined) return {};
    const [title, remedy] = chinese;
    return { title, remedy, ...(problem.detail === problem.title ? { detail: title } : {}) };
  }
}
