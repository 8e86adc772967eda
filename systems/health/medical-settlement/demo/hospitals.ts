import { type City, cities, countiesOf, type Member } from '@yitong/kit';

/** A made-up hospital in a real division. */
export interface Hospital {
  readonly code: string;
  readonly name: string;
  readonly place: string;
  readonly level: '1' | '2' | '3';
  readonly inNetwork: boolean;
}

const kinds = [
  { level: '3', name: '示范第一人民医院' },
  { level: '2', name: '示范第二医院' },
  { level: '1', name: '示范社区卫生服务中心' },
] as const;
/** Districts of the zone in which care needs no filing get a hospital of their own. */
const preferred = ['310118', '320509', '330421'];

/** Three hospitals a city, of the third, second and first level, all in the network. */
export function hospitalsOf(member: Member): readonly Hospital[] {
  return cities
    .filter((city) => city.member === member || city.code === member)
    .flatMap(({ code, zh }) => inCity(code, zh));
}

function inCity(city: City, cityName: string): Hospital[] {
  const counties = countiesOf(city).map((county) => county.code);
  const places = [...counties.filter((code) => preferred.includes(code)), ...counties];
  return kinds.map(({ level, name }, i) => {
    const place = places[i] ?? city;
    return { code: `H${place}0000${i + 1}`, name: `${cityName}${name}`, place, level, inNetwork: true };
  });
}
