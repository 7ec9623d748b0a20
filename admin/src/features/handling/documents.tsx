import { Tag } from 'antd'
import { t } from '@/text'
import { day } from '@/text/date'
import type { Handled } from './page'
import { Panel } from './panel'

/** Documents issued, voided ones too: a number once given stays in the register. */
export function Documents({ found }: { found: Handled }) {
  const { licence } = found
  return (
    <Panel title={t('case.documents')}>
      {found.documents.length === 0 && !licence && <p className="muted">{t('case.noDocuments')}</p>}
      <ul className="desk-list">
        {licence && (
          <li className="desk-split">
            <span>
              <strong>{licence.title}</strong> <span className="mono">{licence.licenceNo}</span>
            </span>
            {licence.file?.url ? <a href={licence.file.url} target="_blank" rel="noopener">{t('case.download', { title: licence.title })}</a> : <span className="muted">{t('case.rendering')}</span>}
          </li>
        )}
        {found.documents.map((document) => (
          <li key={document.id} className="desk-split">
            <span>
              <strong>{document.title}</strong> {document.number} {document.voided && <Tag color="red">{t('handling.voided', { reason: document.voidReason ?? '' })}</Tag>}
              <span className="muted">
                {' '}
                {day(document.date)} {document.issuedBy?.name}
              </span>
            </span>
            {document.file?.url ? <a href={document.file.url} target="_blank" rel="noopener">{t('handling.print', { title: document.title })}</a> : <span className="muted">{t('case.rendering')}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
