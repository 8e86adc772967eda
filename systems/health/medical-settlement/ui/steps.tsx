import { useQuery } from '@tanstack/react-query';
import {
  asked,
  basisPoints,
  choiceText,
  type Declaration,
  Go,
  Icon,
  Sheet,
  Words,
  yuan,
} from '@yitong/portal';
import { ScrollText } from 'lucide-react';
import type { BillProps } from './bill.tsx';
import { type Line, type Step, stepsOf, type Version } from './explain.ts';
import { words } from './texts.ts';

interface Policy {
  readonly versions: readonly (Version & { readonly id: string })[];
}

/** Each step of the reckoning: what, by which parameter, how much. */
export function Steps({ settlement, reasons, declared }: BillProps) {
  const { policyVersion, shares, number, filingKind } = settlement;
  const pool = policyVersion.split('/').slice(0, 2).join('/');
  const member = `${pool.slice(0, 2)}0000`;
  const policy = useQuery(
    asked<{ readonly value: Policy }>(
      `/systems/medical-settlement/parameters/policies?member=${member}&at=/${encodeURIComponent(pool.replace('/', '~1'))}`,
    ),
  );
  const version = policy.data?.value.versions.find(({ id }) => id === policyVersion);
  const steps = stepsOf(settlement, reasons, version);
  const names = useItemNames(reasons.map(({ param }) => param));
  return (
    <Sheet title={words('how')} aside={words('how.why')}>
      <ol>
        {steps.map((step, at) => (
          <li key={step.name} className={step.name === 'you' ? 'step step-you' : 'step'}>
            <span className="step-number">{at + 1}</span>
            <div>
              <h3>{words(`step.${step.name}`)}</h3>
              <p className="small quiet">
                {words(`step.${step.name}.why`, { n: number, title: choiceText(declared, filingKind) })}
              </p>
            </div>
            <p className={step.name === 'you' ? 'number strong step-sum you' : 'number strong step-sum'}>
              {yuan(step.amount)}
            </p>
            <div className="step-body">
              <Lines step={step} declared={declared} names={names} />
              <Sources parameters={step.parameters} />
            </div>
          </li>
        ))}
      </ol>
      <p className="hidden">{yuan(shares.total)}</p>
    </Sheet>
  );
}

interface LinesProps {
  readonly step: Step;
  readonly declared: Declaration;
  readonly names: ReadonlyMap<string, string>;
}

function Lines({ step, declared, names }: LinesProps) {
  if (step.lines.length === 0) return <span />;
  return (
    <ul className="step-lines">
      {step.lines.map((line, at) => (
        <li key={at}>
          <span>
            <LineText line={line} declared={declared} names={names} />
          </span>
          <span className="number">{yuan(line.amount)}</span>
        </li>
      ))}
    </ul>
  );
}

function LineText({
  line: { what, item, rate, of },
  declared,
  names,
}: {
  readonly line: Line;
  readonly declared: Declaration;
  readonly names: ReadonlyMap<string, string>;
}) {
  const text = declared.texts[what] ?? what;
  if (of !== undefined && rate !== undefined) return `${yuan(of)} × ${basisPoints(rate)}`;
  if (item === undefined || item === '') return text;
  return (
    <>
      <Words of={names.get(item) ?? item} /> · {text}
    </>
  );
}

const shownMax = 4;

/** Where the step's numbers stand: the catalogue or the version of the policy, and in it each parameter. */
function Sources({ parameters }: { readonly parameters: readonly string[] }) {
  const [source = ''] = parameters[0]?.split('#') ?? [];
  if (source === '') return null;
  return (
    <p className="sources small">
      <Go to="/medical-settlement/parameters">
        <Icon of={ScrollText} size={16} />
        {words(source.startsWith('YT-') ? 'catalogue' : 'version')} {source}
      </Go>
      {parameters.slice(0, shownMax).map((parameter) => (
        <code key={parameter} className="quiet">
          {parameter.split('#')[1]}
        </code>
      ))}
    </p>
  );
}

/** Names of the items that the explanation cites, from the catalogue of the place of care. */
function useItemNames(params: readonly string[]): ReadonlyMap<string, string> {
  const cited = params.filter((param) => param.startsWith('YT-'));
  const member = cited[0]?.split('-')[1] ?? '';
  const codes = [...new Set(cited.map((param) => param.split('#')[1]?.split('@')[0] ?? ''))];
  const found = useQuery({
    ...asked<{ readonly value: readonly { readonly code: string; readonly name: string }[] }>(
      `/systems/medical-settlement/parameters/catalogue?member=${member}&at=/items&code=${codes.join(',')}`,
    ),
    enabled: codes.length > 0,
  });
  return new Map((found.data?.value ?? []).map(({ code, name }) => [code, name]));
}
