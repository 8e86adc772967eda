import type { MapShape } from '@yitong/kit';

/** A feature of RFC 7946; without a shape it has no geometry, and stays in the collection. */
export function featureOf(
  id: string,
  shape: MapShape | undefined,
  properties: Readonly<Record<string, unknown>>,
): object {
  const places = shape?.at.flatMap(({ name, accuracy }) => (name === undefined ? [] : [{ name, accuracy }]));
  return {
    type: 'Feature',
    id,
    geometry: shape === undefined ? null : geometryOf(shape),
    properties: { ...properties, ...(places === undefined || places.length === 0 ? {} : { places }) },
  };
}

/** Longitude first, as RFC 7946 has it; a line of one point is a point. */
function geometryOf({ is, at }: MapShape): object {
  const coordinates = at.map(({ lon, lat }) => [lon, lat]);
  const [only, ...more] = coordinates;
  if (more.length === 0 && is !== 'points') return { type: 'Point', coordinates: only };
  return { type: is === 'line' ? 'LineString' : 'MultiPoint', coordinates };
}
