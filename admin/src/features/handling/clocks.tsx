import { Tag } from 'antd'
import { Light } from '@/features/task/light'
import { t, word } from '@/text'
import { day, dueDay } from '@/text/date'
import type { Handled } from './page'
import { Panel } from './panel'

type Clock = Handled['clocks'][number]

/** The legal clocks, each with the derivation of its due date. */
export function Clocks({ found }: { found: Handled }) {
  return (
    <Panel title={t('handling.clocks')}>
      {found.clocks.length === 0 && <p className="muted">{t('handling.noClocks')}</p>}
      <ul className="desk-list">
        {found.clocks.map((clock) => (
          <li key={clock.id}>
            <ClockRow clock={clock} />
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function ClockRow({ clock }: { clock: Clock }) {
  return (
    <>
      <div className="desk-split">
        <strong>{clock.title}</strong>
        {clock.state === 'running' ? <Light remaining={clock.remaining} /> : <Tag>{word('clockState', clock.state)}</Tag>}
      </div>
      <div>
        {t('handling.due', { day: dueDay(clock.dueOn) })} {clock.provisional && <span className="muted">{t('case.provisional')}</span>}
      </div>
      {clock.segments.map((segment, i) => (
        <div key={i} className="muted">
          {t('handling.segment', { from: day(segment.fromOn), to: segment.toOn ? day(segment.toOn) : t('handling.now'), reason: segment.reason })}
          {segment.basis && `（${segment.basis}）`}
        </div>
      ))}
      <details>
        <summary>{t('case.explain')}</summary>
        <ul>
          {clock.explain.map((line, i) => (
            <li key={i}>{line}</li>
          ))}
        </ul>
      </details>
    </>
  )
}
