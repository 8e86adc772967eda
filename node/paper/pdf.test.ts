import { expect, test } from 'vitest';
import { textsOf } from '../testing/printed.ts';
import { pdfOf } from './pdf.ts';

test('a bill that every payer has a part of stands on one page, with all its notes', async () => {
  const line = (at: number) => ({ label: `事项 ${at}`, text: `${at},234.56`, isAmount: true });
  const head = { label: '各方支付', text: '', isAmount: false, isHead: true };
  const facts = Array.from({ length: 13 }, (_, at) => line(at));
  const payers = Array.from({ length: 8 }, (_, at) => line(at));
  const note =
    '任何人都可以验证本凭证：用手机扫描右上角的二维码，或者在任何成员的门户上交出这份文件，不需要登录。';
  const pdf = await pdfOf({
    language: 'zh-CN',
    product: '一通',
    whose: '长三角公共服务一体化',
    title: '异地就医结算单凭证',
    under: '由安徽省签发，2026年11月27日 02:06:40',
    lines: [...facts, head, ...payers],
    code: `https://node.test/verify#${'w'.repeat(400)}`,
    scan: '扫码验证',
    notes: [note, note, note, note, '演示环境，数据均为虚构。'],
    at: new Date('2026-11-24T00:00:00Z'),
  });
  expect(await textsOf(pdf)).toHaveLength(1);
});

test('an English paper is copied from as it was written, apostrophes too, which stand in their narrow form', async () => {
  const paper = (note: string) =>
    pdfOf({
      language: 'en',
      product: 'Yitong',
      whose: 'Anhui',
      title: 'Receipt',
      under: 'Signed by Anhui',
      lines: [],
      code: 'https://node.test/verify',
      scan: 'Verify',
      notes: [note],
      at: new Date('2026-11-24T00:00:00Z'),
    });
  const note = 'Signing key a1b2, see version 3 of the members’ directory';
  expect((await textsOf(await paper(note))).join()).toContain(note);
  const linesWith = async (mark: string) => {
    const [text = ''] = await textsOf(await paper(`a${mark} `.repeat(45)));
    return text.split(/\r?\n/).filter((line) => line.includes(`a${mark} a`)).length;
  };
  expect([await linesWith('’'), await linesWith("'")]).toEqual([1, 1]);
});
