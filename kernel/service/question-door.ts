import { decode, type Problem, problem, type QuestionType, zodProblem } from '@yitong/kit';
import type { QuestionAnswers, QuestionWish } from '../api.ts';
import type { Directory } from '../exchange/directory.ts';
import { isUuid } from '../exchange/uuid.ts';
import type { Environment } from '../runtime/environment.ts';
import type { Questions } from './questions.ts';

/** Asks each member that a wish names, once the wish stands; each answers for itself. */
export async function askMembers(
  env: Environment,
  questions: Questions,
  wish: QuestionWish,
): Promise<QuestionAnswers> {
  const admitted = admitQuestion(env, wish);
  if (!admitted.ok) return admitted;
  const asked = wish.to.map((to) => questions.ask(admitted.question, { ...wish, to }));
  return { ok: true, answers: await Promise.all(asked) };
}

/** The cheap checks before anybody is asked: the question, the role, purpose, input, members. */
function admitQuestion(env: Environment, wish: QuestionWish): Admitted {
  const question = env.scene.registry.question(wish.type)?.question;
  if (!question)
    return no(
      404,
      'unknown-question',
      'This node has no such question',
      'See /openapi.json for what it has.',
    );
  const fault = faultOf(question, wish, env.directory);
  if (fault) return fault;
  const input = decode(question.input, wish.input);
  if (!input.success) return { ok: false, problem: zodProblem(input.error, { input: wish.input }) };
  return { ok: true, question };
}

type Admitted =
  | { readonly ok: true; readonly question: QuestionType }
  | { readonly ok: false; readonly problem: Problem };

function faultOf(
  { asked, purposes }: QuestionType,
  wish: QuestionWish,
  { members }: Directory,
): Extract<Admitted, { ok: false }> | undefined {
  if (!asked.some((role) => wish.actor.roles.includes(role)))
    return no(
      403,
      'not-your-role',
      'Your roles do not allow this question',
      `Needs one of: ${asked.join(', ')}.`,
    );
  if (!purposes.includes(wish.purpose))
    return no(
      422,
      'purpose-not-allowed',
      'It is not asked for this purpose',
      `Give one of: ${purposes.join(', ')}.`,
    );
  if (wish.consent !== undefined && !isUuid(wish.consent))
    return no(
      422,
      'not-a-consent',
      'This is no id of an agreement',
      'Leave it out: the member asked looks for one itself.',
    );
  const isMember = (code: string): boolean => members.some((member) => member.code === code);
  if (wish.to.length > 0 && wish.to.every(isMember)) return undefined;
  const codes = members.map(({ code }) => code).join(', ');
  return no(422, 'unknown-member', 'Not members of the region', `Ask some of: ${codes}.`);
}

function no(status: number, code: string, title: string, remedy: string) {
  return { ok: false, problem: problem({ code, status, title, remedy }) } as const;
}
