import { useQuery } from '@tanstack/react-query';
import { asked, type RecordView } from '@yitong/portal';
import type { Institution } from './records.ts';

/** A hospital by its national code, as every member knows it; its code until that is there. */
export function useHospital(code: string, owner: string): Institution {
  const found = useQuery({
    ...asked<RecordView<Institution>>(`/medical-settlement/institution/${code}?owner=${owner}`),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return found.data?.value ?? { code, name: code, place: '', level: '', inNetwork: true };
}
