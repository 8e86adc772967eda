/**
 * The streams (peer, stream) of partitions in `sent` or `received`, by hopping from one to the next in the key's index: the tables
 * hold every frame there ever was. `partitions` is an SQL expression of type int[].
 */
export function streamNames(table: 'sent' | 'received', partitions: string): string {
  const next = (condition: string) =>
    `select f.partition, f.peer, f.stream from ${table} f where ${condition} order by f.partition, f.peer, f.stream limit 1`;
  return `with recursive hop as (
      select s.* from unnest(${partitions}) as p(n) cross join lateral (${next('f.partition = p.n')}) s
      union all
      select s.* from hop cross join lateral
        (${next('f.partition = hop.partition and (f.peer, f.stream) > (hop.peer, hop.stream)')}) s)
    select partition, peer, stream from hop`;
}

/** The newest frame of each such stream, as a lateral query on `s`. */
export function newestFrame(table: 'sent' | 'received', columns: string): string {
  return `select ${columns} from ${table} t where t.partition = s.partition and t.peer = s.peer and t.stream = s.stream
    order by t.epoch desc, t.seq desc limit 1`;
}
