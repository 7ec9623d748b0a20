import { Button } from '@/components/button'
import { Notice } from '@/components/notice'
import type { Data } from '@/form/schema'
import { t } from '@/text'
import type { Application } from './apply'

/** What is asked differently than when the draft was last saved; saving says that it was seen. */
export function Changes({ application }: { application: Application }) {
  const { draft, save, busy } = application
  if (!draft || draft.changes.length === 0) return null
  return (
    <Notice tone="warning" title={t('changes.title')}>
      <ul>
        {draft.changes.map((change) => (
          <li key={`${change.area}/${change.name}`}>{t(`changes.${change.action}`, { area: t(`changes.${change.area}`), title: change.title || change.name })}</li>
        ))}
      </ul>
      <Button look="secondary" busy={busy} onClick={() => void save(draft.form as Data)}>
        {t('changes.seen')}
      </Button>
    </Notice>
  )
}
