import { describe, expect, test } from 'vitest';
import { printed } from '../testing/printed.ts';
import { anna, as, testDoor } from './testing/app.ts';

// A receipt is read from its printed form, as a camera would, and handed in at the public door.

const loan = { person: anna, title: 'T <b>1</b>', price: '1234567' };

async function withReceipt() {
  const door = testDoor();
  door.kernel.put({ type: 'lending/loan', subject: `person:${anna}`, id: 'T1' }, loan);
  const answer = await door.app.inject({
    url: `/receipt/lending/loan/${anna}/T1?language=en`,
    headers: as('anna'),
  });
  const verify = async (payload: object) => {
    const found = await door.app.inject({
      method: 'POST',
      url: '/verify',
      headers: { host: 'node.test' },
      payload,
    });
    return found.json();
  };
  return { door, answer, pdf: answer.rawPayload, verify };
}

const changed = (word: string, at: number): string =>
  word.slice(0, at) + (word[at] === 'A' ? 'B' : 'A') + word.slice(at + 1);

describe('a receipt', () => {
  test('is a small PDF whose code anybody verifies without signing in', async () => {
    const { answer, pdf, verify } = await withReceipt();
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="yitong-loan-2026-11-24.pdf"',
    });
    expect(pdf.length).toBeLessThan(120_000);
    const { code } = await printed(pdf);
    expect(code).toMatch(/^http:\/\/node\.test\/verify#/);
    const verdict = await verify({ text: code });
    expect(verdict).toMatchObject({
      shown: 'code',
      ok: true,
      voucher: {
        member: '310000',
        key: '310000-1',
        record: 'lending/loan',
        about: '310101********0019',
        facts: { title: 'T <b>1</b>', price: '1234567', person: '310101********0019' },
      },
    });
    expect(JSON.stringify(verdict)).not.toContain(anna);
  });

  test('handed in as a file stands, and with one byte changed does not', async () => {
    const { pdf, verify } = await withReceipt();
    expect(await verify({ pdf: pdf.toString('base64') })).toMatchObject({ shown: 'paper', ok: true });
    const other = Buffer.from(pdf);
    other[4_000] = (other[4_000] ?? 0) ^ 1;
    const verdict = await verify({ pdf: other.toString('base64') });
    expect(verdict).toEqual({ shown: 'paper', ok: false, why: 'changed' });
  });

  test('is refused when any letter of its code is another', async () => {
    const { pdf, verify } = await withReceipt();
    const { code } = await printed(pdf);
    const begin = code.indexOf('#') + 1;
    for (let at = begin; at < code.length; at += 7)
      expect(await verify({ text: changed(code, at) }), `letter ${at}`).toMatchObject({ ok: false });
  });

  test('without the code’s own file is refused: a file’s voucher is no code', async () => {
    const { pdf, verify } = await withReceipt();
    const word = pdf.toString('latin1').split('%yitong-voucher/1 ').at(-1)?.trim() ?? '';
    expect(await verify({ text: word })).toEqual({ shown: 'code', ok: false, why: 'form' });
  });

  test('is for those only who may read the record', async () => {
    const { door } = await withReceipt();
    for (const who of ['bert', 'stranger']) {
      const answer = await door.app.inject({
        url: `/receipt/lending/loan/${anna}/T1`,
        headers: as(who),
      });
      expect([403, 404]).toContain(answer.statusCode);
    }
  });
});

test('what is nothing of ours is told apart from what was changed', async () => {
  const { verify } = await withReceipt();
  expect(await verify({ text: 'hello' })).toEqual({ shown: 'unknown', ok: false, why: 'form' });
  expect(await verify({ text: '{"format":"yitong-evidence/1"}' })).toMatchObject({
    shown: 'evidence',
    ok: false,
    why: 'not-proven',
  });
  expect(await verify({ pdf: Buffer.from('%PDF-1.7 nothing').toString('base64') })).toMatchObject({
    ok: false,
    why: 'form',
  });
});
