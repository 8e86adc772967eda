import { access } from '@yitong/kernel';
import {
  invalidInputText,
  isFieldReason,
  type Locale,
  type Problem,
  type ProblemError,
  problemCode,
  reasonText,
  type SystemType,
} from '@yitong/kit';

/** Words of the kernel's own problems in Chinese; in English the kernel's own stand. */
const kernelChinese: Readonly<Record<string, readonly [title: string, remedy: string]>> = {
  'unknown-command': ['本节点没有这项办理', '请查看 /openapi.json'],
  'not-your-role': ['无权办理', '请由具备相应角色的人员办理'],
  'bad-subject': ['对象编号不是 120 个以内的可打印 ASCII 字符', '请使用更短的普通编号'],
  'purpose-not-allowed': ['不能用于此用途', '请选择该查询声明的用途'],
  'unknown-member': ['没有这个成员', '请核对成员代码'],
  'not-a-consent': ['授权编号有误', '可不填写，由被查询方自行核对'],
  'seen-elsewhere': ['所依据的记录与本次办理的对象不同', '请核对办理对象，或不从该记录开始'],
  'bad-id': ['编号不是小写的第 7 版 UUID', '请由发送方重新生成'],
  'id-time': ['编号所含时间早于 400 天前或晚于 1 小时后', '请校准时钟，重新生成编号'],
  'id-reused': ['同一编号已用于不同内容', '重试请保持内容不变；新的申请请生成新的编号'],
  'ledger/limit': ['账户可用余额不足', '请先充值或释放预留，或减少金额'],
  'records/changed': ['这份记录刚被更新', '请对照两个版本，按新版本继续办理或放弃'],
  busy: ['系统繁忙', '请稍候用同一编号重试'],
};

/** Puts problems into the asker's language: refusals by the system's own texts, faults of fields by the kit's. */
export class ProblemWords {
  readonly #systems: ReadonlyMap<string, SystemType>;

  constructor(systems: readonly SystemType[]) {
    this.#systems = new Map([...systems, access].map((system) => [system.name, system]));
  }

  /** The same problem in one language; what has no words in it stays as it is. */
  localised(problem: Problem, locale: Locale): Problem {
    const words = this.#words(problem, locale);
    const errors = problem.errors?.map((error) => worded(error, words.remedy, locale));
    return { ...problem, ...words, ...(errors === undefined ? {} : { errors }) };
  }

  #words(problem: Problem, locale: Locale): Partial<Problem> {
    const code = problemCode(problem) ?? '';
    if (code === 'invalid-input')
      return { ...invalidInputText(problem.errors?.length ?? 0, locale), ...firstRemedy(problem, locale) };
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

/** A fault in one language: of a field by the kit's words, of a refusal by the refusal's own. */
function worded(error: ProblemError, ofRefusal: string | undefined, locale: Locale): ProblemError {
  const { code, detail } = error;
  if (isFieldReason(code)) {
    const words = reasonText(code, locale);
    // What stands behind the English words, such as the choices there are, is of no language.
    const facts = detail?.startsWith(reasonText(code, 'en').detail)
      ? detail.slice(reasonText(code, 'en').detail.length)
      : '';
    return { ...error, ...words, detail: words.detail + facts };
  }
  return detail !== undefined || ofRefusal === undefined
    ? error
    : { ...error, detail: ofRefusal, remedy: ofRefusal };
}

/** The remedy of the first fault stands for the whole. */
function firstRemedy({ errors }: Problem, locale: Locale): { readonly remedy?: string } {
  const code = errors?.[0]?.code;
  return isFieldReason(code) ? { remedy: reasonText(code, locale).remedy } : {};
}
