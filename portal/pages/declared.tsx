import { useParams } from '../app/address.ts';
import { DeclaredCommand } from '../parts/declared-command.tsx';
import { DeclaredList } from '../parts/declared-list.tsx';
import { DeclaredQuestion } from '../parts/declared-question.tsx';
import { OfSystem } from '../parts/of-system.tsx';
import { NotFound } from './not-found.tsx';

/** What a system declares under a name: a record's list, a command's form, or a question's. */
export function Page() {
  const { name = '' } = useParams();
  return (
    <OfSystem>
      {(declared) => {
        const record = declared.records.find((one) => one.name === name);
        if (record !== undefined)
          return <DeclaredList key={record.type} declared={declared} record={record} />;
        const command = declared.commands.find((one) => one.name === name);
        if (command !== undefined)
          return <DeclaredCommand key={command.type} declared={declared} command={command} />;
        const question = declared.questions.find((one) => one.name === name);
        if (question !== undefined)
          return <DeclaredQuestion key={question.type} declared={declared} question={question} />;
        return <NotFound />;
      }}
    </OfSystem>
  );
}
