/** The head of a table whose first column names things and whose others are numbers. */
export function NumberHeads({ first, heads }: { readonly first: string; readonly heads: readonly string[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {heads.map((head) => (
          <th key={head} scope="col" className="number">
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}
