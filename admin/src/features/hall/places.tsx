import { SummaryList } from '@/components/list'
import { Phone } from '@/features/matter/sections'
import type { HallsQuery } from '@/gql/graphql'
import { t } from '@/text'

/** Where a hall is, when it is open and whom to call; nothing when nothing is declared. */
export function HallPlaces({ places }: { places: HallsQuery['halls'][number]['places'] }) {
  const rows = [
    { name: t('halls.address'), value: places?.address },
    { name: t('halls.hours'), value: places?.hours },
    { name: t('guide.phone'), value: places?.phone && <Phone number={places.phone} /> },
    { name: t('guide.complaint'), value: places?.complaint && <Phone number={places.complaint} /> },
  ].filter((row) => row.value)
  return rows.length > 0 ? <SummaryList rows={rows} /> : null
}
