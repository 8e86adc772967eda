import { f, object, put, refuse, subject, system, years } from '@yitong/kit';

/** The node's own system: by it auditors account for what they looked at. It has no messages: what one member's auditors saw is that member's. 审计监督 */
export const oversight = system('oversight', {
  roles: ['auditor'],
  purposes: [],
  parameters: {},
  texts: {
    'zh-CN': {
      oversight: '审计监督',
      'glass-review': '紧急查阅的复核',
      'review-glass': '复核紧急查阅',
      'glass-review.reading': '查阅编号',
      'glass-review.read': '查阅时间',
      'glass-review.at': '复核时间',
      'glass-review.reviewer': '复核人',
      'glass-review.remark': '复核意见',
      'review-glass.reading': '查阅编号',
      'review-glass.read': '查阅时间',
      'review-glass.reader': '查阅人',
      'review-glass.remark': '复核意见',
      '@auditor': '审计人员',
      '!own-reading': '本人的紧急查阅须由另一位审计人员复核',
      '!already-reviewed': '这次紧急查阅已有人复核',
    },
    en: {
      oversight: 'Oversight',
      'glass-review': 'Review of an emergency reading',
      'review-glass': 'Review an emergency reading',
      'glass-review.reading': 'Number of the reading',
      'glass-review.read': 'Read at',
      'glass-review.at': 'Reviewed at',
      'glass-review.reviewer': 'Reviewed by',
      'glass-review.remark': 'What was found',
      'review-glass.reading': 'Number of the reading',
      'review-glass.read': 'Read at',
      'review-glass.reader': 'Who read',
      'review-glass.remark': 'What was found',
      '@auditor': 'auditor',
      '!own-reading': 'Another auditor must review what you read yourself',
      '!already-reviewed': 'Somebody has reviewed this emergency reading already',
    },
  },
});

const Reading = subject('reading');

/** That an auditor looked at an emergency reading: when, who, and what they found. It is kept as long as the reading is. 紧急查阅复核 */
export const glassReview = oversight.record('glass-review', {
  about: Reading,
  schema: object({
    reading: f.id,
    read: f.instant.describe('When it was read, by which the reading is found'),
    at: f.instant,
    reviewer: f.line(200),
    remark: f.line(500),
  }),
  keep: years(6),
  readers: [],
  list: ['at', 'reviewer', 'remark'],
  find: ['at', 'read'],
});

/** `reader` is who broke the glass, and `read` when, as the node found it in the log: it is never what an auditor says. */
export const reviewGlass = oversight.command('review-glass', {
  by: ['auditor'],
  about: Reading,
  key: 'reading',
  input: object({ reading: f.id, read: f.instant, reader: f.line(200), remark: f.line(500) }),
  refusals: ['own-reading', 'already-reviewed'],
  handle({ reading, read, reader, remark }, view) {
    const reviewer = view.actor?.id ?? '';
    if (reviewer === reader) return refuse('own-reading');
    if (view.get(glassReview) !== undefined) return refuse('already-reviewed');
    return put(glassReview, { reading, read, at: view.now, reviewer, remark });
  },
});
