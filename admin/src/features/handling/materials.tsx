import { Tag } from 'antd'
import { t, word } from '@/text'
import { bytes, day } from '@/text/date'
import type { Handled } from './page'
import { Panel } from './panel'

const colours: Record<string, string> = { missing: 'red', defective: 'red', accepted: 'green', tolerated: 'orange', committed: 'blue', reused: 'blue' }

/** The materials with what to check in each, and their files to open. */
export function Materials({ found }: { found: Handled }) {
  const points = new Map(found.matter.materials.map((material) => [material.ref, material.checkPoints]))
  return (
    <Panel title={t('guide.materials')}>
      {found.materials.length === 0 && <p className="muted">{t('material.none')}</p>}
      <ul className="desk-list">
        {found.materials.map((material) => (
          <li key={material.ref}>
            <div className="desk-split">
              <strong>
                {material.title} {material.required && <span className="muted">{t('handling.required')}</span>}
              </strong>
              <Tag color={colours[material.status]}>{word('materialStatus', material.status)}</Tag>
            </div>
            {(points.get(material.ref) ?? []).length > 0 && <div className="muted">{t('material.checkPoints', { points: (points.get(material.ref) ?? []).join('；') })}</div>}
            {material.defectNote && <div>{t('handling.defect', { note: material.defectNote })}</div>}
            {material.dueOn && <div>{t('handling.follows', { day: day(material.dueOn) })}</div>}
            {material.fulfilledBy && <div>{t('handling.fulfilled', { by: word('fulfilledBy', material.fulfilledBy) })}</div>}
            {material.files.map((file) => (
              <div key={file.id} className="desk-split">
                {file.url ? (
                  <a href={file.url} target="_blank" rel="noopener">
                    {t('handling.view', { name: file.filename })}
                  </a>
                ) : (
                  <span>{file.filename}</span>
                )}
                <span className="muted">
                  {bytes(file.size)} · <abbr title={file.sha256}>SHA-256 {file.sha256.slice(0, 12)}</abbr>
                </span>
              </div>
            ))}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
