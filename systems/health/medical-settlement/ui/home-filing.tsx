import { useQuery } from '@tanstack/react-query';
import { asked, choiceText, type Envelope, Go, Loaded, type Row, useDeclaration } from '@yitong/portal';
import { FilingLine, type FilingRow, inForce } from './filing-line.tsx';
import { words } from './filing-texts.ts';
import { filingsPath } from './paths.ts';

/** The filings in force, on the front page of the person; without one, the act that is due. */
export function Part() {
  const filings = useQuery(asked<Envelope<Row<FilingRow>>>(filingsPath));
  const texts = useDeclaration('medical-settlement').data?.texts ?? {};
  return (
    <section>
      <div className="section-head">
        <h2>{words('filing.mine')}</h2>
        <Go to="/medical-settlement/filing">{words('filing.all')}</Go>
      </div>
      <Loaded of={filings} lines={2}>
        {({ data }) => {
          const standing = data.filter(({ value }) => inForce(value));
          return standing.length === 0 ? (
            <NoFiling />
          ) : (
            <ul className="sheet list">
              {standing.map(({ href, value }) => (
                <li key={href} className="edge-good">
                  <Go to={href} className="list-link">
                    <FilingLine of={value} kind={choiceText({ texts }, value.kind)} />
                  </Go>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </section>
  );
}

function NoFiling() {
  return (
    <div className="sheet note edge-you">
      <div className="stack">
        <p>{words('filing.none')}</p>
        <div>
          <Go to="/medical-settlement/file" className="button button-main">
            {words('filing.begin')}
          </Go>
        </div>
      </div>
    </div>
  );
}
